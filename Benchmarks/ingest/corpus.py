"""Requests as LLM applications send them, encoded ahead so that sending costs little.

About 3 KB a span, seven spans a trace, a session on every second trace, an error in 3 % of the spans, and every id new.
Templates are encoded once; each trace is a copy of one with its ids and times written over the old ones in place.
"""

import json
import random
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

SPANS_A_TRACE = 7
TEMPLATES = 256
# Spans are spread over so many seconds before now, in the order in which they are sent.
PERIOD_SECONDS = 600


class Writer:
    """Text whose words come as unevenly as a language's do, so that it compresses about as well."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        syllables = [first + vowel + last for first in "bdfgklmnprstvz" for vowel in "aeiou" for last in ("", "n", "r", "s")]
        self.words = ["".join(chance.choices(syllables, k=chance.randrange(1, 4))) for _ in range(6000)]
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]

    def text(self, length: int) -> str:
        words = self.chance.choices(self.words, self.weights, k=length // 5)
        return " ".join(words)[:length]


def attribute(key: str, value: str | int | float) -> KeyValue:
    match value:
        case int():
            return KeyValue(key=key, value=AnyValue(int_value=value))
        case float():
            return KeyValue(key=key, value=AnyValue(double_value=value))
        case _:
            return KeyValue(key=key, value=AnyValue(string_value=value))


def llm_attributes(writer: Writer, chance: random.Random) -> dict[str, str | int | float]:
    system, question, answer = writer.text(380), writer.text(320), writer.text(480)
    prompt, completion = chance.randrange(200, 4000), chance.randrange(20, 900)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": question}]
    return {
        "openinference.span.kind": "LLM",
        "llm.model_name": chance.choice(["gpt-4o-mini", "gpt-4o", "claude-3-5-sonnet-20241022"]),
        "llm.provider": "openai",
        "llm.system": "openai",
        "llm.invocation_parameters": json.dumps({"temperature": 0.2, "max_tokens": 800, "top_p": 1}),
        "llm.input_messages.0.message.role": "system",
        "llm.input_messages.0.message.content": system,
        "llm.input_messages.1.message.role": "user",
        "llm.input_messages.1.message.content": question,
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": answer,
        "llm.token_count.prompt": prompt,
        "llm.token_count.completion": completion,
        "llm.token_count.total": prompt + completion,
        "input.value": json.dumps({"messages": messages}),
        "input.mime_type": "application/json",
        "output.value": answer,
        "output.mime_type": "text/plain",
    }


def retriever_attributes(writer: Writer, chance: random.Random) -> dict[str, str | int | float]:
    found: dict[str, str | int | float] = {
        "openinference.span.kind": "RETRIEVER",
        "input.value": writer.text(300),
        "input.mime_type": "text/plain",
    }
    for position in range(4):
        found[f"retrieval.documents.{position}.document.id"] = f"manual/{chance.randrange(10_000)}"
        found[f"retrieval.documents.{position}.document.score"] = chance.random()
        found[f"retrieval.documents.{position}.document.content"] = writer.text(500)
        found[f"retrieval.documents.{position}.document.metadata"] = json.dumps({"page": chance.randrange(400)})
    return found


def step_attributes(kind: str, length: int, writer: Writer) -> dict[str, str | int | float]:
    return {
        "openinference.span.kind": kind,
        "input.value": json.dumps({"question": writer.text(length), "history": [writer.text(length // 2)]}),
        "input.mime_type": "application/json",
        "output.value": json.dumps({"answer": writer.text(length)}),
        "output.mime_type": "application/json",
        "metadata": json.dumps({"release": "2026.11", "region": "eu-west-1", "variant": "b"}),
    }


def trace_attributes(writer: Writer, chance: random.Random) -> list[tuple[str, dict[str, str | int | float]]]:
    return [
        ("answer", step_attributes("AGENT", 1050, writer)),
        ("retrieve", retriever_attributes(writer, chance)),
        ("decide", llm_attributes(writer, chance)),
        ("search_orders", step_attributes("TOOL", 1000, writer)),
        ("summarize", step_attributes("CHAIN", 1100, writer)),
        ("draft", llm_attributes(writer, chance)),
        ("check", llm_attributes(writer, chance)),
    ]


@dataclass
class Template:
    """The encoded spans of one trace, and where in it is what differs between traces."""

    data: bytes
    trace_ids: list[int]
    span_ids: list[int]
    parents: list[tuple[int, int]]
    times: list[tuple[int, int]]
    session: int | None


def template(writer: Writer, chance: random.Random, has_session: bool) -> Template:
    trace_id = chance.randbytes(16)
    spans, offset_of = [], []
    for position, (name, attributes) in enumerate(trace_attributes(writer, chance)):
        start = position * 40_000_000
        length = chance.randrange(20_000_000, 2_000_000_000)
        span = Span(
            trace_id=trace_id,
            span_id=chance.randbytes(8),
            parent_span_id=spans[0].span_id if spans else b"",
            name=name,
            kind=Span.SPAN_KIND_INTERNAL,
            # Made of bits that no other field has, to be found again in the encoded bytes.
            start_time_unix_nano=chance.getrandbits(64) | 1 << 63,
            end_time_unix_nano=chance.getrandbits(64) | 1 << 63,
            attributes=[attribute(key, value) for key, value in attributes.items()],
            status=Status(code=Status.STATUS_CODE_OK),
        )
        if has_session and position == 0:
            span.attributes.append(attribute("session.id", "session-00000000"))
        if chance.random() < 0.03:
            span.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message="the model did not answer in time"))
        spans.append(span)
        offset_of.append((start, start + length))
    data = ScopeSpans(spans=spans).SerializeToString()
    ids = [span.span_id for span in spans]
    return Template(
        data,
        trace_ids=positions(data, trace_id),
        # The first place of an id is its own span's; the root's comes again as its children's parent.
        span_ids=[positions(data, span_id)[0] for span_id in ids],
        parents=[(place, 0) for place in positions(data, ids[0])[1:]],
        times=[
            (data.index(struct.pack("<Q", getattr(span, field))), offset_of[number][place])
            for number, span in enumerate(spans)
            for place, field in enumerate(("start_time_unix_nano", "end_time_unix_nano"))
        ],
        session=data.index(b"session-00000000") if has_session else None,
    )


def positions(data: bytes, wanted: bytes) -> list[int]:
    found, start = [], data.find(wanted)
    while start >= 0:
        found.append(start)
        start = data.find(wanted, start + 1)
    return found


class Corpus:
    """Encoded traces without end; the same seed gives the same but for the times."""

    def __init__(self, seed: int = 1, project: str = "benchmark") -> None:
        self.chance = random.Random(seed)
        writer = Writer(self.chance)
        self.templates = [template(writer, self.chance, number % 2 == 0) for number in range(TEMPLATES)]
        self.project = project
        self.made = 0

    def trace(self, start: int) -> bytes:
        """The encoded spans of one new trace, as they stand in a ScopeSpans message."""
        chosen = self.templates[self.made % TEMPLATES]
        data = bytearray(chosen.data)
        fresh = self.chance.randbytes(16 + 8 * SPANS_A_TRACE)
        for place in chosen.trace_ids:
            data[place : place + 16] = fresh[:16]
        for number, place in enumerate(chosen.span_ids):
            data[place : place + 8] = fresh[16 + 8 * number : 24 + 8 * number]
        for place, number in chosen.parents:
            data[place : place + 8] = fresh[16 + 8 * number : 24 + 8 * number]
        for place, offset in chosen.times:
            struct.pack_into("<Q", data, place, start + offset)
        if chosen.session is not None:
            # Four traces a session.
            data[chosen.session : chosen.session + 16] = b"session-%08d" % (self.made // 8)
        self.made += 1
        return bytes(data)

    def requests(self, spans: int, spans_a_request: int) -> Iterator[tuple[int, bytes]]:
        """Encoded requests with how many spans each has, whole traces in each, until there are so many spans."""
        traces = spans // SPANS_A_TRACE
        traces_a_request = max(1, round(spans_a_request / SPANS_A_TRACE))
        began = time.time_ns() - PERIOD_SECONDS * 10**9
        for first in range(0, traces, traces_a_request):
            count = min(traces_a_request, traces - first)
            body = b"".join(
                self.trace(began + (first + number) * PERIOD_SECONDS * 10**9 // traces) for number in range(count)
            )
            yield count * SPANS_A_TRACE, self._wrapped(body)

    def request(self, spans: int, start: int) -> bytes:
        """One encoded request of so many new spans, whole traces."""
        return self._wrapped(b"".join(self.trace(start) for _ in range(max(1, spans // SPANS_A_TRACE))))

    def _wrapped(self, spans: bytes) -> bytes:
        scope = ScopeSpans(scope=InstrumentationScope(name="openinference.instrumentation.openai", version="0.1.30"))
        resource = Resource(
            attributes=[
                attribute("openinference.project.name", self.project),
                attribute("service.name", "assistant"),
                attribute("telemetry.sdk.name", "opentelemetry"),
                attribute("telemetry.sdk.language", "python"),
            ]
        )
        scope_spans = scope.SerializeToString() + spans
        resource_spans = ResourceSpans(resource=resource).SerializeToString() + _field(2, scope_spans)
        return _field(1, resource_spans)


def _field(number: int, value: bytes) -> bytes:
    """A length-delimited field of protobuf's wire format."""
    length, size = bytearray(), len(value)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    return bytes([number << 3 | 2]) + bytes(length) + value


def write(path: Path, spans: int, spans_a_request: int, seed: int = 1) -> None:
    """Writes requests to a file, each after its span count and its length (32 bits each)."""
    with path.open("wb") as file:
        for count, body in Corpus(seed).requests(spans, spans_a_request):
            file.write(struct.pack("<II", count, len(body)))
            file.write(body)


def read(path: Path) -> list[tuple[int, bytes]]:
    data = path.read_bytes()
    found, position = [], 0
    while position < len(data):
        count, length = struct.unpack_from("<II", data, position)
        found.append((count, data[position + 8 : position + 8 + length]))
        position += 8 + length
    return found


def checked(path: Path) -> dict[str, float]:
    """What the first request really holds, read by protobuf's own decoder."""
    _, body = read(path)[0]
    request = ExportTraceServiceRequest.FromString(body)
    spans = list(request.resource_spans[0].scope_spans[0].spans)
    return {
        "bytes a span": len(body) / len(spans),
        "spans": len(spans),
        "ids": len({span.span_id for span in spans}),
        "traces": len({span.trace_id for span in spans}),
    }
