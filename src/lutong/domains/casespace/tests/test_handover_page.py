"""变更执业机构交接 as a page: the cases to choose for, and all else that goes on."""

import datetime as dt

from lutong.domains.cases import actions as cases
from lutong.domains.cases.tests import world as case_world
from lutong.domains.delegation.tests import world
from lutong.domains.filing.actions import start_draft
from lutong.domains.identity.events import FirmChanged
from lutong.domains.identity.models import Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.kernel import clock
from lutong.kernel.actor import system
from lutong.kernel.events import announce


def page() -> str:
    return browser(world.zhou()).get("/assistants/handover/").content.decode()


def test_a_lawyer_who_changes_firm_sees_every_period_and_draft_beside_the_cases() -> None:
    Lawyer.objects.filter(lawyer_id=world.ZHOU).update(firm_uscc=world.USCC, firm_name=world.FIRM)
    case = case_world.open_case()
    now = clock.now()
    cases.set_deadline(
        actor=system(case.court_id), court_id=case.court_id, case_id=case.id, kind="answer", title="答辩期限届满",
        due_on=clock.beijing_date(now) + dt.timedelta(days=9), law="民事诉讼法第一百二十八条", source="test",
        person_id=world.ZHOU, now=now,
    )  # fmt: skip
    draft = start_draft(actor=world.zhou(), now=now)
    Lawyer.objects.filter(lawyer_id=world.ZHOU).update(firm_name="上海和川律师事务所", firm_uscc="31310000MD0002")
    announce(FirmChanged(world.ZHOU, "周岚", world.USCC, world.FIRM, "31310000MD0002", "上海和川律师事务所", now))
    shown = page()
    assert case.number in shown
    assert "答辩期限届满" in shown
    assert f"/filing/{draft.id}/" in shown
    assert "我的立案草稿" in shown
    assert "跟随本人</button>" in shown
    made_since = start_draft(actor=world.zhou(), now=clock.now())
    assert f"/filing/{made_since.id}/" in page()


def test_without_anything_running_the_page_says_so() -> None:
    shown = page()
    assert "没有需要交接的案件" in shown
    assert "没有进行中的期限、立案和送达" in shown
