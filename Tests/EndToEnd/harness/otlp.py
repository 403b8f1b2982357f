"""Spans as LLM applications send them, and ways to send them with full control over requests and answers."""

import gzip
import hashlib
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import grpc
import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

WORDS = (
    "the model reads a question and looks for passages that answer it then writes what it found in plain words "
    "with the sources it used and how sure it is of each of them so that a person can check the claim later"
).split()


def attribute(key: str, value: str | bool | int | float) -> KeyValue:
    match value:
        case bool():
            return KeyValue(key=key, value=AnyValue(bool_value=value))
        case int():
            return KeyValue(key=key, value=AnyValue(int_value=value))
        case float():
            return KeyValue(key=key, value=AnyValue(double_value=value))
        case _:
            return KeyValue(key=key, value=AnyValue(string_value=value))


@dataclass
class SpanMaker:
    """Makes traces of a given shape; the same seed makes the same ones."""

    seed: int = 1
    project: str = "default"
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._book = " ".join(self.chance.choices(WORDS, k=20_000))

    def text(self, length: int) -> str:
        start = self.chance.randrange(len(self._book) - length)
        return self._book[start : start + length]

    def trace(
        self, spans: int = 7, session: str | None = None, text_length: int = 200, started: int | None = None
    ) -> list[Span]:
        """A chain with its steps below it, every second of which is an LLM call; 3 % are errors."""
        trace_id = self.chance.randbytes(16)
        start = started or time.time_ns() - self.chance.randrange(10**9)
        made = [self._span(trace_id, None, 0, start, session, text_length)]
        for position in range(1, spans):
            parent = made[self.chance.randrange(len(made))].span_id
            made.append(self._span(trace_id, parent, position, start, session, text_length))
        return made

    def _span(
        self, trace_id: bytes, parent: bytes | None, position: int, start: int, session: str | None, text_length: int
    ) -> Span:
        question, answer = self.text(text_length), self.text(text_length)
        is_llm = position % 2 == 1
        attributes = [
            attribute("openinference.span.kind", "LLM" if is_llm else "CHAIN" if position == 0 else "TOOL"),
            attribute("input.value", question),
            attribute("output.value", answer),
            # What lets a reader tell that the span is whole.
            attribute("metadata", json.dumps({"digest": digest(question, answer)})),
        ]
        if session:
            attributes.append(attribute("session.id", session))
        if is_llm:
            attributes += [
                attribute("llm.model_name", "gpt-4o-mini"),
                attribute("llm.token_count.prompt", self.chance.randrange(10, 5000)),
                attribute("llm.token_count.completion", self.chance.randrange(1, 900)),
                attribute("llm.input_messages.0.message.role", "user"),
                attribute("llm.input_messages.0.message.content", question),
            ]
        begin = start + position * 1_000_000
        failed = self.chance.random() < 0.03
        return Span(
            trace_id=trace_id,
            span_id=self.chance.randbytes(8),
            parent_span_id=parent or b"",
            name=f"step {position}" if position else "answer a question",
            kind=Span.SPAN_KIND_INTERNAL,
            start_time_unix_nano=begin,
            end_time_unix_nano=begin + self.chance.randrange(1_000_000, 900_000_000),
            attributes=attributes,
            status=Status(code=Status.STATUS_CODE_ERROR if failed else Status.STATUS_CODE_OK),
        )

    def request(self, spans: Iterable[Span]) -> ExportTraceServiceRequest:
        request = ExportTraceServiceRequest()
        resource_spans = request.resource_spans.add()
        resource_spans.resource.attributes.append(attribute("openinference.project.name", self.project))
        resource_spans.resource.attributes.append(attribute("service.name", "end-to-end"))
        scope_spans = resource_spans.scope_spans.add()
        scope_spans.scope.name = "end-to-end"
        scope_spans.spans.extend(spans)
        return request


def digest(question: str, answer: str) -> str:
    return hashlib.sha256(f"{question}\n{answer}".encode()).hexdigest()


def spans_of(request: ExportTraceServiceRequest) -> list[Span]:
    return [
        span for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans
    ]


def post(
    base_url: str, body: bytes | ExportTraceServiceRequest, *, compress: bool = False, client: httpx.Client | None = None,
    **headers: str,
) -> httpx.Response:
    """Sends one request over HTTP, as protobuf unless `headers` say otherwise."""
    content = body if isinstance(body, bytes) else body.SerializeToString()
    sent = {"content-type": "application/x-protobuf"} | {name.replace("_", "-"): value for name, value in headers.items()}
    if compress:
        content = gzip.compress(content, 1)
        sent["content-encoding"] = "gzip"
    send = client.post if client else httpx.post
    return send(f"{base_url}/v1/traces", content=content, headers=sent, timeout=30)


class GRPCSender:
    """One channel with a connection of its own; closes with the `with` block."""

    def __init__(self, target: str) -> None:
        # A subchannel that failed is tried again at once: collectors come back within moments in these tests.
        options = [
            ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.max_reconnect_backoff_ms", 200),
            ("grpc.use_local_subchannel_pool", 1),
        ]
        self.channel = grpc.insecure_channel(target, options=options)
        self.stub = TraceServiceStub(self.channel)

    def send(
        self, request: ExportTraceServiceRequest, timeout: float = 30, compression: grpc.Compression | None = None
    ) -> ExportTraceServiceResponse:
        return self.stub.Export(request, timeout=timeout, compression=compression)

    def __enter__(self) -> "GRPCSender":
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()
