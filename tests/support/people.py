"""The people of a story: each signs in with real credentials in a browser context of his own."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, Route, expect

from lutong.site.demo_people import PASSWORD

ZHOU, GU, DU = "11105201211603034", "11108200910180174", "13115201311325988"
MIAO = "11052609210031"  # an assistant, no lawyer
CLERK, JUDGE, RECORDER, RECORDER_PUDONG = "CY-LA-001", "CY-MS-101", "CY-MS-201", "PD-MS-201"
STEP_SECONDS = 30


@dataclass
class Person:
    """One signed-in browser; `faults` collects every 5xx and every console error that he met."""

    base: str
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def wait_for(self, path: str, text: str, *, within: float = 40) -> None:
        """Reload a page until a text shows: jobs work behind the pages."""
        deadline = time.monotonic() + within
        while True:
            self.go(path)
            if self.page.get_by_text(text).count():
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} never showed on {path}: {self.page.locator('main').inner_text()[:600]}")
            time.sleep(1)


def sign_in(browser: Browser, base: str, sign_name: str, **device: Any) -> Person:
    """Password, then the code that the demo page shows at this moment; `device` says what the browser is, if it
    matters: viewport, user_agent.
    """
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True,
        **{"viewport": {"width": 1440, "height": 900}, **device},
    )  # fmt: skip
    page = context.new_page()
    person = Person(base, context, page)
    page.on("console", lambda message: _console(person, message))
    page.on("response", lambda response: _response(person, response))
    for _ in range(3):
        page.goto(f"{base}/demo/")
        code = page.locator("tr", has_text=sign_name).locator("td").last.inner_text().strip()
        page.goto(f"{base}/account/login/")
        if not page.locator("#id_code").count():  # a refused code leaves the second step open
            page.fill("#id_login", sign_name)
            page.fill("#id_password", PASSWORD)
            page.get_by_role("button", name="下一步").click()
        page.fill("#id_code", code)
        with page.expect_navigation():
            page.get_by_role("button", name="登录").click()
        if not page.locator("#id_code").count():
            break
        time.sleep(STEP_SECONDS + 1 - time.time() % STEP_SECONDS)  # a code serves once
    expect(page.locator("header.top")).to_be_visible(timeout=10_000)  # a refusal is told soon, for who tries again
    person.faults.clear()
    return person


def _console(person: Person, message: ConsoleMessage) -> None:
    if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
        person.faults.append(f"console: {message.text}")


def _response(person: Person, response: Response) -> None:
    if response.status >= 500:
        person.faults.append(f"{response.status}: {response.url}")


@contextmanager
def scripts_held_back(page: Page) -> Iterator[None]:
    """A slow line: every script stays away from the page until the block ends, then all of them come."""
    held: list[Route] = []
    holding = True
    page.route("**/static/**/*.js", lambda route: held.append(route) if holding else route.continue_())
    yield
    page.wait_for_timeout(300)  # by now the last of them has been asked for
    holding = False
    for route in held:
        route.continue_()


def fits(page: Page) -> bool:
    """Whether nobody has to scroll sideways on the open page."""
    page.wait_for_load_state("networkidle")
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def axe_violations(page: Page, script: str) -> list[dict[str, Any]]:
    """What axe-core finds against WCAG 2.0–2.2 A and AA on the open page."""
    page.evaluate(script)
    rules = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']"
    found = page.evaluate(
        f"async () => (await axe.run(document, {{runOnly: {rules}}})).violations"
        ".map(v => ({id: v.id, nodes: v.nodes.map(n => n.target.join(' ')).slice(0, 5)}))"
    )
    return list(found)
