"""Arize's own client packages, unchanged, as their users call them."""

import os
import re
import subprocess
import sys
from datetime import datetime, timezone

import httpx
import pytest
from harness.bennu import REPOSITORY, Bennu
from harness.otlp import SpanMaker, post
from harness.stores import Store
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from phoenix.client import Client

REGISTER = """
from phoenix.otel import register

provider = register(project_name="registered", batch={batch}, verbose=False, {protocol})
with provider.get_tracer("end-to-end").start_as_current_span("greet", openinference_span_kind="chain") as span:
    span.set_input("Is anybody there?")
    span.set_output("Yes.")
provider.shutdown()
"""


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("protocol", ["", 'protocol="http/protobuf"', 'protocol="grpc"'])
def test_register_sends_to_the_endpoint_that_the_environment_names(
    bennu: Bennu, store: Store, batch: bool, protocol: str
) -> None:
    run_python(REGISTER.format(batch=batch, protocol=protocol), bennu)
    rows = store.query("SELECT name, span_kind, input_preview, output_preview FROM spans")
    assert rows == [("greet", "CHAIN", "Is anybody there?", "Yes.")]
    assert store.query("SELECT name FROM projects WHERE id IN (SELECT project_id FROM spans)") == [("registered",)]


def test_the_client_lists_makes_changes_and_deletes_projects(bennu: Bennu) -> None:
    client = Client(base_url=bennu.url)
    made = client.projects.create(name="Ünïcode / with a slash", description="first")
    assert made["name"] == "Ünïcode / with a slash" and made["description"] == "first"
    assert client.projects.get(project_id=made["id"]) == made
    changed = client.projects.update(project_id=made["id"], description="second")
    assert changed["description"] == "second"
    assert [project["name"] for project in client.projects.list(name_contains="ünï")] == [made["name"]]
    for number in range(120):
        client.projects.create(name=f"project {number}")
    names = [project["name"] for project in client.projects.list()]
    assert len(names) == len(set(names)) and {f"project {number}" for number in range(120)} < set(names)
    client.projects.delete(project_id=made["id"])
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        client.projects.get(project_id=made["id"])


def test_the_client_reads_spans_page_by_page_without_gap_or_repetition(bennu: Bennu, spans: SpanMaker) -> None:
    sent = [span for _ in range(50) for span in spans.trace(7)]
    assert post(bennu.url, spans.request(sent)).status_code == 200
    client = Client(base_url=bennu.url)
    read = client.spans.get_spans(project_identifier=spans.project, limit=1000)
    assert sorted(span["context"]["span_id"] for span in read) == sorted(span.span_id.hex() for span in sent)
    by_id = {span["context"]["span_id"]: span for span in read}
    for original in sent:
        span = by_id[original.span_id.hex()]
        assert span["name"] == original.name
        assert span["context"]["trace_id"] == original.trace_id.hex()
        assert (span["parent_id"] or "") == original.parent_span_id.hex()
        assert nanoseconds(span["start_time"]) == original.start_time_unix_nano // 1000 * 1000
        values = {each.key: each.value.string_value for each in original.attributes}
        assert span["attributes"]["input.value"] == values["input.value"]


def test_the_client_reads_traces_with_their_spans(bennu: Bennu, spans: SpanMaker) -> None:
    traces = [spans.trace(5, session="a conversation") for _ in range(12)]
    assert post(bennu.url, spans.request(span for trace in traces for span in trace)).status_code == 200
    client = Client(base_url=bennu.url)
    read = client.traces.get_traces(project_identifier=spans.project, include_spans=True, limit=5)
    newest = sorted(traces, key=lambda trace: min(span.start_time_unix_nano for span in trace), reverse=True)
    assert [trace["trace_id"] for trace in read] == [trace[0].trace_id.hex() for trace in newest[:5]]
    assert all(len(trace["spans"]) == 5 for trace in read)
    everything = client.traces.get_traces(project_identifier=spans.project, session_id="a conversation")
    assert len(everything) == 12


def test_the_client_asks_for_the_traces_that_failed_or_took_long(bennu: Bennu, spans: SpanMaker) -> None:
    traces = [spans.trace(2) for _ in range(4)]
    for number, trace in enumerate(traces):
        trace[0].end_time_unix_nano = trace[0].start_time_unix_nano + (number + 1) * 1_000_000_000
        trace[1].end_time_unix_nano = trace[0].end_time_unix_nano
        for span in trace:
            span.status.code = Status.STATUS_CODE_OK
    traces[1][1].status.code = Status.STATUS_CODE_ERROR
    assert post(bennu.url, spans.request(span for trace in traces for span in trace)).status_code == 200
    client = Client(base_url=bennu.url)

    def found(**options: object) -> set[int]:
        read = client.traces.get_traces(project_identifier=spans.project, **options)
        return {[each[0].trace_id.hex() for each in traces].index(trace["trace_id"]) for trace in read}

    assert found(error=True) == {1} and found(error=False) == {0, 2, 3}
    assert found(min_latency_ms=2000, max_latency_ms=3000) == {1, 2}
    assert found(error=False, min_latency_ms=2000.5) == {2, 3}


def test_the_examples_of_getting_started_work(bennu: Bennu, store: Store) -> None:
    page = (REPOSITORY / "docs/getting-started.md").read_text()
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 3
    printed = [run_python(example.replace("http://localhost:6006", bennu.url), bennu) for example in examples]
    assert store.query("SELECT DISTINCT name, span_kind FROM spans") == [("greet", "CHAIN")]
    assert printed[2].split()[0] == "greet" and len(printed[2].splitlines()) == 2


def test_the_clients_own_check_of_the_server_version_passes(bennu: Bennu) -> None:
    version = httpx.get(f"{bennu.url}/arize_phoenix_version").text
    assert tuple(map(int, version.split("."))) >= (20, 0, 0)
    assert httpx.get(f"{bennu.url}/v1/projects").headers["x-phoenix-server-version"] == version


def nanoseconds(text: str) -> int:
    """Of an ISO 8601 time with microseconds."""
    delta = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return ((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000


def run_python(code: str, bennu: Bennu) -> str:
    """Runs a user's script that knows nothing but the two variables which say where Bennu is."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(bennu.home),
        "PHOENIX_COLLECTOR_ENDPOINT": bennu.url,
        "PHOENIX_GRPC_PORT": str(bennu.grpc_port),
        "PHOENIX_DISCOVER_CONFIG": "false",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=bennu.folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
