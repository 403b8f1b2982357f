"""A small shop's assistant, traced: what the pictures in the documentation show."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from harness.otlp import attribute

QUESTIONS = [
    (
        "Which of your tents stands in a storm?",
        "The Alpine 2: its poles cross three times, and it is tested to 90 km/h.",
    ),
    ("Is the blue kettle safe on induction?", "Yes. Its base is steel; the copper one is not."),
    (
        "My parcel says delivered, but it is not here.",
        "I have opened a search with the carrier; you will hear by tomorrow noon.",
    ),
    ("Do you have running shoes for wide feet?", "Three of ours come in 2E and 4E; the Strider is the widest."),
    (
        "How do I descale the coffee machine?",
        "Fill the tank with one part vinegar and two of water, run it through, then rinse twice.",
    ),
    (
        "Can I return a sleeping bag that I have used?",
        "Within 30 days, if it is clean. The label is in your account.",
    ),
]
PASSAGES = [
    ("catalogue/tents.md", "Alpine 2. Three crossing poles, 5,000 mm, tested to 90 km/h in the wind tunnel.", 0.91),
    ("help/returns.md", "Goods may be returned within 30 days of delivery, used ones if they are clean.", 0.74),
    ("catalogue/care.md", "Descale every two months; vinegar works as well as what we sell.", 0.62),
]
MILLISECOND = 1_000_000


@dataclass
class Conversation:
    """One trace: an agent that searches, thinks, calls a tool and answers."""

    chance: random.Random
    start: int
    session: str
    fails: bool
    spans: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.trace_id = self.chance.randbytes(16)
        question, answer = self.chance.choice(QUESTIONS)
        agent = self._span("assistant", "AGENT", None, 0, 2600, **{"input.value": question})
        search = self._span("search the catalogue", "RETRIEVER", agent, 40, 310, **{"input.value": question})
        for position, (source, text, score) in enumerate(PASSAGES):
            search.attributes.extend([
                attribute(f"retrieval.documents.{position}.document.id", source),
                attribute(f"retrieval.documents.{position}.document.content", text),
                attribute(f"retrieval.documents.{position}.document.score", score),
            ])
        self._span("embed the question", "EMBEDDING", search, 55, 90, **{"embedding.model_name": "text-embedding-3-small"})
        self._llm("decide", agent, 370, 640, question, "I should look at the order before I answer.")
        tool = self._span(
            "look up the order", "TOOL", agent, 1030, 220, **{
                "tool.name": "order_status", "input.value": json.dumps({"order": "B-10482"}),
                "input.mime_type": "application/json",
                "output.value": json.dumps({"state": "delivered", "carrier": "Osprey"}),
                "output.mime_type": "application/json",
            }
        )
        if self.fails:
            tool.status.CopyFrom(Status(code=Status.STATUS_CODE_ERROR, message="the order service did not answer"))
            event = tool.events.add(name="exception", time_unix_nano=tool.end_time_unix_nano)
            event.attributes.extend([
                attribute("exception.type", "TimeoutError"),
                attribute("exception.message", "no answer from orders.internal within 200 ms"),
                attribute("exception.stacktrace", 'File "orders.py", line 48, in status\n    raise TimeoutError(host)'),
            ])
        self._llm("answer", agent, 1290, 1200, question, answer)
        agent.attributes.append(attribute("output.value", answer))
        self._span("check the tone", "GUARDRAIL", agent, 2510, 60, **{"output.value": "fine"})

    def _span(self, name: str, kind: str, parent: Span | None, at: int, lasts: int, **attributes: str) -> Span:
        begin = self.start + int(at * MILLISECOND)
        lasts = int(lasts * MILLISECOND * self.chance.uniform(0.7, 1.0))
        span = Span(
            trace_id=self.trace_id,
            span_id=self.chance.randbytes(8),
            parent_span_id=parent.span_id if parent else b"",
            name=name,
            start_time_unix_nano=begin,
            end_time_unix_nano=begin + lasts,
            status=Status(code=Status.STATUS_CODE_OK),
        )
        span.attributes.append(attribute("openinference.span.kind", kind))
        span.attributes.extend(attribute(key, value) for key, value in attributes.items())
        if parent is None:
            span.attributes.append(attribute("session.id", self.session))
            span.attributes.append(attribute("user.id", f"customer {self.session[-2:]}"))
        self.spans.append(span)
        return span

    def _llm(self, name: str, parent: Span, at: int, lasts: int, question: str, answer: str) -> None:
        span = self._span(name, "LLM", parent, at, lasts, **{
            "llm.model_name": "gpt-4o-mini", "llm.provider": "openai", "llm.system": "openai",
            "llm.invocation_parameters": json.dumps({"temperature": 0.2, "max_tokens": 400}),
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.content": "You help the customers of a small outdoor shop. Be brief and exact.",
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": question,
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": answer,
            "input.value": question, "output.value": answer,
        })
        span.attributes.append(attribute("llm.token_count.prompt", self.chance.randrange(420, 1900)))
        span.attributes.append(attribute("llm.token_count.completion", self.chance.randrange(20, 260)))


def requests(count: int, project: str, hours: float, seed: int = 7) -> Iterator[ExportTraceServiceRequest]:
    """Conversations spread over the last hours, more of them lately."""
    chance = random.Random(seed)
    now = time.time_ns() - 5_000 * MILLISECOND
    for number in range(count):
        age = int(hours * 3.6e12 * chance.random() ** 2)
        conversation = Conversation(chance, now - age, f"visit {number // 3:02}", chance.random() < 0.06)
        request = ExportTraceServiceRequest()
        resource_spans = request.resource_spans.add()
        resource_spans.resource.attributes.append(attribute("openinference.project.name", project))
        resource_spans.resource.attributes.append(attribute("service.name", project))
        scope_spans = resource_spans.scope_spans.add()
        scope_spans.scope.name = "shop"
        scope_spans.spans.extend(conversation.spans)
        yield request
