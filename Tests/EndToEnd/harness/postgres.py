"""A Postgres server of the tests' own, in a temporary folder, run by an unprivileged user."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from pathlib import Path
from urllib.parse import quote

import psycopg

from harness.ports import free_ports
from harness.processes import wait_until

USER = "bennu"
# Whatever has a meaning in a URL: it must reach the database as it is.
PASSWORD = "a secret: /?#@%"


class TemporaryPostgres:
    """Started by the constructor; `close` ends it and removes its folder."""

    def __init__(self, settings: dict[str, str] | None = None, parent: Path | None = None) -> None:
        self.binaries = _binaries()
        # Not below pytest's own folder, which other users cannot enter.
        self.folder = Path(tempfile.mkdtemp(prefix="bennu-postgres-", dir=parent))
        self.port = free_ports(1)[0]
        self._identity = _unprivileged()
        password_file = self.folder / "password"
        password_file.write_text(PASSWORD)
        self.folder.chmod(0o755)
        if self._identity:
            for path in (self.folder, password_file):
                os.chown(path, self._identity["user"], self._identity["group"])
        data = self.folder / "data"
        self._run(
            "initdb", "-D", str(data), "-U", USER, "--no-sync", "--no-locale", "--encoding=UTF8",
            "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password_file}",
        )
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
        } | (settings or {})
        self._log = (self.folder / "log").open("wb")
        self._command = [
            self.binaries / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())
        ]
        self.start()

    def start(self) -> None:
        """Returns once it answers."""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, cwd="/",
            start_new_session=True, **self._identity,
        )
        wait_until(self._answers, 60, "an answer from Postgres")

    def kill(self) -> None:
        """Ends all of its processes as a crash would."""
        children = [int(each) for each in _children(self._process.pid)]
        for process_id in [self._process.pid, *children]:
            try:
                os.kill(process_id, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait(10)
        wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in children), 10, "an end of Postgres")

    def url(self, database: str) -> str:
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=database, autocommit=True
        )

    def make_database(self) -> str:
        name = f"test_{uuid.uuid4().hex}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name

    def drop_database(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def version(self) -> str:
        with self.connect() as connection:
            return connection.execute("SHOW server_version").fetchone()[0].split()[0]

    def close(self) -> None:
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)
        self._log.close()
        shutil.rmtree(self.folder)

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise AssertionError(f"Postgres ended: {(self.folder / 'log').read_text()}")
        try:
            self.connect().close()
            return True
        except psycopg.OperationalError:
            return False

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments], cwd="/", capture_output=True, text=True, **self._identity
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _children(process_id: int) -> list[str]:
    return Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()


def _binaries() -> Path:
    """The folder of initdb and postgres, the newest Debian version first."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    on_path = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for folder in [*debian, *on_path]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise AssertionError("tests need a Postgres server: install postgresql-15, or put initdb on the PATH")


def _unprivileged() -> dict[str, object]:
    """As whom to run: Postgres refuses root. Empty if we are not root."""
    if os.geteuid() != 0:
        return {}
    for user in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(user)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise AssertionError("there is no unprivileged user to run Postgres as")
