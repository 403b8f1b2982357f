"""Annotations and notes, written and read by Arize's own client."""

import httpx
import pandas as pd
import pytest
from harness.bennu import Bennu
from harness.otlp import SpanMaker, post
from harness.processes import wait_until
from phoenix.client import Client
from phoenix.client.__generated__ import v1

PROJECT = "end to end"


@pytest.fixture
def trace(bennu: Bennu, spans: SpanMaker) -> list:
    """A trace of three spans, of a session."""
    sent = spans.trace(3, session="a conversation")
    assert post(bennu.url, spans.request(sent)).status_code == 200
    return sent


def test_a_spans_annotations_come_back_as_they_were_written(bennu: Bennu, trace: list) -> None:
    client = Client(base_url=bennu.url)
    span_id = trace[0].span_id.hex()
    made = client.spans.add_span_annotation(
        span_id=span_id, annotation_name="quality", annotator_kind="LLM", label="good", score=0.75,
        explanation="because", metadata={"model": "judge", "weight": 1.0}, identifier="first", sync=True,
    )
    [read] = client.spans.get_span_annotations(span_ids=[span_id], project_identifier=PROJECT)
    assert set(read) >= v1.SpanAnnotation.__required_keys__
    assert read["id"] == made["id"]
    assert read["result"] == {"label": "good", "score": 0.75, "explanation": "because"}
    assert read["metadata"] == {"model": "judge", "weight": 1.0}
    assert (read["name"], read["annotator_kind"], read["identifier"]) == ("quality", "LLM", "first")
    assert (read["source"], read["user_id"]) == ("API", None)
    again = client.spans.add_span_annotation(
        span_id=span_id, annotation_name="quality", label="bad", identifier="first", sync=True
    )
    assert again == made
    [read] = client.spans.get_span_annotations(span_ids=[span_id], project_identifier=PROJECT)
    assert read["result"]["label"] == "bad" and read["created_at"] < read["updated_at"]


def test_tables_of_annotations_go_in_and_come_out(bennu: Bennu, trace: list) -> None:
    client = Client(base_url=bennu.url)
    ids = [span.span_id.hex() for span in trace]
    table = pd.DataFrame({"score": [0.0, 0.5, 1.0], "label": ["a", "b", "c"]}, index=pd.Index(ids, name="span_id"))
    made = client.spans.log_span_annotations_dataframe(
        dataframe=table, annotation_name="relevance", annotator_kind="CODE", sync=True
    )
    assert len(made) == 3
    client.spans.log_span_annotations_dataframe(
        dataframe=table, annotation_name="unwanted", annotator_kind="CODE", sync=True
    )
    read = client.spans.get_span_annotations_dataframe(
        span_ids=ids, project_identifier=PROJECT, exclude_annotation_names=["unwanted"]
    )
    assert dict(zip(read.index, read["result.score"])) == dict(zip(ids, [0.0, 0.5, 1.0]))
    assert set(read["annotation_name"]) == {"relevance"}


def test_more_annotations_than_a_page_holds_are_read_whole(bennu: Bennu, trace: list) -> None:
    client = Client(base_url=bennu.url)
    span_id = trace[0].span_id.hex()
    client.spans.log_span_annotations(
        span_annotations=[
            {"span_id": span_id, "name": "many", "annotator_kind": "CODE", "identifier": str(number),
             "result": {"score": number}}
            for number in range(250)
        ],
        sync=True,
    )
    read = client.spans.get_span_annotations(span_ids=[span_id], project_identifier=PROJECT, limit=40)
    assert sorted(each["result"]["score"] for each in read) == list(range(250))


def test_traces_sessions_and_documents_are_annotated(bennu: Bennu, trace: list) -> None:
    client = Client(base_url=bennu.url)
    trace_id = trace[0].trace_id.hex()
    assert client.traces.add_trace_annotation(trace_id=trace_id, annotation_name="t", score=1.0, sync=True)["id"]
    assert client.sessions.add_session_annotation(
        session_id="a conversation", annotation_name="s", label="kind", sync=True
    )["id"]
    assert client.spans.add_document_annotation(
        span_id=trace[1].span_id.hex(), document_position=1, annotation_name="d", score=0.5, sync=True
    )["id"]
    base = f"{bennu.url}/v1/projects/{PROJECT}"
    [read] = httpx.get(f"{base}/trace_annotations", params={"trace_ids": trace_id}).json()["data"]
    assert set(read) >= v1.TraceAnnotation.__required_keys__ and read["trace_id"] == trace_id
    [read] = httpx.get(f"{base}/session_annotations", params={"session_ids": "a conversation"}).json()["data"]
    assert set(read) >= v1.SessionAnnotation.__required_keys__ and read["session_id"] == "a conversation"


def test_notes_pile_up(bennu: Bennu, trace: list) -> None:
    client = Client(base_url=bennu.url)
    span_id = trace[0].span_id.hex()
    ids = {client.spans.add_span_note(span_id=span_id, note=text)["id"] for text in ("one", "two")}
    read = client.spans.get_span_annotations(
        span_ids=[span_id], project_identifier=PROJECT, include_annotation_names=["note"],
        exclude_annotation_names=[],
    )
    assert {each["id"] for each in read} == ids
    assert {each["result"]["explanation"] for each in read} == {"one", "two"}
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        client.spans.add_span_annotation(span_id=span_id, annotation_name="note", label="x", sync=True)


def test_annotations_that_come_before_their_span_are_kept_for_it(bennu: Bennu, spans: SpanMaker) -> None:
    client = Client(base_url=bennu.url)
    sent = spans.trace(3, session="later")
    span_id, trace_id = sent[0].span_id.hex(), sent[0].trace_id.hex()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        client.spans.add_span_annotation(span_id=span_id, annotation_name="early", label="x", sync=True)
    client.spans.add_span_annotation(span_id=span_id, annotation_name="early", label="x")
    client.traces.add_trace_annotation(trace_id=trace_id, annotation_name="early", label="x")
    client.sessions.add_session_annotation(session_id="later", annotation_name="early", label="x")
    assert post(bennu.url, spans.request(sent)).status_code == 200
    base = f"{bennu.url}/v1/projects/{PROJECT}"
    for kind, key in (("span", span_id), ("trace", trace_id), ("session", "later")):

        def stored(kind: str = kind, key: str = key) -> bool:
            return len(httpx.get(f"{base}/{kind}_annotations", params={f"{kind}_ids": key}).json()["data"]) == 1

        wait_until(stored, 20, f"the annotation of the {kind}")


def test_deleted_sessions_take_their_annotations_along(bennu: Bennu, trace: list) -> None:
    client = Client(base_url=bennu.url)
    span_id = trace[0].span_id.hex()
    client.spans.add_span_annotation(span_id=span_id, annotation_name="q", label="x", identifier="i", sync=True)
    client.sessions.bulk_delete(session_ids=["a conversation", "none"])
    found = httpx.get(f"{bennu.url}/v1/projects/{PROJECT}/span_annotations", params={"identifier": "i"})
    assert found.json()["data"] == []
