"""Ten collectors on one Postgres, all writing the same session and the same traces."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from harness.bennu import Installation, Service
from harness.otlp import GRPCSender, SpanMaker
from harness.processes import wait_until
from harness.recount import differences
from harness.stores import PostgresStore

COLLECTORS = 10


@pytest.fixture
def store(postgres_server):
    made = PostgresStore(postgres_server)
    yield made
    made.close()


@pytest.fixture
def collectors(installations: list[Installation], tmp_path: Path, store: PostgresStore):
    made = [Service(tmp_path / f"host{number}", store) for number in range(COLLECTORS)]
    installations += made
    for collector in made:
        collector.process = collector.spawn("bennu-collector")
    for collector in made:
        collector.wait_until_ready(collector.collector_port)
    yield made
    for collector in made:
        collector.close()


def test_ten_collectors_on_one_session_neither_deadlock_nor_miscount(
    collectors: list[Service], store: PostgresStore, spans: SpanMaker, seed: int
) -> None:
    traces = [spans.trace(14, session="one for all", text_length=40) for _ in range(300)]
    everything = [span for trace in traces for span in trace]
    shuffled = random.Random(seed)
    shuffled.shuffle(everything)
    batches = [everything[start : start + 20] for start in range(0, len(everything), 20)]
    # A fifth is sent to another collector as well, as clients do that have lost an answer.
    batches += shuffled.sample(batches, len(batches) // 5)
    shuffled.shuffle(batches)

    def send(collector: Service, part: list) -> None:
        with GRPCSender(collector.grpc_target) as sender:
            for batch in part:
                sender.send(spans.request(batch))

    with ThreadPoolExecutor(COLLECTORS) as pool:
        sent = [pool.submit(send, each, batches[place::COLLECTORS]) for place, each in enumerate(collectors)]
        for each in sent:
            each.result()
    for collector in collectors:
        assert collector.stop() == 0
    wait_until(lambda: not any(each.running() for each in collectors), 5, "an end of all collectors")
    assert store.query("SELECT COUNT(*) FROM spans") == [(len(everything),)]
    assert store.query("SELECT session_id, trace_count, span_count FROM project_sessions") == [
        ("one for all", len(traces), len(everything))
    ]
    assert differences(store) == []
    assert store.deadlocks() == 0
    assert [left for each in collectors for left in each.remains()] == []
