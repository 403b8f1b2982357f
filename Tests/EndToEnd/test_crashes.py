"""An answered span is on disk, whatever is killed and whenever."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from harness.bennu import Bennu, Installation, Service
from harness.invariants import assert_nothing_acknowledged_is_lost
from harness.load import Load
from harness.processes import wait_until
from harness.stores import Store

KILLS = int(os.environ.get("KILLS") or 100)
STOPS = max(3, KILLS // 10)


@pytest.fixture
def collector(installations: list[Installation], tmp_path: Path, store: Store):
    """A collector by itself: the test starts it again, without the launcher's patience."""
    made = Service(tmp_path / "collector", store)
    installations.append(made)
    made.start("bennu-collector", made.collector_port)
    yield made
    made.close()


@pytest.fixture
def narrow_collector(installations: list[Installation], tmp_path: Path, store: Store):
    """One that has room for two requests or three; not started."""
    narrow = {"BENNU_INGEST_QUEUE_BYTES": "1MiB", "BENNU_MAX_REQUEST_BYTES": "512KiB"}
    made = Service(tmp_path / "collector", store, **narrow)
    installations.append(made)
    yield made
    made.close()


@pytest.mark.timeout(60 + 10 * KILLS)
def test_a_collector_killed_under_load_loses_nothing_that_it_acknowledged(
    collector: Service, store: Store, seed: int
) -> None:
    moments = random.Random(seed)
    with Load(collector, seed) as load:
        for _ in range(KILLS):
            seen = len(load.ledger.acknowledged)
            wait_until(lambda seen=seen: len(load.ledger.acknowledged) > seen, 30, "spans taken between two kills")
            time.sleep(moments.uniform(0, 0.3))
            collector.process.send_signal(signal.SIGKILL)
            collector.process.wait()
            collector.start("bennu-collector", collector.collector_port)
    assert_nothing_acknowledged_is_lost(store, load.ledger)


@pytest.mark.timeout(60 + 20 * STOPS)
def test_a_collector_asked_to_stop_under_load_answers_what_it_has_begun(
    collector: Service, store: Store, seed: int
) -> None:
    moments = random.Random(seed)
    unanswered = []
    with Load(collector, seed) as load:
        for _ in range(STOPS):
            seen = len(load.ledger.acknowledged)
            wait_until(lambda seen=seen: len(load.ledger.acknowledged) > seen, 30, "spans taken between two stops")
            time.sleep(moments.uniform(0, 0.3))
            asked, before = time.monotonic(), len(load.ledger.attempts)
            assert collector.stop(seconds=10) == 0
            time.sleep(0.1)
            # One that begins as the socket closes may be cut off; one that was under way for a while may not.
            unanswered += [
                attempt
                for attempt in load.ledger.attempts[before:]
                if attempt.began < asked - 0.05 and "lost" in attempt.outcome
            ]
            collector.start("bennu-collector", collector.collector_port)
    assert unanswered == []
    assert_nothing_acknowledged_is_lost(store, load.ledger)


@pytest.mark.timeout(60 + 20 * STOPS)
def test_a_collector_asked_to_stop_while_it_refuses_most_of_what_comes_stops_in_time(
    narrow_collector: Service, store: Store, seed: int
) -> None:
    collector = narrow_collector
    moments = random.Random(seed)
    with Load(collector, seed, spans_a_trace=200, clients=16) as load:
        for _ in range(3):
            collector.start("bennu-collector", collector.collector_port)
            seen, begun = len(load.ledger.acknowledged), len(load.ledger.attempts)
            wait_until(lambda seen=seen: len(load.ledger.acknowledged) > seen, 30, "spans taken between two stops")
            wait_until(
                lambda begun=begun: sum("try again" in each.outcome for each in load.ledger.attempts[begun:]) > 20,
                30, "requests refused for want of room",
            )
            time.sleep(moments.uniform(0, 0.3))
            assert collector.stop(seconds=10) == 0
    # What its spool has taken over is stored by the next.
    collector.start("bennu-collector", collector.collector_port)
    assert_nothing_acknowledged_is_lost(store, load.ledger)


def test_the_launcher_brings_back_a_collector_that_was_killed_under_load(
    bennu: Bennu, store: Store, seed: int
) -> None:
    with Load(bennu, seed) as load:
        for _ in range(3):
            seen = len(load.ledger.acknowledged)
            wait_until(lambda seen=seen: len(load.ledger.acknowledged) > seen, 60, "spans taken after a restart")
            wait_until(lambda: "bennu-collector" in bennu.services(), 30, "a collector to kill")
            bennu.kill("bennu-collector")
    bennu.wait_until_ready()
    assert_nothing_acknowledged_is_lost(store, load.ledger)


def test_everything_killed_at_once_loses_nothing_that_was_acknowledged(
    start_bennu, store: Store, seed: int
) -> None:
    bennu = start_bennu()
    with Load(bennu, seed) as load:
        wait_until(lambda: len(load.ledger.acknowledged) > 500, 60, "some load")
        for process_id in bennu.running():
            os.kill(process_id, signal.SIGKILL)
        bennu.launcher.wait()
        wait_until(lambda: not bennu.running(), 5, "an end of all processes")
        bennu.start()
        seen = len(load.ledger.acknowledged)
        wait_until(lambda: len(load.ledger.acknowledged) > seen, 30, "spans taken after the restart")
    assert_nothing_acknowledged_is_lost(store, load.ledger)


@pytest.mark.parametrize("service", ["bennu-mailer", "bennu-auth", "bennu-api"])
def test_spans_are_taken_while_another_service_is_away(bennu: Bennu, store: Store, seed: int, service: str) -> None:
    with Load(bennu, seed, clients=2) as load:
        wait_until(lambda: load.ledger.acknowledged, 30, "some load")
        bennu.kill(service)
        seen = len(load.ledger.acknowledged)
        wait_until(lambda: len(load.ledger.acknowledged) > seen, 30, f"spans taken without {service}")
        wait_until(lambda: service in bennu.services(), 30, f"{service} started again")
    bennu.wait_until_ready()
    assert all(attempt.outcome == "acknowledged" for attempt in load.ledger.attempts)
    assert_nothing_acknowledged_is_lost(store, load.ledger)


def test_a_launcher_killed_by_force_leaves_no_service_behind(bennu: Bennu) -> None:
    assert len(bennu.services()) == 4
    bennu.launcher.kill()
    bennu.launcher.wait()
    wait_until(lambda: not bennu.running(), 10, "an end of all processes")


def test_stopping_leaves_no_service_behind_even_if_one_ignores_it(bennu: Bennu) -> None:
    """A service that hangs must not keep the others, nor the launcher."""
    os.kill(bennu.services()["bennu-mailer"], signal.SIGSTOP)
    bennu.launcher.send_signal(signal.SIGTERM)
    try:
        bennu.launcher.wait(20)
    except subprocess.TimeoutExpired:
        pytest.fail("the launcher waits for a service that does not answer")
    wait_until(lambda: not bennu.running(), 5, "an end of all processes")
