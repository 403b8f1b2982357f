"""`get_spans_dataframe` of Arize's own client, unchanged, with all that a `SpanQuery` can ask for."""

from datetime import datetime, timedelta, timezone

import httpx
import pandas
import pytest
from harness.bennu import Bennu
from harness.otlp import SpanMaker, attribute, post
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from phoenix.client import Client
from phoenix.client.helpers.spans import get_input_output_context, get_retrieved_documents
from phoenix.client.types.spans import SpanQuery

PROJECT = "queried"
START = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
TRACE = bytes(15) + b"\x01"


def span(number: int, parent: int | None, name: str, kind: str, seconds: float, **attributes: str | int | float) -> Span:
    begin = int((START + timedelta(seconds=seconds)).timestamp() * 1e9)
    return Span(
        trace_id=TRACE, span_id=number.to_bytes(8), parent_span_id=parent.to_bytes(8) if parent else b"", name=name,
        start_time_unix_nano=begin, end_time_unix_nano=begin + 1_500_000_000,
        attributes=[attribute("openinference.span.kind", kind)]
        + [attribute(key.replace("__", "."), value) for key, value in attributes.items()],
    )


@pytest.fixture
def client(bennu: Bennu) -> Client:
    """Of a server with a conversation about a refund, and a span whose parent never came."""
    documents = {
        f"retrieval__documents__{position}__document__{part}": value
        for position, (content, score) in enumerate([("first text", 0.5), ("second text", 0.25)])
        for part, value in [("content", content), ("score", score)]
    }
    made = [
        span(1, None, "answer", "CHAIN", 0, input__value="How?", output__value="So.", user__id="ann", user__tier="gold"),
        span(2, 1, "look up", "RETRIEVER", 1, input__value="refund", **documents),
        span(3, 1, "say", "LLM", 2, llm__model_name="gpt-4o", llm__token_count__prompt=7, llm__token_count__completion=5,
             llm__input_messages__0__message__role="user", llm__input_messages__0__message__content="Ünï?"),
        span(4, 99, "left alone", "TOOL", 3, tool__name="search", retry_count=2),
    ]
    assert post(bennu.url, SpanMaker(project=PROJECT).request(made)).status_code == 200
    return Client(base_url=bennu.url)


def ids(frame: pandas.DataFrame) -> set[int]:
    return {int(each, 16) for each in frame.index.get_level_values(0)}


def test_whole_spans_have_a_column_for_each_attribute(client: Client) -> None:
    frame = client.spans.get_spans_dataframe(project_identifier=PROJECT)
    assert frame.index.name == "context.span_id" and ids(frame) == {1, 2, 3, 4}
    row = frame.loc[f"{3:016x}"]
    assert row["name"] == "say" and row["span_kind"] == "LLM" and row["parent_id"] == f"{1:016x}"
    assert row["context.span_id"] == f"{3:016x}" and row["context.trace_id"] == TRACE.hex()
    assert row["start_time"] == START + timedelta(seconds=2)
    assert row["end_time"] - row["start_time"] == timedelta(seconds=1.5)
    assert row["status_code"] == "UNSET" and row["events"] == []
    assert row["attributes.llm.model_name"] == "gpt-4o" and row["attributes.llm.token_count.prompt"] == 7
    assert row["attributes.llm.input_messages"] == [{"message.content": "Ünï?", "message.role": "user"}]
    documents = frame.loc[f"{2:016x}", "attributes.retrieval.documents"]
    assert documents[0] == {"document.content": "first text", "document.score": 0.5}
    root = frame.loc[f"{1:016x}"]
    assert root["attributes.user.id"] == "ann" and root["attributes.user"] == {"tier": "gold"}
    assert pandas.isna(root["parent_id"]) and pandas.isna(root["attributes.llm.model_name"])


def test_a_filter_a_time_range_a_limit_and_roots_choose_spans(client: Client) -> None:
    def found(condition: str | None = None, **options: object) -> set[int]:
        query = SpanQuery().where(condition) if condition else None
        return ids(client.spans.get_spans_dataframe(query=query, project_identifier=PROJECT, **options))

    assert found("span_kind == 'llm' or 'REFUND' in input.value") == {2, 3}
    assert found("cumulative_token_count.total > 0 and latency_ms >= 1500") == {1, 3}
    assert found("parent_span is None") == {1, 4}
    assert found("parent_id is None") == {1}
    assert found("retry_count == 2 and context.span_id != 'x'") == {4}
    assert found(start_time=START + timedelta(seconds=1), end_time=START + timedelta(seconds=3)) == {2, 3}
    assert found(limit=2) == {3, 4}
    assert found(root_spans_only=True) == {1, 4}
    assert found("name == 'nothing'") == set()
    assert client.spans.get_spans_dataframe(project_identifier="no such project").empty


