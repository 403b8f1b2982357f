"""The browser application, looked at through a browser."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from harness import demo
from harness.bennu import REPOSITORY, Bennu
from harness.browser import Watch, chromium, tones
from harness.otlp import post
from playwright.sync_api import Browser, Page, expect

SECOND = 1000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10 * SECOND)
    yield context.new_page()
    context.close()


def readme_example() -> str:
    """The first Python block of the README, to the letter."""
    found = re.search(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
    assert found, "the README has no Python example"
    return found.group(1)


def test_the_readmes_example_is_on_the_screen_within_a_second(bennu: Bennu, page: Page) -> None:
    example = readme_example()
    assert len(example.strip().splitlines()) <= 5
    watch = Watch(page, bennu.url)
    page.goto(bennu.url)
    expect(page.get_by_role("heading", name="Send your first trace")).to_be_visible()
    # The endpoint is the only thing that differs from the README: tests use free ports.
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(bennu.home),
        "PHOENIX_COLLECTOR_ENDPOINT": bennu.url,
        "PHOENIX_GRPC_PORT": str(bennu.grpc_port),
    }
    done = subprocess.run(
        [sys.executable, "-c", example], env=environment, cwd=bennu.folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    ended = time.monotonic()
    project = page.get_by_role("main").get_by_role("link", name="hello", exact=True)
    expect(project).to_be_visible(timeout=10 * SECOND)
    assert time.monotonic() - ended < 1.0
    project.click()
    page.get_by_role("link", name=re.compile("^greet")).click()
    expect(page.get_by_text("Is anybody there?").first).to_be_visible()
    expect(page.get_by_text("Yes.").first).to_be_visible()
    assert watch.complaints == []


def test_a_new_trace_appears_by_itself_on_an_open_page(bennu: Bennu, page: Page) -> None:
    first, second = demo.requests(2, "shop", hours=0)
    rename(first, "came first")
    rename(second, "came later")
    post(bennu.url, first)
    watch = Watch(page, bennu.url)
    page.goto(bennu.url)
    page.get_by_role("main").get_by_role("link", name="shop", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("^came first"))).to_be_visible()
    page.evaluate("window.isTheSamePage = true")
    post(bennu.url, second)
    expect(page.get_by_role("link", name=re.compile("^came later"))).to_be_visible(timeout=2 * SECOND)
    assert page.evaluate("window.isTheSamePage") is True
    assert watch.complaints == []


def rename(request, name: str) -> None:
    root = request.resource_spans[0].scope_spans[0].spans[0]
    root.name = name
    root.start_time_unix_nano = time.time_ns() - 1_000_000_000
    root.end_time_unix_nano = time.time_ns()


def fill(bennu: Bennu) -> str:
    """Sends the demonstration and returns the id of a trace that has an error."""
    failed = ""
    for request in demo.requests(40, "shop", hours=20):
        assert post(bennu.url, request).status_code == 200
        spans = request.resource_spans[0].scope_spans[0].spans
        if any(span.events for span in spans):
            failed = spans[0].trace_id.hex()
    return failed


def test_a_trace_shows_its_tree_and_the_chosen_spans_content(bennu: Bennu, page: Page) -> None:
    trace_id = fill(bennu)
    watch = Watch(page, bennu.url)
    page.goto(f"{bennu.url}/traces/{trace_id}")
    names = ["assistant", "search the catalogue", "embed the question", "decide", "look up the order", "answer"]
    tree = page.get_by_role("tree")
    for name in names:
        expect(tree.get_by_role("treeitem", name=re.compile(name)).first).to_be_visible()
    tree.get_by_role("treeitem", name=re.compile("search the catalogue")).first.click()
    expect(page.get_by_text("catalogue/tents.md").first).to_be_visible()
    tree.get_by_role("treeitem", name=re.compile("decide")).first.click()
    expect(page.get_by_text("You help the customers of a small outdoor shop.").first).to_be_visible()
    tree.get_by_role("treeitem", name=re.compile("look up the order")).first.click()
    expect(page.get_by_text("no answer from orders.internal within 200 ms").first).to_be_visible()
    assert watch.complaints == []


def test_a_projects_pages_are_found_by_its_name(bennu: Bennu, page: Page) -> None:
    name = "größe/100% ✓?#"
    [request] = demo.requests(1, name, hours=0)
    assert post(bennu.url, request).status_code == 200
    root = request.resource_spans[0].scope_spans[0].spans[0]
    session = quote(next(each.value.string_value for each in root.attributes if each.key == "session.id"))
    watch = Watch(page, bennu.url)
    projects = page.request.get(f"{bennu.url}/v1/projects").json()["data"]
    [project] = [quote(each["id"], safe="") for each in projects if each["name"] == name]
    for below, sign in [
        ("", "assistant"),
        ("/sessions", "visit"),
        (f"/sessions/{session}", "assistant"),
        (f"/traces/{root.trace_id.hex()}", "assistant"),
        ("?search=assistant", "assistant"),
    ]:
        page.goto(f"{bennu.url}/projects/{quote(name, safe='')}{below}")
        expect(page.get_by_role("main").get_by_text(sign).first).to_be_visible()
        expect(page).to_have_url(f"{bennu.url}/projects/{project}{below}")
        expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text(name)
    assert watch.complaints == []


def test_a_name_that_no_project_has_is_told_and_found_once_it_has_come(bennu: Bennu, page: Page) -> None:
    page.goto(f"{bennu.url}/projects/not-yet/sessions")
    expect(page.get_by_role("heading", name="This project is not here")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("not-yet")
    [request] = demo.requests(1, "not-yet", hours=0)
    assert post(bennu.url, request).status_code == 200
    expect(page.get_by_role("heading", name="not-yet")).to_be_visible(timeout=10 * SECOND)
    # An id that nothing has, "Project:999".
    page.goto(f"{bennu.url}/projects/UHJvamVjdDo5OTk=")
    expect(page.get_by_role("heading", name="This project is not here")).to_be_visible()


def project_id(bennu: Bennu, page: Page) -> str:
    return page.request.get(f"{bennu.url}/v1/projects/shop").json()["data"]["id"]


def test_pages_ask_graphql_and_listen_to_events_and_nothing_else(bennu: Bennu, page: Page) -> None:
    trace_id = fill(bennu)
    project = project_id(bennu, page)
    session = page.request.get(f"{bennu.url}/v1/projects/shop/sessions?limit=1").json()["data"][0]["session_id"]
    watch = Watch(page, bennu.url)
    events: list[str] = []
    page.on("request", lambda request: events.append(request.url) if "/bennu/v1/" in request.url else None)
    # What is asked once the page stands is news, and another matter.
    for path, sign, questions in [
        ("/projects", "shop", ["Projects"]),
        (f"/projects/{project}", "assistant", ["Project", "Series", "Traces"]),
        (f"/projects/{project}/sessions", "visit", ["Project", "Series", "Sessions"]),
        (f"/projects/{project}/sessions/{session}", "assistant", ["Project", "Traces"]),
        (f"/traces/{trace_id}", "look up the order", ["Trace"]),
    ]:
        watch.questions.clear()
        page.goto(bennu.url + path)
        expect(page.get_by_role("main").get_by_text(sign).first).to_be_visible()
        assert sorted(set(watch.questions) - {"Span", "SpanBodies"}) == questions, path
    assert events and all(url.endswith("/events") for url in events), events
    assert watch.complaints == []


def test_the_turns_of_a_session_are_asked_for_together(bennu: Bennu, page: Page) -> None:
    began = time.time_ns() - 3600 * 10**9
    for number, request in enumerate(demo.requests(40, "shop", hours=0)):
        root = request.resource_spans[0].scope_spans[0].spans[0]
        root.start_time_unix_nano = began + number * 10**9
        root.end_time_unix_nano = root.start_time_unix_nano + 10**8
        for each in root.attributes:
            if each.key == "session.id":
                each.value.string_value = "a long talk"
            if each.key == "output.value":
                each.value.string_value = "And so it goes on. " * 60 + f"That was answer {number}."
        assert post(bennu.url, request).status_code == 200
    watch = Watch(page, bennu.url)
    page.goto(f"{bennu.url}/projects/{project_id(bennu, page)}/sessions/a%20long%20talk")
    expect(page.get_by_text("That was answer 0.")).to_be_visible()
    assert watch.questions.count("SpanBodies") == 1
    expect(page.get_by_text("That was answer 39.")).not_to_be_attached()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_text("That was answer 39.")).to_be_visible()
    assert watch.questions.count("SpanBodies") <= 3
    assert "Span" not in watch.questions
    assert watch.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_drawn_and_accessible_in_both_schemes(
    bennu: Bennu, browser: Browser, tmp_path: Path, scheme: str
) -> None:
    trace_id = fill(bennu)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    watch = Watch(page, bennu.url)
    project = project_id(bennu, page)
    for path, sign in [
        ("/projects", "shop"),
        (f"/projects/{project}", "assistant"),
        (f"/projects/{project}/sessions", "visit"),
        (f"/traces/{trace_id}", "look up the order"),
    ]:
        page.goto(bennu.url + path)
        expect(page.get_by_text(sign).first).to_be_visible()
        page.wait_for_load_state("load")
        picture = tmp_path / "page.png"
        page.screenshot(path=picture, animations="disabled")
        drawn = tones(picture)
        assert drawn["colours"] > 50, path
        assert drawn["mean"] > 180 if scheme == "light" else drawn["mean"] < 80, path
        result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert result.response["violations"] == [], f"{path}: {result.generate_report()}"
    context.close()
    assert watch.complaints == []


def test_no_page_is_wider_than_a_phone(bennu: Bennu, browser: Browser) -> None:
    [request] = demo.requests(1, "shop with a name that is longer than a phone is wide", hours=0)
    root = request.resource_spans[0].scope_spans[0].spans[0]
    long = "somebody.with.a.long.name@" + "a-long-name." * 6 + "example"
    for each in root.attributes:
        if each.key in ("session.id", "user.id"):
            each.value.string_value = long
    assert post(bennu.url, request).status_code == 200
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(bennu.url)
    page.get_by_role("main").get_by_role("link", name=re.compile("^shop")).click()
    expect(page.get_by_role("main").get_by_text("assistant").first).to_be_visible()
    project = page.url
    for path, sign in [
        ("", "assistant"),
        ("/sessions", "somebody"),
        (f"/sessions/{quote(long)}", "assistant"),
        (f"/traces/{root.trace_id.hex()}", "decide"),
    ]:
        page.goto(project + path)
        expect(page.get_by_role("main").get_by_text(sign).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
    context.close()


def test_everything_works_below_a_root_path(start_bennu, page: Page) -> None:
    bennu = start_bennu(PHOENIX_HOST_ROOT_PATH="/tools/bennu")
    trace_id = fill(bennu)
    watch = Watch(page, f"http://127.0.0.1:{bennu.port}/tools/bennu")
    page.goto(bennu.url)
    page.get_by_role("main").get_by_role("link", name="shop", exact=True).click()
    page.get_by_role("link", name=re.compile("^assistant")).first.click()
    expect(page.get_by_role("tree")).to_be_visible()
    assert page.url.startswith(f"{bennu.url}/")
    # A page that is loaded afresh at its own address, as from a bookmark.
    page.goto(f"{bennu.url}/traces/{trace_id}")
    expect(page.get_by_role("tree").get_by_text("look up the order").first).to_be_visible()
    assert page.request.get(f"{bennu.url}/v1/projects").ok
    assert watch.complaints == []


def test_the_keyboard_alone_reaches_a_span(bennu: Bennu, page: Page) -> None:
    fill(bennu)
    page.goto(bennu.url)
    link = page.get_by_role("main").get_by_role("link", name="shop", exact=True)
    expect(link).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    else:
        pytest.fail("Tab does not reach the project")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^assistant")).first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tree")).to_be_visible()
