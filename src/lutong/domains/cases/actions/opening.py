"""登记立案 on the case's side: the case with its number, parties and counsel, all in the registration's transaction."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from lutong.domains.audit.actions import record
from lutong.domains.capacity.queries import counsel_facts
from lutong.domains.cases.actions.counsel import admit
from lutong.domains.cases.actions.progress import begin_mediation, move_to_trial
from lutong.domains.cases.actions.timeline import add_milestone
from lutong.domains.cases.events import CaseOpened
from lutong.domains.cases.models import Case, Party, Representation
from lutong.domains.cases.powers import Objection, capacity_objections, refusing
from lutong.domains.cases.rules import trial_limit
from lutong.domains.cases.states import Stage
from lutong.domains.courts.queries import compose_case_number
from lutong.domains.exchange.actions import put_out
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict
from lutong.kernel.events import announce
from lutong.kernel.ids import uuid7

CIVIL_FIRST = "民初"

refuse_on("case_one_per_filing", lambda: Conflict("这份申请已经登记立案，请刷新页面"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    """A party as the filing names him; `ref` ties counsel to him."""

    ref: str
    side: str
    place: int
    kind: str
    name: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCounsel:
    """Counsel as the filing names him; lawyer_id 0 when no account is bound yet."""

    party_ref: str
    lawyer_id: int
    name: str
    licence_no: str
    firm: str
    powers: str
    special_powers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpening:
    """All that a registration decides about the new case."""

    filing_id: uuid.UUID | None
    received_on: dt.date
    cause_id: int
    cause_name: str
    title: str
    amount_fen: int | None
    procedure: str
    mediation_agreed: bool
    parties: tuple[NewParty, ...]
    counsel: tuple[NewCounsel, ...]
    judge_id: int
    judge_name: str
    recorder_id: int
    recorder_name: str
    division: str
    court_code: str
    court_name: str
    type_code: str = CIVIL_FIRST


@action
def open_case(*, actor: Actor, court_id: int, opening: CaseOpening, now: dt.datetime) -> Case:
    """Open a case. Its number comes and goes with the transaction, so a refusal on the way leaves no gap (案号规定).

    With consent the case goes to mediation first and no fee is notified; otherwise straight to trial
    (关于严格依法规范民事案件立案与调解工作的意见, from 2025-01-01).
    """
    case_id = uuid7()
    limit = trial_limit(procedure=opening.procedure, registered_on=beijing_date(now))
    year = opening.received_on.year
    serial = _next_serial(court_id, year, opening.type_code)
    case = Case.objects.create(
        court_id=court_id, id=case_id, year=year, type_code=opening.type_code, serial=serial,
        number=compose_case_number(
            year=year, court_code=opening.court_code, type_code=opening.type_code, serial=serial
        ),
        filing_id=opening.filing_id, court_name=opening.court_name, cause_id=opening.cause_id,
        cause_name=opening.cause_name, title=opening.title, amount_fen=opening.amount_fen, stage=Stage.REGISTERED,
        procedure=opening.procedure, received_on=opening.received_on, registered_at=now, trial_due_on=limit.due_on,
        judge_id=opening.judge_id, judge_name=opening.judge_name, recorder_id=opening.recorder_id,
        recorder_name=opening.recorder_name, division=opening.division,
        panel=[{"person_id": opening.judge_id, "name": opening.judge_name, "role": "审判员"}],
    )  # fmt: skip
    _enter_people(actor, case, opening, now)
    add_milestone(
        actor=actor, court_id=court_id, case_id=case.id, kind="registered", title="登记立案",
        detail=f"{case.number}，{case.get_procedure_display()}，承办法官 {case.judge_name}", now=now,
    )  # fmt: skip
    record(actor=actor, court_id=court_id, action="cases.open", subject=case.number, now=now, case_id=case.id)
    for person_id in sorted({opening.judge_id, opening.recorder_id}):
        tell(
            person_id=person_id, key=f"allotted:{case.id}", kind="cases", title=f"新收案件 {case.number}",
            body=case.title, link=f"/desk/cases/{case.id}/", now=now,
        )  # fmt: skip
    announce(CaseOpened(actor, court_id, case.id, now, filing_id=opening.filing_id))
    put_out(court_id=court_id, topic="cases.opened", payload={"case_id": str(case.id)}, now=now)
    if opening.mediation_agreed:
        begin_mediation(actor=actor, case=case, now=now)
    else:
        move_to_trial(actor=actor, case=case, now=now)
    return case


def _enter_people(actor: Actor, case: Case, opening: CaseOpening, now: dt.datetime) -> None:
    parties: dict[str, Party] = {}
    for new in opening.parties:
        parties[new.ref] = Party.objects.create(
            court_id=case.court_id, case_id=case.id, side=new.side, place=new.place, kind=new.kind, name=new.name,
            details=new.details,
        )  # fmt: skip
    slots: dict[str, int] = {}
    for counsel in opening.counsel:
        party = parties[counsel.party_ref]
        barred = _barred(case, counsel, opening, now)
        if barred is None:
            slots[counsel.party_ref] = slots.get(counsel.party_ref, 0) + 1
        representation = Representation.objects.create(
            court_id=case.court_id, case_id=case.id, party_id=party.id,
            slot=slots[counsel.party_ref] if barred is None else None,
            lawyer_id=counsel.lawyer_id, lawyer_name=counsel.name, licence_no=counsel.licence_no,
            firm_name=counsel.firm, powers=counsel.powers, special_powers=list(counsel.special_powers),
            state="confirmed" if barred is None else "refused", claimed_at=now, decided_at=now, decided_by=actor.name,
            reason="立案时核对代理手续" if barred is None else f"{barred.text}（{barred.law}）"[:500],
        )  # fmt: skip
        if barred is None and counsel.lawyer_id:
            admit(case=case, party=party, representation=representation, now=now)
        elif barred is not None:
            _turn_away(case, counsel, barred, now)


def _barred(case: Case, counsel: NewCounsel, opening: CaseOpening, now: dt.datetime) -> Objection | None:
    """What keeps a counsel of the filing from acting before this court, seen again on the day of registration."""
    party = next(one for one in opening.parties if one.ref == counsel.party_ref)
    places = [str(one.details.get(key) or "") for one in opening.parties for key in ("address", "residence")]
    facts = counsel_facts(
        lawyer_id=counsel.lawyer_id, name=counsel.name, court_id=case.court_id, firm=counsel.firm,
        party_names=[party.name], places=[*places, case.court_name],
    )  # fmt: skip
    return refusing(capacity_objections(counsel=facts, court_id=case.court_id, today=beijing_date(now)))


def _turn_away(case: Case, counsel: NewCounsel, barred: Objection, now: dt.datetime) -> None:
    """The party's suit is registered all the same (登记立案规定第二条); only this agent is not admitted."""
    for person_id in sorted({i for i in (counsel.lawyer_id, case.recorder_id) if i}):
        tell(
            person_id=person_id, key=f"barred:{case.id}:{counsel.lawyer_id}:{person_id}", kind="cases", tone="danger",
            title=f"不能担任代理人：{case.number}", body=f"{barred.text}（{barred.law}）。{barred.cure}"[:300], now=now,
            link=f"/desk/cases/{case.id}/people/" if person_id == case.recorder_id else "/representation/",
        )  # fmt: skip


def _next_serial(court_id: int, year: int, type_code: str) -> int:
    """The next number; the row stays locked until the registration commits, so no number is lost or doubled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numbercounter (court_id, year, type_code, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (court_id, year, type_code) DO UPDATE SET last = cases_numbercounter.last + 1 RETURNING last",
            [court_id, year, type_code],
        )
        return int(cursor.fetchone()[0])
