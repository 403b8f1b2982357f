"""Accounts as people and their programs meet them: through the front door, with every service running."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import grpc
import httpx
import pytest
from harness.bennu import Bennu
from harness.certificates import Authority
from harness.mail import MailServer, variables
from harness.otlp import SpanMaker
from harness.ports import free_ports
from harness.processes import wait_until
from harness.stores import Store
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from phoenix.client import Client

SECRET = "canary0secret0of0the0deployment0000"
ADMIN_SECRET = "canary1secret1of1administrators1111"
PASSWORD = "canary-password-of-ada"
START = {
    "PHOENIX_ENABLE_AUTH": "true", "PHOENIX_SECRET": SECRET, "PHOENIX_ADMIN_SECRET": ADMIN_SECRET,
    "PHOENIX_DISABLE_RATE_LIMIT": "true",
}


def signed_in(bennu: Bennu, email: str = "admin@localhost", password: str = "admin") -> httpx.Client:
    client = httpx.Client(base_url=bennu.url)
    answer = client.post("/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 204, answer.text
    return client


def make_user(admin: httpx.Client, role: str, name: str = "ada") -> str:
    body = {
        "user": {
            "email": f"{name}@example.com", "username": name, "role": role, "auth_method": "LOCAL", "password": PASSWORD,
        },
        "send_welcome_email": False,
    }
    answer = admin.post("/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def make_key(client: httpx.Client, kind: str = "user", **fields: str) -> dict:
    answer = client.post(f"/v1/{kind}/api_keys", json={"data": {"name": "of a test", **fields}})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def send(bennu: Bennu, spans: SpanMaker, key: str | None) -> tuple[int, grpc.StatusCode]:
    """What HTTP and gRPC answer to the same spans."""
    body = spans.request(spans.trace())
    headers = {"authorization": f"Bearer {key}"} if key else {}
    over_http = httpx.post(
        f"{bennu.url}/v1/traces", content=body.SerializeToString(),
        headers={"content-type": "application/x-protobuf", **headers},
    ).status_code
    with grpc.insecure_channel(bennu.grpc_target) as channel:
        try:
            TraceServiceStub(channel).Export(body, timeout=10, metadata=list(headers.items()))
            return over_http, grpc.StatusCode.OK
        except grpc.RpcError as error:
            return over_http, error.code()


@pytest.fixture
def bennu(start_bennu: Callable[..., Bennu]) -> Bennu:
    return start_bennu(**START)


def test_nothing_is_open_to_strangers(bennu: Bennu, spans: SpanMaker) -> None:
    for path in ("/v1/projects", "/v1/user", "/v1/users", "/bennu/v1/events", "/graphql?query={__typename}"):
        assert httpx.get(bennu.url + path).status_code == 401, path
    assert send(bennu, spans, None) == (401, grpc.StatusCode.UNAUTHENTICATED)
    assert send(bennu, spans, "nonsense") == (401, grpc.StatusCode.UNAUTHENTICATED)
    # Whoever comes with a browser gets the page that asks them to sign in, and health needs nobody.
    for path in ("/", "/login", "/healthz", "/readyz"):
        assert httpx.get(bennu.url + path).status_code == 200, path


def test_the_first_administrator_signs_in_renews_and_leaves(bennu: Bennu) -> None:
    admin = signed_in(bennu)
    assert admin.get("/v1/user").json()["data"]["password_needs_reset"] is True
    before = dict(admin.cookies)
    assert admin.post("/auth/refresh").status_code == 204
    assert dict(admin.cookies) != before
    old = httpx.get(f"{bennu.url}/v1/user", headers={"authorization": f"Bearer {before['phoenix-access-token']}"})
    assert old.status_code == 401
    assert admin.get("/v1/user").status_code == 200
    token = admin.cookies["phoenix-access-token"]
    left = admin.get("/auth/logout")
    assert left.status_code == 302 and left.headers["location"] == "/login"
    assert httpx.get(f"{bennu.url}/v1/user", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_roles_hold_over_every_door(bennu: Bennu, spans: SpanMaker) -> None:
    admin = signed_in(bennu)
    make_user(admin, "VIEWER", "vera")
    make_user(admin, "MEMBER", "max")
    viewer, member = (signed_in(bennu, f"{name}@example.com", PASSWORD) for name in ("vera", "max"))
    viewers_key, members_key = make_key(viewer)["key"], make_key(member)["key"]
    assert send(bennu, spans, viewers_key) == (403, grpc.StatusCode.PERMISSION_DENIED)
    assert send(bennu, spans, members_key) == (200, grpc.StatusCode.OK)
    assert viewer.get("/v1/projects").status_code == 200
    assert viewer.post("/v1/projects", json={"name": "x"}).status_code == 403
    assert member.post("/v1/projects", json={"name": "x"}).status_code == 200
    assert member.get("/v1/users").status_code == 403
    assert member.post("/v1/system/api_keys", json={"data": {"name": "x"}}).status_code == 403
    assert len(admin.get("/v1/users").json()["data"]) == 3
    with_key = httpx.post(
        f"{bennu.url}/v1/user/api_keys", json={"data": {"name": "x"}}, headers={"authorization": f"Bearer {members_key}"}
    )
    assert (with_key.status_code, with_key.text) == (403, "API keys cannot create API keys")
    system = httpx.get(f"{bennu.url}/v1/users", headers={"authorization": f"Bearer {ADMIN_SECRET}"})
    assert system.status_code == 200


def test_a_key_that_is_revoked_is_worth_nothing_a_second_later(bennu: Bennu, spans: SpanMaker) -> None:
    admin = signed_in(bennu)
    key = make_key(admin, "system")
    assert send(bennu, spans, key["key"]) == (200, grpc.StatusCode.OK)
    assert admin.delete(f"/v1/system/api_keys/{key['id']}").status_code == 204
    wait_until(lambda: send(bennu, spans, key["key"]) == (401, grpc.StatusCode.UNAUTHENTICATED), 1, "a refusal")
    user = make_user(admin, "MEMBER")
    theirs = make_key(signed_in(bennu, "ada@example.com", PASSWORD))["key"]
    assert send(bennu, spans, theirs) == (200, grpc.StatusCode.OK)
    assert admin.delete(f"/v1/users/{user}").status_code == 204
    wait_until(lambda: send(bennu, spans, theirs) == (401, grpc.StatusCode.UNAUTHENTICATED), 1, "a refusal")


def test_keys_for_one_thing_are_for_nothing_else(bennu: Bennu, spans: SpanMaker) -> None:
    admin = signed_in(bennu)
    assert send(bennu, spans, make_key(admin, scope="ingest")["key"]) == (200, grpc.StatusCode.OK)
    ingest, read = make_key(admin, scope="ingest")["key"], make_key(admin, scope="read")["key"]
    project = admin.get("/v1/projects").json()["data"][0]["name"]
    admin.post("/v1/projects", json={"name": "another"})
    one = make_key(admin, project="another")["key"]

    def status(key: str, path: str) -> int:
        return httpx.get(bennu.url + path, headers={"authorization": f"Bearer {key}"}).status_code

    assert status(ingest, "/v1/projects") == 403 and status(read, "/v1/projects") == 200
    assert send(bennu, spans, read) == (403, grpc.StatusCode.PERMISSION_DENIED)
    assert status(one, "/v1/projects/another") == 200
    assert status(one, f"/v1/projects/{project}") == 403 and status(one, "/v1/projects") == 403
    assert send(bennu, spans, one) == (403, grpc.StatusCode.PERMISSION_DENIED)


def test_the_real_client_works_with_a_key(bennu: Bennu, spans: SpanMaker) -> None:
    key = make_key(signed_in(bennu))["key"]
    assert send(bennu, spans, key) == (200, grpc.StatusCode.OK)
    client = Client(base_url=bennu.url, api_key=key)
    assert {project["name"] for project in client.projects.list()}
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        Client(base_url=bennu.url, api_key="wrong").projects.list()


def test_who_guesses_has_to_wait_and_does_not_lock_others_out(start_bennu: Callable[..., Bennu]) -> None:
    bennu = start_bennu(**START, PHOENIX_BRUTE_FORCE_LOGIN_PROTECTION_MAX_ATTEMPTS="3")
    wrong = [
        httpx.post(f"{bennu.url}/auth/login", json={"email": "admin@localhost", "password": "guess"}).status_code
        for _ in range(4)
    ]
    assert wrong == [401, 401, 401, 429]
    right = {"email": "admin@localhost", "password": "admin"}
    assert httpx.post(f"{bennu.url}/auth/login", json=right).status_code == 429
    # All of 127.0.0.0/8 is this machine; to the server it is somebody at another address.
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.2")) as elsewhere:
        assert elsewhere.post(f"{bennu.url}/auth/login", json=right).status_code == 204


def test_a_forgotten_password_is_replaced_by_mail(start_bennu: Callable[..., Bennu], tmp_path: Path) -> None:
    authority = Authority(tmp_path / "certificates")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        bennu = start_bennu(**START, **variables(server.port, authority.path), PHOENIX_ROOT_URL="https://traces.example.com")
        make_user(signed_in(bennu), "MEMBER")
        session = signed_in(bennu, "ada@example.com", PASSWORD)
        for email in ("ada@example.com", "nobody@example.com"):
            answer = httpx.post(f"{bennu.url}/auth/password-reset-email", json={"email": email})
            assert answer.status_code == 204
        wait_until(lambda: len(server.taken) == 1, 20, "the mail")
        page = server.taken[0].get_body(("html",)).get_content()
        link = re.search(r'id="reset-url"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*id="reset-url"', page)
        assert link
        url = link.group(1) or link.group(2)
        assert url.startswith("https://traces.example.com/reset-password-with-token?token=")
        body = {"token": url.split("token=")[1], "password": "another-canary-password"}
        assert httpx.post(f"{bennu.url}/auth/password-reset", json=body).status_code == 204
        assert httpx.post(f"{bennu.url}/auth/password-reset", json=body).status_code == 401
        assert session.get("/v1/user").status_code == 401
        signed_in(bennu, "ada@example.com", "another-canary-password")


def test_no_log_and_no_page_tells_a_secret(bennu: Bennu, spans: SpanMaker, store: Store) -> None:
    admin = signed_in(bennu)
    make_user(admin, "MEMBER")
    session = signed_in(bennu, "ada@example.com", PASSWORD)
    key = make_key(session)["key"]
    send(bennu, spans, key)
    tokens = list(session.cookies.values())
    httpx.post(f"{bennu.url}/auth/login", json={"email": "ada@example.com", "password": PASSWORD + "x"})
    pages = httpx.get(bennu.url).text + httpx.get(f"{bennu.url}/login").text
    time.sleep(0.5)
    log = bennu.log()
    assert "bennu" in pages
    for canary in (SECRET, ADMIN_SECRET, PASSWORD, key, *tokens):
        assert canary not in log and canary not in pages


def test_pages_of_listed_origins_may_read_and_only_with_a_token(start_bennu: Callable[..., Bennu]) -> None:
    bennu = start_bennu(**START, PHOENIX_ALLOWED_ORIGINS="https://tools.example.com")
    asked = {"origin": "https://tools.example.com", "access-control-request-method": "GET"}
    for path in ("/v1/projects", "/graphql", "/auth/login"):
        answer = httpx.options(bennu.url + path, headers=asked)
        assert answer.status_code == 204, path
        assert answer.headers["access-control-allow-origin"] == "https://tools.example.com"
    token = {"authorization": f"Bearer {ADMIN_SECRET}"}
    read = httpx.get(f"{bennu.url}/v1/projects", headers={"origin": "https://tools.example.com"} | token)
    assert read.status_code == 200 and read.headers["access-control-allow-origin"] == "https://tools.example.com"
    assert "access-control-allow-credentials" not in read.headers
    other = httpx.get(f"{bennu.url}/v1/projects", headers={"origin": "https://evil.example.com"} | token)
    assert "access-control-allow-origin" not in other.headers
