"""The pages of accounts, as a person goes through them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from harness.bennu import Bennu
from harness.browser import chromium
from harness.certificates import Authority
from harness.directory import READER_PASSWORD, Directory
from harness.mail import MailServer, variables
from harness.ports import free_ports
from harness.processes import wait_until
from harness.provider import CLIENT_ID, CLIENT_SECRET, Provider, password_of
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

SECRET = "canary0secret0of0the0deployment0000"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def bennu(start_bennu: Callable[..., Bennu]) -> Bennu:
    return start_bennu(PHOENIX_ENABLE_AUTH="true", PHOENIX_SECRET=SECRET)


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")


def choose_password(page: Page, present: str, chosen: str) -> None:
    expect(page.get_by_role("heading", name="Choose your own password")).to_be_visible()
    page.get_by_label("Present password").fill(present)
    page.get_by_label("New password", exact=True).fill(chosen)
    page.get_by_label("New password again").fill(chosen)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your password was changed")).to_be_visible()


def assert_accessible(page: Page) -> None:
    result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert result.violations_count == 0, result.generate_report()


def test_the_first_administrator_makes_an_account_and_its_owner_a_key(bennu: Bennu, page: Page) -> None:
    page.goto(bennu.url)
    expect(page.get_by_role("heading", name="Sign in to Bennu")).to_be_visible()
    assert_accessible(page)
    sign_in(page, "admin@localhost", "wrong")
    expect(page.get_by_text("Invalid email and/or password")).to_be_visible()
    sign_in(page, "admin@localhost", "admin")
    choose_password(page, "admin", "a-better-one")
    sign_in(page, "admin@localhost", "a-better-one")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    expect(page.get_by_text("export PHOENIX_API_KEY")).to_be_visible()
    page.goto(f"{bennu.url}/settings")
    page.get_by_role("button", name="New user").click()
    assert_accessible(page)
    page.get_by_label("Mail address").fill("ada@example.com")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("New password", exact=True).fill("first-password")
    page.get_by_label("New password again").fill("first-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="Ada").first).to_be_visible()
    page.goto(f"{bennu.url}/profile")
    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Bennu")).to_be_visible()

    sign_in(page, "ada@example.com", "first-password")
    choose_password(page, "first-password", "my-own-password")
    sign_in(page, "ada@example.com", "my-own-password")
    expect(page.get_by_role("link", name="Ada")).to_be_visible()
    page.goto(f"{bennu.url}/profile")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name").last.fill("my laptop")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your new key")).to_be_visible()
    key = page.locator("code").first.inner_text().strip()
    answer = httpx.get(f"{bennu.url}/v1/user", headers={"authorization": f"Bearer {key}"})
    assert answer.json()["data"]["username"] == "Ada"


def test_a_page_that_was_asked_for_is_there_after_signing_in(bennu: Bennu, page: Page) -> None:
    page.goto(f"{bennu.url}/settings")
    expect(page.get_by_role("heading", name="Sign in to Bennu")).to_be_visible()
    sign_in(page, "admin@localhost", "admin")
    choose_password(page, "admin", "a-better-one")
    sign_in(page, "admin@localhost", "a-better-one")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()


def test_people_sign_in_through_a_provider_with_the_role_that_it_gives(
    start_bennu: Callable[..., Bennu], page: Page
) -> None:
    people = [
        User(sub=name, claims={"email": f"{name}@example.com", "name": name.title(), "teams": [role]})
        for name, role in (("grace", "owner"), ("linus", "reader"))
    ]
    with run_server_in_thread(user_claims=people) as provider:
        bennu = start_bennu(
            PHOENIX_ENABLE_AUTH="true",
            PHOENIX_SECRET=SECRET,
            PHOENIX_OAUTH2_EXAMPLE_CLIENT_ID="bennu",
            PHOENIX_OAUTH2_EXAMPLE_CLIENT_SECRET="canary-secret-of-the-client",
            PHOENIX_OAUTH2_EXAMPLE_OIDC_CONFIG_URL=f"http://localhost:{provider.server_port}/.well-known/openid-configuration",
            PHOENIX_OAUTH2_EXAMPLE_DISPLAY_NAME="Example",
            PHOENIX_OAUTH2_EXAMPLE_USE_PKCE="true",
            PHOENIX_OAUTH2_EXAMPLE_ROLE_ATTRIBUTE_PATH="teams[0]",
            PHOENIX_OAUTH2_EXAMPLE_ROLE_MAPPING="owner:ADMIN,reader:VIEWER",
        )
        for name, role in (("grace", "ADMIN"), ("linus", "VIEWER")):
            page.context.clear_cookies()
            page.goto(f"{bennu.url}/projects")
            page.get_by_role("link", name="Sign in with Example").click()
            page.locator("input[name=sub]").fill(name)
            page.locator("button[type=submit], input[type=submit]").first.click()
            expect(page.get_by_role("link", name=name.title())).to_be_visible()
            cookies = {each["name"]: each["value"] for each in page.context.cookies()}
            assert not [each for each in cookies if each.startswith("phoenix-oauth2")]
            me = httpx.get(f"{bennu.url}/v1/user", cookies=cookies).json()["data"]
            assert (me["auth_method"], me["role"], me["email"]) == ("OAUTH2", role, f"{name}@example.com")
        # An answer that nobody here has asked for signs nobody in.
        page.context.clear_cookies()
        page.goto(f"{bennu.url}/oauth2/example/tokens?state=forged&code=stolen")
        expect(page.get_by_text("the cookies of a sign-in through a provider are missing")).to_be_visible()
        assert "phoenix-access-token" not in {each["name"] for each in page.context.cookies()}


def test_people_sign_in_through_a_provider_that_knows_their_groups(
    start_bennu: Callable[..., Bennu], page: Page
) -> None:
    with Provider({"grace": ["owners"], "linus": ["readers"], "mallory": ["strangers"]}) as provider:
        bennu = start_bennu(
            PHOENIX_ENABLE_AUTH="true",
            PHOENIX_SECRET=SECRET,
            PHOENIX_OAUTH2_CANAILLE_CLIENT_ID=CLIENT_ID,
            PHOENIX_OAUTH2_CANAILLE_CLIENT_SECRET=CLIENT_SECRET,
            PHOENIX_OAUTH2_CANAILLE_OIDC_CONFIG_URL=provider.configuration_url,
            PHOENIX_OAUTH2_CANAILLE_SCOPES="groups",
            PHOENIX_OAUTH2_CANAILLE_GROUPS_ATTRIBUTE_PATH="groups",
            PHOENIX_OAUTH2_CANAILLE_ALLOWED_GROUPS="owners,readers",
            PHOENIX_OAUTH2_CANAILLE_ROLE_ATTRIBUTE_PATH="contains(groups, 'owners') && 'ADMIN' || 'VIEWER'",
            PHOENIX_OAUTH2_CANAILLE_USE_PKCE="true",
        )
        provider.register(f"{bennu.url}/oauth2/canaille/tokens")
        for name, role in (("grace", "ADMIN"), ("linus", "VIEWER"), ("mallory", None)):
            page.context.clear_cookies()
            page.goto(f"{bennu.url}/projects")
            page.get_by_role("link", name="Sign in with Canaille").click()
            page.get_by_label("Login").fill(name)
            page.keyboard.press("Enter")
            page.get_by_role("textbox", name="Password").fill(password_of(name))
            page.keyboard.press("Enter")
            # The provider asks for consent once.
            consent = page.get_by_role("button", name="Accept")
            expect(consent.or_(page.get_by_role("heading", name=re.compile("Send your first trace|Sign in to Bennu")))).to_be_visible()
            if consent.is_visible():
                consent.click()
            if role is None:
                expect(page.get_by_role("heading", name="Sign in to Bennu")).to_be_visible()
                continue
            expect(page.get_by_role("link", name=name.title())).to_be_visible()
            cookies = {each["name"]: each["value"] for each in page.context.cookies(bennu.url)}
            me = httpx.get(f"{bennu.url}/v1/user", cookies=cookies).json()["data"]
            assert (me["auth_method"], me["role"], me["email"]) == ("OAUTH2", role, f"{name}@example.com")


def test_people_sign_in_through_a_directory_with_the_role_of_their_group(
    start_bennu: Callable[..., Bennu], page: Page, tmp_path: Path
) -> None:
    with Directory(tmp_path / "directory") as directory:
        bennu = start_bennu(
            PHOENIX_ENABLE_AUTH="true", PHOENIX_SECRET=SECRET, PHOENIX_DISABLE_BASIC_AUTH="true", **directory.variables
        )
        page.goto(bennu.url)
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password").fill("not hers")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Invalid username and/or password")).to_be_visible()
        page.get_by_label("Password").fill("canary-password-of-ada")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Ada")).to_be_visible()
        cookies = {each["name"]: each["value"] for each in page.context.cookies()}
        me = httpx.get(f"{bennu.url}/v1/user", cookies=cookies).json()["data"]
        assert (me["auth_method"], me["role"], me["email"]) == ("LDAP", "MEMBER", "ada@example.com")
        local = httpx.post(f"{bennu.url}/auth/login", json={"email": "admin@localhost", "password": "admin"})
        assert local.status_code == 403
        assert "canary" not in bennu.log() and READER_PASSWORD not in bennu.log()


def test_a_forgotten_password_is_replaced_by_the_link_in_a_mail(
    start_bennu: Callable[..., Bennu], page: Page, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "certificates")
    with MailServer(free_ports(1)[0], authority.issue("server")) as server:
        bennu = start_bennu(
            PHOENIX_ENABLE_AUTH="true",
            PHOENIX_SECRET=SECRET,
            PHOENIX_ADMINS="Ada=ada@example.com",
            **variables(server.port, authority.path),
        )
        # Whoever PHOENIX_ADMINS names has a password that nobody knows, and a mail that says how to choose one.
        wait_until(lambda: len(server.taken) == 1, 20, "the welcome")
        welcome = server.taken[0].get_body(("html",)).get_content()
        page.goto(re.search(r'href="([^"]+)"', welcome[welcome.index("welcome-url") - 200 :]).group(1))
        page.get_by_label("Mail address").fill("ada@example.com")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        wait_until(lambda: len(server.taken) == 2, 20, "the link")
        text = server.taken[1].get_body(("plain",)).get_content()
        page.goto(re.search(r"http\S+reset-password-with-token\S+", text).group(0))
        assert_accessible(page)
        page.get_by_label("New password", exact=True).fill("of-my-own-choice")
        page.get_by_label("New password again").fill("of-my-own-choice")
        page.keyboard.press("Enter")
        sign_in(page, "ada@example.com", "of-my-own-choice")
        expect(page.get_by_role("link", name="Ada")).to_be_visible()
        assert bennu.url.replace("127.0.0.1", "localhost") in page.url or bennu.url in page.url
