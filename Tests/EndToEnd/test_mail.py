"""Mailers against a mail server with TLS and sign-in: every mail arrives, and arrives once."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from harness.bennu import Installation, Service
from harness.certificates import Authority
from harness.mail import PASSWORD, MailServer, enqueue, variables
from harness.ports import free_ports
from harness.processes import wait_until
from harness.stores import Store


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "certificates")


@pytest.fixture
def outbox(installation: Installation, store: Store) -> Store:
    """A database that has its tables."""
    assert installation.run("migrate", "up").returncode == 0
    return store


@pytest.fixture
def start_mailer(installations: list[Installation], tmp_path: Path, store: Store) -> Iterator[Callable[..., Service]]:
    started: list[Service] = []

    def start(**settings: str) -> Service:
        mailer = Service(tmp_path / f"mailer{len(started)}", store, **settings)
        started.append(mailer)
        installations.append(mailer)
        return mailer.start("bennu-mailer", mailer.mailer_port)

    yield start
    for mailer in started:
        mailer.close()


def waiting(store: Store) -> int:
    return store.query("SELECT COUNT(*) FROM mails WHERE sent_at IS NULL AND failed_at IS NULL")[0][0]


def wait_until_sent(store: Store, seconds: float = 30) -> None:
    wait_until(lambda: waiting(store) == 0, seconds, "an empty outbox")


def last_error(store: Store) -> str:
    return store.query("SELECT last_error FROM mails ORDER BY id LIMIT 1")[0][0] or ""


def test_a_mail_arrives_as_it_was_written(start_mailer, outbox: Store, authority: Authority) -> None:
    enqueue(outbox, "ada@example.com")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        mailer = start_mailer(**variables(server.port, authority.path))
        wait_until_sent(outbox)
        assert mailer.stop() == 0
    (mail,) = server.taken
    assert server.seen == ["AUTH PLAIN"]
    assert mail["Subject"] == "[Phoenix] Grüße"
    assert mail["From"] == "noreply@traces.example.com" and server.recipients == ["ada@example.com"]
    assert mail["Message-ID"].endswith("@traces.example.com>") and mail["Date"].datetime
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Hallo", ".", "Ende"]
    assert '<a id="reset-url" href="https://x.example/?a=1&amp;b=2">ü</a>' in mail.get_body(("html",)).get_content()
    assert outbox.query("SELECT text || html, attempts FROM mails") == [("", 1)]
    assert "4711" in last_error(outbox)
    assert PASSWORD not in mailer.log() and "ada@example.com" not in mailer.log()


def test_a_server_that_was_away_gets_its_mail_once_it_is_back(start_mailer, outbox: Store, authority: Authority) -> None:
    enqueue(outbox, "ada@example.com")
    port = free_ports(1)[0]
    start_mailer(**variables(port, authority.path))
    wait_until(lambda: "cannot be reached" in last_error(outbox), 20, "a failed attempt")
    with MailServer(port, authority.issue("server")) as server:
        wait_until_sent(outbox)
        assert server.recipients == ["ada@example.com"]


def test_a_mailer_that_is_killed_on_the_way_leaves_the_mail_to_the_next(
    start_mailer, outbox: Store, authority: Authority
) -> None:
    enqueue(outbox, "ada@example.com")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        server.hold = "RCPT"
        first = start_mailer(**variables(server.port, authority.path))
        assert server.held.wait(20)
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait(5)
        assert outbox.query("SELECT in_doubt, sent_at FROM mails") == [(0, None)]
        server.hold = None
        server.let_go()
        end_leases(outbox)
        start_mailer(**variables(server.port, authority.path))
        wait_until_sent(outbox)
        assert server.recipients == ["ada@example.com"]


def test_a_mailer_that_is_killed_before_it_has_the_answer_sends_the_same_mail_again(
    start_mailer, outbox: Store, authority: Authority
) -> None:
    enqueue(outbox, "ada@example.com")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        server.hold = "DATA"
        first = start_mailer(**variables(server.port, authority.path))
        assert server.held.wait(20)
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait(5)
        assert outbox.query("SELECT in_doubt, sent_at FROM mails") == [(1, None)]
        server.hold = None
        server.let_go()
        end_leases(outbox)
        start_mailer(**variables(server.port, authority.path))
        wait_until_sent(outbox)
        # The protocol cannot tell whether the first was taken; receivers can, by the id.
        assert len(server.taken) == 2
        assert len({mail["Message-ID"] for mail in server.taken}) == 1


def test_a_mail_in_lasting_doubt_is_not_sent_for_ever(start_mailer, outbox: Store, authority: Authority) -> None:
    enqueue(outbox, "ada@example.com")
    outbox.execute("UPDATE mails SET in_doubt = 3")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        start_mailer(**variables(server.port, authority.path))
        wait_until_sent(outbox)
        assert server.taken == []
    assert "no answer was kept" in last_error(outbox)


def end_leases(store: Store) -> None:
    """As if the minutes that a dead mailer's mails wait were over."""
    store.execute("UPDATE mails SET claimed_until = 0")


