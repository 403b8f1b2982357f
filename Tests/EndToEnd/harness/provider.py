"""A real OpenID provider: Canaille, with people, groups and a client of the test's own."""

import logging
import secrets
import threading
from types import TracebackType

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from harness.ports import free_ports

CLIENT_ID = "bennu"
CLIENT_SECRET = "canary-secret-of-the-client-at-canaille"


class Provider:
    """Listens on loopback; ends with the `with` block. A person's password is `password_of(name)`."""

    def __init__(self, people: dict[str, list[str]]) -> None:
        """`people` names the groups of each person."""
        self.port = free_ports(1)[0]
        self.issuer = f"http://localhost:{self.port}"
        key = RSAKey.generate_key(2048, parameters={"kid": "first"}).as_dict(private=True)
        self._app = create_app(
            {
                "SECRET_KEY": secrets.token_hex(16),
                "SERVER_NAME": f"localhost:{self.port}",
                "PREFERRED_URL_SCHEME": "http",
                "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "LOGGING": {"version": 1}},
                "CANAILLE_OIDC": {"ACTIVE_JWKS": [key]},
            },
            env_file=None,
        )
        with self._app.app_context():
            self._add(people)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", self.port, self._app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    @property
    def configuration_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def register(self, redirect_uri: str) -> None:
        """Makes the client, which may send people back to this address only."""
        with self._app.app_context():
            client = models.Client(
                client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client_name="Bennu", redirect_uris=[redirect_uri],
                grant_types=["authorization_code"], response_types=["code"],
                scope=["openid", "email", "profile", "groups"], token_endpoint_auth_method="client_secret_basic",
                id_token_signed_response_alg="RS256",
            )
            Backend.instance.save(client)
            # Without an audience of its own, a client gets ID tokens for nobody.
            client.audience = [client]
            Backend.instance.save(client)

    def _add(self, people: dict[str, list[str]]) -> None:
        groups: dict[str, list[models.User]] = {}
        for name, memberships in people.items():
            person = models.User(
                user_name=name, formatted_name=name.title(), family_name=name.title(), display_name=name.title(),
                emails=[f"{name}@example.com"], password=password_of(name),
            )
            Backend.instance.save(person)
            for group in memberships:
                groups.setdefault(group, []).append(person)
        for group, members in groups.items():
            Backend.instance.save(models.Group(display_name=group, members=members))

    def __enter__(self) -> "Provider":
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


def password_of(name: str) -> str:
    return f"canary-password-of-{name}"
