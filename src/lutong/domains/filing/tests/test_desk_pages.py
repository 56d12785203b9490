"""The pages of the filing desk: what each shows to whom, and that nothing typed is lost by a refusal."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client

from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.filing.models import Filing
from lutong.domains.filing.tests import desk_world as at_desk
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.desk_world import LATER
from lutong.domains.identity.tests.browser import browser
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role

pytestmark = pytest.mark.django_db
DEFECT = {"ZT-03": "defect", "ZT-03-note": "请补充被告的身份证号码"}


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)


@pytest.fixture
def filing() -> Filing:
    return at_desk.waiting(world.lawyer())


@pytest.fixture
def clerk() -> Client:
    return browser(at_desk.staff("D-clerk-1"))


def address(filing: Filing, tail: str = "") -> str:
    return f"/desk/filings/{filing.id}/{tail}"


def form(filing: Filing, **more: object) -> dict[str, object]:
    return {"version": at_desk.fresh(filing).version, **more}


def text_of(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, path
    return page.content.decode()


def opening(page: str, dialog: str) -> str | None:
    """The button that opens a dialog, if the page offers it."""
    found = re.search(rf'<button[^>]*data-dialog="{dialog}"[^>]*>([^<]*)', page)
    return found[1] if found else None


@pytest.mark.parametrize("tab", ["waiting", "corrected", "returned", "overdue", "done", "nonsense"])
def test_every_tab_of_the_queue_shows_itself(tab: str, clerk: Client, filing: Filing) -> None:
    page = text_of(clerk, f"/desk/filings/?tab={tab}")
    assert (filing.receipt_no in page) == (tab in {"waiting", "nonsense"})


def test_an_overdue_filing_stands_above_the_queue(
    clerk: Client, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "应当先行登记立案" not in text_of(clerk, "/desk/filings/")
    monkeypatch.setattr(clock, "now", lambda: LATER + dt.timedelta(days=30))
    assert "1 件已超期，应当先行登记立案" in text_of(clerk, "/desk/filings/")


@pytest.mark.parametrize("query", ["?after=bad", "?after=AAAA", "?q=%00", "?q=" + "长" * 5000, "?tab=%00&mine=x"])
def test_a_tampered_address_is_answered_with_a_sentence(query: str, clerk: Client, filing: Filing) -> None:
    page = clerk.get(f"/desk/filings/{query}")
    assert page.status_code in (200, 400, 422)
    assert re.search("[一-龥]", page.content.decode())


def test_the_next_filing_is_taken_and_when_none_is_left_it_says_so(clerk: Client, filing: Filing) -> None:
    assert clerk.post("/desk/filings/next/")["Location"] == address(filing)
    assert "审核人 孟书宁" in text_of(clerk, address(filing))
    assert clerk.post("/desk/filings/next/")["Location"] == "/desk/filings/"
    assert "没有待领取的立案申请" in text_of(clerk, "/desk/filings/")


def test_the_review_shows_content_papers_list_and_clock(clerk: Client, filing: Filing) -> None:
    page = text_of(clerk, address(filing))
    for words in ("苏晚晴", "程屿舟", "借条", "ZT-03", "11-27", "民事诉讼法第一百二十六条"):
        assert words in page
    assert page.count("/pages/") >= 5, "each paper opens in the viewer"


def test_marks_follow_into_notice_and_buttons(clerk: Client, filing: Filing) -> None:
    told = clerk.post(address(filing, "marks/"), DEFECT | {"review_version": 0}).content.decode()
    assert "请补充被告的身份证号码" in told
    assert opening(told, "return") == "发出补正（1 项）"
    assert opening(told, "register") is None
    page = text_of(clerk, address(filing))
    assert "请补充被告的身份证号码" in page
    assert re.search(r'id="ZT-03-d" checked', page)


def test_two_clerks_on_one_file_are_told_of_one_another(clerk: Client, filing: Filing) -> None:
    clerk.post(address(filing, "marks/"), DEFECT | {"review_version": 0})
    other = browser(at_desk.staff("D-clerk-2", name="贺闻"))
    page = other.post(address(filing, "marks/"), {"ZT-03": "pass", "review_version": 0})
    assert page.status_code == 409
    assert "孟书宁刚刚改过" in page.content.decode()


@pytest.mark.parametrize("note", ["含\x00空字符", "\ud800", "长" * 5000, "<script>alert(1)</script>"])
def test_whatever_is_typed_as_a_note_is_kept_or_refused_with_a_sentence(
    note: str, clerk: Client, filing: Filing
) -> None:
    given = {"ZT-03": "defect", "ZT-03-note": note.encode("utf-8", "replace").decode(), "review_version": "9" * 40}
    page = clerk.post(address(filing, "marks/"), given)
    assert page.status_code in (200, 400, 422)
    assert "<script>alert" not in page.content.decode()


def test_a_correction_is_issued_and_the_page_turns_to_waiting(clerk: Client, filing: Filing) -> None:
    sent = clerk.post(address(filing, "return/"), form(filing, **DEFECT, days="7"))
    assert sent["Location"] == address(filing)
    page = text_of(clerk, address(filing))
    assert "已发出补正告知（1 项），请律师在 2026-11-27 前补正" in page
    assert "请律师在" in page
    assert opening(page, "return") is None
    assert re.search(r'id="ZT-03-p"[^>]*disabled', page), "nothing is marked while the lawyer corrects"


def test_a_refused_correction_loses_nothing_that_was_typed(clerk: Client, filing: Filing) -> None:
    given = {
        "ZT-03": "defect",
        "ZT-03-note": "  ",
        "ZT-04": "defect",
        "ZT-04-note": "请说明与案外人的关系",
        "days": "7",
    }
    page = clerk.post(address(filing, "return/"), form(filing, **given))
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#ZT-03-note"' in text
    assert "请说明与案外人的关系" in text
    assert at_desk.fresh(filing).state == "submitted"


def test_a_late_page_is_told_so_and_keeps_what_was_typed(clerk: Client, filing: Filing) -> None:
    page = clerk.post(address(filing, "return/"), DEFECT | {"version": 99, "days": "7"})
    assert page.status_code == 409
    assert "请刷新后再办" in page.content.decode()
    assert "请补充被告的身份证号码" in page.content.decode()


def test_registering_leads_to_the_case(clerk: Client, filing: Filing) -> None:
    judge = at_desk.staff("D-judge", Role.JUDGE, name="许知行")
    recorder = at_desk.staff("D-recorder", Role.RECORDER, name="方蕾")
    assert "许知行（立案庭）" in text_of(clerk, address(filing))
    given = form(filing, procedure="simple", judge_id=judge.person_id, recorder_id=recorder.person_id)
    assert clerk.post(address(filing, "register/"), given)["Location"] == address(filing)
    page = text_of(clerk, address(filing))
    assert f"/desk/cases/{at_desk.fresh(filing).case_id}/" in page
    assert opening(page, "register") is None
    assert filing.receipt_no in text_of(clerk, "/desk/filings/?tab=done")


def test_registering_waits_for_the_list_but_not_beyond_the_last_day(
    clerk: Client, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.post(address(filing, "marks/"), DEFECT | {"review_version": 0})
    assert opening(text_of(clerk, address(filing)), "register") is None
    monkeypatch.setattr(clock, "now", lambda: LATER + dt.timedelta(days=30))
    assert opening(text_of(clerk, address(filing)), "register") == "超期先行登记"


def test_refusal_and_transfer_ask_for_their_reasons_on_the_page(clerk: Client, filing: Filing) -> None:
    page = clerk.post(address(filing, "refuse/"), form(filing, ground="", reason="合同第九条约定仲裁"))
    assert page.status_code == 422
    assert "合同第九条约定仲裁" in page.content.decode()
    assert clerk.post(address(filing, "transfer/"), form(filing, to_court_id="x", reason="管辖")).status_code == 422
    found = clerk.get("/desk/filings/courts/", {"court": "浦东"}).content.decode()
    assert "上海市浦东新区人民法院" in found
    to = get_court_by_code(code="沪0115").id
    given = form(filing, to_court_id=to, reason="被告住所地不在本辖区")
    assert clerk.post(address(filing, "transfer/"), given).status_code == 302
    assert "请向上海市浦东新区人民法院起诉。被告住所地不在本辖区" in text_of(clerk, address(filing))


def test_an_unknown_step_changes_nothing(clerk: Client, filing: Filing) -> None:
    assert clerk.post(address(filing, "destroy/"), form(filing))["Location"] == address(filing)
    assert at_desk.fresh(filing).version == filing.version


def test_the_president_reads_the_review_but_finds_no_button(filing: Filing) -> None:
    president = browser(at_desk.staff("D-president", Role.PRESIDENT))
    page = text_of(president, address(filing))
    assert filing.title in page
    assert [opening(page, name) for name in ("return", "register", "refuse", "transfer")] == [None] * 4
    assert re.search(r'id="ZT-03-p"[^>]*disabled', page)
    for step in ("marks", "claim"):
        assert president.post(address(filing, f"{step}/"), DEFECT).status_code == 403
    assert president.post("/desk/filings/next/").status_code == 403
    judge = browser(at_desk.staff("D-judge", Role.JUDGE))
    assert judge.get(address(filing)).status_code == judge.get("/desk/filings/").status_code == 404


@pytest.mark.parametrize("kind", ["lawyer", "other_court"])
def test_for_everybody_else_there_is_no_such_page(kind: str, filing: Filing) -> None:
    actor: Actor = (
        world.lawyer() if kind == "lawyer" else at_desk.staff("D-far", court_id=get_court_by_code(code="沪0115").id)
    )
    other = browser(actor)
    assert other.get(address(filing)).status_code == 404
    for step in ("marks", "claim", "return", "register", "approve", "refuse", "transfer"):
        assert other.post(address(filing, f"{step}/"), form(filing, **DEFECT)).status_code == 404, step
    assert at_desk.fresh(filing).version == filing.version


def test_a_filing_that_does_not_exist_is_not_found(clerk: Client) -> None:
    assert clerk.get(f"/desk/filings/{uuid.uuid4()}/").status_code == 404


def test_the_correction_notice_is_a_paper_for_its_lawyer_alone(clerk: Client, filing: Filing) -> None:
    clerk.post(address(filing, "return/"), form(filing, **DEFECT, days="7"))
    paper = f"/filing/{filing.draft_id}/papers/correction-1.pdf"
    owner = browser(Actor(filing.lawyer_id, Role.LAWYER, filing.lawyer_name)).get(paper)
    assert owner.content.startswith(b"%PDF")
    assert clerk.get(paper).status_code == 404
    assert browser(world.lawyer(1)).get(paper).status_code == 404
