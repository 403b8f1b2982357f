"""What the collector makes of requests: once, whole, and added up."""

import random
import threading

import grpc
import httpx
import pytest
from harness import processes
from harness.bennu import Bennu
from harness.otlp import GRPCSender, SpanMaker, post
from harness.recount import differences
from harness.stores import Store
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse

MEBIBYTE = 1 << 20


def test_a_span_that_comes_twice_is_stored_once(bennu: Bennu, store: Store, spans: SpanMaker) -> None:
    request = spans.request(spans.trace(7, session="twice"))
    for base in (bennu.url, bennu.collector_url, bennu.url):
        assert post(base, request).status_code == 200
    with GRPCSender(bennu.grpc_target) as sender:
        sender.send(request)
    # In one request, too.
    assert post(bennu.url, spans.request(spans_twice(request))).status_code == 200
    assert store.query("SELECT COUNT(*), COUNT(DISTINCT span_id) FROM spans") == [(7, 7)]
    assert differences(store) == []


def spans_twice(request) -> list:
    own = list(request.resource_spans[0].scope_spans[0].spans)
    return own + own


def test_an_answer_means_that_the_spans_are_in_the_database(bennu: Bennu, store: Store, spans: SpanMaker) -> None:
    for _ in range(20):
        trace = spans.trace(3)
        answer = post(bennu.url, spans.request(trace))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/x-protobuf"
        assert not ExportTraceServiceResponse.FromString(answer.content).HasField("partial_success")
        sql = "SELECT COUNT(*) FROM spans WHERE trace_rowid = (SELECT id FROM traces WHERE trace_id = ?)"
        assert store.query(sql, trace[0].trace_id) == [(3,)]


def test_sums_equal_a_recount_whatever_the_order_and_the_batching(
    bennu: Bennu, store: Store, spans: SpanMaker, seed: int
) -> None:
    sent = [
        span
        for number in range(60)
        for span in spans.trace(7, session=f"session {number % 5}" if number % 2 else None, text_length=40)
    ]
    shuffled = random.Random(seed)
    shuffled.shuffle(sent)
    requests = []
    while sent:
        size = shuffled.randrange(1, 25)
        batch, sent = sent[:size], sent[size:]
        # Some come again, as after a lost answer.
        requests += [spans.request(batch)] * (2 if shuffled.random() < 0.2 else 1)

    def send(part: list) -> None:
        with GRPCSender(bennu.grpc_target) as sender:
            for request in part:
                sender.send(request)

    threads = [threading.Thread(target=send, args=(requests[part::4],)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.query("SELECT COUNT(*) FROM spans") == [(420,)]
    assert differences(store) == []


def test_the_recount_notices_a_wrong_sum(bennu: Bennu, store: Store, spans: SpanMaker) -> None:
    post(bennu.url, spans.request(spans.trace(7, session="one")))
    bennu.stop()
    assert differences(store) == []
    for table in ("traces", "project_sessions", "project_rollups"):
        store.execute(f"UPDATE {table} SET prompt_tokens = prompt_tokens + 1")
        assert differences(store), table
        store.execute(f"UPDATE {table} SET prompt_tokens = prompt_tokens - 1")
    assert differences(store) == []


def test_a_session_is_the_sum_of_its_traces(bennu: Bennu, store: Store, spans: SpanMaker) -> None:
    traces = [spans.trace(7, session="  trimmed  ") for _ in range(9)]
    for trace in traces:
        post(bennu.url, spans.request(trace))
    tokens = sum(
        attribute.value.int_value
        for trace in traces
        for span in trace
        for attribute in span.attributes
        if attribute.key == "llm.token_count.prompt"
    )
    start = min(span.start_time_unix_nano for trace in traces for span in trace)
    end = max(span.end_time_unix_nano for trace in traces for span in trace)
    rows = store.query(
        "SELECT session_id, trace_count, span_count, prompt_tokens, start_time, end_time FROM project_sessions"
    )
    assert rows == [("trimmed", 9, 63, tokens, start, end)]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-protobuf", b"\xff\xff\xff", 400),
        ("application/json", b"{", 400),
        ("text/plain", b"hello", 415),
        ("application/x-protobuf", b"", 200),
        ("APPLICATION/X-Protobuf; charset=utf-8", b"", 200),
        ("application/json; charset=utf-8", b"{}", 200),
    ],
)
def test_requests_are_judged_as_the_protocol_says(
    bennu: Bennu, content_type: str, body: bytes, status: int
) -> None:
    for base in (bennu.collector_url, bennu.url):
        answer = httpx.post(f"{base}/v1/traces", content=body, headers={"content-type": content_type})
        assert answer.status_code == status, answer.text


