"""Measures what `make bench` promises, on both databases, beside the databases' own limits in the same run.

    run.py [--spans 140000] [--rounds 3] [--record] [--only sqlite | --index]

Prints Markdown; with --record it also replaces the results in Benchmarks/README.md. --only measures the loads of one
database and prints their JSON; --index measures what search's index costs ingest.
"""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(REPOSITORY / "Tests/EndToEnd")]

import corpus
import httpx
from harness import processes
from harness.bennu import SERVICES, Bennu, Service
from harness.postgres import PASSWORD, USER, TemporaryPostgres
from harness.recount import differences
from harness.stores import PostgresStore, SQLiteStore, Store

BUILD = REPOSITORY / ".build-bench"
MEBIBYTE = 1 << 20
# Spans a request and clients: a busy fleet behind OpenTelemetry's batch processor, and one trace at a time.
SHAPES = {"batches": (512, 8), "single traces": (7, 32)}
# What is sent, and to how many collectors.
LOADS = {"postgres": [("batches", 1), ("single traces", 1), ("batches", 2)], "sqlite": [("batches", 1), ("single traces", 1)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=140_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--record", action="store_true")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--only", choices=LOADS)
    choice.add_argument("--index", action="store_true")
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    corpora = {shape: make_corpus(shape, options.spans) for shape in SHAPES}
    if options.only:
        print(json.dumps(measure_database(options.only, corpora, options.rounds), indent=2))
        return
    if options.index:
        text = measure_index(corpora, options.spans, options.rounds)
        print(text)
        if options.record:
            record("index", text)
        return
    measured = {
        "machine": machine(),
        "corpus": corpus.checked(corpora["batches"]),
        "spans": options.spans,
        "rounds": options.rounds,
        "start": measure_start(),
    }
    for database in LOADS:
        measured[database] = measure_database(database, corpora, options.rounds)
    (BUILD / "results.json").write_text(json.dumps(measured, indent=2))
    text = report(measured)
    print(text)
    if options.record:
        record("ingest", text)


def make_corpus(shape: str, spans: int) -> Path:
    path = BUILD / f"corpus-{shape.replace(' ', '-')}-{spans}"
    corpus.write(path, spans, SHAPES[shape][0])
    return path


# MARK: the four processes


def measure_start() -> dict[str, float]:
    """From `bennu serve` to its first answer, on a new database and on one that is there, and what it takes when idle."""
    found: dict[str, list[float]] = {"new": [], "existing": []}
    for _ in range(10):
        with folder() as place:
            bennu = Bennu(place)
            for kind in ("new", "existing"):
                found[kind].append(first_answer(bennu))
                bennu.stop()
    with folder() as place:
        bennu = Bennu(place).start()
        time.sleep(10)
        services = bennu.services()
        resident = {name: processes.resident_bytes(each) / MEBIBYTE for name, each in services.items()}
        proportional = sum(processes.proportional_bytes(each) for each in services.values()) / MEBIBYTE
        launcher = processes.resident_bytes(bennu.launcher.pid) / MEBIBYTE
        before = total_cpu(bennu)
        time.sleep(20)
        idle_cpu = (total_cpu(bennu) - before) / 20
        bennu.stop()
    return {
        "new": statistics.median(found["new"]),
        "existing": statistics.median(found["existing"]),
        "resident": resident,
        "proportional": proportional,
        "launcher": launcher,
        "idle_cpu": idle_cpu,
    }


def first_answer(bennu: Bennu) -> float:
    began = time.perf_counter()
    bennu.launcher = bennu.spawn("bennu", "serve")
    with httpx.Client() as client:
        while True:
            try:
                if client.get(f"{bennu.url}/readyz").status_code == 200:
                    seconds = time.perf_counter() - began
                    bennu.wait_until_ready()
                    return seconds
            except httpx.TransportError:
                time.sleep(0.002)


def total_cpu(bennu: Bennu) -> float:
    return sum(processes.cpu_seconds(each) for each in [bennu.launcher.pid, *bennu.services().values()])


# MARK: a database


def measure_database(database: str, corpora: dict[str, Path], rounds: int) -> dict[str, dict]:
    """Medians of rounds. The limit is measured once in each round, on the rows of its first load."""
    measure = {"postgres": measure_on_postgres, "sqlite": measure_on_sqlite}[database]
    found: dict[str, list[dict]] = {}
    for _ in range(rounds):
        limits: dict[str, float] = {}
        for shape, collectors in LOADS[database]:
            for protocol in ("grpc", "http"):
                row = measure(protocol, shape, corpora[shape], collectors, limits)
                found.setdefault(f"{shape}, {protocol}, {collectors}", []).append(row | limits)
    return {name: medians(each) for name, each in found.items()}


def medians(rounds: list[dict]) -> dict[str, float]:
    return {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}


def measure_on_postgres(
    protocol: str, shape: str, path: Path, collectors: int, limits: dict[str, float]
) -> dict[str, float]:
    # A server of default settings, its commits durable, made anew so that no load pays for an earlier one.
    server = TemporaryPostgres()
    try:
        with folder() as place:
            store = PostgresStore(server)
            found = ingest(place, store, protocol, shape, path, collectors)
            if not limits:
                limits |= copy_limits(server, store)
    finally:
        server.close()
    return found


def copy_limits(server: TemporaryPostgres, store: PostgresStore) -> dict[str, float]:
    environment = {
        "PATH": os.environ["PATH"], "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": USER,
        "PGPASSWORD": PASSWORD,
    }
    done = json.loads(output([sys.executable, HERE / "copy_rows.py", store.database], environment))
    return {
        f"limit {connections}": max(each["rows"] / each["seconds"] for each in done if each["connections"] == connections)
        for connections in (1, 2)
    }


def measure_on_sqlite(
    protocol: str, shape: str, path: Path, collectors: int, limits: dict[str, float]
) -> dict[str, float]:
    with folder() as place:
        store = SQLiteStore(place / "database")
        found = ingest(place, store, protocol, shape, path, collectors)
        if not limits:
            limits["limit 1"] = insert_limit(store, place)
    return found


def insert_limit(store: SQLiteStore, place: Path) -> float:
    source, program = HERE / "PlainInsert.swift", BUILD / "plain-insert"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        output([
            "swiftc", "-O", "-swift-version", "6", "-I", REPOSITORY / "Shared/CSQLite", source, "-o", program,
            "-lsqlite3",
        ])
    rates = []
    # SQLite's own defaults, and Bennu's pages and checkpoints.
    for page, checkpoint in ((4096, 1000), (16_384, 2048)):
        for size in (512, 2048):
            peer = place / f"peer-{page}-{size}.db"
            done = json.loads(output([program, store.path, peer, str(size), str(page), str(checkpoint)]))
            rates.append(done["rows"] / done["seconds"])
            peer.unlink()
    return max(rates)


def ingest(
    place: Path, store: Store, protocol: str, shape: str, path: Path, collectors: int, indexes: bool = True
) -> dict[str, float]:
    """Sends the whole corpus through a Bennu of its own, with as many collectors as are asked for, and looks at what that
    took. Without an index the api, which keeps it, stands still meanwhile."""
    bennu = Bennu(place / "bennu", store)
    more = [Service(place / f"collector-{number}", store) for number in range(1, collectors)]
    try:
        bennu.start()
        for each in more:
            each.start("bennu-collector", each.collector_port)
        running = [bennu.services()["bennu-collector"], *(each.process.pid for each in more)]
        before = sum(processes.cpu_seconds(each) for each in running)
        targets = [
            f"127.0.0.1:{each.grpc_port if protocol == 'grpc' else each.collector_port}" for each in (bennu, *more)
        ]
        clients = SHAPES[shape][1]
        api = bennu.services()["bennu-api"]
        if not indexes:
            os.kill(api, signal.SIGSTOP)
        sent = json.loads(output([sys.executable, HERE / "send.py", protocol, ",".join(targets), str(clients), path]))
        spent = sum(processes.cpu_seconds(each) for each in running) - before
        [(indexed,)] = store.query("SELECT COUNT(*) FROM span_texts")
        os.kill(api, signal.SIGCONT)
        peak = max(processes.resident_bytes(each, peak=True) for each in running)
        all_peaks = sum(processes.resident_bytes(each, peak=True) for each in bennu.services().values())
        [(stored,)] = store.query("SELECT COUNT(*) FROM spans")
        assert stored == sent["spans"], f"{stored} of {sent['spans']} spans were stored"
        assert (wrong := differences(store)) == [], wrong[:5]
        assert [each.stop() for each in (bennu, *more)] == [0] * collectors
    finally:
        bennu.close()
        for each in more:
            each.close()
    return {
        "rate": sent["spans"] / sent["seconds"],
        "p50": sent["p50"],
        "p99": sent["p99"],
        "refusals": sent["refusals"],
        "indexed": indexed / stored,
        "collector_cpu": spent / sent["spans"],
        "sender_cpu": sent["sender_cpu"] / sent["spans"],
        "collector_peak": peak / MEBIBYTE,
        "all_peak": all_peaks / MEBIBYTE,
    }


# MARK: the index of search


def measure_index(corpora: dict[str, Path], spans: int, rounds: int) -> str:
    """Loads by turns, with the index of texts being kept and without."""
    lines = [
        f"{spans:,} spans over HTTP, with the index and without by turns; medians of {rounds} rounds.",
        "",
        "| database | requests | spans/s without | with | of it | indexed meanwhile |",
        "|---|---|---|---|---|---|",
    ]
    for database, name in (("sqlite", "SQLite"), ("postgres", "Postgres")):
        for shape, (size, clients) in SHAPES.items():
            found: dict[bool, list[dict]] = {False: [], True: []}
            for _ in range(rounds):
                for indexes, rows in found.items():
                    rows.append(ingest_once(database, shape, corpora[shape], indexes))
            without, with_it = medians(found[False]), medians(found[True])
            lines.append(
                f"| {name} | {size} spans, {clients} clients | {without['rate']:,.0f} | {with_it['rate']:,.0f} |"
                f" **{with_it['rate'] / without['rate']:.0%}** | {with_it['indexed']:.0%} |"
            )
    return "\n".join(lines)


def ingest_once(database: str, shape: str, path: Path, indexes: bool) -> dict[str, float]:
    server = TemporaryPostgres() if database == "postgres" else None
    try:
        with folder() as place:
            store = PostgresStore(server) if server else SQLiteStore(place / "database")
            return ingest(place, store, "http", shape, path, 1, indexes)
    finally:
        if server:
            server.close()


# MARK: the report


def report(measured: dict) -> str:
    start = measured["start"]
    resident = start["resident"]
    lines = [
        f"Machine: {measured['machine']}.",
        "",
        f"Corpus: {measured['spans']:,} spans, {measured['corpus']['bytes a span']:,.0f} bytes of protobuf each,"
        " seven a trace, sessions on half of the traces, 3 % errors, every id new."
        f" Medians of {measured['rounds']} round{'s' if measured['rounds'] > 1 else ''}.",
        "",
        "| database | requests | protocol | spans/s | of the limit | of two connections' | answered (p50, p99) |"
        " collector's CPU a span | sender's | collector's peak memory |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for database, name in (("postgres", "Postgres"), ("sqlite", "SQLite")):
        for key, row in measured[database].items():
            shape, protocol, collectors = key.split(", ")
            spans, clients = SHAPES[shape]
            crowd = f"{clients} clients" + ("" if collectors == "1" else f", {collectors} collectors")
            two = f"{row['rate'] / row['limit 2']:.0%}" if "limit 2" in row else "–"
            lines.append(
                f"| {name} | {spans} spans, {crowd} | {protocol.upper().replace('GRPC', 'gRPC')} |"
                f" {row['rate']:,.0f} | **{row['rate'] / row['limit 1']:.0%}** of {row['limit 1']:,.0f} | {two} |"
                f" {row['p50'] * 1000:.0f} ms, {row['p99'] * 1000:.0f} ms | {row['collector_cpu'] * 1e6:.0f} µs |"
                f" {row['sender_cpu'] * 1e6:.0f} µs | {row['collector_peak']:.0f} MiB |"
            )
    peaks = [row["all_peak"] for database in ("postgres", "sqlite") for row in measured[database].values()]
    services = ", ".join(f"{name.removeprefix('bennu-')} {resident[name]:.0f}" for name in SERVICES)
    lines += [
        "",
        "| the four services together | |",
        "|---|---|",
        f"| memory when idle, what they share counted once | {start['proportional']:.0f} MiB |",
        f"| the same as the sum of each one's | {sum(resident.values()):.0f} MiB"
        f" ({services}; the launcher {start['launcher']:.0f} besides) |",
        f"| CPU when idle | {start['idle_cpu']:.2%} of a core |",
        f"| the highest sum under the loads above | {max(peaks):.0f} MiB |",
        f"| from `bennu serve` to its first answer, new database | {start['new'] * 1000:.0f} ms |",
        f"| the same, existing database | {start['existing'] * 1000:.0f} ms |",
    ]
    return "\n".join(lines)


def record(section: str, text: str) -> None:
    page = REPOSITORY / "Benchmarks/README.md"
    marked = re.compile(rf"(<!-- {section} -->\n).*?(<!-- /{section} -->)", re.DOTALL)
    page.write_text(marked.sub(lambda found: found.group(1) + text + "\n" + found.group(2), page.read_text()))


def machine() -> str:
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text()).group(1)) / 1024 / 1024
    server = TemporaryPostgres()
    postgres = server.version()
    server.close()
    swift = re.search(r"Swift version (\S+)", output(["swift", "--version"])).group(1)
    return (
        f"{os.cpu_count()} cores ({processor.group(1) if processor else platform.machine()}), {memory:.0f} GiB, Linux"
        f" {platform.release().split('-')[0]}, Swift {swift}, Postgres {postgres}, SQLite {sqlite3.sqlite_version};"
        " clients, servers and databases share it"
    )


def output(command: list, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


class folder:
    """A temporary folder beside the other things that are built, on the disk that is measured."""

    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp(dir=BUILD))
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path)


if __name__ == "__main__":
    main()
