"""`bennu migrate`, and what a start does with schemas that it did not write."""

import subprocess

from harness.bennu import Bennu, Installation, executables
from harness.otlp import SpanMaker, post
from harness.stores import SQLiteStore, Store


def tables(store: Store) -> set[str]:
    if isinstance(store, SQLiteStore):
        return {name for (name,) in store.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'span_text_index'")}
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    return {name for (name,) in store.query(sql)}


def test_up_makes_the_schema_down_takes_it_away_and_status_tells(installation: Installation, store: Store) -> None:
    before = installation.run("migrate", "status")
    assert before.returncode == 1 and "initial schema" in before.stdout and "pending" in before.stdout
    up = installation.run("migrate", "up")
    assert up.returncode == 0, up.stderr
    assert {"projects", "traces", "spans", "project_sessions", "schema_migrations"} <= tables(store)
    assert installation.run("migrate", "up").returncode == 0
    after = installation.run("migrate", "status")
    assert after.returncode == 0 and "pending" not in after.stdout
    # It is asked for twice, since all data goes with it.
    assert installation.run("migrate", "down").returncode == 64
    assert "spans" in tables(store)
    down = installation.run("migrate", "down", "--yes", "--steps", "999")
    assert down.returncode == 0, down.stderr
    assert not {"projects", "traces", "spans", "project_sessions"} & tables(store)
    assert installation.run("migrate", "up").returncode == 0
    assert "spans" in tables(store)
    assert installation.remains() == []


def test_ten_migrators_at_once_make_one_schema(installation: Installation, store: Store) -> None:
    running = [
        subprocess.Popen(
            [executables() / "bennu", "migrate", "up"], env=installation.variables, cwd=installation.folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for _ in range(10)
    ]
    outputs = [each.communicate(timeout=60)[0] for each in running]
    assert [each.returncode for each in running] == [0] * 10, outputs
    versions = [version for (version,) in store.query("SELECT version FROM schema_migrations")]
    assert versions and len(versions) == len(set(versions))


def test_a_database_of_a_newer_version_stops_the_start_and_is_not_touched(
    start_bennu, installation: Installation, store: Store, spans: SpanMaker
) -> None:
    bennu: Bennu = start_bennu()
    post(bennu.url, spans.request(spans.trace()))
    assert bennu.stop() == 0
    store.execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'from the future', 0)")
    kept = snapshot(store)
    done = installation.run("serve")
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert done.returncode > 0
    assert any("9999" in line for line in lines), lines
    assert snapshot(store) == kept
    assert installation.running() == []
    store.execute("DELETE FROM schema_migrations WHERE version = 9999")


def snapshot(store: Store) -> dict[str, list[tuple]]:
    return {table: sorted(map(repr, store.query(f"SELECT * FROM {table}"))) for table in sorted(tables(store))}


def test_the_schema_goes_where_the_variable_says(start_bennu, store: Store, spans: SpanMaker) -> None:
    """SQLite has no schemas and ignores it."""
    bennu = start_bennu(PHOENIX_SQL_DATABASE_SCHEMA="tracing")
    assert post(bennu.url, spans.request(spans.trace())).status_code == 200
    if isinstance(store, SQLiteStore):
        assert store.query("SELECT COUNT(*) FROM spans") == [(7,)]
    else:
        assert store.query("SELECT COUNT(*) FROM tracing.spans") == [(7,)]
        assert not tables(store)
