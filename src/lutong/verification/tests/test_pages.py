"""Every page in every state, in a real browser: accessible by axe-core's rules, and no wider than a phone."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lutong.verification.tests.every_page import Page, pages
from lutong.verification.tests.people import World, build
from lutong.verification.tests.serving import chromium, cookie
from tests.support.databases import Database
from tests.support.people import axe_violations
from tests.support.serving import served

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
AXE = Path("node_modules/axe-core/axe.min.js")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def site(committed_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, World]]:
    """The service with the demo world's roll, on a port of its own."""
    monkeypatch.setattr(settings, "LUTONG", dataclasses.replace(settings.LUTONG, home=tmp_path))
    monkeypatch.setattr(settings, "LUTONG_DEMO", True)
    world = build()
    with served() as address:
        yield address, world


def opened(browser: Any, address: str, page: Page) -> Any:
    """The page in a browser of its own, after what was to be done there."""
    context = browser.new_context(viewport=PHONE)
    if settings.SESSION_COOKIE_NAME in page.client.cookies:
        context.add_cookies([cookie(page.client, address)])
    tab = context.new_page()
    tab.goto(address + page.path)
    if page.act is not None:
        page.act(tab)
    return tab


def faults(tab: Any, script: str) -> Iterator[str]:
    """What is wrong with the open page: its width on a phone and on a desk, and on the phone what axe-core finds."""
    for size in (DESK, PHONE):
        tab.set_viewport_size(size)
        if tab.evaluate("() => document.documentElement.scrollWidth") > size["width"]:
            yield f"wider than {size['width']}"
    yield from (str(found) for found in axe_violations(tab, script))


def test_every_page_is_accessible_and_fits_a_phone(site: tuple[str, World]) -> None:
    address, world = site
    script, met = AXE.read_text("utf-8"), list(pages(world))  # now: beside a browser's loop Django asks no database
    found = []
    with chromium() as browser:
        for page in met:
            tab = opened(browser, address, page)
            found += [f"{page.name}: {fault}" for fault in faults(tab, script)]
            tab.context.close()
        tab = browser.new_page(viewport=PHONE)
        tab.set_content("<html><body><img src=x><p style='width:900px'>x</p></body></html>")
        planted = list(faults(tab, script))
    assert not found, "\n".join(found)
    assert len(met) > 70
    assert "wider than 390" in planted and any("image-alt" in fault for fault in planted)