def test_a_request_beyond_the_limit_is_refused_and_one_below_it_is_not(
    start_bennu, store: Store, spans: SpanMaker
) -> None:
    bennu = start_bennu(BENNU_MAX_REQUEST_BYTES="1MiB")
    small = spans.request(spans.trace(4, text_length=20_000))
    large = spans.request(spans.trace(40, text_length=20_000))
    assert small.ByteSize() < MEBIBYTE < large.ByteSize()
    for base in (bennu.collector_url, bennu.url):
        assert post(base, small).status_code == 200
        assert post(base, large).status_code == 413
        assert post(base, large, compress=True).status_code == 413
    with GRPCSender(bennu.grpc_target) as sender:
        sender.send(small)
        with pytest.raises(grpc.RpcError) as refusal:
            sender.send(large)
    assert refusal.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert store.query("SELECT COUNT(*) FROM spans") == [(4,)]


def padded(request: ExportTraceServiceRequest, size: int) -> bytes:
    """The request's bytes and, to make them so many, a field that OTLP does not have."""
    body = request.SerializeToString()
    # Its key, and a length of four bytes.
    count = size - len(body) - 5
    length = bytes(count >> shift & 0x7F | (0x80 if shift < 21 else 0) for shift in (0, 7, 14, 21))
    return body + b"\x7a" + length + bytes(count)


@pytest.mark.parametrize("compress", [False, True], ids=["as it is", "compressed"])
def test_a_request_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(
    bennu: Bennu, store: Store, spans: SpanMaker, compress: bool
) -> None:
    compression = grpc.Compression.Gzip if compress else None
    limit = 64 * MEBIBYTE
    larger = padded(spans.request(spans.trace(3)), limit + 1)
    for base in (bennu.collector_url, bennu.url):
        answer = post(base, padded(spans.request(spans.trace(3)), limit), compress=compress)
        assert answer.status_code == 200, answer.text
        answer = post(base, larger, compress=compress)
        assert (answer.status_code, "retry-after" in answer.headers) == (413, False), answer.text
    with GRPCSender(bennu.grpc_target) as sender:
        call = sender.channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        call(padded(spans.request(spans.trace(3)), limit), timeout=60, compression=compression)
        with pytest.raises(grpc.RpcError) as refusal:
            call(larger, timeout=60, compression=compression)
    assert refusal.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "grpc-status-details-bin" not in dict(refusal.value.trailing_metadata())
    assert store.query("SELECT COUNT(*) FROM spans") == [(9,)]


def test_a_message_far_beyond_the_limit_is_refused_in_words_over_grpc(start_bennu, store: Store, spans: SpanMaker) -> None:
    bennu = start_bennu(BENNU_MAX_REQUEST_BYTES="1MiB")
    huge = spans.request(spans.trace(400, text_length=20_000))
    assert huge.ByteSize() > 5 * MEBIBYTE
    with GRPCSender(bennu.grpc_target) as sender:
        with pytest.raises(grpc.RpcError) as refusal:
            sender.send(huge)
        sender.send(spans.request(spans.trace(4)))
    assert refusal.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert refusal.value.details() == f"the request is larger than {MEBIBYTE} bytes"
    assert "grpc-status-details-bin" not in {key for key, _ in refusal.value.trailing_metadata()}
    assert store.query("SELECT COUNT(*) FROM spans") == [(4,)]


@pytest.mark.parametrize("compression", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_messages_are_taken_over_grpc_and_bombs_refused_in_words(
    bennu: Bennu, store: Store, spans: SpanMaker, compression: grpc.Compression
) -> None:
    collector = bennu.services()["bennu-collector"]
    with GRPCSender(bennu.grpc_target) as sender:
        sender.send(spans.request(spans.trace(9)), compression=compression)
        assert store.query("SELECT COUNT(*) FROM spans") == [(9,)]
        call = sender.channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        bomb, before = bytes(80 * MEBIBYTE), processes.resident_bytes(collector, peak=True)
        refusals = []
        for each in [call.future(bomb, timeout=60, compression=compression) for _ in range(6)]:
            with pytest.raises(grpc.RpcError) as refusal:
                each.result()
            refusals.append((refusal.value.code(), "grpc-status-details-bin" in dict(refusal.value.trailing_metadata())))
    # One alone is as large as it may be; more at once find no room, and may come again.
    assert set(refusals) <= {(grpc.StatusCode.RESOURCE_EXHAUSTED, False), (grpc.StatusCode.RESOURCE_EXHAUSTED, True)}
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, False) in refusals
    assert processes.resident_bytes(collector, peak=True) < before + 200 * MEBIBYTE


def test_memory_stays_bounded_under_a_bomb_and_under_load(bennu: Bennu, spans: SpanMaker) -> None:
    collector = bennu.services()["bennu-collector"]
    assert post(bennu.collector_url, bytes(300 * MEBIBYTE), compress=True).status_code == 413
    assert processes.resident_bytes(collector, peak=True) < 200 * MEBIBYTE
    with httpx.Client() as client:
        for _ in range(200):
            assert post(bennu.collector_url, spans.request(spans.trace(60, text_length=4000)), client=client).is_success
    assert processes.resident_bytes(collector, peak=True) < 250 * MEBIBYTE
