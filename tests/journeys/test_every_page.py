"""By night: each page that each role can reach by clicking answers, fits a telephone, and axe-core finds nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lutong.site.demo_people import PEOPLE
from tests.support.crawling import crawl
from tests.support.journeys import Product
from tests.support.people import Person, axe_violations, fits, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AXE = Path("node_modules/axe-core/axe.min.js")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
FIRST_OF_ROLE = {(one.role, one.court_code[:1]): one.sign_name for one in reversed(PEOPLE)}
SUSPENDED = "11108201110154761"


def faults_of(person: Person, address: str, script: str) -> list[str]:
    """What is wrong with the open page on both screens."""
    found = []
    for size in (DESK, PHONE):
        person.page.set_viewport_size(size)  # type: ignore[arg-type]
        length = person.page.evaluate("document.documentElement.scrollHeight")
        person.page.set_viewport_size({"width": size["width"], "height": length})  # else a sticky bar hides a field
        found += [f"{address} at {size['width']}: {violation}" for violation in axe_violations(person.page, script)]
        if not fits(person.page):
            found.append(f"{address}: wider than {size['width']}")
    if person.page.locator("h1").count() != 1:
        found.append(f"{address}: {person.page.locator('h1').count()} headings of the first rank")
    if not person.page.title().strip():
        found.append(f"{address}: no title")
    return found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted({*FIRST_OF_ROLE.values()} - {SUSPENDED}))
def test_every_page_of_a_role_is_sound(product: Product, browser: "Browser", name: str) -> None:
    script = AXE.read_text(encoding="utf-8")
    person = sign_in(browser, product.web_url, name)
    answers: dict[str, int] = {}
    person.page.on("response", lambda r: answers.update({r.url.removeprefix(person.base): r.status}))
    faults, visited = [], 0
    for address in crawl(person):
        visited += 1
        if answers.get(address, 200) >= 400:
            faults.append(f"{address}: {answers[address]}, though a link leads there")
        faults += faults_of(person, address, script)
    person.context.close()
    assert visited >= 5, "the crawl found no pages"
    assert not [*faults, *person.faults], "\n".join([*faults, *person.faults])


def test_a_page_with_faults_is_found_out(product: Product, browser: "Browser") -> None:
    person = sign_in(browser, product.web_url, "CY-CW-001")
    person.go("/account/")
    person.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<h1>x</h1><img src=x>')")
    person.page.evaluate("document.querySelector('main').style.minWidth = '3000px'")  # CSP refuses a style attribute
    found = "\n".join(faults_of(person, "/account/", AXE.read_text(encoding="utf-8")))
    person.context.close()
    assert "image-alt" in found
    assert "wider than 390" in found
    assert "headings of the first rank" in found
