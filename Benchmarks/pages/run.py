"""Measures how long pages take with many spans stored, on both databases.

    run.py [--spans 200000] [--asks 100] [--databases sqlite,postgres] [--record] [--peer ENVIRONMENT]

The corpus is that of the ingest benchmark, spread over a day, with one trace of a thousand spans. Each page is asked for by one
client, one request after the other, over a connection that stays open. Prints Markdown; with --record it also replaces the
results for this number of spans in Benchmarks/pages/README.md.

With --peer, a Python environment that arize-phoenix[pg] is installed in, Bennu and the peer are asked the same questions instead,
one after the other with the same spans.
"""

import argparse
import json
import queue
import random
import re
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE.parent / "ingest"), str(REPOSITORY / "Tests/EndToEnd")]

import corpus
import httpx
from harness.bennu import Bennu
from harness.postgres import TemporaryPostgres
from harness.stores import PostgresStore, SQLiteStore
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, Span

from peer import Peer
from questions import RARE_NAME, Question, questions
from shared_questions import shared_questions

BUILD = REPOSITORY / ".build-bench"
PERIOD_SECONDS = 24 * 3600
LARGE_TRACE_SPANS = 1000
SENDERS = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=200_000)
    parser.add_argument("--asks", type=int, default=100)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--peer", type=Path)
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    names = {"sqlite": "SQLite", "postgres": "Postgres"}
    measured = {}
    for database in options.databases.split(","):
        measured[names[database]] = measure(database, options, None)
        if options.peer:
            measured[f"peer on {names[database]}"] = measure(database, options, options.peer)
    text = report(measured, options.spans, options.asks)
    print(text)
    if options.record:
        record(text, f"{options.spans} beside the peer" if options.peer else f"{options.spans}")


def measure(database: str, options: argparse.Namespace, peer: Path | None) -> dict[str, list[float]]:
    place = Path(tempfile.mkdtemp(dir=BUILD))
    server = TemporaryPostgres() if database == "postgres" else None
    try:
        store = PostgresStore(server) if server else SQLiteStore(place / "database")
        system = Peer(peer, place, store) if peer else Bennu(place, store)
        try:
            system.start()
            load(system, options.spans)
            if isinstance(system, Bennu):
                wait_until_indexed(store)
            if isinstance(store, PostgresStore):
                # It does so by itself within a minute or two of a load; this does not wait for that.
                store.execute("ANALYZE")
            with httpx.Client(base_url=system.url, timeout=600) as client:
                return ask(client, (shared_questions if options.peer else questions)(client), options.asks)
        finally:
            system.close()
    finally:
        if server:
            server.close()
        shutil.rmtree(place, ignore_errors=True)


def load(system: Bennu | Peer, spans: int) -> None:
    began = time.perf_counter()
    waiting: queue.Queue[bytes | None] = queue.Queue(maxsize=4 * SENDERS)
    failures: list[str] = []

    def send() -> None:
        with httpx.Client(base_url=system.collector_url, timeout=120) as client:
            while (body := waiting.get()) is not None:
                while not failures:
                    answer = client.post("/v1/traces", content=body, headers={"content-type": "application/x-protobuf"})
                    if answer.status_code == 200:
                        break
                    if answer.status_code not in (429, 503):
                        failures.append(answer.text)
                    time.sleep(0.05)

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for body in bodies(spans):
        waiting.put(body)
    for _ in senders:
        waiting.put(None)
    for sender in senders:
        sender.join()
    assert not failures, failures[0]
    if isinstance(system, Peer):
        whole_traces = spans // corpus.SPANS_A_TRACE * corpus.SPANS_A_TRACE
        system.wait_until_stored("benchmark", whole_traces + LARGE_TRACE_SPANS)
    print(f"{spans:,} spans loaded in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def wait_until_indexed(store: PostgresStore | SQLiteStore) -> None:
    """Until every text that was loaded is in the index of search, which follows a moment after the spans."""
    began = time.perf_counter()
    while store.query("SELECT COUNT(*) FROM text_queue")[0][0]:
        time.sleep(1)
    print(f"indexed {time.perf_counter() - began:.0f} s after that", file=sys.stderr)


def bodies(spans: int) -> Iterator[bytes]:
    made = corpus.Corpus(seed=7)
    corpus.PERIOD_SECONDS = PERIOD_SECONDS
    yield large_trace(made)
    for _, body in made.requests(spans, 512):
        yield body


def large_trace(made: corpus.Corpus) -> bytes:
    """One trace of a thousand spans, ten levels deep, of the corpus' own spans."""
    chance = random.Random(3)
    source = ScopeSpans.FromString(made.trace(time.time_ns())).spans
    trace_id = bytes.fromhex("1a" * 16)
    spans: list[Span] = []
    for number in range(LARGE_TRACE_SPANS):
        span = Span()
        span.CopyFrom(source[number % len(source)])
        span.trace_id, span.span_id = trace_id, chance.randbytes(8)
        if number == 0:
            span.name = RARE_NAME
        span.parent_span_id = b"" if number == 0 else spans[(number - 1) // 2].span_id
        span.start_time_unix_nano = time.time_ns() - PERIOD_SECONDS * 5 * 10**8 + number * 10**6
        span.end_time_unix_nano = span.start_time_unix_nano + 10**7
        spans.append(span)
    return made._wrapped(ScopeSpans(spans=spans).SerializeToString())


def ask(client: httpx.Client, asked: list[Question], asks: int) -> dict[str, list[float]]:
    """Milliseconds of every answer, by page. Pages take turns, so that none has a warm database to itself."""
    found: dict[str, list[float]] = {question.name: [] for question in asked}
    for turn in range(asks + 3):
        for question in asked:
            request = question.request(turn)
            began = time.perf_counter()
            answer = client.request(**request)
            milliseconds = (time.perf_counter() - began) * 1000
            question.check(answer)
            if turn >= 3:
                found[question.name].append(milliseconds)
    return found


def report(measured: dict[str, dict[str, list[float]]], spans: int, asks: int) -> str:
    head = " | ".join(f"{name} p50, p95" for name in measured)
    lines = [
        f"{spans:,} spans, {asks} requests a page, one client.", "",
        f"| page | {head} |", "|---|" + "---|" * len(measured),
    ]
    for page in next(iter(measured.values())):
        cells = " | ".join(quantiles(figures[page]) for figures in measured.values())
        lines.append(f"| {page} | {cells} |")
    return "\n".join(lines)


def quantiles(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)
    return f"{statistics.median(ordered):.1f} ms, {ordered[len(ordered) * 95 // 100]:.1f} ms"


def record(text: str, mark: str) -> None:
    page = HERE / "README.md"
    marked = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
    page.write_text(marked.sub(lambda found: found.group(1) + text + "\n" + found.group(2), page.read_text()))


if __name__ == "__main__":
    main()
