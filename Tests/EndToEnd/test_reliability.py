"""A short run of Tests/Reliability: every fault at least twice on each database. `make reliability` is the long one."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "Reliability" / "run.py"


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("database", "rounds"), [("sqlite", 6), ("postgres", 12)])
def test_no_fault_loses_an_acknowledged_span(database: str, rounds: int, seed: int) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "--database", database, "--rounds", str(rounds), "--seed", str(seed)],
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
