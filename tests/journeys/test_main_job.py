"""The main job in a real browser: filed, registered, paid, joined, scheduled, served, read, decided."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from lutong.kernel.clock import BEIJING
from lutong.site.demo_files import write_all
from tests.support.court_story import (
    case_of,
    claim,
    confirm_claim,
    decide,
    desk_case,
    inbox_of,
    pass_everything,
    pay,
    plan,
    read_first_paper,
    register,
    schedule,
    serve_judgment,
    sign_newest,
    take_next,
    to_trial,
)
from tests.support.filing_story import begin, file_complaint, receipt_no
from tests.support.journeys import Product
from tests.support.people import (
    CLERK,
    DU,
    GU,
    JUDGE,
    RECORDER,
    RECORDER_PUDONG,
    ZHOU,
    Person,
    axe_violations,
    scripts_held_back,
    sign_in,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
AXE = Path("node_modules/axe-core/axe.min.js")
REASON = "审限将届，双方代理人均可调整线上会议"


@dataclass
class Cast:
    """Everybody in the story, and where it has got to."""

    zhou: Person
    gu: Person
    clerk: Person
    judge: Person
    recorder: Person
    case: str = ""
    desk: str = ""
    number: str = ""
    review: str = ""

    def everybody(self) -> list[Person]:
        return [self.zhou, self.gu, self.clerk, self.judge, self.recorder]


def thursday_after_next() -> dt.date:
    """The day on which the demo world has already put a conference of both counsel before 浦东法院."""
    today = dt.datetime.now(BEIJING).date()
    return today + dt.timedelta(days=(3 - today.weekday()) % 7 + 7)


@pytest.fixture(scope="module")
def cast(product: Product, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The story up to the judgment; each test below looks at one part of what it left behind."""
    zhou, gu, clerk, judge, recorder = (
        sign_in(browser, product.web_url, name) for name in (ZHOU, GU, CLERK, JUDGE, RECORDER)
    )
    story = Cast(zhou, gu, clerk, judge, recorder)
    files = tmp_path_factory.mktemp("files")
    file_complaint(zhou, files, mediation="yes")
    story.review = take_next(clerk, receipt_no(zhou))
    pass_everything(clerk.page)
    register(clerk, judge="许知行", recorder="方蕾")
    story.case, story.number = case_of(zhou)
    story.desk = desk_case(judge, story.number)
    to_trial(judge, story.desk)
    pay(zhou, story.case)
    claim(gu, story.number, "程屿舟", files)
    confirm_claim(recorder, "顾衡")
    today = dt.datetime.now(BEIJING).date()
    plan(recorder, story.desk, today + dt.timedelta(days=8))
    schedule(recorder, story.desk, thursday_after_next(), "09:30", "第十九法庭", reason=REASON)
    yield story
    for person in story.everybody():
        person.context.close()


def test_the_case_runs_from_filing_to_a_hearing_with_everybody_told(cast: Cast) -> None:
    cast.zhou.go(cast.case)
    page = cast.zhou.page
    for text in ("审理中", "简易程序", "程屿舟", "顾衡 律师", "第十九法庭", "重叠 60 分钟"):
        expect(page.locator("main")).to_contain_text(text)


def test_both_counsel_are_served_and_the_periods_explain_themselves(cast: Cast) -> None:
    sign_newest(cast.zhou, "传票", cast.number)
    sign_newest(cast.gu, "传票", cast.number)
    cast.gu.wait_for(inbox_of(cast.number), "应诉通知书")
    cast.gu.go(cast.case)
    expect(cast.gu.page.locator("main")).to_contain_text("答辩")
    expect(cast.gu.page.locator("main")).to_contain_text("民事诉讼法第一百二十八条")


def test_the_clash_is_seen_by_the_lawyer_in_his_calendar(cast: Cast) -> None:
    cast.zhou.go("/calendar/agenda/?on=" + thursday_after_next().isoformat())
    expect(cast.zhou.page.locator("main")).to_contain_text("重叠")
    expect(cast.zhou.page.locator("main")).to_contain_text("浦东")


def test_counsel_of_record_read_the_dossier_page_by_page(cast: Cast) -> None:
    read_first_paper(cast.zhou, cast.case)
    read_first_paper(cast.gu, cast.case)


def test_a_stranger_finds_nothing(cast: Cast, browser: Browser, product: Product) -> None:
    stranger = sign_in(browser, product.web_url, DU)
    for address in (cast.case, cast.case + "dossier/", cast.desk, cast.review):
        response = stranger.page.goto(product.web_url + address)
        assert response is not None
        assert response.status == 404, address
    stranger.context.close()


def test_the_judge_records_the_outcome(cast: Cast) -> None:
    decide(cast.judge, cast.desk)
    cast.zhou.go(cast.case)
    expect(cast.zhou.page.locator("main")).to_contain_text("已裁判")


