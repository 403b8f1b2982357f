"""Starting: what stops it says so in a line, and what can heal does not stop it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from harness.bennu import SERVICES, Bennu, Installation
from harness.otlp import SpanMaker, post
from harness.ports import free_ports
from harness.processes import wait_until
from harness.stores import SQLiteStore, Store


@pytest.fixture
def command(installations: list[Installation], tmp_path: Path) -> Installation:
    """For what does not get as far as the database."""
    made = Installation(tmp_path)
    installations.append(made)
    return made


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PHOENIX_PORT", "abc"),
        ("PHOENIX_PORT", "65536"),
        ("PHOENIX_PORT", "tcp://10.0.0.1:6006"),
        ("PHOENIX_GRPC_PORT", "-1"),
        ("PHOENIX_HOST_ROOT_PATH", "no-slash"),
        ("PHOENIX_HOST_ROOT_PATH", "/slash/"),
        ("PHOENIX_ENABLE_AUTH", "perhaps"),
        ("PHOENIX_SQL_DATABASE_URL", "mysql://localhost/phoenix"),
        ("PHOENIX_WORKING_DIR", "/proc/nothing/can/be/written/here"),
        ("PHOENIX_LOGGING_LEVEL", "loud"),
        ("BENNU_MAX_REQUEST_BYTES", "many"),
        ("BENNU_MESSAGING", "pigeons"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line_that_names_the_variable(
    command: Installation, variable: str, value: str
) -> None:
    done = command.run("serve", **{variable: value})
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert done.returncode not in (0, -6, -11)
    assert len(lines) == 1 and variable in lines[0], lines
    assert command.remains() == []


@pytest.mark.parametrize("variable", ["PHOENIX_SECRET", "BENNU_CLUSTER_SECRET"])
def test_a_bad_secret_is_named_and_not_shown(command: Installation, variable: str) -> None:
    done = command.run("serve", **{variable: "TooShortAndPrivate"})
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert variable in output and "TooShortAndPrivate" not in output


def test_a_database_password_is_never_printed(installation: Installation, store: Store) -> None:
    if isinstance(store, SQLiteStore):
        pytest.skip("SQLite has none")
    done = installation.run("config")
    assert done.returncode == 0
    assert "a%20secret" not in done.stdout and "a secret" not in done.stdout
    assert f":{store.server.port}" in done.stdout


def test_config_prints_what_is_in_force_and_where_it_came_from(command: Installation) -> None:
    text = command.run("config", PHOENIX_PROJECT_NAME="mine").stdout
    line = next(line for line in text.splitlines() if line.startswith("PHOENIX_PROJECT_NAME"))
    assert line.split() == ["PHOENIX_PROJECT_NAME", "mine", "environment"]
    rows = {row["name"]: row for row in json.loads(command.run("config", "--json").stdout)}
    assert rows["PHOENIX_PORT"]["value"] == str(command.port)
    assert rows["PHOENIX_PORT"]["source"] == "environment"
    assert rows["PHOENIX_HOST"]["source"] == "default"
    assert rows["PHOENIX_ROOT_URL"]["source"] == "derived"


def test_a_misspelled_variable_gets_a_hint(start_bennu) -> None:
    bennu = start_bennu(PHOENIX_PROJEKT_NAME="mine")
    assert "PHOENIX_PROJEKT_NAME" in bennu.log() and "PHOENIX_PROJECT_NAME" in bennu.log()


@pytest.mark.parametrize("port", ["PHOENIX_PORT", "PHOENIX_GRPC_PORT", "BENNU_COLLECTOR_HTTP_PORT"])
def test_a_port_that_is_taken_stops_the_start_and_is_named(command: Installation, port: str) -> None:
    with socket.create_server(("0.0.0.0", int(command.variables[port]))):
        done = command.run("serve", seconds=30)
    output = done.stdout + done.stderr
    assert done.returncode > 0
    assert any(command.variables[port] in line and port in line for line in output.splitlines()), output
    assert command.running() == []


def test_serve_says_where_to_point_a_browser_and_an_exporter(bennu: Bennu) -> None:
    log = bennu.log()
    assert f":{bennu.port}" in log and f":{bennu.grpc_port}" in log


def test_structured_logs_are_one_json_object_a_line(start_bennu) -> None:
    bennu = start_bennu(PHOENIX_LOGGING_MODE="structured")
    bennu.stop()
    lines = [line for line in bennu.log().splitlines() if line.strip()]
    assert len(lines) >= 4
    for line in lines:
        # The launcher puts a service's name before its lines only where people read them.
        assert isinstance(json.loads(line), dict), line


def test_every_service_tells_whether_it_is_alive_and_ready(bennu: Bennu) -> None:
    for port in (bennu.port, bennu.collector_port, bennu.auth_port, bennu.mailer_port):
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200


@pytest.mark.parametrize("program", SERVICES)
def test_a_service_that_is_stopped_while_it_starts_ends_without_complaint(
    installations: list[Installation], tmp_path: Path, program: str
) -> None:
    for milliseconds in range(0, 80, 2):
        started = Installation(tmp_path / str(milliseconds), SQLiteStore(tmp_path / f"{milliseconds}-database"))
        installations.append(started)
        process = started.spawn(program)
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGTERM)
        # Before anybody listens for the signal it ends the process by itself.
        assert process.wait(15) in (0, -signal.SIGTERM), started.log()
        assert "rror" not in started.log(), started.log()


def test_a_database_that_is_not_there_yet_is_waited_for(
    installations: list[Installation], tmp_path: Path, postgres_server
) -> None:
    [port] = free_ports(1)
    name = postgres_server.make_database()
    url = postgres_server.url(name).replace(f":{postgres_server.port}/", f":{port}/")
    bennu = Bennu(tmp_path, None, PHOENIX_SQL_DATABASE_URL=url)
    installations.append(bennu)
    bennu.launcher = bennu.spawn("bennu", "serve")
    relay = None
    try:
        time.sleep(2)
        assert bennu.launcher.poll() is None, "it gave up"
        assert httpx.get(f"{bennu.url}/healthz").status_code == 200
        assert httpx.get(f"{bennu.url}/readyz").status_code == 503
        relay = Relay(port, postgres_server.port)
        bennu.wait_until_ready()
        assert bennu.stop() == 0
    finally:
        bennu.close()
        if relay:
            relay.close()
        postgres_server.drop_database(name)


class Relay:
    """Hands a port's connections on to another, as a network that has just come up."""

    def __init__(self, port: int, target: int) -> None:
        code = (
            "import asyncio, sys\n"
            "async def pump(reader, writer):\n"
            "    while data := await reader.read(65536):\n"
            "        writer.write(data); await writer.drain()\n"
            "    writer.close()\n"
            "async def connect(reader, writer):\n"
            "    there = await asyncio.open_connection('127.0.0.1', int(sys.argv[2]))\n"
            "    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer), return_exceptions=True)\n"
            "async def main():\n"
            "    server = await asyncio.start_server(connect, '127.0.0.1', int(sys.argv[1]))\n"
            "    await server.serve_forever()\n"
            "asyncio.run(main())\n"
        )
        self._process = subprocess.Popen([sys.executable, "-c", code, str(port), str(target)])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def test_a_database_in_memory_is_shared_by_the_four_and_gone_at_the_end(
    installations: list[Installation], tmp_path: Path, spans: SpanMaker
) -> None:
    bennu = Bennu(tmp_path, None, PHOENIX_SQL_DATABASE_URL="sqlite:///:memory:")
    installations.append(bennu)
    try:
        bennu.start()
        assert post(bennu.url, spans.request(spans.trace())).status_code == 200
        projects = [each["name"] for each in httpx.get(f"{bennu.url}/v1/projects").json()["data"]]
        assert spans.project in projects
        # A service that is started again finds the same database.
        bennu.kill("bennu-api")
        wait_until(lambda: "bennu-api" in bennu.services(), 15, "the api started again")
        bennu.wait_until_ready()
        assert spans.project in [each["name"] for each in httpx.get(f"{bennu.url}/v1/projects").json()["data"]]
        assert bennu.stop() == 0
        assert bennu.remains() == []
        assert not list(tmp_path.rglob("*.db*"))
        bennu.start()
        assert spans.project not in [each["name"] for each in httpx.get(f"{bennu.url}/v1/projects").json()["data"]]
    finally:
        bennu.close()


def test_bennu_starts_in_the_home_folder_when_no_other_is_named(
    installations: list[Installation], tmp_path: Path
) -> None:
    bennu = Bennu(tmp_path)
    installations.append(bennu)
    del bennu.variables["PHOENIX_WORKING_DIR"]
    try:
        bennu.start()
        assert (bennu.home / ".phoenix" / "phoenix.db").exists()
        # What is in it is nobody else's business.
        assert os.stat(bennu.home / ".phoenix").st_mode & 0o077 == 0
        assert bennu.stop() == 0
    finally:
        bennu.close()
