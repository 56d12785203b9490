"""JSON face of a lawyer's cases: the list, a case with its people, its process, his periods and his claims."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Path, Query, Router, Schema, Status

from lutong.domains.cases import actions, queries
from lutong.kernel import clock, tickets
from lutong.kernel.capabilities import Capability
from lutong.kernel.faces import actor_in, pack_cursor, scoped, unpack_cursor

router = Router(tags=["cases"])

CourtId = Annotated[int, Path(ge=1, le=32767)]
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=80)]
Stage = Literal["", "registered", "mediation", "fee_due", "trial", "decided", "closed"]
Side = Literal["", "plaintiff", "defendant", "third"]


class CaseRowOut(Schema):
    """A case in the lawyer's list, before whichever court."""

    id: uuid.UUID
    court_id: int
    court_name: str
    number: str
    title: str
    cause_name: str
    stage: str
    side: str
    party_name: str
    judge_name: str
    amount_fen: int | None
    active: bool
    filed_at: dt.datetime
    next_hearing_at: dt.datetime | None


class CasePageOut(Schema):
    """One page, newest first; `next` is the value of `before` for the following page, null at the end."""

    items: list[CaseRowOut]
    next: str | None


class AgentOut(Schema):
    """诉讼代理人."""

    name: str
    firm: str
    powers: str


class PartyOut(Schema):
    """当事人 with his confirmed counsel; numbers and addresses stay in the dossier."""

    id: uuid.UUID
    side: str
    place: int
    kind: str
    name: str
    counsel: list[AgentOut]


class StepOut(Schema):
    """One sentence of a reckoning and its article."""

    text: str
    law: str


class DeadlineOut(Schema):
    """期限 with its reckoning; `provisional`: the holidays of that year are not published yet."""

    id: uuid.UUID
    kind: str
    title: str
    due_on: dt.date
    provisional: bool
    state: str
    law: str
    steps: list[StepOut]


class CaseOut(Schema):
    """案件."""

    id: uuid.UUID
    court_id: int
    court_name: str
    number: str
    title: str
    cause_name: str
    amount_fen: int | None
    stage: str
    procedure: str
    received_on: dt.date
    registered_at: dt.datetime
    mediation_due_on: dt.date | None
    evidence_due_on: dt.date | None
    trial_due_on: dt.date | None
    division: str
    judge_name: str
    recorder_name: str
    panel: list[str]
    outcome: str
    outcome_note: str
    decided_on: dt.date | None
    effective_on: dt.date | None
    closed_on: dt.date | None
    labels: dict[str, str]
    parties: list[PartyOut]
    deadlines: list[DeadlineOut]


class MilestoneOut(Schema):
    """案件节点."""

    id: uuid.UUID
    at: dt.datetime
    kind: str
    title: str
    detail: str


class OwnDeadlineOut(Schema):
    """期限 across all courts."""

    id: uuid.UUID
    court_id: int
    case_id: uuid.UUID
    number: str
    case_title: str
    kind: str
    title: str
    due_on: dt.date
    provisional: bool
    state: str


class ClaimIn(Schema):
    """核实代理关系: 授权委托书 and 所函 are finished uploads of the caller."""

    court_id: int = Field(ge=1, le=32767)
    number: str = Field(min_length=1, max_length=60)
    party_name: str = Field(min_length=1, max_length=120)
    powers: Literal["general", "special"]
    special_powers: list[str] = Field(default_factory=list, max_length=10)
    mandate_upload_id: uuid.UUID
    firm_letter_upload_id: uuid.UUID


class ClaimTicketOut(Schema):
    """What the file process (tus 1.0) wants in the header `Upload-Ticket` for the two papers of one claim.

    `slots` are the values that the upload's metadata `slot` may have.
    """

    ticket: str
    url: str
    purpose: str
    slots: list[str]


class ClaimedOut(Schema):
    """What the claim has become at once: it waits for the court."""

    id: uuid.UUID
    state: str


class ClaimOut(ClaimedOut):
    """核实申请, in the lawyer's own words; `case_id` opens only once it is confirmed."""

    court_id: int
    court_name: str
    case_id: uuid.UUID
    number: str
    party_name: str
    powers: str
    claimed_at: dt.datetime
    decided_at: dt.datetime | None
    reason: str


