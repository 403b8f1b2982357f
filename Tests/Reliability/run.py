"""Breaks things under load, over and over, and shows that no acknowledged span is lost, doubled or torn.

    run.py --database postgres --rounds 1000 --seed 7 [--faults collector,postgres,cut,terminate,disk-full,read-only]

Four clients send as fast as they can and remember what was acknowledged. In each round one fault, chosen by the seed,
happens at a moment chosen by the seed, and is mended; spans must then be taken again. At the end every acknowledged span
is there once and whole, and every sum equals a recount. Exit code 0 if so.
"""

import argparse
import collections
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from harness.bennu import Service
from harness.invariants import assert_nothing_acknowledged_is_lost
from harness.load import Load
from harness.ports import free_ports
from harness.postgres import PASSWORD, USER, TemporaryPostgres
from harness.processes import wait_until
from harness.stores import PostgresStore, SQLiteStore

# What a round may store, and more than that.
DISK_BYTES_A_ROUND = 16 << 20
DISK_BYTES_MIN = 1 << 30
# For a spool of a GiB, which is its limit.
DRAIN_SECONDS_MAX = 300


class CuttingProxy:
    """Stands between the collector and Postgres, and cuts every connection when told to, in the middle of whatever goes
    through."""

    def __init__(self, target: int) -> None:
        self.port = free_ports(1)[0]
        self._target = target
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> int:
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        return len(sockets) // 2

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(1 << 16):
                sink.sendall(piece)
        except OSError:
            pass
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class Disk:
    """A small file system of its own, which can be full or read-only."""

    def __init__(self, folder: Path, size: int) -> None:
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", folder], check=True)
        self.folder, self.size = folder, size

    def fill(self) -> None:
        """Makes the disk as small as what is on it. Meanwhile more may be written, and then it takes another try."""
        for _ in range(100):
            disk = os.statvfs(self.folder)
            used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
            if self._remount(f"size={used}"):
                return
        raise AssertionError("the disk could not be filled")

    def empty(self) -> None:
        self.remount(f"size={self.size}")

    def remount(self, how: str) -> None:
        assert self._remount(how), how

    def _remount(self, how: str) -> bool:
        command = ["mount", "-o", f"remount,{how}", self.folder]
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0

    def close(self) -> None:
        subprocess.run(["umount", "-l", self.folder], check=False)


class Runs:
    """What stands, and what can happen to it."""

    def __init__(self, folder: Path, database: str, rounds: int, seed: int) -> None:
        self.chance = random.Random(seed)
        size = max(DISK_BYTES_MIN, rounds * DISK_BYTES_A_ROUND)
        self.disk = Disk(folder / "disk", size) if os.geteuid() == 0 else None
        place = self.disk.folder if self.disk else folder
        self.server: TemporaryPostgres | None = None
        if database == "postgres":
            self.server = TemporaryPostgres({"max_wal_size": "128MB"}, parent=place)
            self.store = PostgresStore(self.server)
            self.proxy = CuttingProxy(self.server.port)
            url = f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.proxy.port}/{self.store.database}"
        else:
            self.store = SQLiteStore(place / "database")
            url = self.store.url
        self.collector = Service(folder / "collector", self.store, PHOENIX_SQL_DATABASE_URL=url)
        self._start()

    def faults(self) -> dict[str, Callable[[], None]]:
        found = {"collector": self.collector_killed}
        if self.server:
            found |= {"postgres": self.postgres_killed, "cut": self.cut, "terminate": self.terminated,
                      "read-only": self.postgres_read_only}
        elif self.disk:
            found |= {"read-only": self.disk_read_only}
        if self.disk:
            found |= {"disk-full": self.disk_full}
        return found

    def collector_killed(self) -> None:
        self._kill()
        self._start()

    def postgres_killed(self) -> None:
        self.server.kill()
        time.sleep(self.chance.uniform(0, 0.5))
        self.server.start()

    def cut(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self.proxy.cut()
            time.sleep(self.chance.uniform(0, 0.1))

    def terminated(self) -> None:
        self.store.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bennu-collector'"
        )

    def postgres_read_only(self) -> None:
        for value in ("on", "off"):
            with self.server.connect() as connection:
                connection.execute("SET default_transaction_read_only = off")
                connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
                connection.execute("SELECT pg_reload_conf()")
            time.sleep(self.chance.uniform(0.1, 0.5))

    def disk_read_only(self) -> None:
        """A collector that finds its file on a read-only disk says so and ends; it starts once the disk may be written."""
        self._kill()
        self.disk.remount("ro")
        self.collector.process = self.collector.spawn("bennu-collector")
        assert self.collector.process.wait(10) == 78, self.collector.log()[-2000:]
        self.disk.remount("rw")
        self._start()

    def disk_full(self) -> None:
        self.disk.fill()
        time.sleep(self.chance.uniform(0.2, 1))
        self.disk.empty()

    def spooled(self) -> list[Path]:
        found = self.collector.working_directory.glob("spool/*/*.spool")
        return [path for path in found if path.parent.name != "set-aside"]

    def close(self) -> None:
        self.collector.close()
        if self.server:
            self.server.close()
        if self.disk:
            self.disk.close()

    def _kill(self) -> None:
        self.collector.process.kill()
        self.collector.process.wait()

    def _start(self) -> None:
        self.collector.start("bennu-collector", self.collector.collector_port)


