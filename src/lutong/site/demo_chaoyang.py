"""What 朝阳法院 has in hand when the demo world opens: a case in each stage, an urgent look, a post to approve.

Counsel is 罗清 alone, so that the story of 周岚 and 顾衡 starts on an empty table. All names are fictional.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from lutong.domains.cases import actions as cases
from lutong.domains.cases.queries import CaseFilter, list_court_cases
from lutong.domains.courts.queries import CourtInfo, get_court_by_code, search_causes
from lutong.domains.hearings import actions as hearings
from lutong.domains.hearings.queries import list_courtrooms
from lutong.domains.identity.queries import list_colleagues
from lutong.domains.staffing import actions as staffing
from lutong.domains.staffing.queries import list_members
from lutong.domains.staffing.rules import Person
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.site.demo_people import CHAOYANG
from lutong.site.demo_world import counsel_of, pay

LAWYER = "罗清"
NEWCOMER = Person("CY-MS-302", "尹千帆", "13800010319", "民事审判二庭", ("judge",))
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Story:
    """One case: who sues whom about what, before whom, and whether both wish to be mediated."""

    plaintiff: str
    defendant: str
    cause: str
    amount_fen: int
    judge: str
    recorder: str
    mediation: bool = False


TO_PAY = Story("陆时安", "秦予安", "民间借贷纠纷", 8_600_000, "许知行", "方蕾")
IN_MEDIATION = Story("何以宁", "周既明", "房屋租赁合同纠纷", 4_320_000, "许知行", "方蕾", mediation=True)
IN_TRIAL = Story("裴照", "沈星河", "服务合同纠纷", 15_800_000, "闻人嘉", "庄序")
SETTLED = Story("叶知秋", "江临", "买卖合同纠纷", 2_750_000, "闻人嘉", "庄序", mediation=True)


def furnish_chaoyang(people: dict[str, Actor], say: Say) -> None:
    """Four cases by the public acts of court and counsel. Safe to repeat."""
    now, court = clock.now(), get_court_by_code(code=CHAOYANG)
    president = people[f"president:{CHAOYANG}"]
    if list_court_cases(actor=president, wanted=CaseFilter(), limit=1):
        return
    _open(court, people, TO_PAY, now)
    mediated = _open(court, people, IN_MEDIATION, now)
    _appoint(people, court, mediated, now)
    tried = _open(court, people, IN_TRIAL, now)
    pay(people[LAWYER], court.id, tried, now)
    _schedule(people["庄序"], court, tried, now)
    _look_urgently(people["池清越"], court, tried, now)
    settled = _open(court, people, SETTLED, now)
    cases.take_step(
        actor=people["闻人嘉"], court_id=court.id, case_id=settled, step="settle", now=clock.now(),
        facts={"note": "被告已付清货款，双方再无争议"},
    )  # fmt: skip
    say("朝阳法院的四件案件 four cases of the Chaoyang court")


def propose_newcomer(people: dict[str, Actor], say: Say) -> None:
    """骆驰 has entered a judge of tomorrow, whose post waits for 严恪. After the court's people are its members."""
    sysadmin = people[f"sysadmin:{CHAOYANG}"]
    if list_members(actor=sysadmin, text=NEWCOMER.staff_no):
        return
    staffing.enrol(actor=sysadmin, person=NEWCOMER, now=clock.now())
    say("待审批的职务 a post to approve")


def _open(court: CourtInfo, people: dict[str, Actor], story: Story, now: dt.datetime) -> uuid.UUID:
    cause = search_causes(text=story.cause, kind="civil", limit=1)[0]
    judge, recorder = people[story.judge], people[story.recorder]
    departments = {one.person_id: one.department for one in list_colleagues(court_id=court.id, role=Role.JUDGE)}
    opening = cases.CaseOpening(
        filing_id=None, received_on=clock.beijing_date(now), cause_id=cause.id, cause_name=cause.name,
        title=f"{story.plaintiff}诉{story.defendant}{cause.name}", amount_fen=story.amount_fen, procedure="simple",
        mediation_agreed=story.mediation,
        parties=(_person("plaintiff", story.plaintiff), _person("defendant", story.defendant)),
        counsel=(counsel_of("plaintiff", people[LAWYER]),),
        judge_id=judge.person_id, judge_name=judge.name, recorder_id=recorder.person_id, recorder_name=recorder.name,
        division=departments[judge.person_id], court_code=court.code, court_name=court.name,
    )  # fmt: skip
    clerk = people[f"clerk:{CHAOYANG}"]
    return cases.open_case(actor=clerk, court_id=court.id, opening=opening, now=now).id


def _person(side: str, name: str) -> cases.NewParty:
    details: dict[str, object] = {"phone": "13900010009", "address": "北京市朝阳区晴川路6号", "service_address": None}
    return cases.NewParty(ref=side, side=side, place=1, kind="natural", name=name, details=details)


def _appoint(people: dict[str, Actor], court: CourtInfo, case_id: uuid.UUID, now: dt.datetime) -> None:
    mediator = people[f"mediator:{CHAOYANG}"]
    held = next(
        case for case in list_court_cases(actor=people["许知行"], wanted=CaseFilter(), limit=20) if case.id == case_id
    )
    cases.appoint_mediator(
        actor=people["方蕾"], court_id=court.id, case_id=case_id, version=held.version,
        mediator_id=mediator.person_id, now=now,
    )  # fmt: skip


def _schedule(recorder: Actor, court: CourtInfo, case_id: uuid.UUID, now: dt.datetime) -> None:
    """A trial on the second Friday from today, 14:00 to 16:00, in the last courtroom."""
    today = clock.beijing_date(now)
    day = today + dt.timedelta(days=(4 - today.weekday()) % 7 + 7)
    room = list_courtrooms(actor=recorder, court_id=court.id)[-1]
    hearings.schedule(
        actor=recorder, court_id=court.id, case_id=case_id, kind="trial", mode="onsite", room_id=room.id,
        starts_at=clock.beijing(day, 14), ends_at=clock.beijing(day, 16), now=now,
    )  # fmt: skip


def _look_urgently(judge: Actor, court: CourtInfo, case_id: uuid.UUID, now: dt.datetime) -> None:
    cases.open_urgently(
        actor=judge, court_id=court.id, case_id=case_id, kind="petition", now=now,
        reason="当事人来访反映送达地址有误，承办法官外出开庭，须当场答复",
    )  # fmt: skip
