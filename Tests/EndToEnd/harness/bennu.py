"""The executables under test, as an operator runs them."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx

from harness import processes
from harness.ports import free_ports, is_open
from harness.processes import wait_until
from harness.stores import Store

SERVICES = ("bennu-api", "bennu-auth", "bennu-collector", "bennu-mailer")
REPOSITORY = Path(__file__).resolve().parents[3]


def executables() -> Path:
    """The folder of the release build, or what BENNU_EXECUTABLES names."""
    folder = Path(os.environ.get("BENNU_EXECUTABLES", REPOSITORY / ".build/release")).resolve()
    assert (folder / "bennu").exists(), f"there is no bennu in {folder}: run `make build` first"
    return folder


class Installation:
    """A working folder, ports and variables; commands run in it see nothing else of this machine's environment."""

    def __init__(self, folder: Path, store: Store | None = None, **variables: str) -> None:
        self.folder = folder
        self.mark = uuid.uuid4().hex
        self.working_directory = folder / "working"
        self.temporary = folder / "tmp"
        self.home = folder / "home"
        for each in (self.temporary, self.home):
            each.mkdir(parents=True)
        self.log_path = folder / "log.txt"
        self.port, self.grpc_port, self.collector_port, self.auth_port, self.mailer_port = free_ports(5)
        self.root_path = variables.get("PHOENIX_HOST_ROOT_PATH", "")
        self.variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "LANG": "C.UTF-8",
            "PHOENIX_WORKING_DIR": str(self.working_directory),
            "PHOENIX_PORT": str(self.port),
            "PHOENIX_GRPC_PORT": str(self.grpc_port),
            "BENNU_COLLECTOR_HTTP_PORT": str(self.collector_port),
            "BENNU_AUTH_PORT": str(self.auth_port),
            "BENNU_MAILER_PORT": str(self.mailer_port),
            processes.MARK: self.mark,
        }
        if store:
            self.variables["PHOENIX_SQL_DATABASE_URL"] = store.url
        self.variables |= variables
        # What clients need to talk to ports that are encrypted.
        self.trust: ssl.SSLContext | bool = True

    @property
    def http(self) -> str:
        return "https" if self.variables.get("PHOENIX_TLS_ENABLED") == "true" else "http"

    @property
    def auth_http(self) -> str:
        """Under `bennu serve` auth is on loopback, where nothing is encrypted, unless it is told otherwise."""
        return self.http if "BENNU_AUTH_HOST" in self.variables else "http"

    @property
    def url(self) -> str:
        """The front door, root path included."""
        return f"{self.http}://127.0.0.1:{self.port}{self.root_path}"

    @property
    def collector_url(self) -> str:
        return f"{self.http}://127.0.0.1:{self.collector_port}"

    @property
    def grpc_target(self) -> str:
        return f"127.0.0.1:{self.grpc_port}"

    @property
    def ports(self) -> list[int]:
        return [self.port, self.grpc_port, self.collector_port, self.auth_port, self.mailer_port]

    def run(self, *arguments: str, seconds: float = 60, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs `bennu …` to its end."""
        return subprocess.run(
            [executables() / "bennu", *arguments], env=self.variables | variables, cwd=self.folder, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds,
        )

    def spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts a program of ours; what it prints goes to `log_path`."""
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [executables() / program, *arguments], env=self.variables, cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def told_secrets(self) -> list[str]:
        """The variables whose secret values stand in the log."""
        secret = [name for name in self.variables if re.search("SECRET|PASSWORD", name)]
        log = self.log()
        return [name for name in secret if len(self.variables[name]) >= 12 and self.variables[name] in log]

    def running(self) -> list[int]:
        return processes.marked(self.mark)

    def remains(self) -> list[str]:
        """What is left on the machine that should be gone once everything has stopped."""
        found = [f"process {each} {processes.name(each)}" for each in self.running()]
        found += [f"port {port} is open" for port in self.ports if is_open(port)]
        for folder in (self.temporary, self.home):
            found += [str(path) for path in folder.rglob("*")]
        found += [str(path) for path in self.working_directory.rglob("*") if path.is_socket()]
        return found


class Bennu(Installation):
    """`bennu serve`."""

    launcher: subprocess.Popen[bytes]

    def start(self) -> "Bennu":
        self.launcher = self.spawn("bennu", "serve")
        self.wait_until_ready()
        return self

    def is_ready(self) -> bool:
        if self.launcher.poll() is not None:
            raise AssertionError(f"bennu serve ended with {self.launcher.returncode}:\n{self.log()}")
        return all(
            _answers(f"{base}/readyz", self.trust)
            for base in (
                self.url,
                self.collector_url,
                f"{self.auth_http}://127.0.0.1:{self.auth_port}",
                f"http://127.0.0.1:{self.mailer_port}",
            )
        )

    def wait_until_ready(self, seconds: float = 30) -> None:
        wait_until(self.is_ready, seconds, f"four ready services; the log says:\n{self.log()}")

    def services(self) -> dict[str, int]:
        """The process ids of the services that run, by name."""
        found = {}
        for each in self.running():
            try:
                if (name := processes.name(each)) in SERVICES:
                    found[name] = each
            except OSError:
                continue  # it has just ended
        return found

    def kill(self, service: str) -> None:
        """Ends a service as a crash would."""
        os.kill(self.services()[service], signal.SIGKILL)

    def stop(self, seconds: float = 15) -> int:
        """Asks the launcher to stop and returns its exit code."""
        self.launcher.send_signal(signal.SIGTERM)
        return self.launcher.wait(seconds)

    def close(self) -> None:
        """Whatever became of the test, nothing of it runs on."""
        if self.launcher.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                print(f"bennu serve did not stop in time:\n{self.log()[-2000:]}", file=sys.stderr)
        processes.kill_all(self.running())
        self.launcher.wait(5)


class Service(Installation):
    """One service by itself, as a container orchestrator starts it."""

    process: subprocess.Popen[bytes]

    def start(self, program: str, health_port: int) -> "Service":
        self.process = self.spawn(program)
        self.wait_until_ready(health_port)
        return self

    def wait_until_ready(self, health_port: int, seconds: float = 30) -> None:
        url = f"http://127.0.0.1:{health_port}/readyz"
        wait_until(lambda: self._is_alive() and _answers(url), seconds, f"a 200 from {url}")

    def _is_alive(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.log()}"
        return True

    def stop(self, seconds: float = 15) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def close(self) -> None:
        processes.kill_all(self.running())
        self.process.wait(5)


def _answers(url: str, trust: ssl.SSLContext | bool = True) -> bool:
    try:
        return httpx.get(url, timeout=5, verify=trust).status_code == 200
    except httpx.TransportError:
        return False


def keep_logs(installation: Installation, test: str) -> Path:
    """Copies a failed test's log to where it outlives the test."""
    folder = REPOSITORY / ".build-end-to-end"
    folder.mkdir(exist_ok=True)
    kept = folder / f"{time.strftime('%H%M%S')}-{test.replace('/', '_')}.log"
    if installation.log_path.exists():
        shutil.copy(installation.log_path, kept)
    return kept