@contextlib.contextmanager
def standing(database: str, rounds: int, seed: int) -> Iterator[Runs]:
    folder = Path(tempfile.mkdtemp(prefix="bennu-reliability-"))
    folder.chmod(0o755)
    runs = Runs(folder, database, rounds, seed)
    try:
        yield runs
    except BaseException:
        print(runs.collector.log()[-4000:], file=sys.stderr)
        raise
    finally:
        runs.close()
        shutil.rmtree(folder, ignore_errors=True)


def run(database: str, rounds: int, seed: int, wanted: list[str] | None) -> str:
    """Raises AssertionError where a promise is broken; returns a line for people."""
    began = time.monotonic()
    with standing(database, rounds, seed) as runs:
        faults = {name: fault for name, fault in runs.faults().items() if not wanted or name in wanted}
        assert faults, f"none of these faults can be had here: {wanted}"
        done: collections.Counter[str] = collections.Counter()
        outages: list[float] = []
        with Load(runs.collector, seed) as load:
            for number in range(rounds):
                # Each fault comes equally often, in an order of the seed's.
                if number % len(faults) == 0:
                    order = runs.chance.sample(sorted(faults), len(faults))
                name = order[number % len(faults)]
                time.sleep(runs.chance.uniform(0, 0.3))
                faults[name]()
                mended, seen = time.monotonic(), len(load.ledger.acknowledged)
                wait_until(lambda seen=seen: len(load.ledger.acknowledged) > seen, 60, f"spans taken after {name}")
                outages.append(time.monotonic() - mended)
                done[name] += 1
                assert load.ledger.faults == [], f"after {name}: {load.ledger.faults[:3]}"
        # Before what is stored is looked at, which takes the proxy's time.
        wait_until(lambda: not runs.spooled(), DRAIN_SECONDS_MAX, "an empty spool", interval=0.5)
        assert_nothing_acknowledged_is_lost(runs.store, load.ledger)
        outcomes = collections.Counter(attempt.outcome.split(":")[0] for attempt in load.ledger.attempts)
        return (
            f"{database}, seed {seed}: {rounds} faults ({', '.join(f'{count} {name}' for name, count in sorted(done.items()))}), "
            f"{len(load.ledger.acknowledged):,} spans acknowledged, all there once and whole; {outcomes['retryable']:,} of "
            f"{len(load.ledger.attempts):,} requests refused or cut and sent again; taken again after at most "
            f"{max(outages):.1f} s; {time.monotonic() - began:.0f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--faults", help="separated by commas; all that can be had here by default")
    options = parser.parse_args()
    # So that what stands is taken down again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"--seed {options.seed} repeats this run", flush=True)
    databases = ["sqlite", "postgres"] if options.database == "both" else [options.database]
    for database in databases:
        print(run(database, options.rounds, options.seed, options.faults.split(",") if options.faults else None), flush=True)


if __name__ == "__main__":
    main()