def test_columns_are_selected_renamed_and_indexed(client: Client) -> None:
    query = SpanQuery().select("name", "llm.model_name", "span_id", "latency_ms", "cumulative_token_count.total")
    query = query.where("span_kind in ['LLM', 'CHAIN']").rename(name="title").with_index("trace_id")
    frame = client.spans.get_spans_dataframe(query=query, project_identifier=PROJECT)
    assert frame.index.name == "context.trace_id" and set(frame.index) == {TRACE.hex()}
    assert list(frame.columns) == [
        "title", "llm.model_name", "context.span_id", "latency_ms", "cumulative_llm_token_count_total",
    ]
    assert list(frame["title"]) == ["answer", "say"]
    frame = frame.set_index("title")
    assert frame.loc["say", "llm.model_name"] == "gpt-4o" and pandas.isna(frame.loc["answer", "llm.model_name"])
    assert list(frame["cumulative_llm_token_count_total"]) == [12, 12] and set(frame["latency_ms"]) == {1500}


def test_lists_are_exploded_into_rows(client: Client) -> None:
    query = SpanQuery().select("input.value").explode("retrieval.documents", text="document.content", score="document.score")
    frame = client.spans.get_spans_dataframe(query=query, project_identifier=PROJECT)
    assert frame.index.names == ["context.span_id", "document_position"]
    assert list(frame.columns) == ["input.value", "text", "score"]
    assert frame.to_dict("list") == {
        "input.value": ["refund", "refund"], "text": ["first text", "second text"], "score": [0.5, 0.25],
    }
    whole = SpanQuery().explode("llm.input_messages")
    frame = client.spans.get_spans_dataframe(query=whole, project_identifier=PROJECT)
    assert frame.index.names == ["context.span_id", "position"]
    assert frame.to_dict("records") == [{"message.content": "Ünï?", "message.role": "user"}]


def test_lists_are_concatenated(client: Client) -> None:
    query = SpanQuery().concat("retrieval.documents", context="document.content")
    frame = client.spans.get_spans_dataframe(query=query, project_identifier=PROJECT)
    assert ids(frame) == {2} and list(frame["context"]) == ["first text\n\nsecond text"]


def test_what_is_selected_goes_by_the_name_that_was_asked_for(client: Client) -> None:
    query = SpanQuery().select("name", "context.trace_id", "events", "llm.input_messages").where("span_kind == 'LLM'")
    frame = client.spans.get_spans_dataframe(query=query, project_identifier=PROJECT)
    assert list(frame.columns) == ["name", "context.trace_id", "events", "llm.input_messages"]
    assert frame.to_dict("records") == [
        {
            "name": "say", "context.trace_id": TRACE.hex(), "events": None,
            "llm.input_messages": [{"message": {"content": "Ünï?", "role": "user"}}],
        }
    ]


def test_the_clients_own_queries_for_retrieval_work(client: Client) -> None:
    documents = get_retrieved_documents(client, project_name=PROJECT)
    assert list(documents["document"]) == ["first text", "second text"]
    assert list(documents["document_score"]) == [0.5, 0.25] and set(documents["input"]) == {"refund"}
    answers = get_input_output_context(client, project_name=PROJECT)
    assert answers is not None and answers.to_dict("records") == [
        {
            "context.trace_id": TRACE.hex(), "input": "How?", "output": "So.", "context": "first text\n\nsecond text",
            "metadata": answers["metadata"].iloc[0],
        }
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (SpanQuery().where("span_kind = 'LLM'"), "write '==' to compare (at character 11)"),
        (SpanQuery().where("annotations['x'].lable == 'a'"), "did you mean 'label'?"),
        (SpanQuery().where("latency_ms > 'abc'"), "'abc'"),
        (SpanQuery().select("a..b"), "'a..b'"),
    ],
)
def test_a_wrong_query_is_refused_with_its_place(client: Client, query: SpanQuery, words: str) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refused:
        client.spans.get_spans_dataframe(query=query, project_identifier=PROJECT)
    assert refused.value.response.status_code == 422
    assert words in refused.value.response.json()["detail"][0]["msg"]


def test_more_spans_than_a_page_come_all(bennu: Bennu, spans: SpanMaker) -> None:
    sent = [each for _ in range(120) for each in spans.trace(10)]
    assert post(bennu.url, spans.request(sent)).status_code == 200
    frame = Client(base_url=bennu.url).spans.get_spans_dataframe(project_identifier=spans.project, limit=5000)
    assert set(frame.index) == {each.span_id.hex() for each in sent} and len(frame) == 1200