def test_the_judgment_is_served_and_the_appeal_period_runs(cast: Cast, tmp_path: Path) -> None:
    write_all(tmp_path)
    serve_judgment(cast.recorder, cast.desk, tmp_path)
    cast.gu.wait_for(inbox_of(cast.number), "民事判决书")
    cast.gu.wait_for(cast.case, "上诉")
    expect(cast.gu.page.locator("main")).to_contain_text("民事诉讼法第一百七十一条")


def test_the_preview_is_about_the_time_that_was_picked_before_the_scripts_came(cast: Cast, browser: Browser) -> None:
    recorder = sign_in(browser, cast.zhou.base, RECORDER_PUDONG)
    page = recorder.page
    recorder.go("/desk/calendar/new/")
    address = page.locator("main a[href*='case=']").first.get_attribute("href")
    saturday = (today := dt.datetime.now(BEIJING).date()) + dt.timedelta(days=12 - today.weekday())
    with scripts_held_back(page):
        page.goto(f"{recorder.base}{address}", wait_until="commit")
        page.locator('[name="day"]').fill(saturday.isoformat())
        page.locator("#starts").select_option(label="09:30")
        expect(page.locator("#preview")).not_to_contain_text(saturday.isoformat())
    expect(page.locator("#preview")).to_contain_text(f"{saturday.isoformat()} 09:30")
    assert not recorder.faults
    recorder.context.close()


def test_what_is_typed_into_a_draft_before_the_scripts_came_is_saved(cast: Cast) -> None:
    page = cast.zhou.page
    address = f"{cast.zhou.base}{begin(cast.zhou)}step/court/"
    with scripts_held_back(page):
        page.goto(address, wait_until="commit")
        page.locator('[name="jurisdiction_note"]').fill("原告住所地在北京市朝阳区")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"已保存 \d"))
    page.goto(address)
    expect(page.locator('[name="jurisdiction_note"]')).to_have_value("原告住所地在北京市朝阳区")


def test_a_button_pressed_while_an_answer_comes_in_is_not_missed(cast: Cast) -> None:
    """What an answer brings waits for the release; else the page moves and the button is no longer under the finger."""
    page = cast.zhou.page
    page.goto(f"{cast.zhou.base}{begin(cast.zhou)}step/mediation/")
    saves: list[Route] = []
    page.route("**/save/", lambda route: saves.append(route) if len(saves) < 2 else route.continue_())
    page.locator('[name="mediation_told"]').check()
    page.wait_for_timeout(1000)  # the first save is on its way and does not know of the choice
    page.locator('[name="mediation_will"][value="yes"]').check()
    button = page.locator('button[name="go"][value="next"]').bounding_box()
    assert button is not None
    page.mouse.move(button["x"] + button["width"] / 2, button["y"] + 5)
    page.mouse.down()
    (first,) = saves
    first.continue_()
    page.wait_for_timeout(400)
    page.mouse.up()
    expect(page.locator("#mediation_will-msg")).not_to_have_class(re.compile("is-err"))
    for _ in range(20):
        page.wait_for_timeout(100)
        if len(saves) == 2:
            break
    saves[1].continue_()
    page.wait_for_url("**/step/parties/")


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_breaks_accessibility_or_runs_over_its_width(cast: Cast, width: int) -> None:
    script = AXE.read_text(encoding="utf-8")
    lawyer_pages = ["/", "/cases/", cast.case, *(f"{cast.case}{tab}/" for tab in (
        "dossier", "schedule", "service", "fees", "people", "timeline")), "/filing/", "/calendar/", "/calendar/month/",
        "/calendar/agenda/", "/service/", "/representation/", "/notices/", "/account/"]  # fmt: skip
    desk_pages = ["/desk/cases/", cast.desk, f"{cast.desk}audit/", "/desk/calendar/", "/desk/deliveries/",
                  "/desk/representations/", "/desk/fees/", "/notices/", "/account/"]  # fmt: skip
    filing_pages = ["/desk/filings/", cast.review]
    faults = []
    for person, pages in ((cast.zhou, lawyer_pages), (cast.recorder, desk_pages), (cast.clerk, filing_pages)):
        person.page.set_viewport_size({"width": width, "height": 844})
        for address in pages:
            person.go(address)
            person.page.wait_for_load_state("networkidle")
            faults += [f"{address}: {v}" for v in axe_violations(person.page, script)]
            if person.page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{address}: wider than {width}")
    assert not faults, "\n".join(faults)


def test_nobody_met_a_server_error_or_a_console_error(cast: Cast) -> None:
    faults = [fault for person in cast.everybody() for fault in person.faults]
    assert not faults