@router.get("/cases", response=CasePageOut, summary="我的案件（各法院）")
@scoped("cases:read", one_statement=True, needs=Capability.READ_CASE)
def list_cases(
    request: HttpRequest,
    stage: Stage = "",
    side: Side = "",
    q: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> HttpResponse:
    wanted = queries.CaseFilter(stage=stage, side=side, text=q)
    page = queries.page_of_my_cases(actor=actor_in(request), wanted=wanted, before=unpack_cursor(before), limit=limit)
    following = pack_cursor(page.last[0].isoformat(), page.last[1]) if page.last else None
    body = b'{"items":%b,"next":%b}' % (page.text.encode(), orjson.dumps(following))
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@router.get("/cases/{court_id}/{case_id}", response=CaseOut, summary="一个案件")
@scoped("cases:read", needs=Capability.READ_CASE)
def get_case(request: HttpRequest, court_id: CourtId, case_id: uuid.UUID) -> dict[str, Any]:
    ids: dict[str, Any] = {"actor": actor_in(request), "court_id": court_id, "case_id": case_id}
    case = queries.get_case(**ids)
    agents: dict[uuid.UUID, list[dict[str, str]]] = {}
    for agent in queries.representations_of(**ids):
        if agent.state == "confirmed":
            told = {"name": agent.lawyer_name, "firm": agent.firm_name, "powers": agent.powers}
            agents.setdefault(agent.party_id, []).append(told)
    parties = [
        {"id": p.id, "side": p.side, "place": p.place, "kind": p.kind, "name": p.name, "counsel": agents.get(p.id, [])}
        for p in queries.parties_of(**ids)
    ]
    facts = {name: getattr(case, name) for name in CaseOut.model_fields if hasattr(case, name)}
    return facts | {
        "panel": [member["name"] for member in case.panel], "labels": queries.labels_of(case), "parties": parties,
        "deadlines": queries.deadlines_of(**ids),
    }  # fmt: skip


@router.get("/cases/{court_id}/{case_id}/timeline", response=list[MilestoneOut], summary="案件进程")
@scoped("cases:read", needs=Capability.READ_CASE)
def get_timeline(request: HttpRequest, court_id: CourtId, case_id: uuid.UUID) -> list[Any]:
    ids: dict[str, Any] = {"actor": actor_in(request), "court_id": court_id, "case_id": case_id}
    queries.get_case(**ids)  # a case that is not his is not found, rather than without a process
    return list(queries.timeline_of(**ids))


@router.get("/deadlines", response=list[OwnDeadlineOut], summary="我的期限（各法院，先到期的在前）")
@scoped("cases:read", needs=Capability.READ_CASE)
def list_deadlines(
    request: HttpRequest, state: Literal["open", "met", "lapsed", "void"] = "open",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> list[Any]:  # fmt: skip
    return list(queries.my_deadlines(actor=actor_in(request), state=state, limit=limit))


@router.get("/representations", response=list[ClaimOut], summary="我申请核实的代理关系")
@scoped("cases:read")
def list_claims(request: HttpRequest) -> list[Any]:
    return list(queries.my_claims(actor=actor_in(request)))


@router.post("/representations/ticket", response=ClaimTicketOut, summary="上传授权委托书和所函的凭证")
@scoped("uploads:write")
def claim_ticket(request: HttpRequest) -> dict[str, Any]:
    purpose, slots = f"claim:{uuid.uuid4().hex}", ("mandate", "firm_letter")
    signed = tickets.issue_upload(tickets.UploadTicket(actor_in(request), purpose, slots), now=clock.now())
    return {"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "purpose": purpose, "slots": list(slots)}


@router.post("/representations", response={201: ClaimedOut}, summary="申请核实代理关系")
@scoped("cases:write")
def claim(request: HttpRequest, body: ClaimIn, key: Key = "") -> Any:
    status, answer = actions.claim_representation_once(
        actor=actor_in(request), key=key, court_id=body.court_id, number=body.number, party_name=body.party_name,
        powers=body.powers, special_powers=tuple(body.special_powers), mandate_id=body.mandate_upload_id,
        firm_letter_id=body.firm_letter_upload_id, now=clock.now(),
    )  # fmt: skip
    return Status(status, answer)
