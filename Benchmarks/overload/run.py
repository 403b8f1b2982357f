"""Offers a collector much more than it takes, and shows that it stands:

    run.py [--seconds 600] [--clients 320] [--database sqlite|postgres|both] [--memory-mib 600] [--idle 10000]

- accepted and refused spans add up to those offered, by the clients' count and by the collector's own metrics;
- every refusal says when to try again; 99 % of what is accepted is so within 2 s;
- memory stays below the ceiling; within 5 s of the end a request is answered as fast as before;
- meanwhile, idle connections, clients that send a byte a second and HTTP/2 streams that are reset as soon as they are
  opened starve nobody: a client with little to send, from another address, is always served.

Exit code 0 if so.
"""

import argparse
import json
import os
import re
import resource
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "ingest"), str(HERE.parents[1] / "Tests/EndToEnd")]

import httpx
from corpus import Corpus
from harness import processes
from harness.bennu import Service
from harness.ports import free_ports
from harness.postgres import TemporaryPostgres
from harness.recount import differences
from harness.stores import PostgresStore, SQLiteStore, Store

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


class Pests:
    """Clients that mean no good, for the length of a `with` block."""

    def __init__(self, collector: Service, idle: int) -> None:
        self.collector = collector
        self.idle = idle
        self.sockets: list[socket.socket] = []
        self.stopping = threading.Event()
        self.resets = 0

    def __enter__(self) -> "Pests":
        self.sockets = [self._open_idle(number) for number in range(self.idle)]
        self.threads = [threading.Thread(target=work) for work in (self._idle, self._drip, self._reset)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        for each in self.sockets:
            each.close()

    def _open_idle(self, number: int) -> socket.socket:
        port = self.collector.grpc_port if number % 2 else self.collector.collector_port
        return socket.create_connection(("127.0.0.1", port))

    def _idle(self) -> None:
        """Opens again what the collector has closed for being idle, so that there are always as many."""
        poll = select.poll()
        numbers = {each.fileno(): number for number, each in enumerate(self.sockets)}
        for descriptor in numbers:
            poll.register(descriptor, select.POLLRDHUP)
        while not self.stopping.wait(1):
            for descriptor, _ in poll.poll(0):
                number = numbers.pop(descriptor)
                poll.unregister(descriptor)
                self.sockets[number].close()
                self.sockets[number] = self._open_idle(number)
                numbers[self.sockets[number].fileno()] = number
                poll.register(self.sockets[number], select.POLLRDHUP)

    def _open_slow(self) -> socket.socket:
        head = f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {60 << 20}\r\n\r\n"
        slow = socket.create_connection(("127.0.0.1", self.collector.collector_port))
        slow.sendall(head.encode())
        return slow

    def _drip(self) -> None:
        """A hundred bodies that announce 60 MiB and come a byte a second; each is begun again when its time is up."""
        slow = [self._open_slow() for _ in range(100)]
        while not self.stopping.wait(1):
            for number, each in enumerate(slow):
                try:
                    each.sendall(b"\n")
                except OSError:
                    each.close()
                    slow[number] = self._open_slow()
        for each in slow:
            each.close()

    def _reset(self) -> None:
        """Opens streams and resets each at once (CVE-2023-44487)."""
        # :method POST, :scheme http, :path /, :authority x, by HPACK's static table.
        headers = bytes([0x83, 0x86, 0x84, 0x41, 0x01]) + b"x"
        while not self.stopping.wait(0.01):
            try:
                with socket.create_connection(("127.0.0.1", self.collector.grpc_port)) as connection:
                    connection.sendall(PREFACE)
                    for stream in range(1, 400, 2):
                        identifier = stream.to_bytes(4, "big")
                        connection.sendall(
                            len(headers).to_bytes(3, "big") + bytes([1, 4]) + identifier + headers
                            + bytes([0, 0, 4, 3, 0]) + identifier + bytes([0, 0, 0, 8])
                        )
                        self.resets += 1
            except OSError:
                continue


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
                stdout=subprocess.PIPE, text=True,
            )
            for protocol, target in (
                ("grpc", collector.grpc_target), ("http", f"127.0.0.1:{collector.collector_port}")
            )
        ]
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
    if offered == accepted:
        broken.append("nothing was refused, so nothing is shown: more clients are needed")
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
    if counted["accepted"] < accepted + mine - 7 * 60 or counted["accepted"] > accepted + mine + 7 * 60:
        broken.append(f"clients count {accepted + mine} accepted and the collector {counted['accepted']:.0f}")
    stored = store.query("SELECT COUNT(*) FROM spans")[0][0]
    if stored < accepted:
        broken.append(f"{accepted - stored} accepted spans are missing")
    broken += differences(store)[:3]
    return [f"{store.engine}: {each}" for each in broken]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=320)
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
