"""Three auth services and two others that believe what they say: whichever answers, it is one deployment."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from harness.bennu import Installation, Service
from harness.otlp import SpanMaker, post
from harness.processes import wait_until
from harness.stores import Store
from oidc_provider_mock import User, run_server_in_thread

SECRET = "canary0secret0of0the0deployment0000"
PASSWORD = {"email": "admin@localhost", "password": "admin"}


@pytest.fixture
def provider() -> Iterator[int]:
    with run_server_in_thread(user_claims=[User(sub="grace", claims={"email": "grace@example.com"})]) as server:
        yield server.server_port


@pytest.fixture
def deployment(installations: list[Installation], tmp_path: Path, store: Store, provider: int) -> Iterator[dict]:
    """Three of auth, an api and a collector, each with a folder of its own as on a machine of its own."""
    shared = {
        "PHOENIX_ENABLE_AUTH": "true",
        "PHOENIX_SECRET": SECRET,
        "BENNU_MESSAGING": "tcp",
        "BENNU_MESSAGING_HOST": "127.0.0.1",
        "PHOENIX_DISABLE_RATE_LIMIT": "true",
        "PHOENIX_BRUTE_FORCE_LOGIN_PROTECTION_MAX_ATTEMPTS": "3",
        "PHOENIX_ROOT_URL": "http://127.0.0.1:6006",
        "PHOENIX_OAUTH2_EXAMPLE_CLIENT_ID": "bennu",
        "PHOENIX_OAUTH2_EXAMPLE_CLIENT_SECRET": "canary-secret-of-the-client",
        "PHOENIX_OAUTH2_EXAMPLE_OIDC_CONFIG_URL": f"http://localhost:{provider}/.well-known/openid-configuration",
    }
    services: list[Service] = []

    def start(program: str, health: str) -> Service:
        made = Service(tmp_path / f"host{len(services)}", store, **shared)
        services.append(made)
        installations.append(made)
        return made.start(program, getattr(made, health))

    auth = [start("bennu-auth", "auth_port") for _ in range(3)]
    api, collector = start("bennu-api", "port"), start("bennu-collector", "collector_port")
    yield {
        "auth": [httpx.Client(base_url=f"http://127.0.0.1:{each.auth_port}", trust_env=False) for each in auth],
        "api": httpx.Client(base_url=f"http://127.0.0.1:{api.port}", trust_env=False),
        "collector": collector,
    }
    for each in services:
        each.close()


def cookies(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.cookies.items() if value}


def test_a_session_goes_from_one_to_the_next(deployment: dict) -> None:
    first, second, third = deployment["auth"]
    begun = first.post("/auth/login", json=PASSWORD)
    assert begun.status_code == 204
    renewed = second.post("/auth/refresh", cookies=cookies(begun))
    assert renewed.status_code == 204
    # What was renewed by one is worth nothing to the others.
    assert third.post("/auth/refresh", cookies=cookies(begun)).status_code == 401
    session = cookies(renewed)
    assert deployment["api"].get("/v1/user", cookies=session).status_code == 200
    assert third.get("/auth/logout", cookies=session).status_code == 302
    wait_until(lambda: deployment["api"].get("/v1/user", cookies=session).status_code == 401, 1, "the session's end")
    assert first.post("/auth/refresh", cookies=session).status_code == 401


def test_failures_are_counted_by_all_together(deployment: dict) -> None:
    wrong = PASSWORD | {"password": "guess"}
    assert [auth.post("/auth/login", json=wrong).status_code for auth in deployment["auth"]] == [401, 401, 401]
    assert [auth.post("/auth/login", json=PASSWORD).status_code for auth in deployment["auth"]] == [429, 429, 429]


def test_who_left_through_one_comes_back_through_another(deployment: dict, provider: int) -> None:
    first, second, third = deployment["auth"]
    left = first.get("/oauth2/example/login", params={"returnUrl": "/projects"})
    assert left.status_code == 302
    kept = cookies(left)
    asked = httpx.post(left.headers["location"], data={"sub": "grace"}, trust_env=False)
    back = urlsplit(asked.headers["location"])
    assert back.path == "/oauth2/example/tokens"
    answer = {name: values[0] for name, values in parse_qs(back.query).items()}
    come = second.get("/oauth2/example/tokens", params=answer, cookies=kept)
    assert come.status_code == 302 and come.headers["location"] == "/projects", come.headers
    assert deployment["api"].get("/v1/user", cookies=cookies(come)).json()["data"]["auth_method"] == "OAUTH2"
    # A code is good for once, wherever it is shown again.
    again = third.get("/oauth2/example/tokens", params=answer, cookies=kept)
    assert again.status_code == 302 and "error=" in again.headers["location"]


def test_a_key_and_a_role_end_everywhere_within_a_second(deployment: dict, spans: SpanMaker) -> None:
    admin = cookies(deployment["auth"][0].post("/auth/login", json=PASSWORD))
    api, collector = deployment["api"], deployment["collector"]
    body = {"email": "ada@example.com", "username": "ada", "role": "MEMBER", "auth_method": "LOCAL", "password": "first"}
    made = api.post("/v1/users", json={"user": body, "send_welcome_email": False}, cookies=admin)
    assert made.status_code == 201, made.text
    ada = cookies(deployment["auth"][1].post("/auth/login", json={"email": body["email"], "password": "first"}))
    key = api.post("/v1/user/api_keys", json={"data": {"name": "k"}}, cookies=ada).json()["data"]["key"]

    def sends() -> int:
        request = spans.request(spans.trace())
        return post(collector.collector_url, request, authorization=f"Bearer {key}").status_code

    assert sends() == 200
    patch = 'mutation P($id: ID!) { patchUser(input: {userId: $id, newRole: VIEWER}) { user { role { name } } } }'
    answer = api.post("/graphql", json={"query": patch, "variables": {"id": made.json()["data"]["id"]}}, cookies=admin)
    assert answer.json()["data"]["patchUser"]["user"]["role"]["name"] == "VIEWER", answer.text
    wait_until(lambda: sends() == 403, 1, "the new role")
    assert api.get("/v1/user", cookies=ada).status_code == 401
