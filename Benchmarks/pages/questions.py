"""What the browser's pages ask the server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

DOCUMENTS = Path(__file__).resolve().parents[2] / "Services/api/Web/src/data/documents"
LARGE_TRACE = "1a" * 16
# Its root's name, which no other span has.
RARE_NAME = "quarterly report 4711"
# Each turn asks for something else where a reader would: another page of a list, another word.
WORDS = ("kora", "bin", "del", "fas", "gon", "lur", "mis", "nar", "pel", "rus")


SPANS = """
query Spans($project: ID!, $condition: String) { node(id: $project) { ... on Project {
  spans(first: 50, sort: {col: startTime, dir: desc}, filterCondition: $condition) { edges { node {
    spanId name spanKind statusCode startTime latencyMs tokenCountTotal cumulativeTokenCountTotal
    input { truncatedValue } output { truncatedValue }
  } } }
} } }
"""
TOP_MODELS = """
query TopModels($project: ID!, $time: TimeRange!) { node(id: $project) { ... on Project {
  topModelsByCost(timeRange: $time) { name costSummary(projectId: $project, timeRange: $time) { total { cost tokens } } }
} } }
"""


@dataclass
class Question:
    name: str
    request: Callable[[int], dict]
    """The keywords of `httpx.Client.request`, by turn."""
    holds: Callable[[dict], bool]
    """Whether the answer is one: a page that is fast because it is empty would say nothing."""

    def check(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, f"{self.name}: {answer.status_code} {answer.text[:300]}"
        body = answer.json()
        assert "errors" not in body, f"{self.name}: {body['errors']}"
        assert self.holds(body), f"{self.name}: {answer.text[:300]}"


def document(name: str) -> str:
    """What the browser application sends, from its own source."""
    return (DOCUMENTS / f"{name}.graphql").read_text()


def questions(client: httpx.Client) -> list[Question]:
    project = client.get("/v1/projects/benchmark").json()["data"]["id"]

    def send(query: str, **variables: object) -> dict:
        return {"method": "POST", "url": "/graphql", "json": {"query": query, "variables": variables}}

    def ask(title: str, **variables: object) -> dict:
        return send(document(title), **variables)

    def question(name: str, request: dict, holds: Callable[[dict], bool]) -> Question:
        return Question(name, lambda turn: request, lambda body: holds(body["data"]))

    def page(name: str, title: str, holds: Callable[[dict], bool], **variables: object) -> Question:
        return question(name, ask(title, **variables), holds)

    def listed(name: str) -> Callable[[dict], bool]:
        return lambda data: len(data["node"][name]["edges"]) == 50

    return [
        page("projects", "Projects", lambda data: bool(data["projects"]["edges"]), day=last(24)),
        page("project statistics", "Project", lambda data: data["node"]["recordCount"] > 0, project=project),
        page("traces", "Traces", listed("traces"), project=project, first=50),
        page("sessions", "Sessions", listed("sessions"), project=project, first=50),
        page(
            "activity of a day", "Series", lambda data: any(point["value"] for point in data["node"]["traces"]["data"]),
            project=project, time=last(24), bins={"scale": "HOUR"},
        ),
        page("trace of 1,000 spans", "Trace", lambda data: len(data["getTraceByOtelId"]["skeleton"]) == 1000, trace=LARGE_TRACE),
        question("spans", send(SPANS, project=project), listed("spans")),
        question(
            "spans with a filter", send(SPANS, project=project, condition="span_kind == 'LLM' and latency_ms > 100"),
            listed("spans"),
        ),
        question(
            "spans with a rare filter", send(SPANS, project=project, condition="status_code == 'ERROR' and 'x' not in name"),
            listed("spans"),
        ),
        question(
            "dearest models of a day", send(TOP_MODELS, project=project, time=last(24)),
            lambda data: bool(data["node"]["topModelsByCost"]),
        ),
        Question(
            "traces with a text",
            lambda turn: ask("Traces", project=project, first=50, search=WORDS[turn % len(WORDS)]),
            lambda body: "node" in body["data"],
        ),
        page(
            "traces with a rare text", "Traces", lambda data: len(data["node"]["traces"]["edges"]) == 1, project=project, first=50,
            search="REPORT 4711",
        ),
    ]


def last(hours: int) -> dict[str, str]:
    """The stretch of time that the browser asks for: whole hours, this one included."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {"start": (end - timedelta(hours=hours + 1)).isoformat(), "end": end.isoformat()}