def test_two_mailers_share_the_work_and_send_nothing_twice(start_mailer, outbox: Store, authority: Authority) -> None:
    everybody = [f"reader{number}@example.com" for number in range(80)]
    enqueue(outbox, *everybody)
    with MailServer(free_ports(1)[0], authority.issue("server"), delay=0.2) as server:
        mailers = [start_mailer(**variables(server.port, authority.path)) for _ in range(2)]
        wait_until_sent(outbox, 60)
        assert Counter(server.recipients) == Counter(everybody)
        assert all("sent a mail" in mailer.log() for mailer in mailers)


def test_a_refused_mail_is_given_up_visibly(start_mailer, outbox: Store, authority: Authority) -> None:
    enqueue(outbox, "nobody@example.com")
    (metrics_port,) = free_ports(1)
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        server.refusal = "550 5.1.1 nobody of that name"
        mailer = start_mailer(
            **variables(
                server.port, authority.path, PHOENIX_ENABLE_PROMETHEUS="true", BENNU_METRICS_PORT=str(metrics_port)
            )
        )
        wait_until_sent(outbox)
        metrics = lambda: httpx.get(f"http://127.0.0.1:{metrics_port}/metrics").text  # noqa: E731
        wait_until(lambda: 'bennu_mailer_failed_total{kind="notice"} 1' in metrics(), 10, "a metric")
        wait_until(lambda: "bennu_mailer_queue_length 0" in metrics(), 10, "an empty queue")
    assert outbox.query("SELECT failed_at IS NOT NULL, sent_at FROM mails")[0][1] is None
    assert "nobody of that name" in last_error(outbox) and "a mail was given up" in mailer.log()


def test_what_is_refused_for_now_is_tried_again(start_mailer, outbox: Store, authority: Authority) -> None:
    enqueue(outbox, "ada@example.com")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        server.refusal = "451 4.7.1 come back later"
        start_mailer(**variables(server.port, authority.path))
        wait_until(lambda: "come back later" in last_error(outbox), 20, "a refusal")
        server.refusal = None
        wait_until_sent(outbox)
        assert server.recipients == ["ada@example.com"]


def test_a_mailer_that_stops_lets_go_of_what_it_has_not_handed_over(
    start_mailer, outbox: Store, authority: Authority
) -> None:
    enqueue(outbox, "ada@example.com")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        server.hold = "RCPT"
        mailer = start_mailer(**variables(server.port, authority.path))
        assert server.held.wait(20)
        assert mailer.stop() == 0
        assert outbox.query("SELECT claimed_by, attempts, sent_at FROM mails") == [(None, 0, None)]
        assert server.taken == []


def test_a_mailer_that_stops_waits_for_the_answer_to_what_it_has_handed_over(
    start_mailer, outbox: Store, authority: Authority
) -> None:
    enqueue(outbox, "ada@example.com")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        server.hold = "DATA"
        mailer = start_mailer(**variables(server.port, authority.path))
        assert server.held.wait(20)
        mailer.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "stopping" in mailer.log(), 5, "the beginning of the end")
        server.let_go()
        assert mailer.process.wait(15) == 0
        assert waiting(outbox) == 0 and len(server.taken) == 1


