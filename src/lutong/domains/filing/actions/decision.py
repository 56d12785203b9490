"""The court's decision on a filing: register, refuse, or tell where to sue instead."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.cases.actions import CaseOpening, NewCounsel, NewParty, open_case
from lutong.domains.courts.queries import get_court
from lutong.domains.exchange.actions import put_out
from lutong.domains.filing.actions.review import close_review, keep, note_act, same_version
from lutong.domains.filing.claims import reckon_claims
from lutong.domains.filing.content import Agent, FilingContent, Party, read_content
from lutong.domains.filing.models import Draft, Filing
from lutong.domains.filing.queries.desk import get_filing
from lutong.domains.filing.states import FILING
from lutong.domains.filing.states import FilingState as S
from lutong.domains.identity.queries import get_colleague
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date
from lutong.kernel.duties import JUDGES
from lutong.kernel.errors import Invalid, NotFound

PROCEDURES = {"ordinary": "普通程序", "simple": "简易程序", "small": "小额诉讼程序"}

# 民事诉讼法第一百二十四条、第一百二十七条, 登记立案规定第十条: code → (label, article).
REFUSAL_GROUNDS = {
    "not_civil": ("不属于人民法院受理民事诉讼的范围", "民事诉讼法第一百二十二条第（四）项"),
    "no_interest": ("起诉人与本案没有直接利害关系", "民事诉讼法第一百二十二条第（一）项"),
    "no_defendant": ("没有明确的被告", "民事诉讼法第一百二十二条第（二）项"),
    "no_claim": ("没有具体的诉讼请求和事实、理由", "民事诉讼法第一百二十二条第（三）项"),
    "arbitration": ("双方有有效的仲裁协议", "民事诉讼法第一百二十七条第（二）项"),
    "repeated": ("重复起诉", "民诉法解释第二百四十七条"),
    "not_corrected": ("经补正仍不符合起诉条件，起诉人坚持起诉", "登记立案规定第七条"),
    "forbidden": ("属于不予登记立案的情形", "登记立案规定第十条"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who gets the case and by which procedure it begins."""

    procedure: str
    judge_id: int
    recorder_id: int


@action
def approve(*, actor: Actor, filing_id: uuid.UUID, version: int, now: dt.datetime) -> Filing:
    """Find a filing in order; the number may be given later the same day, in a batch."""
    filing = get_filing(actor=actor, filing_id=filing_id, lock=True)
    same_version(filing, version)
    filing.state = FILING.advance(filing.state, "approve", actor)
    keep(filing, "state")
    _tell_draft(filing, note="材料审核通过，等待登记立案", now=now)
    note_act(actor, filing, "approve", now)
    return filing


@action
def register(*, actor: Actor, filing_id: uuid.UUID, version: int, assignment: Assignment, now: dt.datetime) -> Filing:
    """登记立案: make the case with its number, parties and counsel, and hand it to judge and 书记员.

    A filing under correction may be registered too: when the period runs out undecided the court registers
    first (登记立案规定第八条第三款, 意见第八条). Raises Conflict when the filing has moved on.
    """
    filing = get_filing(actor=actor, filing_id=filing_id, lock=True)
    same_version(filing, version)
    state = FILING.advance(filing.state, "register", actor)
    case = open_case(actor=actor, court_id=filing.court_id, opening=_opening(filing, assignment, now), now=now)
    filing.state, filing.case_id, filing.decided_at = state, case.id, now
    keep(filing, "state", "case_id", "decided_at")
    close_review(filing, now=now)
    Draft.objects.filter(lawyer_id=filing.lawyer_id, id=filing.draft_id).update(
        state=state, case_id=case.id, case_number=case.number, note=f"已立案 {case.number}", due_on=None, updated_at=now
    )
    tell(
        person_id=filing.lawyer_id, key=f"registered:{filing.id}", kind="filing", tone="info", now=now,
        title=f"已立案：{case.number}", body=filing.title, link=f"/cases/{filing.court_id}/{case.id}/",
    )  # fmt: skip
    note_act(actor, filing, "register", now, number=case.number)
    return filing


@action
def refuse(*, actor: Actor, filing_id: uuid.UUID, version: int, ground: str, reason: str, now: dt.datetime) -> Filing:
    """不予受理 by a written ruling, which may be appealed in 10 days (民事诉讼法第一百二十六条、第一百七十一条)."""
    if ground not in REFUSAL_GROUNDS:
        raise Invalid("请选择不予受理的理由", fields={"ground": "请选择"})
    label, law = REFUSAL_GROUNDS[ground]
    return _turn_away(actor, filing_id, version, "refuse", f"{label}（{law}）。{_reason(reason)}", now)


