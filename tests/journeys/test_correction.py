"""补正 in a real browser: the clerk names what is missing, the lawyer mends just that, the clerk registers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.support.court_story import ask_to_correct, case_of, mark_defect, pass_everything, register, take_next
from tests.support.filing_story import correct, file_complaint
from tests.support.journeys import Product
from tests.support.people import CLERK, ZHOU, Person, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
NOTE = "请补充被告程屿舟的工作单位，以便与同名者相区别。"
EMPLOYER = "北京晴川设计有限公司"


@dataclass
class Cast:
    """Lawyer and clerk, the lawyer's address of the filing and the clerk's."""

    zhou: Person
    clerk: Person
    filing: str
    review: str


@pytest.fixture(scope="module")
def cast(product: Product, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    zhou, clerk = (sign_in(browser, product.web_url, name) for name in (ZHOU, CLERK))
    filing = file_complaint(zhou, tmp_path_factory.mktemp("files"))
    yield Cast(zhou, clerk, filing, take_next(clerk))
    for person in (zhou, clerk):
        person.context.close()


def test_a_filing_is_returned_once_mended_where_named_and_registered(cast: Cast) -> None:
    the_clerk_reads_paper_after_paper(cast.clerk)
    mark_defect(cast.clerk.page, "ZT-03", NOTE)
    ask_to_correct(cast.clerk)
    the_lawyer_finds_just_the_named_item_open(cast)
    correct(cast.zhou, cast.filing, "parties.1.employer", EMPLOYER)
    the_clerk_sees_the_answer(cast)
    pass_everything(cast.clerk.page)
    register(cast.clerk, judge="许知行", recorder="方蕾")
    _, number = case_of(cast.zhou)
    cast.zhou.go(cast.filing)
    expect(cast.zhou.page.locator("main")).to_contain_text(number)
    assert not [*cast.zhou.faults, *cast.clerk.faults]


def the_clerk_reads_paper_after_paper(clerk: Person) -> None:
    """Each paper opens beside the list, and the list of papers says which one is open."""
    papers = clerk.page.locator(".view__f a")
    for paper in (papers.nth(1), papers.nth(0)):
        paper.click()
        expect(paper).to_have_attribute("aria-current", "page")
        expect(clerk.page.locator("#viewer .vw")).to_be_visible(timeout=60_000)
        clerk.page.wait_for_function(
            "() => { const i = document.querySelector('#viewer img'); return i && i.complete && i.naturalWidth > 100 }",
            timeout=60_000,
        )


def the_lawyer_finds_just_the_named_item_open(cast: Cast) -> None:
    page = cast.zhou.page
    cast.zhou.go(cast.filing)
    for text in ("补正告知（第 1 次）", "ZT-03", NOTE, "次日起重新计算"):
        expect(page.locator("main")).to_contain_text(text)
    page.get_by_role("link", name="逐项补正").click()
    expect(page.locator('[name="parties.1.employer"]')).to_be_enabled()
    for path in ("parties.0.name", "parties.0.address"):
        expect(page.locator(f'[name="{path}"]')).to_be_disabled()


def the_clerk_sees_the_answer(cast: Cast) -> None:
    cast.clerk.go("/desk/filings/?tab=corrected")
    expect(cast.clerk.page.locator("main table")).to_contain_text("补正已回")
    cast.clerk.go(cast.review)
    main = cast.clerk.page.locator("main")
    expect(main).to_contain_text("补正。")
    expect(main).to_contain_text("收到补正")
