"""GraphQL as Phoenix's tools and this project's own pages speak it, answered by running services."""

import base64
import re
from collections.abc import Callable

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query, parse, validate
from harness.bennu import Bennu
from harness.otlp import SpanMaker, post

SPANS = """
query Spans($first: Int!, $after: String, $condition: String) {
  projects { edges { node { id name traceCount recordCount tokenCountTotal
    spans(first: $first, after: $after, filterCondition: $condition, sort: {col: startTime, dir: asc}) {
      edges { node {
        name spanId parentId spanKind statusCode startTime endTime latencyMs attributes
        input { value mimeType } output { value mimeType } cumulativeTokenCountTotal
        context { traceId spanId } trace { traceId numSpans } events { name }
      } }
      pageInfo { hasNextPage endCursor }
    } } } }
}
"""


def ask(bennu: Bennu, query: str, **variables: object) -> dict:
    answer = httpx.post(f"{bennu.url}/graphql", json={"query": query, "variables": variables}, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def sent(bennu: Bennu, spans: SpanMaker) -> list:
    made = spans.trace()
    assert post(bennu.url, spans.request(made)).status_code == 200
    return made


def project_of(body: dict) -> dict:
    return next(edge["node"] for edge in body["data"]["projects"]["edges"] if edge["node"]["recordCount"])


def test_what_was_sent_is_what_is_answered(bennu: Bennu, sent: list) -> None:
    project = project_of(ask(bennu, SPANS, first=1000))
    assert (project["traceCount"], project["recordCount"]) == (1, len(sent))
    answered = {edge["node"]["spanId"]: edge["node"] for edge in project["spans"]["edges"]}
    assert set(answered) == {span.span_id.hex() for span in sent}
    for span in sent:
        node = answered[span.span_id.hex()]
        assert node["name"] == span.name
        assert node["parentId"] == (span.parent_span_id.hex() or None)
        assert node["trace"] == {"traceId": span.trace_id.hex(), "numSpans": len(sent)}


def test_pages_join_without_gaps(bennu: Bennu, sent: list) -> None:
    seen, after = [], None
    while True:
        page = project_of(ask(bennu, SPANS, first=2, after=after))["spans"]
        seen += [edge["node"]["spanId"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == len(sent)


def test_a_condition_that_cannot_be_read_says_where(bennu: Bennu, sent: list) -> None:
    answer = ask(bennu, SPANS, first=10, condition="name == ")
    message = answer["errors"][0]["message"]
    assert re.search(r"(position|column|character)\D*\d+", message), message


def test_a_condition_chooses_the_spans_that_it_is_true_of(bennu: Bennu, sent: list) -> None:
    name = sent[-1].name
    page = project_of(ask(bennu, SPANS, first=1000, condition=f"name == {name!r}"))["spans"]
    chosen = sorted(edge["node"]["spanId"] for edge in page["edges"])
    assert chosen == sorted(span.span_id.hex() for span in sent if span.name == name)


def test_tools_read_the_schema(bennu: Bennu) -> None:
    answer = ask(bennu, get_introspection_query(descriptions=True))
    schema = build_client_schema(answer["data"])
    assert validate(schema, parse(SPANS)) == []
    described = [kind for kind in schema.type_map.values() if not kind.name.startswith("__")]
    assert len(described) > 40


def test_projects_are_made_cleared_and_deleted(bennu: Bennu, sent: list) -> None:
    made = ask(bennu, 'mutation { createProject(input: {name: "ours"}) { project { id name } } }')
    identifier = made["data"]["createProject"]["project"]["id"]
    assert base64.b64decode(identifier).startswith(b"Project:")
    full = project_of(ask(bennu, SPANS, first=1))["id"]
    ask(bennu, "mutation Clear($id: ID!) { clearProject(input: {id: $id}) { __typename } }", id=full)
    counts = ask(bennu, "{ projects { edges { node { name recordCount traceCount } } } }")["data"]["projects"]["edges"]
    assert all(edge["node"]["recordCount"] == edge["node"]["traceCount"] == 0 for edge in counts)
    ask(bennu, "mutation Delete($id: ID!) { deleteProject(id: $id) { __typename } }", id=identifier)
    left = ask(bennu, "{ projects { edges { node { name } } } }")["data"]["projects"]["edges"]
    assert "ours" not in [edge["node"]["name"] for edge in left]


def test_requests_that_ask_too_much_or_wrongly_are_told_so(bennu: Bennu, start_bennu: Callable[..., Bennu]) -> None:
    assert httpx.post(f"{bennu.url}/graphql", content=b"no json").status_code == 400
    assert "nothing" in ask(bennu, "{ nothing }")["errors"][0]["message"]
    nested = "trace { rootSpan { " * 40 + "id" + " } }" * 40
    message = ask(bennu, "{ projects { edges { node { spans(first: 1) { edges { node { " + nested + " } } } } } } }")
    assert "deep" in message["errors"][0]["message"]
    assert httpx.get(f"{bennu.url}/graphql", params={"query": "mutation { deleteProject(id: \"x\") { __typename } }"}).status_code == 405
