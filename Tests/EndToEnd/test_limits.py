"""What operators may bound: a project's rate and the database's size. Refusals are by the letter of both protocols."""

import http.client
from collections.abc import Callable
from contextlib import ExitStack

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from harness import processes
from harness.bennu import Bennu
from harness.otlp import GRPCSender, SpanMaker, post
from harness.processes import wait_until
from harness.stores import Store


def refusal(sender: GRPCSender, request) -> tuple[grpc.StatusCode, str, RetryInfo | None]:
    with pytest.raises(grpc.RpcError) as raised:
        sender.send(request)
    error = raised.value
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    hint = RetryInfo()
    if details is None or not Status.FromString(details).details[0].Unpack(hint):
        return error.code(), error.details(), None
    return error.code(), error.details(), hint


def test_a_project_beyond_its_quota_is_told_when_to_try_again_and_others_are_not(
    start_bennu: Callable[..., Bennu], store: Store
) -> None:
    bennu = start_bennu(BENNU_PROJECT_QUOTAS="greedy=100")
    greedy, modest = SpanMaker(seed=1, project="greedy"), SpanMaker(seed=2, project="modest")
    assert post(bennu.collector_url, greedy.request(greedy.trace())).status_code == 200
    answer = post(bennu.url, greedy.request(greedy.trace()))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    with GRPCSender(bennu.grpc_target) as sender:
        code, words, hint = refusal(sender, greedy.request(greedy.trace()))
        assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "quota" in words
        assert hint and hint.retry_delay.ToTimedelta().total_seconds() >= 1
        sender.send(modest.request(modest.trace()))
    assert store.query("SELECT COUNT(*) FROM spans") == [(14,)]


def test_a_database_as_large_as_it_may_become_takes_no_more(start_bennu: Callable[..., Bennu], store: Store) -> None:
    bennu = start_bennu(
        PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES="0.00001",
        PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE="90",
        PHOENIX_SUPPORT_EMAIL="help@example.com",
    )
    maker = SpanMaker(seed=1)

    def answer() -> httpx.Response | None:
        given = post(bennu.collector_url, maker.request(maker.trace()))
        return given if given.status_code != 200 else None

    refused = wait_until(answer, 30, "a refusal, once the size is measured")
    assert refused.status_code == 507
    assert b"help@example.com" in refused.content
    with GRPCSender(bennu.grpc_target) as sender:
        code, words, _ = refusal(sender, maker.request(maker.trace()))
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "help@example.com" in words
    assert httpx.get(f"{bennu.url}/v1/projects").status_code == 200


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_connection_that_has_sent_a_batch_and_waits_holds_next_to_nothing(
    bennu: Bennu, spans: SpanMaker, protocol: str
) -> None:
    request = spans.request(spans.trace(text_length=50_000))
    collector = bennu.services()["bennu-collector"]
    with ExitStack() as connections:

        def send_over_new_connections(count: int) -> None:
            for _ in range(count):
                if protocol == "grpc":
                    connections.enter_context(GRPCSender(bennu.grpc_target)).send(request)
                    continue
                connection = http.client.HTTPConnection("127.0.0.1", bennu.collector_port, timeout=30)
                connections.callback(connection.close)
                headers = {"Content-Type": "application/x-protobuf"}
                connection.request("POST", "/v1/traces", request.SerializeToString(), headers)
                answer = connection.getresponse()
                assert (answer.status, answer.read()) == (200, b"")

        # What requests themselves take is taken once.
        send_over_new_connections(100)
        before = processes.resident_bytes(collector)
        send_over_new_connections(200)
        assert processes.resident_bytes(collector) - before < 200 * (100 << 10)
