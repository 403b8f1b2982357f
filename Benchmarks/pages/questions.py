"""What the browser's pages ask the server."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

LARGE_TRACE = "1a" * 16
# Each turn asks for something else where a reader would: another page of a list, another word.
WORDS = ("kora", "bin", "del", "fas", "gon", "lur", "mis", "nar", "pel", "rus")


@dataclass
class Question:
    name: str
    request: Callable[[int], dict]
    """The keywords of `httpx.Client.request`, by turn."""
    holds: Callable[[dict], bool]
    """Whether the answer is one: a page that is fast because it is empty would say nothing."""

    def check(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, f"{self.name}: {answer.status_code} {answer.text[:300]}"
        body = answer.json()
        assert "errors" not in body, f"{self.name}: {body['errors']}"
        assert self.holds(body), f"{self.name}: {answer.text[:300]}"


def questions(client: httpx.Client) -> list[Question]:
    project = next(each for each in client.get("/bennu/v1/projects").json()["data"] if each["name"] == "benchmark")
    base = f"/bennu/v1/projects/{project['id']}"

    def page(name: str, path: str, **parameters: str) -> Question:
        return Question(name, lambda turn: {"method": "GET", "url": path, "params": parameters}, lambda body: bool(body["data"]))

    return [
        page("projects", "/bennu/v1/projects"),
        page("project statistics", base),
        page("traces", f"{base}/traces", limit="50"),
        page("sessions", f"{base}/sessions", limit="50"),
        page("activity of a day", f"{base}/series", window="24h"),
        Question(
            "trace of 1,000 spans", lambda turn: {"method": "GET", "url": f"/bennu/v1/traces/{LARGE_TRACE}"},
            lambda body: len(body["data"]["spans"]) == 1000,
        ),
        Question(
            "traces with a text",
            lambda turn: {"method": "GET", "url": f"{base}/traces", "params": {"limit": "50", "search": WORDS[turn % len(WORDS)]}},
            lambda body: "data" in body,
        ),
    ]
