"""A mail server with TLS and sign-in, and mails in the outbox."""

import asyncio
import email
import email.policy
import ssl
import threading
import time
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from harness.certificates import Certificate
from harness.stores import Store

USER, PASSWORD = "mailer", "canary-4711 with spaces"


class MailServer:
    """Keeps what it takes. `hold` makes it wait at that command until `let_go`; `refusal` is what it answers to a mail."""

    def __init__(
        self, port: int, shown: Certificate | None, *, implicit: bool = False, delay: float = 0,
        mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN"),
    ) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.seen: list[str] = []
        self.refusal: str | None = None
        self.hold: str | None = None
        self.delay = delay
        self.held = threading.Event()
        self._go = threading.Event()
        context = None
        if shown:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(shown.path, shown.key)
        options: dict = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": bool(context)}
        self._controller = Controller(
            self, hostname="127.0.0.1", port=port, server_hostname="mail.example", authenticator=self._sign_in,
            auth_required=bool(context), auth_require_tls=not implicit, ready_timeout=15,
            auth_exclude_mechanism={"PLAIN", "LOGIN"} - set(mechanisms), **options,
        )
        self._controller.start()

    def let_go(self) -> None:
        self._go.set()

    def close(self) -> None:
        self._go.set()
        self._controller.stop()

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def recipients(self) -> list[str]:
        return [mail["To"].addresses[0].addr_spec for mail in self.taken]

    def _sign_in(self, _server, _session, _envelope, mechanism: str, data) -> AuthResult:
        self.seen.append(f"AUTH {mechanism}")
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_RCPT(self, _server, _session, envelope: Envelope, address: str, _options) -> str:
        await self._wait_at("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, _server, _session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        await asyncio.sleep(self.delay)
        await self._wait_at("DATA")
        return "250 2.0.0 queued as 4711"

    async def _wait_at(self, command: str) -> None:
        if self.hold == command:
            self.held.set()
            await asyncio.to_thread(self._go.wait)


def enqueue(store: Store, *recipients: str) -> None:
    """As auth enters a mail, within a transaction of its own."""
    now = time.time_ns()
    for recipient in recipients:
        store.execute(
            "INSERT INTO mails (recipient, kind, subject, text, html, created_at, next_attempt_at, attempts, in_doubt)"
            " VALUES (?, 'notice', ?, ?, ?, ?, ?, 0, 0)",
            recipient, "[Phoenix] Grüße", "Hallo\n.\nEnde", '<p><a id="reset-url" href="https://x.example/?a=1&amp;b=2">ü</a></p>',
            now, now,
        )


def variables(server_port: int, issuers: object, **more: str) -> dict[str, str]:
    return {
        "PHOENIX_SMTP_HOSTNAME": "localhost",
        "PHOENIX_SMTP_PORT": str(server_port),
        "PHOENIX_SMTP_USERNAME": USER,
        "PHOENIX_SMTP_PASSWORD": PASSWORD,
        "PHOENIX_SMTP_MAIL_FROM": "noreply@traces.example.com",
        "BENNU_SMTP_CA_FILE": str(issuers),
    } | more
