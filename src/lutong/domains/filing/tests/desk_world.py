"""The court's side: its staff, filings that wait at its desk, and what an outsider may look into."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from lutong.domains.filing.actions import review
from lutong.domains.filing.actions.decision import Assignment, register
from lutong.domains.filing.models import Correction, Draft, Filing
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.world import NOW
from lutong.domains.identity import actions as identity
from lutong.domains.identity.tests.browser import browser as browser
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role, system

T = TypeVar("T")
LATER = NOW + dt.timedelta(hours=3)
ASK = {"code": "ZT-03", "note": "请补充被告程屿舟的身份证号码。"}


def staff(sign_name: str, role: Role = Role.CLERK, *, court_id: int | None = None, name: str = "孟书宁") -> Actor:
    """A member of the staff of 朝阳法院, unless another court is named."""
    court = court_id or world.court_id()
    person = identity.enrol_staff(
        sign_name=sign_name, name=name, mobile=f"139{sum(sign_name.encode()):08d}", password="x" * 12, court_id=court,
        role=role, department="立案庭",
    )  # fmt: skip
    return Actor(person, role, name, court)


def waiting(lawyer: Actor, place: int = 0, *, at: dt.datetime = NOW) -> Filing:
    """A filing that the court has received."""
    return world.submit(lawyer, world.ready(lawyer), key=f"filing-number-{place}", now=at)


def seen_by_court(look: Callable[[], T]) -> T:
    """Look with the court's own eyes: without an actor no row is visible at all."""
    with reading(system(world.court_id())):
        return look()


def fresh(filing: Filing) -> Filing:
    return seen_by_court(lambda: Filing.objects.get(court_id=filing.court_id, id=filing.id))


def draft_of(filing: Filing) -> Draft:
    """The lawyer's own row of a filing."""
    with reading(Actor(filing.lawyer_id, Role.LAWYER, filing.lawyer_name)):
        return Draft.objects.get(lawyer_id=filing.lawyer_id, id=filing.draft_id)


def ask(clerk: Actor, filing: Filing, *items: dict[str, object], reason: str = "", days: int = 7) -> Correction:
    """One correction notice, issued three hours after the filing."""
    return review.issue_correction(
        actor=clerk, filing_id=filing.id, version=fresh(filing).version, items=list(items or (ASK,)), days=days,
        second_reason=reason, now=LATER,
    )  # fmt: skip


def assign(judge: Actor, recorder: Actor, procedure: str = "simple") -> Assignment:
    return Assignment(procedure=procedure, judge_id=judge.person_id, recorder_id=recorder.person_id)


def enter(clerk: Actor, filing: Filing, assignment: Assignment) -> Filing:
    """登记立案 upon what the page shows now."""
    return register(actor=clerk, filing_id=filing.id, version=fresh(filing).version, assignment=assignment, now=LATER)