@action
def transfer(
    *, actor: Actor, filing_id: uuid.UUID, version: int, to_court_id: int, reason: str, now: dt.datetime
) -> Filing:
    """Tell the plaintiff which court has jurisdiction (民事诉讼法第一百二十七条第（四）项)."""
    filing = get_filing(actor=actor, filing_id=filing_id)
    if to_court_id == filing.court_id:
        raise Invalid("请选择另一个法院", fields={"to_court_id": "这就是本院"})
    try:
        court = get_court(court_id=to_court_id)
    except NotFound:
        raise Invalid("请选择有管辖权的法院", fields={"to_court_id": "请从列表中选择"}) from None
    note = f"请向{court.name}起诉。{_reason(reason)}"
    return _turn_away(actor, filing_id, version, "transfer", note, now)


def _turn_away(actor: Actor, filing_id: uuid.UUID, version: int, step: str, note: str, now: dt.datetime) -> Filing:
    filing = get_filing(actor=actor, filing_id=filing_id, lock=True)
    same_version(filing, version)
    filing.state = FILING.advance(filing.state, step, actor)
    filing.decided_at, filing.decision_note = now, note[:1000]
    keep(filing, "state", "decided_at", "decision_note")
    close_review(filing, now=now)
    _tell_draft(filing, note=note, now=now)
    put_out(court_id=filing.court_id, topic=f"filing.{filing.state}", payload={"filing": str(filing.id)}, now=now)
    tell(
        person_id=filing.lawyer_id, key=f"{step}:{filing.id}", kind="filing", tone="danger", now=now,
        title=f"{S(filing.state).label}：{filing.title}", body=note, link=f"/filing/{filing.draft_id}/",
    )  # fmt: skip
    note_act(actor, filing, step, now)
    return filing


def _reason(text: str) -> str:
    reason = text.strip()
    if len(reason) < 5:
        raise Invalid("请写明具体理由，当事人会读到", fields={"reason": "至少 5 个字"})
    return reason[:800]


def _tell_draft(filing: Filing, *, note: str, now: dt.datetime) -> None:
    Draft.objects.filter(lawyer_id=filing.lawyer_id, id=filing.draft_id).update(
        state=filing.state, note=note[:200], due_on=None, updated_at=now
    )


def _opening(filing: Filing, assignment: Assignment, now: dt.datetime) -> CaseOpening:
    """The case as the filing asks for it; amounts are reckoned again by the very rules that the lawyer saw."""
    if assignment.procedure not in PROCEDURES:
        raise Invalid("请选择审理程序", fields={"procedure": "请选择"})
    judge = get_colleague(court_id=filing.court_id, person_id=assignment.judge_id, role=JUDGES)
    recorder = get_colleague(court_id=filing.court_id, person_id=assignment.recorder_id, role=Role.RECORDER)
    if judge is None or recorder is None:
        raise Invalid("请选择承办法官和书记员", fields={"judge_id": "请选择本院在岗人员"})
    content = read_content(filing.content)
    court = get_court(court_id=filing.court_id)
    reckoned = reckon_claims(content=content, today=beijing_date(now))
    parties = _parties(content)
    return CaseOpening(
        filing_id=filing.id, received_on=beijing_date(filing.received_at), cause_id=filing.cause_id,
        cause_name=filing.cause_name, title=filing.title,
        amount_fen=filing.amount_fen if reckoned.total is not None else None,
        procedure=assignment.procedure, mediation_agreed=filing.mediation_will == "yes", parties=parties,
        counsel=tuple(_counsel(a, filing) for a in content.agents if a.kind == "lawyer"),
        judge_id=judge.person_id, judge_name=judge.name, recorder_id=recorder.person_id, recorder_name=recorder.name,
        division=judge.department, court_code=court.code, court_name=court.name,
    )  # fmt: skip


def _parties(content: FilingContent) -> tuple[NewParty, ...]:
    places: dict[str, int] = {}
    made = []
    for party in content.parties:
        places[party.side] = places.get(party.side, 0) + 1
        made.append(
            NewParty(
                ref=party.id,
                side=party.side,
                place=places[party.side],
                kind=party.kind,
                name=party.name.strip(),
                details=_details(party, content),
            )
        )
    return tuple(made)


def _details(party: Party, content: FilingContent) -> dict[str, object]:
    addresses = [a for a in content.service_addresses if a.party_id == party.id]
    return party.model_dump() | {"service_address": addresses[0].model_dump() if addresses else None}


def _counsel(agent: Agent, filing: Filing) -> NewCounsel:
    """Only the lawyer who filed is bound to an account; a colleague is linked when he joins by himself."""
    lawyer_id = int(agent.lawyer_id) if agent.lawyer_id.isdigit() else 0
    return NewCounsel(
        party_ref=agent.party_id, lawyer_id=lawyer_id if lawyer_id == filing.lawyer_id else 0, name=agent.name,
        licence_no=agent.licence_no, firm=agent.firm, powers=agent.powers or "general",
        special_powers=tuple(agent.special_powers),
    )  # fmt: skip
