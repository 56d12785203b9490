"""The tablet's rules in a real browser against the same vectors: the tablet and the server never disagree."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from lutong.domains.gatepass.tests import vectors
from tests.house.sources import PACKAGE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

STATIC = PACKAGE / "site" / "static"
HOME = "http://localhost:1/"  # a secure context; nobody listens, every request is answered here
RUN = """async (vectors) => {
  const { judge } = await import('/js/gate-rules.js')
  const results = []
  for (const v of vectors) {
    let asked = 0
    const said = await judge(v.text, v.bundle, (code) => { asked += 1; return !v.used.includes(code.code_id) }, v.now)
    results.push([v.name, said.reason, said.admitted, said.hearing?.hearing_id ?? null, asked, said.title, said.advice])
  }
  return results
}"""
WITHOUT_ED25519 = """const known = crypto.subtle.importKey.bind(crypto.subtle)
crypto.subtle.importKey = (form, key, kind, ...more) =>
  kind?.name === 'Ed25519'
    ? Promise.reject(new DOMException('', 'NotSupportedError'))
    : known(form, key, kind, ...more)"""


def answer(route: "Route") -> None:
    """Files of ours, and an empty page to run them in."""
    path = STATIC / route.request.url.removeprefix(HOME)
    if path.is_file():
        route.fulfill(body=path.read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>gate</title>", content_type="text/html")


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context()
    context.route("**/*", answer)
    opened = context.new_page()
    yield opened
    context.close()


def verdicts(page: "Page", given: list[dict[str, Any]]) -> list[Any]:
    page.goto(HOME)
    found: list[Any] = page.evaluate(RUN, orjson.loads(orjson.dumps(given)))
    return found


def ours() -> list[list[Any]]:
    """What the rules in Python say, with how often they ask whether a code was used."""
    rows: list[list[Any]] = []
    for vector in vectors.VECTORS:
        asked: list[Any] = []

        def use(code: Any, vector: Any = vector, asked: list[Any] = asked) -> bool:
            asked.append(code)
            return code.code_id not in vector.used

        verdict = vectors.rules.judge(vector.text, bundle=vector.bundle, use=use, now=vector.now)
        hearing = str(verdict.hearing.hearing_id) if verdict.hearing else None
        rows.append(
            [vector.name, verdict.reason.value, verdict.admitted, hearing, len(asked), verdict.title, verdict.advice]
        )
    return rows


def test_the_tablet_judges_every_vector_as_the_server_does(page: "Page") -> None:
    assert verdicts(page, vectors.published()) == ours()


def test_a_browser_without_ed25519_judges_alike_by_the_bundled_library(page: "Page") -> None:
    if not (STATIC / "vendor" / "ed25519.mjs").is_file():
        pytest.skip("npm run build has not run")
    page.add_init_script(WITHOUT_ED25519)
    assert verdicts(page, vectors.published()) == ours()


def test_a_tablet_with_other_rules_is_found(browser: "Browser") -> None:
    """The planted fault: one that forgets that codes get stale."""

    def careless(route: "Route") -> None:
        path = STATIC / route.request.url.removeprefix(HOME)
        if path.name != "gate-rules.js":
            return answer(route)
        text = Path(path).read_text(encoding="utf-8")
        return route.fulfill(body=text.replace("|| now >= code.issued + code.life", ""), content_type="text/javascript")

    context = browser.new_context()
    context.route("**/*", careless)
    assert verdicts(context.new_page(), vectors.published()) != ours()
    context.close()
