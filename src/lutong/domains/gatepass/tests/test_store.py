"""What the tablet remembers, in a real browser: on the disk where it may, else in memory, and it says so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from lutong.domains.gatepass.tests.test_javascript import HOME, answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FORBIDDEN = """IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }"""
SILENT = """IDBFactory.prototype.open = () => new EventTarget()"""
FULL = """window.full = false
for (const work of ['put', 'add']) {
  const known = IDBObjectStore.prototype[work]
  IDBObjectStore.prototype[work] = function (...more) {
    if (window.full) throw new DOMException('', 'QuotaExceededError')
    return known.apply(this, more)
  }
}"""
LIFE = """async () => {
  const { open } = await import('/js/gate-store.js')
  const lost = []
  const store = await open((error) => lost.push(error.name))
  await store.wipe()
  const code = (n) => ({ code_id: `code-${n}`, issued: 1000 + n, life: 30 })
  await store.set('token', 'lg_1')
  await store.keepPhoto('a', 'data:a')
  await store.keepPhoto('b', 'data:b')
  await store.wait({ seq: 12, text: 'second' })
  await store.wait({ seq: 11, text: 'first' })
  const used = [await store.use(code(1)), await store.use(code(1))]
  window.full = true
  used.push(await store.use(code(1)), await store.use(code(2)), await store.use(code(2)))
  await store.wait({ seq: 13, text: 'third' })
  const missing = await store.missingPhotos(new Set(['b', 'c']))
  await store.handedOver([11])
  const waiting = (await store.waiting()).map((scan) => scan.text)
  await store.forget(1_000_000)
  used.push(await store.use(code(1)))
  return {
    used, missing, waiting, count: await store.count(), token: await store.get('token'),
    photos: [await store.photo('a') ?? null, await store.photo('b')], lost,
  }
}"""
REMEMBERED = {
    "used": [True, False, False, True, False, True],  # the last one: stale anyway, and so forgotten
    "missing": ["c"],
    "waiting": ["second", "third"],
    "count": 2,
    "token": "lg_1",
    "photos": [None, "data:b"],
}


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context()
    context.route("**/*", answer)
    opened = context.new_page()
    yield opened
    context.close()


def life(page: "Page", fault: str = "") -> Any:
    if fault:
        page.add_init_script(fault)
    page.goto(HOME)
    return page.evaluate(LIFE)


def test_a_tablet_remembers_on_its_disk(page: "Page") -> None:
    assert life(page) == REMEMBERED | {"lost": []}


@pytest.mark.parametrize(
    ("fault", "why"), [(FORBIDDEN, "SecurityError"), (SILENT, "Error")], ids=["forbidden", "silent"]
)
def test_where_the_browser_keeps_nothing_the_gate_works_from_memory_and_says_so(
    page: "Page", fault: str, why: str
) -> None:
    assert life(page, fault) == REMEMBERED | {"lost": [why]}


def test_a_disk_that_gets_full_loses_nothing_and_lets_no_used_code_in_again(page: "Page") -> None:
    """Half way: what was on the disk goes on counting in memory."""
    assert life(page, FULL) == REMEMBERED | {"lost": ["QuotaExceededError"]}
