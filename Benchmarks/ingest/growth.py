"""Measures how ingest fares while a database grows: growth.py [--spans 1500000] [--step 250000] [--record]

A collector gets step after step of new spans over HTTP, in requests of 512 from 8 clients, while the api stands still.
Prints Markdown; with --record it also replaces the table in Benchmarks/README.md. Takes 5 GB for each million of spans.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import run
from harness import processes
from harness.bennu import Bennu
from harness.postgres import TemporaryPostgres
from harness.stores import PostgresStore, SQLiteStore, Store

SPANS_A_REQUEST, CLIENTS = run.SHAPES["batches"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=1_500_000)
    parser.add_argument("--step", type=int, default=250_000)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    run.BUILD.mkdir(exist_ok=True)
    steps = options.spans // options.step
    with run.folder() as place:
        sqlite = list(grow(place, SQLiteStore(place / "database"), steps, options.step))
    server = TemporaryPostgres()
    try:
        with run.folder() as place:
            postgres = list(grow(place, PostgresStore(server), steps, options.step))
    finally:
        server.close()
    text = report(options.step, sqlite, postgres)
    print(text)
    if options.record:
        run.record("growth", text)


def grow(place: Path, store: Store, steps: int, size: int) -> Iterator[tuple[float, float]]:
    """Spans a second and the collector's CPU seconds a span, of each step."""
    bennu = Bennu(place / "bennu", store).start()
    services = bennu.services()
    os.kill(services["bennu-api"], signal.SIGSTOP)
    total = 0
    try:
        for step in range(steps):
            path = place / "corpus"
            run.corpus.write(path, size, SPANS_A_REQUEST, seed=step)
            before = processes.cpu_seconds(services["bennu-collector"])
            target = f"127.0.0.1:{bennu.collector_port}"
            sent = json.loads(run.output([sys.executable, run.HERE / "send.py", "http", target, CLIENTS, path]))
            spent = processes.cpu_seconds(services["bennu-collector"]) - before
            total += sent["spans"]
            yield sent["spans"] / sent["seconds"], spent / sent["spans"]
        [(stored,)] = store.query("SELECT COUNT(*) FROM spans")
        assert stored == total, f"{stored} of {total} spans were stored"
    finally:
        os.kill(services["bennu-api"], signal.SIGCONT)
        bennu.close()


def report(size: int, sqlite: list[tuple[float, float]], postgres: list[tuple[float, float]]) -> str:
    lines = [
        "| spans stored before | SQLite: spans/s | collector's CPU a span | Postgres: spans/s | collector's CPU a span |",
        "|---|---|---|---|---|",
    ]
    for step, rows in enumerate(zip(sqlite, postgres, strict=True)):
        cells = " | ".join(f"{rate:,.0f} | {cpu * 1e6:.0f} µs" for rate, cpu in rows)
        lines.append(f"| {step * size:,} | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
