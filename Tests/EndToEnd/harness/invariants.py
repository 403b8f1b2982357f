"""What must be true of a database after anything that can happen to the processes which write it."""

import json

from harness.load import Ledger
from harness.otlp import digest
from harness.processes import wait_until
from harness.recount import differences
from harness.stores import Store


def assert_nothing_acknowledged_is_lost(store: Store, ledger: Ledger) -> None:
    """Missing, doubled and torn are all zero, and sums equal a recount.

    What a spool had taken over is waited for: it drains by itself.
    """
    assert ledger.faults == []
    assert ledger.acknowledged, "nothing was acknowledged, so nothing was tested"
    wait_until(lambda: not _missing(store, ledger), 30, "the last acknowledged spans", interval=0.2)
    doubled = store.query("SELECT span_id FROM spans GROUP BY span_id HAVING COUNT(*) > 1")
    assert doubled == []
    torn = []
    for span_id, text in store.query("SELECT span_id, attributes FROM spans"):
        attributes = json.loads(text)
        expected = attributes["metadata"]["digest"]
        if digest(attributes["input"]["value"], attributes["output"]["value"]) != expected:
            torn.append(bytes(span_id).hex())
    assert torn == []
    assert differences(store) == []
    store.assert_sound()


def _missing(store: Store, ledger: Ledger) -> set[bytes]:
    return ledger.acknowledged - {bytes(span_id) for (span_id,) in store.query("SELECT span_id FROM spans")}
