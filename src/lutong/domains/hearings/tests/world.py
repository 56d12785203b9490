"""The people, courts and cases of these tests."""

import datetime as dt
import uuid
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lutong.domains.cases.models import Case, CaseAccess, LawyerCase, Party, Representation
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.hearings.models import Courtroom
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.clock import BEIJING

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)  # Friday 10:00 in Beijing
ZHOU, GU, LUO = 9001, 9002, 9003
JUDGE, RECORDER = 7001, 7002


def at(hour: int, minute: int = 0, day: int = 3, month: int = 12) -> dt.datetime:
    """A minute on the Beijing clock, in December 2026 unless said otherwise."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def court(code: str = "京0105") -> int:
    """The id of a court by its 代字."""
    return get_court_by_code(code=code).id


def judge(court_id: int, person_id: int = JUDGE) -> Actor:
    return Actor(person_id, Role.JUDGE, "许知行", court_id)


def recorder(court_id: int) -> Actor:
    return Actor(RECORDER, Role.RECORDER, "方蕾", court_id)


def lawyer(person_id: int = ZHOU) -> Actor:
    return Actor(person_id, Role.LAWYER, "周岚")


def room(court_id: int, name: str = "第十九法庭") -> Courtroom:
    with as_actor(system(court_id)):
        place = Courtroom.objects.filter(court_id=court_id).count() + 1
        return Courtroom.objects.create(court_id=court_id, name=name, place=place)


def case(court_id: int, *counsel: int, judge_id: int | None = JUDGE, stage: str = "trial", **more: Any) -> Case:
    """A case under trial; the first lawyer acts for the plaintiff, the others for the defendant."""
    with as_actor(system(court_id)):
        serial = Case.objects.filter(court_id=court_id).count() + 1
        made = Case.objects.create(
            court_id=court_id, number=f"（2026）测{court_id}民初{serial}号", year=2026, type_code="民初", serial=serial,
            court_name="某法院", cause_id=1, cause_name="民间借贷纠纷", title=f"苏晚晴 诉 程屿舟 民间借贷纠纷 {serial}",
            stage=stage, procedure="ordinary", received_on=dt.date(2026, 10, 1), registered_at=NOW,
            judge_id=judge_id, judge_name="许知行" if judge_id else "", recorder_id=RECORDER, **more,
        )  # fmt: skip
        for side, lawyers in (("plaintiff", counsel[:1]), ("defendant", counsel[1:])):
            party = Party.objects.create(
                court_id=court_id, case_id=made.id, side=side, place=1, kind="natural", name=f"当事人{side}"
            )
            for slot, lawyer_id in enumerate(lawyers, 1):
                represent(made, party, lawyer_id, slot)
    return made


def represent(case: Case, party: Party, lawyer_id: int, slot: int) -> None:
    """Make a lawyer counsel of record, as the court's confirmation does."""
    Representation.objects.create(
        court_id=case.court_id, case_id=case.id, party_id=party.id, slot=slot, lawyer_id=lawyer_id,
        lawyer_name=f"律师{lawyer_id}", licence_no="x", firm_name="某所", powers="general", state="confirmed",
        claimed_at=NOW,
    )  # fmt: skip
    CaseAccess.objects.create(
        court_id=case.court_id, case_id=case.id, person_id=lawyer_id, capacity=f"counsel:{party.side}",
        during=DateTimeTZRange(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None),
    )  # fmt: skip
    LawyerCase.objects.create(
        lawyer_id=lawyer_id, id=case.id, court_id=case.court_id, court_name="某法院", number=case.number,
        title=case.title, cause_name=case.cause_name, stage=case.stage, side=party.side, party_name=party.name,
        filed_at=NOW,
    )  # fmt: skip


def wish(case: Case, room_id: uuid.UUID | None, starts: dt.datetime, minutes: int = 120, **more: Any) -> dict[str, Any]:
    """The arguments of `schedule`."""
    return {
        "actor": judge(case.court_id, case.judge_id or JUDGE), "court_id": case.court_id, "case_id": case.id,
        "kind": "trial", "mode": "onsite" if room_id else "online", "room_id": room_id, "starts_at": starts,
        "ends_at": starts + dt.timedelta(minutes=minutes), "now": NOW, **more,
    }  # fmt: skip
