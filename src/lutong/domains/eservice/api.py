"""JSON face of the lawyer's inbox: list, one delivery with its effect and periods, sign."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from lutong.domains.eservice import actions, queries
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.faces import actor_in, fresh, pack_cursor, scoped, unpack_cursor

router = Router(tags=["service"])
PAGE = 20
CourtId = Annotated[int, Path(ge=1, le=32767)]


class StepOut(Schema):
    """One sentence of an explanation and its article."""

    text: str
    law: str


class InboxRow(Schema):
    """One delivery in the inbox. `effective_on` is null until service is complete."""

    id: uuid.UUID
    court_id: int
    court_name: str
    case_id: uuid.UUID
    number: str
    case_title: str
    title: str
    papers: int
    state: str
    sent_at: dt.datetime
    effective_on: dt.date | None
    read_at: dt.datetime | None
    signed_at: dt.datetime | None


class InboxPage(Schema):
    """One page; `next` goes back as `before`, empty at the end."""

    items: list[InboxRow]
    next: str


class PaperOut(Schema):
    """送达文书. Its bytes are read through the dossier."""

    document_id: uuid.UUID
    kind: str
    title: str


class PeriodOut(Schema):
    """What the service set running."""

    kind: str
    title: str
    due_on: dt.date
    provisional: bool
    law: str
    steps: list[StepOut]


class DeliveryOut(Schema):
    """送达 with its papers, the day of service explained, and the periods it set running."""

    id: uuid.UUID
    court_id: int
    case_id: uuid.UUID
    title: str
    party_name: str
    mode: str
    state: str
    sent_at: dt.datetime
    arrived_at: dt.datetime | None
    read_at: dt.datetime | None
    signed_at: dt.datetime | None
    effective_on: dt.date | None
    rule: str
    steps: list[StepOut]
    proof_document_id: uuid.UUID | None
    papers: list[PaperOut]
    periods: list[PeriodOut]


@router.get("/deliveries", response=InboxPage, summary="电子送达收件箱")
@scoped("service:read", needs=Capability.RECEIVE_SERVICE)
def inbox(
    request: HttpRequest,
    state: Literal["sent", "signed", "failed"] = "sent",
    q: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[str, Query(max_length=200)] = "",
) -> Any:
    rows = queries.list_inbox(actor=actor_in(request), tab=state, text=q, before=unpack_cursor(before), limit=PAGE + 1)
    more = pack_cursor(rows[PAGE - 1].sent_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    return {"items": rows[:PAGE], "next": more}


@router.get("/deliveries/{court_id}/{delivery_id}", response=DeliveryOut, summary="一次送达（读取不算打开）")
@scoped("service:read", needs=Capability.RECEIVE_SERVICE)
def delivery(request: HttpRequest, court_id: CourtId, delivery_id: uuid.UUID) -> Any:
    found = queries.get_delivery(actor=actor_in(request), court_id=court_id, delivery_id=delivery_id)
    return _told(request, found)


@router.post("/deliveries/{court_id}/{delivery_id}/read", response=DeliveryOut, summary="打开送达（记录首次打开时间）")
@scoped("service:sign", needs=Capability.RECEIVE_SERVICE)
def read(request: HttpRequest, court_id: CourtId, delivery_id: uuid.UUID) -> Any:
    opened = actions.mark_read(actor=actor_in(request), court_id=court_id, delivery_id=delivery_id, now=clock.now())
    return _told(request, opened)


@router.post("/deliveries/{court_id}/{delivery_id}/sign", response=DeliveryOut, summary="签收（重复签收不改变结果）")
@scoped("service:sign", needs=Capability.RECEIVE_SERVICE)
@fresh("sign_delivery")
def sign(request: HttpRequest, court_id: CourtId, delivery_id: uuid.UUID) -> Any:
    signed = actions.sign(actor=actor_in(request), court_id=court_id, delivery_id=delivery_id, now=clock.now())
    return _told(request, signed)


def _told(request: HttpRequest, found: Any) -> dict[str, Any]:
    actor = actor_in(request)
    names = [name for name in DeliveryOut.model_fields if name not in {"papers", "periods"}]
    periods = queries.consequences(actor=actor, delivery=found)
    return {name: getattr(found, name) for name in names} | {
        "papers": queries.items_of(actor=actor, delivery=found),
        "periods": [
            {name: getattr(p, name) for name in PeriodOut.model_fields if name != "steps"}
            | {"steps": [{"text": s.text, "law": s.law} for s in p.steps]}
            for p in periods
        ],
    }
