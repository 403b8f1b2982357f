"""What can be asked of Bennu and of its peer in the same words: nothing in it is beyond Phoenix's schema."""

from collections.abc import Callable

import httpx

from questions import LARGE_TRACE, SPANS, TOP_MODELS, WORDS, Question, last

PROJECTS = """
query Projects($time: TimeRange!) { projects(first: 50) { edges { node {
  id name traceCount recordCount tokenCountTotal costSummary { total { cost } } latencyMsQuantile(probability: 0.5)
  streamingLastUpdatedAt
  traceCountTimeSeries(timeRange: $time, timeBinConfig: {scale: HOUR}) { data { timestamp value } }
} } } }
"""
PROJECT = """
query Project($project: ID!) { node(id: $project) { ... on Project {
  traceCount recordCount tokenCountTotal tokenCountPrompt tokenCountCompletion costSummary { total { cost } }
  p50: latencyMsQuantile(probability: 0.5) p99: latencyMsQuantile(probability: 0.99)
  spans: spanLatencyMsQuantile(probability: 0.5)
} } }
"""
TRACES = """
query Traces($project: ID!) { node(id: $project) { ... on Project {
  spans(first: 50, sort: {col: startTime, dir: desc}, filterCondition: "parent_id is None") { edges { node {
    spanId name spanKind statusCode startTime latencyMs cumulativeTokenCountTotal
    input { truncatedValue } output { truncatedValue } trace { traceId numSpans costSummary { total { cost } } }
  } } pageInfo { hasNextPage endCursor } }
} } }
"""
SESSIONS = """
query Sessions($project: ID!) { node(id: $project) { ... on Project {
  sessions(first: 50) { edges { node {
    sessionId startTime endTime numTraces tokenUsage { total } costSummary { total { cost } }
    firstInput { truncatedValue } lastOutput { truncatedValue }
  } } pageInfo { hasNextPage endCursor } }
} } }
"""
SERIES = """
query Series($project: ID!, $time: TimeRange!) { node(id: $project) { ... on Project {
  traceCountTimeSeries(timeRange: $time, timeBinConfig: {scale: HOUR}) { data { timestamp value } }
  spanCountTimeSeries(timeRange: $time, timeBinConfig: {scale: HOUR}) { data { timestamp totalCount errorCount } }
  traceTokenCountTimeSeries(timeRange: $time, timeBinConfig: {scale: HOUR}) {
    data { timestamp promptTokenCount completionTokenCount }
  }
} } }
"""
TRACE = """
query Trace($trace: String!) { getTraceByOtelId(traceId: $trace) {
  traceId startTime endTime latencyMs numSpans costSummary { total { cost } }
  spans(first: 1000) { edges { node {
    id spanId parentId name spanKind statusCode startTime endTime tokenCountTotal
  } } }
} }
"""


def shared_questions(client: httpx.Client) -> list[Question]:
    project = client.get("/v1/projects/benchmark").json()["data"]["id"]

    def question(name: str, query: str, holds: Callable[[dict], bool], **variables: object) -> Question:
        def request(turn: int) -> dict:
            word = {"condition": f"'{WORDS[turn % len(WORDS)]}' in input.value"} if name == "spans with a text" else {}
            return {"method": "POST", "url": "/graphql", "json": {"query": query, "variables": variables | word}}

        return Question(name, request, lambda body: holds(body["data"]))

    def listed(field: str, least: int = 50) -> Callable[[dict], bool]:
        return lambda data: len(data["node"][field]["edges"]) >= least

    day = last(24)
    return [
        question("projects", PROJECTS, lambda data: bool(data["projects"]["edges"]), time=day),
        question("project statistics", PROJECT, lambda data: data["node"]["recordCount"] > 0, project=project),
        question("root spans", TRACES, listed("spans"), project=project),
        question("sessions", SESSIONS, listed("sessions"), project=project),
        question(
            "activity of a day", SERIES, lambda data: bool(data["node"]["traceCountTimeSeries"]["data"]), project=project, time=day
        ),
        question(
            "trace of 1,000 spans", TRACE, lambda data: len(data["getTraceByOtelId"]["spans"]["edges"]) == 1000,
            trace=LARGE_TRACE,
        ),
        question("spans", SPANS, listed("spans"), project=project),
        question(
            "spans with a filter", SPANS, listed("spans"), project=project,
            condition="span_kind == 'LLM' and latency_ms > 100",
        ),
        question(
            "spans with a rare filter", SPANS, listed("spans"), project=project,
            condition="status_code == 'ERROR' and 'x' not in name",
        ),
        question("spans with a text", SPANS, listed("spans", 1), project=project),
        question(
            "dearest models of a day", TOP_MODELS, lambda data: bool(data["node"]["topModelsByCost"]), project=project, time=day
        ),
    ]
