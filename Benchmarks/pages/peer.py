"""The peer: arize-phoenix from PyPI, started as its guide says, with the same spans in it."""

import os
import subprocess
import time
from pathlib import Path

import httpx
from harness.ports import free_ports
from harness.postgres import PASSWORD, USER
from harness.processes import wait_until
from harness.stores import PostgresStore, Store

LOAD_SECONDS_MAX = 3600


class Peer:
    """One server on one database, with the folder that it works in."""

    def __init__(self, environment: Path, folder: Path, store: Store) -> None:
        self._program = environment / "bin/phoenix"
        self._log = (folder / "peer.txt").open("wb")
        port, grpc_port = free_ports(2)
        self.url = self.collector_url = f"http://127.0.0.1:{port}"
        self._variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PHOENIX_WORKING_DIR": str(folder / "peer"),
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(port),
            "PHOENIX_GRPC_PORT": str(grpc_port),
            "PHOENIX_TELEMETRY_ENABLED": "false",
        } | self._database(store)

    @staticmethod
    def _database(store: Store) -> dict[str, str]:
        if not isinstance(store, PostgresStore):
            return {"PHOENIX_SQL_DATABASE_URL": store.url}
        # As single variables: the password would have to be quoted twice in its URL.
        return {
            "PHOENIX_POSTGRES_HOST": "127.0.0.1",
            "PHOENIX_POSTGRES_PORT": str(store.server.port),
            "PHOENIX_POSTGRES_USER": USER,
            "PHOENIX_POSTGRES_PASSWORD": PASSWORD,
            "PHOENIX_POSTGRES_DB": store.database,
        }

    @property
    def version(self) -> str:
        python = self._program.parent / "python"
        code = "from importlib.metadata import version; print(version('arize-phoenix'))"
        return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "serve"], env=self._variables, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        wait_until(self._is_ready, 120, "an answer from the peer")

    def wait_until_stored(self, project: str, spans: int) -> None:
        """It answers before it has stored what it was sent."""
        question = 'query { projects(first: 50) { edges { node { name recordCount } } } }'
        began = time.monotonic()
        while time.monotonic() - began < LOAD_SECONDS_MAX:
            answer = httpx.post(f"{self.url}/graphql", json={"query": question}, timeout=120).json()
            counts = {edge["node"]["name"]: edge["node"]["recordCount"] for edge in answer["data"]["projects"]["edges"]}
            if counts.get(project) == spans:
                return
            time.sleep(2)
        raise AssertionError(f"after {LOAD_SECONDS_MAX} s the peer has {counts.get(project)} of {spans} spans")

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, f"the peer ended; see {self._log.name}"
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False