class TestEncryption:
    """Ways to the server; the database makes no difference here."""

    pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        from harness.stores import SQLiteStore

        return SQLiteStore(tmp_path / "database")

    def test_a_certificate_of_a_stranger_is_refused(self, start_mailer, outbox: Store, authority: Authority, tmp_path: Path) -> None:
        enqueue(outbox, "ada@example.com")
        stranger = Authority(tmp_path / "stranger", "somebody else")
        with MailServer(free_ports(1)[0], stranger.issue("server")) as server:
            mailer = start_mailer(**variables(server.port, authority.path))
            wait_until(lambda: "cannot be trusted" in last_error(outbox), 20, "a refusal")
            assert server.taken == [] and server.seen == []
            assert mailer.stop() == 0
            outbox.execute("UPDATE mails SET next_attempt_at = 0")
            start_mailer(**variables(server.port, authority.path, PHOENIX_SMTP_VALIDATE_CERTS="false"))
            wait_until_sent(outbox)
            assert len(server.taken) == 1

    def test_a_certificate_for_another_name_is_refused(self, start_mailer, outbox: Store, authority: Authority) -> None:
        enqueue(outbox, "ada@example.com")
        with MailServer(free_ports(1)[0], authority.issue("other", names="DNS:other.example")) as server:
            start_mailer(**variables(server.port, authority.path))
            wait_until(lambda: "cannot be trusted" in last_error(outbox), 20, "a refusal")
            assert server.taken == [] and server.seen == []

    def test_nothing_is_sent_in_plain_text(self, start_mailer, outbox: Store, authority: Authority) -> None:
        enqueue(outbox, "ada@example.com")
        with MailServer(free_ports(1)[0], None) as server:
            start_mailer(**variables(server.port, authority.path))
            wait_until(lambda: "offers no encryption" in last_error(outbox), 30, "a refusal")
            assert server.taken == [] and server.seen == []

    def test_a_server_with_tls_from_the_first_byte_is_found(self, start_mailer, outbox: Store, authority: Authority) -> None:
        enqueue(outbox, "ada@example.com")
        with MailServer(free_ports(1)[0], authority.issue("server"), implicit=True) as server:
            start_mailer(**variables(server.port, authority.path))
            wait_until_sent(outbox, 40)
            assert server.recipients == ["ada@example.com"]

    def test_a_server_that_knows_only_the_old_way_to_sign_in_is_spoken_to(
        self, start_mailer, outbox: Store, authority: Authority
    ) -> None:
        enqueue(outbox, "ada@example.com")
        with MailServer(free_ports(1)[0], authority.issue("server"), mechanisms=("LOGIN",)) as server:
            start_mailer(**variables(server.port, authority.path))
            wait_until_sent(outbox)
            assert server.seen == ["AUTH LOGIN"] and len(server.taken) == 1

    def test_the_command_says_what_the_server_answered(self, installation: Installation, authority: Authority) -> None:
        with MailServer(free_ports(1)[0], authority.issue("server")) as server:
            settings = variables(server.port, authority.path)
            good = installation.run("mail", "test", "--to", "ada@example.com", **settings)
            assert good.returncode == 0, good.stderr
            assert "250 2.0.0 queued as 4711" in good.stdout and "STARTTLS" in good.stdout
            assert server.recipients == ["ada@example.com"]
            bad = installation.run("mail", "test", "--to", "ada@example.com", **settings | {"PHOENIX_SMTP_PASSWORD": "canary 8"})
            assert bad.returncode == 1
            assert "535" in bad.stderr and "canary" not in bad.stderr + bad.stdout
            server.refusal = "552 5.2.2 the box is full"
            full = installation.run("mail", "test", "--to", "ada@example.com", **settings)
            assert full.returncode == 1 and "552 5.2.2 the box is full" in full.stderr
        nobody = installation.run("mail", "test", "--to", "ada@example.com", **settings)
        assert nobody.returncode == 1 and "cannot be reached" in nobody.stderr
        off = installation.run("mail", "test", "--to", "ada@example.com")
        assert off.returncode == 78 and "PHOENIX_SMTP_HOSTNAME" in off.stderr
        unfit = installation.run("mail", "test", "--to", "not an address", **settings)
        assert unfit.returncode == 64
