"""OpenTelemetry's own exporters, as applications use them."""

import time

import grpc
import pytest
from harness.bennu import Bennu
from harness.recount import differences
from harness.stores import Store
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Status, StatusCode


def grpc_exporter(bennu: Bennu) -> SpanExporter:
    return GRPCExporter(endpoint=bennu.grpc_target, insecure=True)


def compressed_grpc_exporter(bennu: Bennu) -> SpanExporter:
    return GRPCExporter(endpoint=bennu.grpc_target, insecure=True, compression=grpc.Compression.Gzip)


def http_exporter(bennu: Bennu) -> SpanExporter:
    return HTTPExporter(endpoint=f"{bennu.collector_url}/v1/traces")


def compressed_http_exporter(bennu: Bennu) -> SpanExporter:
    return HTTPExporter(endpoint=f"{bennu.collector_url}/v1/traces", compression=Compression.Gzip)


def front_door_exporter(bennu: Bennu) -> SpanExporter:
    return HTTPExporter(endpoint=f"{bennu.url}/v1/traces")


def compressed_front_door_exporter(bennu: Bennu) -> SpanExporter:
    return HTTPExporter(endpoint=f"{bennu.url}/v1/traces", compression=Compression.Gzip)


@pytest.mark.parametrize(
    "exporter",
    [
        grpc_exporter,
        compressed_grpc_exporter,
        http_exporter,
        compressed_http_exporter,
        front_door_exporter,
        compressed_front_door_exporter,
    ],
)
def test_what_the_sdk_exports_is_stored_whole(bennu: Bennu, store: Store, exporter) -> None:
    provider = TracerProvider(resource=Resource.create({"openinference.project.name": "sdk"}))
    provider.add_span_processor(BatchSpanProcessor(exporter(bennu)))
    tracer = provider.get_tracer("end-to-end")
    began = time.time_ns()
    with tracer.start_as_current_span("chain", attributes={"openinference.span.kind": "CHAIN"}) as root:
        root.set_attribute("input.value", "how much is 6 · 7?")
        with tracer.start_as_current_span("model") as model:
            model.set_attribute("openinference.span.kind", "LLM")
            model.set_attribute("llm.token_count.prompt", 12)
            model.set_attribute("llm.token_count.completion", 3)
            try:
                raise TimeoutError("the model is asleep")
            except TimeoutError as error:
                model.record_exception(error)
                model.set_status(Status(StatusCode.ERROR, "asleep"))
    assert provider.force_flush()
    ended = time.time_ns()
    provider.shutdown()

    rows = store.query(
        "SELECT spans.name, span_kind, status_code, status_message, parent_id, start_time, end_time,"
        " spans.prompt_tokens, spans.completion_tokens, input_preview, events, projects.name FROM spans"
        " JOIN projects ON projects.id = spans.project_id ORDER BY start_time"
    )
    assert [row[:4] for row in rows] == [
        ("chain", "CHAIN", "UNSET", ""),
        ("model", "LLM", "ERROR", "asleep"),
    ]
    chain, model = rows
    context = root.get_span_context()
    assert chain[4] is None and bytes(model[4]) == context.span_id.to_bytes(8)
    assert all(began <= row[5] <= row[6] <= ended for row in rows)
    assert chain[7:9] == (None, None) and model[7:9] == (12, 3)
    assert chain[9] == "how much is 6 · 7?"
    assert "the model is asleep" in model[10] and "TimeoutError" in model[10]
    assert {row[11] for row in rows} == {"sdk"}
    assert differences(store) == []


def test_spans_without_a_project_go_to_the_default_one(start_bennu, store: Store) -> None:
    bennu = start_bennu(PHOENIX_PROJECT_NAME="everything else")
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(grpc_exporter(bennu)))
    with provider.get_tracer("end-to-end").start_as_current_span("orphan of a project"):
        pass
    provider.shutdown()
    assert store.query("SELECT name FROM projects WHERE id IN (SELECT project_id FROM spans)") == [("everything else",)]


def test_an_exporters_retry_after_an_outage_delivers_everything_once(bennu: Bennu, store: Store) -> None:
    provider = TracerProvider()
    provider.add_span_processor(
        BatchSpanProcessor(http_exporter(bennu), schedule_delay_millis=50, max_export_batch_size=8)
    )
    tracer = provider.get_tracer("end-to-end")
    for number in range(200):
        with tracer.start_as_current_span(f"span {number}"):
            pass
        if number == 100:
            bennu.kill("bennu-collector")
    assert provider.force_flush(30_000)
    provider.shutdown()
    names = [name for (name,) in store.query("SELECT name FROM spans")]
    assert sorted(names) == sorted(f"span {number}" for number in range(200))
