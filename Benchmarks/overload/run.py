"""Offers a collector more than ten times what it takes, and shows that it stands:

    run.py [--seconds 600] [--clients 320] [--times 12] [--database sqlite|postgres|both] [--memory-mib 600] [--idle 10000]

- ten times as many spans are offered as are accepted, at least;
- accepted and refused spans add up to those offered, by the clients' count and by the collector's own metrics;
- every refusal says when to try again; 99 % of what is accepted is so within 2 s;
- memory stays below the ceiling; within 5 s of the end a request is answered as fast as before;
- meanwhile, idle connections, clients that send a byte a second and HTTP/2 streams that are reset as soon as they are
  opened starve nobody: a client with little to send, from another address, is always served.

Exit code 0 if so.
"""

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ACCEPTED = "bennu_collector_spans_accepted_total"
sys.path[:0] = [str(HERE.parent / "ingest"), str(HERE.parents[1] / "Tests/EndToEnd")]

import httpx
from corpus import Corpus
from harness import processes
from harness.bennu import Service
from harness.ports import free_ports
from harness.postgres import TemporaryPostgres
from harness.recount import differences
from harness.stores import PostgresStore, SQLiteStore, Store
from pace import SPANS_A_REQUEST, Pace
from pests import Pests


class Modest:
    """A client with little to send, from an address of its own, that heeds what it is told."""

    def __init__(self, collector: Service, source: str) -> None:
        transport = httpx.HTTPTransport(local_address=source)
        self.client = httpx.Client(base_url=collector.collector_url, transport=transport, timeout=30)
        self.corpus = Corpus(seed=5, project="modest")
        self.latencies: list[float] = []
        self.refused = 0

    def send(self) -> float:
        body = self.corpus.request(7, time.time_ns())
        began = time.monotonic()
        while True:
            answer = self.client.post("/v1/traces", content=body, headers={"content-type": "application/x-protobuf"})
            if answer.status_code == 200:
                break
            self.refused += 1
            time.sleep(0.05)
        self.latencies.append(time.monotonic() - began)
        return self.latencies[-1]


def metrics(port: int) -> dict[str, float]:
    """Sums over labels."""
    sums: dict[str, float] = {}
    for line in httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text.splitlines():
        if found := re.match(r"([a-z_]+)(?:\{[^}]*\})? ([0-9.e+]+)$", line):
            sums[found[1]] = sums.get(found[1], 0) + float(found[2])
    return sums


def run(store: Store, folder: Path, options: argparse.Namespace) -> list[str]:
    metrics_port = free_ports(1)[0]
    collector = Service(
        folder / "collector", store, PHOENIX_ENABLE_PROMETHEUS="true", BENNU_METRICS_PORT=str(metrics_port)
    )
    collector.start("bennu-collector", collector.collector_port)
    try:
        return measure(store, collector, metrics_port, options)
    finally:
        collector.close()


