"""Makes the documentation's pictures: screenshots.py <folder>"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from playwright.sync_api import expect

from harness import demo
from harness.bennu import Bennu
from harness.browser import chromium
from harness.otlp import post


def main() -> None:
    output = Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bennu-screenshots-") as folder:
        bennu = Bennu(Path(folder)).start()
        try:
            failed = ""
            for project, count in [("shop-assistant", 400), ("support-triage", 160), ("contract-reader", 60)]:
                # Each with a chance of its own, or all would send the same spans.
                for request in demo.requests(count, project, hours=22, seed=count):
                    post(bennu.url, request)
                    spans = request.resource_spans[0].scope_spans[0].spans
                    if project == "shop-assistant" and any(span.events for span in spans):
                        failed = spans[0].trace_id.hex()
            take(bennu, output, failed)
        finally:
            bennu.close()


def take(bennu: Bennu, output: Path, trace_id: str) -> None:
    with chromium() as browser:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": 1440, "height": 900}, color_scheme=scheme, device_scale_factor=1
            )
            page = context.new_page()
            project = page.request.get(f"{bennu.url}/v1/projects/shop-assistant").json()["data"]["id"]
            for name, path, sign in [
                ("projects", "/projects", "support-triage"),
                ("traces", f"/projects/{project}", "assistant"),
                ("sessions", f"/projects/{project}/sessions", "visit"),
                ("trace", f"/traces/{trace_id}", "look up the order"),
            ]:
                page.goto(bennu.url + path)
                expect(page.get_by_text(sign).first).to_be_visible()
                if name == "trace":
                    page.get_by_text("answer", exact=True).first.click()
                page.wait_for_timeout(800)
                page.screenshot(path=output / f"{name}-{scheme}.png", animations="disabled")
            context.close()


main()
