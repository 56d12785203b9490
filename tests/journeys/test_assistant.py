"""苗青禾 works for 周岚 with an account of her own: she sees what was granted, does it in both names, and no more.

周岚 takes the power back while her page is open: the very next click is refused.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lutong.kernel.clock import BEIJING
from lutong.site.demo_files import write_all
from tests.support.court_story import read_first_paper
from tests.support.journeys import Product
from tests.support.people import MIAO, ZHOU, Person, fits, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
NAME, BOTH = "苗青禾", "助理 苗青禾 代 律师 周岚"


@dataclass
class Pair:
    """The lawyer, her assistant, and the case that was granted."""

    lawyer: Person
    assistant: Person
    case: str
    number: str


def status_of(person: Person, path: str) -> int:
    response = person.page.goto(person.base + path)
    assert response is not None
    return response.status


def act_for(assistant: Person) -> None:
    assistant.go("/assisting/")
    assistant.page.get_by_role("button", name="代周岚律师办理").click()
    expect(assistant.page.get_by_text(f"一切操作记为“{BOTH}”")).to_be_visible()


def cases_of(person: Person) -> list[str]:
    person.go("/cases/")
    links = person.page.locator("main a[href^='/cases/']").evaluate_all("found => found.map(a => a.pathname)")
    return sorted({link for link in links if re.fullmatch(r"/cases/\d+/[0-9a-f-]{36}/", link)})


def grant(lawyer: Person, number: str, *, until: dt.date) -> None:
    """Tick 阅卷 and 提交材料 for one case, up to a day."""
    page = lawyer.page
    lawyer.go("/assistants/")
    page.locator("li.helper", has_text=NAME).get_by_role("link", name="授权案件").click()
    page.locator("main a", has_text=number).click()
    for label in ("阅卷", "提交材料"):
        page.locator("label.opt", has_text=label).first.locator("input").check()
    page.locator('[name="ends_on"]').fill(until.isoformat())
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.get_by_text(f"已授权{NAME}")).to_be_visible()


@pytest.fixture(scope="module")
def pair(product: Product, browser: Browser) -> Iterator[Pair]:
    lawyer, assistant = (sign_in(browser, product.web_url, name) for name in (ZHOU, MIAO))
    act_for(assistant)
    case = cases_of(assistant)
    assert len(case) == 1, "exactly the case that was granted"
    assistant.go(case[0])
    number = assistant.page.locator("h1").inner_text()
    yield Pair(lawyer, assistant, case[0], number)
    faults = lawyer.faults + assistant.faults
    for person in (lawyer, assistant):
        person.context.close()
    assert faults == []


def test_nothing_of_hers_is_open_before_she_says_for_whom_she_acts(pair: Pair) -> None:
    page = pair.assistant.page
    page.get_by_role("button", name="退出代办").click()
    expect(page.get_by_role("heading", name="我协助的律师")).to_be_visible()
    for path in ("/cases/", pair.case, f"{pair.case}dossier/", "/service/"):
        assert status_of(pair.assistant, path) == 404, path
    act_for(pair.assistant)
    assert status_of(pair.assistant, pair.case) == 200


def test_she_reads_and_hands_in_and_both_names_stand_in_the_record(pair: Pair, tmp_path: Path) -> None:
    assistant, lawyer = pair.assistant, pair.lawyer
    read_first_paper(assistant, pair.case)
    files, title = write_all(tmp_path), f"补充流水 {dt.datetime.now(BEIJING):%H%M%S}"
    page = assistant.page
    assistant.go(f"{pair.case}hand-in/")
    page.select_option("#kind", "evidence")
    page.fill("#title", title)
    page.locator("upload-box input[type=file]").first.set_input_files(
        [f for f in files if Path(f).name == "银行流水.pdf"]
    )
    page.locator('input[type=hidden][name="uploads"]').wait_for(state="attached", timeout=30_000)
    page.get_by_role("button", name="提交给法院").click()
    expect(page.get_by_text("已提交 1 份，法院已收到")).to_be_visible()
    expect(page.locator("main").get_by_text(title).first).to_be_visible()
    for person in (assistant, lawyer):
        person.go(f"{pair.case}timeline/")
        expect(person.page.locator("main").get_by_text(BOTH).first).to_be_visible()
    lawyer.go("/assistants/")
    lawyer.page.locator("li.helper", has_text=NAME).get_by_role("link", name="办理记录").click()
    row = lawyer.page.locator("main").get_by_role("row", name=re.compile(f"提交材料.*{title}"))
    expect(row).to_contain_text(BOTH)


def test_what_was_not_granted_is_refused_by_name_or_does_not_exist(pair: Pair) -> None:
    assistant = pair.assistant
    for tab, permission in (("service", "签收送达"), ("fees", "交费")):
        assert status_of(assistant, f"{pair.case}{tab}/") == 403
        expect(assistant.page.get_by_text(f"授予“{permission}”权限")).to_be_visible()
    others = [case for case in cases_of(pair.lawyer) if case != pair.case]
    closed = ("/fees/", "/assistants/", "/account/tokens/", "/gatepass/", "/representation/",
              "/cases/export.csv", f"{pair.case}powers/", *others)  # fmt: skip
    for path in closed:
        assert status_of(assistant, path) == 404, path


def test_she_prepares_a_draft_that_the_lawyer_named_and_hands_it_back(pair: Pair) -> None:
    page, desk = pair.lawyer.page, pair.assistant.page
    pair.lawyer.go("/filing/")
    page.get_by_role("button", name="申请立案").click()
    page.get_by_role("link", name="交助理准备").click()
    helpers = page.url.removeprefix(pair.lawyer.base)
    draft = helpers.removesuffix("helpers/")
    assert status_of(pair.assistant, draft) == 404
    page.locator("label.opt", has_text=NAME).locator("input").check()
    page.locator("label.opt", has_text="准备立案材料").locator("input").check()
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.get_by_text(f"已请{NAME}准备这份草稿")).to_be_visible()
    pair.assistant.go("/filing/")
    expect(desk.locator(f"main a[href='{draft}']").first).to_be_visible()
    pair.assistant.go(f"{draft}step/facts/")
    desk.locator("textarea[name=facts]").fill("二〇二六年三月被告借款三十万元，至今未还。")
    desk.keyboard.press("Tab")
    expect(desk.locator("#saved")).to_contain_text(re.compile("已保存 .*:"))
    pair.assistant.go(f"{draft}step/check/")
    expect(desk.get_by_role("button", name="提交立案申请")).to_have_count(0)
    desk.get_by_role("button", name="交律师审阅").click()
    expect(desk.get_by_text("已交周岚律师审阅")).to_be_visible()
    pair.lawyer.go(helpers)
    expect(page.get_by_role("row", name=re.compile("交律师审阅"))).to_contain_text(BOTH)
    page.get_by_role("button", name=f"撤销{NAME}的授权").click()
    expect(page.get_by_text("立即生效").first).to_be_visible()
    assert status_of(pair.assistant, draft) == 404
    pair.lawyer.go("/filing/?tab=draft")
    row = page.locator("li.flist__i", has=page.locator(f"a[href='{draft}']"))
    row.locator("summary").click()
    row.get_by_role("button", name="删除").click()
    expect(page.get_by_text("已删除草稿")).to_be_visible()


def test_no_link_that_she_is_shown_leads_nowhere(pair: Pair) -> None:
    page, found = pair.assistant.page, set()
    for path in ("/", "/cases/", "/filing/", pair.case, f"{pair.case}dossier/", f"{pair.case}team/", "/calendar/",
                 "/notices/", "/assisting/", "/account/"):  # fmt: skip
        if status_of(pair.assistant, path) == 200:
            found |= set(page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))"))
    dead = []
    for href in sorted(found):
        if not re.search(r"/(file|pdf)/|\.ics|\.pdf|/demo/", href):
            answer = page.request.get(pair.assistant.base + href)
            if answer.status >= 400:
                dead.append(f"{answer.status} {href}")
    assert dead == []


def test_her_pages_fit_a_phone(pair: Pair) -> None:
    page = pair.assistant.page
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/assisting/", "/cases/", pair.case, f"{pair.case}dossier/", f"{pair.case}hand-in/"):
        pair.assistant.go(path)
        assert fits(page), path
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_power_taken_back_is_gone_at_the_very_next_click(pair: Pair) -> None:
    assistant, lawyer = pair.assistant, pair.lawyer
    assistant.go(pair.case)  # left open
    lawyer.go("/assistants/")
    lawyer.page.get_by_role("button", name=f"撤销{NAME}在 {pair.number} 的授权").click()
    expect(lawyer.page.get_by_text("立即生效")).to_be_visible()
    with assistant.page.expect_response(lambda response: "dossier" in response.url) as clicked:
        assistant.page.locator("nav.tabs a", has_text="电子卷宗").click()
    assert clicked.value.status == 404
    for path in (pair.case, f"{pair.case}dossier/", f"{pair.case}hand-in/"):
        assert status_of(assistant, path) == 404, path
    assert cases_of(assistant) == []
    assistant.go("/notices/")
    expect(assistant.page.locator("main").get_by_text(re.compile("撤销")).first).to_be_visible()


def test_it_is_granted_again_for_a_time_and_both_see_until_when(pair: Pair) -> None:
    until = dt.datetime.now(BEIJING).date() + dt.timedelta(days=30)
    grant(pair.lawyer, pair.number, until=until)
    expect(pair.lawyer.page.locator("li.helper", has_text=NAME)).to_contain_text(f"至 {until}")
    assert status_of(pair.assistant, pair.case) == 200
    assert status_of(pair.assistant, f"{pair.case}hand-in/") == 200
    pair.assistant.go("/assisting/")
    expect(pair.assistant.page.locator("main")).to_contain_text(f"至 {until}")
