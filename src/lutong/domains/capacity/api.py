"""JSON face of the conflict check."""

import datetime as dt
import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Header, Query, Router, Schema, Status

from lutong.domains.capacity import actions, queries
from lutong.kernel import clock
from lutong.kernel.faces import actor_in, pack_cursor, scoped, unpack_cursor

router = Router(tags=["capacity"])

Key = Annotated[str, Header(alias="Idempotency-Key", max_length=80)]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class ConflictCheckIn(Schema):
    """利益冲突检查: whom we want to act for, and against whom."""

    client_names: list[Name] = Field(default_factory=list, max_length=10)
    opposing_names: list[Name] = Field(min_length=1, max_length=10)


class RemarkOut(Schema):
    """Why a conflict is possible. `number`, `court_id`, `case_id` are set only for the caller's own case."""

    rule: str
    text: str
    law: str
    advice: str
    number: str
    court_id: int
    case_id: str


class FindingOut(Schema):
    """The answer for one name: `none` or `possible`; `asked` is `client` or `opposing`."""

    name: str
    asked: str
    verdict: str
    remarks: list[RemarkOut]


class ConflictCheckOut(Schema):
    """利益冲突检查记录."""

    id: uuid.UUID
    made_at: dt.datetime
    source: str
    firm: str
    names: int
    conflicts: int
    findings: list[FindingOut]


class ConflictChecksOut(Schema):
    """One page, newest first; `next` is the value of `before` for the following page, null at the end."""

    items: list[ConflictCheckOut]
    next: str | None


@router.post("/conflict-checks", response={201: ConflictCheckOut}, summary="利益冲突检查（每分钟最多 30 次）")
@scoped("conflicts:check")
def check(request: HttpRequest, body: ConflictCheckIn, key: Key = "") -> Any:
    actor = actor_in(request)
    status, check_id = actions.check_conflicts_once(
        actor=actor, key=key, clients=body.client_names, opposing=body.opposing_names, now=clock.now()
    )
    return Status(status, _out(queries.get_check(actor=actor, check_id=check_id)))


@router.get("/conflict-checks", response=ConflictChecksOut, summary="我的利益冲突检查记录")
@scoped("conflicts:read")
def list_checks(
    request: HttpRequest,
    before: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> dict[str, Any]:
    rows = queries.list_checks(actor=actor_in(request), before=unpack_cursor(before), limit=limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    following = pack_cursor(last.made_at.isoformat(), last.id) if last else None
    return {"items": [_out(row) for row in rows[:limit]], "next": following}


@router.get("/conflict-checks/{check_id}", response=ConflictCheckOut, summary="一份利益冲突检查记录")
@scoped("conflicts:read")
def get_check(request: HttpRequest, check_id: uuid.UUID) -> dict[str, Any]:
    return _out(queries.get_check(actor=actor_in(request), check_id=check_id))


def _out(row: Any) -> dict[str, Any]:
    findings = [
        {"name": f.name, "asked": f.asked, "verdict": f.verdict, "remarks": list(f.remarks)}
        for f in queries.findings_of(row)
    ]
    return {
        "id": row.id, "made_at": row.made_at, "source": row.source, "firm": row.content["firm"], "names": row.names,
        "conflicts": row.conflicts, "findings": findings,
    }  # fmt: skip
