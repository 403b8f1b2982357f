"""Debian's Chromium, without a window."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright


@contextmanager
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert executable, "tests need a browser: install chromium"
    # Its sandbox needs rights that root in a container lacks.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


class Watch:
    """What went wrong on a page that nobody may see: errors in its console, and requests that failed or went elsewhere, or
    around GraphQL."""

    def __init__(self, page: Page, origin: str) -> None:
        self.complaints: list[str] = []
        self.questions: list[str] = []
        """The names of the operations that GraphQL was asked for."""
        self._origin = origin
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.endswith("/graphql"):
            self.questions.append(request.post_data_json["query"].split()[1].split("(")[0])
        elif request.resource_type in ("fetch", "xhr", "eventsource") and not is_sidelong(path):
            self.complaints.append(f"around GraphQL: {request.url}")

    def _response(self, response: Response) -> None:
        if not response.url.startswith((self._origin, "data:", "blob:")):
            self.complaints.append(f"foreign: {response.url}")
        elif response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


def is_sidelong(path: str) -> bool:
    """What pages ask for beside GraphQL: live events, and to be signed in."""
    return ("/bennu/v1/" in path and path.endswith("/events")) or "/auth/" in path


def tones(picture: Path) -> dict[str, float]:
    """How light a picture is on average (0 to 255), and how many colours it has."""
    with Image.open(picture) as image:
        grey = image.convert("L")
        histogram = grey.histogram()
        mean = sum(level * count for level, count in enumerate(histogram)) / sum(histogram)
        colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
        return {"mean": mean, "colours": len(colours or [])}
