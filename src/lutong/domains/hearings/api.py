"""JSON face of the lawyer's calendar."""

import datetime as dt
import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Header, Query, Router, Schema, Status

from lutong.domains.hearings import actions, queries
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.errors import Invalid
from lutong.kernel.faces import actor_in, scoped

router = Router(tags=["calendar"])
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=80)]
Version = Annotated[int, Query(ge=1, le=10**8)]
LONGEST_SPAN = dt.timedelta(days=400)


class EntryOut(Schema):
    """One entry of the calendar: a hearing (`court_id` is set) or an own event."""

    id: uuid.UUID
    court_id: int | None
    case_id: uuid.UUID | None
    number: str
    case_title: str
    kind: str
    title: str
    place: str
    mode: str
    city: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    version: int


class ClashOut(Schema):
    """A clash of two entries; `one` was fixed later. `minutes` overlap or are missing for the journey."""

    id: uuid.UUID
    kind: str
    minutes: int
    needed: int
    gap: int
    text: str
    explanation: str
    reason: str
    one: EntryOut
    other: EntryOut


class OwnEventIn(Schema):
    """An event of one's own; an empty `city` means that only overlaps are judged."""

    title: str = Field(max_length=120)
    place: str = Field("", max_length=120)
    city: str = Field("", max_length=40)
    mode: str = "onsite"
    starts_at: dt.datetime
    ends_at: dt.datetime


class OwnEventChangeIn(OwnEventIn):
    """`version` is the one that was read."""

    version: int = Field(ge=1, le=10**8)


@router.get("/calendar/entries", response=list[EntryOut], summary="我的庭审日程")
@scoped("calendar:read")
def list_entries(request: HttpRequest, start: dt.datetime, end: dt.datetime) -> list[Any]:
    first, last = _aware(start, "start"), _aware(end, "end")
    if not first < last <= first + LONGEST_SPAN:
        raise Invalid("时间范围不对：end 应晚于 start，且相距不超过 400 天", fields={"end": "请改正"})
    return queries.my_calendar(actor=actor_in(request), start=first, end=last)


@router.get("/calendar/clashes", response=list[ClashOut], summary="我的待处理冲突")
@scoped("calendar:read")
def list_clashes(request: HttpRequest) -> list[Any]:
    return queries.open_clashes(actor=actor_in(request), now=clock.now())


@router.get("/calendar/own-events", response=list[EntryOut], summary="我自行添加的日程")
@scoped("calendar:read")
def list_own_events(request: HttpRequest) -> list[Any]:
    return queries.my_own_events(actor=actor_in(request), now=clock.now(), limit=200)


@router.post("/calendar/own-events", response={201: EntryOut}, summary="添加日程")
@scoped("calendar:write")
def add_own_event(request: HttpRequest, body: OwnEventIn, key: Key = "") -> "Status[Any]":
    made = actions.add_own_event_once(actor=actor_in(request), key=key, facts=_facts(body), now=clock.now())
    return Status(201, made)


@router.get("/calendar/own-events/{event_id}", response=EntryOut, summary="一项自行添加的日程")
@scoped("calendar:read")
def get_own_event(request: HttpRequest, event_id: uuid.UUID) -> Any:
    with reading(actor_in(request)):
        return queries.get_own_event(actor=actor_in(request), event_id=event_id)


@router.put("/calendar/own-events/{event_id}", response=EntryOut, summary="修改日程")
@scoped("calendar:write")
def change_own_event(request: HttpRequest, event_id: uuid.UUID, body: OwnEventChangeIn) -> Any:
    return actions.change_own_event(
        actor=actor_in(request), event_id=event_id, version=body.version, **_facts(body), now=clock.now()
    )


@router.delete("/calendar/own-events/{event_id}", response={204: None}, summary="删除日程")
@scoped("calendar:write")
def remove_own_event(request: HttpRequest, event_id: uuid.UUID, version: Version) -> "Status[None]":
    actions.remove_own_event(actor=actor_in(request), event_id=event_id, version=version, now=clock.now())
    return Status(204, None)


def _facts(body: OwnEventIn) -> dict[str, Any]:
    return {
        "title": body.title, "place": body.place, "city": body.city, "mode": body.mode,
        "starts_at": _aware(body.starts_at, "starts_at"), "ends_at": _aware(body.ends_at, "ends_at"),
    }  # fmt: skip


def _aware(instant: dt.datetime, field: str) -> dt.datetime:
    if instant.tzinfo is None or not dt.MINYEAR + 1 < instant.year < dt.MAXYEAR:
        raise Invalid("时间须带时区，例如 2026-12-03T09:30:00+08:00", fields={field: "请写明时区"})
    return instant
