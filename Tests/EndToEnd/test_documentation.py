"""What the documentation says of the program is asked of the program."""

import json
import re
from pathlib import Path

import pytest
from harness.bennu import REPOSITORY, Installation

PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    missing = [target for target in local if target and not (page.parent / target).exists()]
    assert missing == []


def test_every_variable_in_force_is_documented_with_its_default(tmp_path: Path) -> None:
    rows = json.loads(Installation(tmp_path).run("config", "--json").stdout)
    documented = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| ([^|]*) \|", page_text("docs/configuration.md"), re.MULTILINE))
    assert [row["name"] for row in rows if row["name"] not in documented] == []
    wrong = {
        row["name"]: (row["value"], documented[row["name"]])
        for row in rows
        if row["source"] == "default" and row["value"] is not None and f"`{row['value']}`" not in documented[row["name"]]
    }
    assert wrong == {}
    known = {row["name"] for row in rows}
    assert [name for name in documented if name not in known] == []


def page_text(path: str) -> str:
    return (REPOSITORY / path).read_text()
