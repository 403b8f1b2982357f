"""`bennu canary`: silent while all is well, and not when somebody tampers with what it wrote."""

import subprocess
import time
from collections.abc import Callable

import pytest

from harness.bennu import Bennu, executables
from harness.processes import wait_until
from harness.stores import Store


def counts(output: str) -> dict[str, int]:
    lines = [line.split() for line in output.splitlines() if not line.startswith("#")]
    return {name.removeprefix("bennu_canary_").removesuffix("_total"): int(value) for name, value in lines}


def test_all_traces_come_back_right(bennu: Bennu) -> None:
    done = bennu.run(
        "canary", "--url", bennu.url, "--interval", "0.1", "--for", "2", "--check-after", "0,1", "--patience", "5"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stderr == ""
    seen = counts(done.stdout)
    assert seen["written"] >= 10
    assert seen["checked"] == 2 * seen["written"]
    assert seen["missing"] == seen["incorrect"] == seen["late"] == seen["refused"] == 0


@pytest.mark.parametrize(
    ("tampering", "count", "words"),
    [
        ("UPDATE spans SET name = 'other' WHERE span_kind = 'TOOL'", "incorrect", "the name differs"),
        ("UPDATE traces SET prompt_tokens = prompt_tokens + 1", "incorrect", "sums are"),
        ("DELETE FROM spans", "missing", "is missing"),
    ],
)
def test_tampering_is_noticed(
    bennu: Bennu, store: Store, tampering: str, count: str, words: str
) -> None:
    canary = subprocess.Popen(
        [executables() / "bennu", "canary", "--url", bennu.url, "--once", "--check-after", "0,4", "--patience", "0.5"],
        env=bennu.variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    wait_until(lambda: store.query("SELECT COUNT(*) FROM spans") == [(3,)], 10, "the canary's trace")
    time.sleep(1)  # the first check has found it well
    store.execute(tampering)
    output, errors = canary.communicate(timeout=60)
    assert canary.returncode == 1
    assert counts(output)[count] == 1, output + errors
    assert words in errors


def test_a_server_that_is_away_is_no_success(start_bennu: Callable[..., Bennu]) -> None:
    bennu = start_bennu()
    assert bennu.stop() == 0
    done = bennu.run("canary", "--url", bennu.url, "--once", "--check-after", "0")
    assert done.returncode == 1
    assert counts(done.stdout)["refused"] == 1
