"""Fixtures: a server on each database, clients' folders, and the promise that nothing is left behind."""

import os
import random
import ssl
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness.bennu import Bennu, Installation, keep_logs
from harness.otlp import SpanMaker
from harness.postgres import TemporaryPostgres
from harness.processes import wait_until
from harness.stores import PostgresStore, SQLiteStore, Store

SEED = int(os.environ.get("SEED") or random.randrange(2**32))


def pytest_report_header() -> str:
    return f"SEED={SEED} repeats what was random"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    setattr(item, f"report_{report.when}", report)
    if report.failed:
        for installation in getattr(item, "installations", []):
            kept = keep_logs(installation, item.name)
            report.sections.append((f"log (kept in {kept.name})", installation.log()[-6000:]))
    return report


@pytest.fixture(autouse=True)
def installations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Installation]]:
    """All that a test starts, put here by whatever starts it. Its logs are kept where the test fails, and no secret that
    it was given stands in them, however the test ends."""
    made: list[Installation] = []
    request.node.installations = made
    yield made
    for installation in made:
        assert installation.told_secrets() == []


@pytest.fixture
def seed() -> int:
    return SEED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[TemporaryPostgres]:
    server = TemporaryPostgres({"fsync": "off"})
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        made: Store = SQLiteStore(tmp_path / "database")
    else:
        made = PostgresStore(request.getfixturevalue("postgres_server"))
    yield made
    made.close()


@pytest.fixture
def installation(installations: list[Installation], tmp_path: Path, store: Store) -> Installation:
    """For commands that are to be run to their end."""
    made = Installation(tmp_path, store)
    installations.append(made)
    return made


@pytest.fixture
def start_bennu(
    request: pytest.FixtureRequest, installations: list[Installation], tmp_path: Path, store: Store
) -> Iterator[Callable[..., Bennu]]:
    """Starts `bennu serve` with variables of the test's own; afterwards it must stop cleanly and leave nothing."""
    started: list[Bennu] = []

    def start(*, trust: ssl.SSLContext | bool = True, **variables: str) -> Bennu:
        bennu = Bennu(tmp_path / f"bennu{len(started)}", store, **variables)
        bennu.trust = trust
        started.append(bennu)
        installations.append(bennu)
        return bennu.start()

    yield start
    if getattr(request.node, "report_call", None) is None or request.node.report_call.failed:
        for bennu in started:
            bennu.close()
        return
    try:
        for bennu in started:
            if bennu.launcher.poll() is None:
                assert bennu.stop() == 0
            wait_until(lambda bennu=bennu: not bennu.running(), 5, "an end of all processes")
            assert bennu.remains() == []
    finally:
        for bennu in started:
            bennu.close()


@pytest.fixture
def bennu(start_bennu: Callable[..., Bennu]) -> Bennu:
    """`bennu serve`, ready."""
    return start_bennu()


@pytest.fixture
def spans(seed: int) -> SpanMaker:
    return SpanMaker(seed=seed, project="end to end")