def measure(store: Store, collector: Service, metrics_port: int, options: argparse.Namespace) -> list[str]:
    modest = Modest(collector, "127.0.0.2")
    before = statistics.median(modest.send() for _ in range(50))
    modest.latencies.clear()
    peak = 0
    seen = metrics(metrics_port)
    with Pests(collector, options.idle) as pests:
        half = options.clients // 2
        senders = [
            subprocess.Popen(
                [sys.executable, HERE / "offer.py", protocol, target, str(half), str(options.seconds)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for protocol, target in (
                ("grpc", collector.grpc_target), ("http", f"127.0.0.1:{collector.collector_port}")
            )
        ]
        with Pace(senders, lambda: metrics(metrics_port)[ACCEPTED] / SPANS_A_REQUEST, options.times):
            while any(sender.poll() is None for sender in senders):
                modest.send()
                peak = max(peak, processes.resident_bytes(collector.process.pid))
                time.sleep(0.1)
        resets = pests.resets
    ended = time.monotonic()
    while modest.send() > max(5 * before, 0.1) and time.monotonic() < ended + 60:
        pass
    recovery = time.monotonic() - ended
    offers = [json.loads(sender.communicate()[0]) for sender in senders]
    now = metrics(metrics_port)
    counted = {
        what: now.get(f"bennu_collector_spans_{what}_total", 0) - seen.get(f"bennu_collector_spans_{what}_total", 0)
        for what in ("accepted", "refused")
    }
    return judge(store, options, before, modest, peak, recovery, offers, counted, resets)


def judge(store, options, before, modest, peak, recovery, offers, counted, resets) -> list[str]:
    accepted = sum(offer["spans"].get("accepted", 0) for offer in offers)
    offered = sum(sum(offer["spans"].values()) for offer in offers)
    lost = sum(offer["spans"].get("lost", 0) for offer in offers)
    mine = 7 * len(modest.latencies)
    refused_by_reason = {
        name: sum(offer["spans"].get(name, 0) for offer in offers) for offer in offers for name in offer["spans"]
    }
    p99 = max(offer["p99"] or 0 for offer in offers)
    waits = ", ".join(
        f"{protocol} {offer['p50'] or 0:.2f} s (median) and {offer['p99'] or 0:.2f} s (p99)"
        for protocol, offer in zip(("gRPC", "HTTP"), offers, strict=True)
    )
    modest_worst = sorted(modest.latencies)[len(modest.latencies) * 99 // 100]
    print(
        f"{store.engine}: {offered:,} spans offered in {options.seconds:g} s, {accepted:,} accepted "
        f"({accepted / options.seconds:,.0f}/s), ratio {offered / max(accepted, 1):.1f}; outcomes {refused_by_reason}; "
        f"accepted after {waits}; peak memory {peak >> 20} MiB; normal again after {recovery:.1f} s; "
        f"beside {options.idle:,} idle connections, 100 dripping bodies and {resets:,} reset streams; the modest client was "
        f"refused {modest.refused} times, p99 {modest_worst:.2f} s (alone {before:.3f} s); the collector counts "
        f"{counted['accepted']:,.0f} accepted and {counted['refused']:,.0f} refused",
        flush=True,
    )
    broken = []
    if offered < 10 * accepted:
        broken.append(f"only {offered / max(accepted, 1):.1f} times as much was offered as accepted: more clients are needed")
    if any(offer["hintless"] for offer in offers):
        broken.append("refusals without a hint")
    if p99 > 2:
        broken.append(f"p99 of accepted is {p99:.2f} s")
    if peak > options.memory_mib << 20:
        broken.append(f"{peak >> 20} MiB were held")
    if recovery > 5:
        broken.append(f"recovery took {recovery:.1f} s")
    if lost:
        broken.append(f"{lost} spans went without an answer")
    if modest.refused:
        broken.append(f"the modest client was refused {modest.refused} times")
    refused = offered - accepted - lost + 7 * modest.refused
    if (counted["accepted"], counted["refused"]) != (accepted + mine, refused):
        broken.append(
            f"clients count {accepted + mine} accepted and {refused} refused, and the collector "
            f"{counted['accepted']:.0f} and {counted['refused']:.0f}"
        )
    stored = store.query("SELECT COUNT(*) FROM spans")[0][0]
    if stored < accepted:
        broken.append(f"{accepted - stored} accepted spans are missing")
    broken += differences(store)[:3]
    return [f"{store.engine}: {each}" for each in broken]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=320)
    parser.add_argument("--times", type=float, default=12, help="how much to offer, of what was accepted of late")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--memory-mib", type=int, default=600)
    parser.add_argument("--idle", type=int, default=10_000)
    options = parser.parse_args()
    wanted = options.idle + 4096
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bennu-overload-") as folder:
        if options.database != "postgres":
            broken += run(SQLiteStore(Path(folder) / "database"), Path(folder) / "sqlite", options)
        if options.database != "sqlite":
            server = TemporaryPostgres()
            try:
                broken += run(PostgresStore(server), Path(folder) / "postgres", options)
            finally:
                server.close()
    for each in broken:
        print(each)
    sys.exit(1 if broken else 0)


main()
