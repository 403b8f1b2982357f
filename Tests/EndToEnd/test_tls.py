"""Encrypted ports, with and without certificates of clients, as exporters and browsers meet them."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
from pathlib import Path

import grpc
import httpx
import pytest
from harness.bennu import Bennu, Installation, Service
from harness.certificates import Authority, Certificate, encrypted
from harness.otlp import SpanMaker
from harness.processes import wait_until
from harness.stores import Store
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter


@pytest.fixture(autouse=True)
def nothing_but_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine trusts would come before what an exporter is told to trust."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "certificates")


def variables(server: Certificate, **more: str) -> dict[str, str]:
    return {
        "PHOENIX_TLS_ENABLED": "true",
        "PHOENIX_TLS_CERT_FILE": str(server.path),
        "PHOENIX_TLS_KEY_FILE": str(server.key),
    } | more


def grpc_exporter(bennu: Bennu, authority: Authority, shown: Certificate | None = None) -> SpanExporter:
    credentials = grpc.ssl_channel_credentials(
        authority.path.read_bytes(),
        shown and shown.key.read_bytes(),
        shown and shown.path.read_bytes(),
    )
    return GRPCExporter(endpoint=f"https://{bennu.grpc_target}", credentials=credentials)


def http_exporter(url: str, authority: Authority, shown: Certificate | None = None) -> SpanExporter:
    return HTTPExporter(
        endpoint=f"{url}/v1/traces",
        certificate_file=str(authority.path),
        client_certificate_file=shown and str(shown.path),
        client_key_file=shown and str(shown.key),
    )


def export(name: str, exporter: SpanExporter) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("end-to-end").start_as_current_span(name):
        pass
    provider.shutdown()


def stored_names(store: Store) -> list[str]:
    return sorted(name for (name,) in store.query("SELECT name FROM spans"))


def test_exporters_and_browsers_reach_encrypted_ports(start_bennu, store: Store, authority: Authority, tmp_path: Path) -> None:
    server = authority.issue("server", through=authority.intermediate(tmp_path / "intermediate"))
    server.key = encrypted(server.key, "sesame 7")
    bennu = start_bennu(
        trust=authority.trust(), **variables(server, PHOENIX_TLS_KEY_FILE_PASSWORD="sesame 7")
    )
    export("grpc", grpc_exporter(bennu, authority))
    export("http", http_exporter(bennu.collector_url, authority))
    export("front door", http_exporter(bennu.url, authority))
    assert stored_names(store) == ["front door", "grpc", "http"]

    answer = httpx.get(f"{bennu.url}/arize_phoenix_version", verify=bennu.trust)
    assert answer.status_code == 200
    assert "max-age=" in answer.headers["strict-transport-security"]
    assert httpx.get(f"{bennu.url}/auth/nothing", verify=bennu.trust).status_code == 404
    curl = ["curl", "--silent", "--fail", "--cacert", str(authority.path), f"{bennu.url}/readyz"]
    assert subprocess.run(curl, capture_output=True, text=True).stdout == '{"status":"ready"}'
    assert "sesame" not in bennu.log()
    assert f"https://localhost:{bennu.port}" in bennu.log()


def test_nothing_else_is_spoken_on_an_encrypted_port(start_bennu, authority: Authority) -> None:
    bennu = start_bennu(trust=authority.trust(), **variables(authority.issue("server")))
    for port in (bennu.port, bennu.collector_port):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/readyz")
    with pytest.raises(grpc.RpcError):
        plain_stub(bennu.grpc_target).Export(SpanMaker().request([]), timeout=5)
    # Old versions need to be allowed on the client's own side before a server can refuse them.
    old = ["--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", "--cacert", str(authority.path)]
    assert subprocess.run(["curl", "-s", *old, f"{bennu.url}/readyz"], capture_output=True).returncode == 35
    stranger = ssl.create_default_context()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{bennu.url}/readyz", verify=stranger)


def plain_stub(target: str) -> TraceServiceStub:
    return TraceServiceStub(grpc.insecure_channel(target))


def test_clients_must_show_a_certificate_where_that_is_asked(
    start_bennu, store: Store, authority: Authority, tmp_path: Path
) -> None:
    client = authority.issue("client")
    stranger = Authority(tmp_path / "stranger", "somebody else").issue("stranger")
    bennu = start_bennu(
        trust=authority.trust(client),
        **variables(
            authority.issue("server"), PHOENIX_TLS_VERIFY_CLIENT="true", PHOENIX_TLS_CA_FILE=str(authority.path)
        ),
    )
    export("grpc", grpc_exporter(bennu, authority, client))
    export("http", http_exporter(bennu.collector_url, authority, client))
    export("front door", http_exporter(bennu.url, authority, client))
    assert stored_names(store) == ["front door", "grpc", "http"]

    for shown in (None, stranger):
        for url in (bennu.url, bennu.collector_url):
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{url}/healthz", verify=authority.trust(shown))
        pairs = (shown.key.read_bytes(), shown.path.read_bytes()) if shown else (None, None)
        credentials = grpc.ssl_channel_credentials(authority.path.read_bytes(), *pairs)
        with grpc.secure_channel(bennu.grpc_target, credentials) as channel, pytest.raises(grpc.RpcError) as refused:
            TraceServiceStub(channel).Export(SpanMaker().request([]), timeout=10)
        assert refused.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    assert stored_names(store) == ["front door", "grpc", "http"]


def test_auth_is_encrypted_as_the_others_are_once_it_leaves_loopback(start_bennu, authority: Authority) -> None:
    bennu = start_bennu(
        trust=authority.trust(), **variables(authority.issue("server"), BENNU_AUTH_HOST="0.0.0.0")
    )
    url = f"https://127.0.0.1:{bennu.auth_port}"
    assert httpx.get(f"{url}/readyz", verify=bennu.trust).status_code == 200
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{bennu.auth_port}/readyz")
    assert httpx.get(f"{bennu.url}/auth/nothing", verify=bennu.trust).status_code == 404


def test_one_protocol_may_stay_without(start_bennu, store: Store, authority: Authority) -> None:
    bennu = start_bennu(
        trust=authority.trust(), **variables(authority.issue("server"), PHOENIX_TLS_ENABLED_FOR_GRPC="false")
    )
    export("grpc", GRPCExporter(endpoint=bennu.grpc_target, insecure=True))
    export("http", http_exporter(bennu.url, authority))
    assert stored_names(store) == ["grpc", "http"]


def test_a_renewed_certificate_is_shown_without_a_restart(start_bennu, authority: Authority) -> None:
    server = authority.issue("server")
    bennu = start_bennu(trust=authority.trust(), **variables(server))
    renewed = authority.issue("renewed")
    assert shown_name(bennu.port, authority) == shown_name(bennu.grpc_port, authority) == "server"
    # Half of it is there for a while: what was in use stays in use.
    shutil.copy(renewed.path, server.path)
    wait_until(lambda: "the certificate's files cannot be used" in bennu.log(), 30, "a complaint about the files")
    assert shown_name(bennu.port, authority) == "server"
    shutil.copy(renewed.key, server.key)
    for port in (bennu.port, bennu.collector_port, bennu.grpc_port):
        wait_until(lambda port=port: shown_name(port, authority) == "renewed", 30, "the renewed certificate")


def shown_name(port: int, authority: Authority) -> str:
    context = authority.trust()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        with context.wrap_socket(connection, server_hostname="localhost") as encrypted_connection:
            return dict(pair for (pair,) in encrypted_connection.getpeercert()["subject"])["commonName"]


def test_a_service_that_was_killed_comes_back_behind_the_front_door(start_bennu, store: Store, authority: Authority) -> None:
    bennu = start_bennu(trust=authority.trust(), **variables(authority.issue("server")))
    before = bennu.services()["bennu-collector"]
    bennu.kill("bennu-collector")
    wait_until(lambda: bennu.services().get("bennu-collector", before) != before, 10, "a new collector")
    bennu.wait_until_ready()
    export("front door", http_exporter(bennu.url, authority))
    assert stored_names(store) == ["front door"]


def test_a_launcher_that_is_killed_leaves_no_way_around_the_encryption(start_bennu, authority: Authority) -> None:
    bennu = start_bennu(trust=authority.trust(), **variables(authority.issue("server")))
    os.kill(bennu.launcher.pid, signal.SIGKILL)
    wait_until(lambda: not bennu.running(), 15, "an end of all services")
    bennu.launcher.wait(5)
    bennu.start()
    bennu.wait_until_ready()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PHOENIX_TLS_KEY_FILE": "stranger.key"}, "does not belong to the certificate"),
        ({"PHOENIX_TLS_CERT_FILE": "server.ext"}, "holds no certificates in PEM form"),
        ({"PHOENIX_TLS_KEY_FILE": "server.ext"}, "holds no private key in PEM form"),
        ({"PHOENIX_TLS_KEY_FILE": "server.encrypted.key"}, "is encrypted; set PHOENIX_TLS_KEY_FILE_PASSWORD"),
        (
            {"PHOENIX_TLS_KEY_FILE": "server.encrypted.key", "PHOENIX_TLS_KEY_FILE_PASSWORD": "canary 4711"},
            "cannot be decrypted with PHOENIX_TLS_KEY_FILE_PASSWORD",
        ),
        ({"PHOENIX_TLS_CERT_FILE": "nothing.pem"}, "is no readable file"),
        ({"PHOENIX_TLS_VERIFY_CLIENT": "true"}, "PHOENIX_TLS_CA_FILE is not set"),
        ({"PHOENIX_TLS_VERIFY_CLIENT": "true", "PHOENIX_TLS_CA_FILE": "server.ext"}, "holds no certificates in PEM form"),
    ],
)
def test_files_that_cannot_be_used_stop_the_start_with_one_line(tmp_path: Path, changes, words: str) -> None:
    authority = Authority(tmp_path / "certificates")
    server = authority.issue("server")
    authority.issue("stranger")
    encrypted(server.key, "sesame")
    paths = {
        name: str(authority.folder / value) if "FILE" in name and "PASSWORD" not in name else value
        for name, value in changes.items()
    }
    made = Installation(tmp_path / "bennu", **(variables(server) | paths))
    result = made.run("serve")
    assert result.returncode == 78
    assert words in result.stderr and len(result.stderr.splitlines()) == 1
    assert "canary" not in result.stderr
    service = Service(tmp_path / "service", **(variables(server) | paths))
    process = service.spawn("bennu-collector")
    assert process.wait(20) == 78
    assert words in service.log() and len(service.log().splitlines()) == 1
