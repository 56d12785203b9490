"""JSON face of 一码通 for the mini program: what a code may be for, the code itself, where it was read."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.throttling import BaseThrottle

from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.rules import LIFE
from lutong.kernel import clock
from lutong.kernel.faces import actor_in, pack_cursor, scoped, unpack_cursor
from lutong.kernel.pace import Calls, wait

router = Router(tags=["gatepass"])
PAGE = 30
CODES = 30  # a minute: a screen asks for three, each change of the purpose for one more


class Pace(BaseThrottle):
    """So many codes a minute for a person: nobody needs a stock of codes, and each costs a signature."""

    def __init__(self) -> None:
        self._calls = Calls()

    def allow_request(self, request: HttpRequest) -> bool:
        return self._calls.admit(str(actor_in(request).person_id), CODES, clock.now().timestamp())

    def wait(self) -> float:
        return wait(clock.now().timestamp())


class ChoiceOut(Schema):
    """What a code may be for: hand `court_id`, `purpose` and `place` back to get it."""

    court_id: int
    purpose: str
    place: uuid.UUID
    label: str
    detail: str
    usable: bool
    note: str


class ChoicesOut(Schema):
    """Hearings of today with a door of their own, and the doors of the chosen court."""

    hearings: list[ChoiceOut]
    doors: list[ChoiceOut]


class CodeIn(Schema):
    """`purpose` is entrance, courtroom or hall; `place` the venue, for a courtroom the hearing."""

    court_id: int = Field(ge=1, le=32767)
    purpose: str = Field(max_length=12)
    place: uuid.UUID


class CodeOut(Schema):
    """Draw `text` as a QR symbol; ask for the next code after `refresh_after` seconds. `now` is the server's clock."""

    text: str
    label: str
    issued_at: dt.datetime
    until: dt.datetime
    refresh_after: int
    now: dt.datetime


class ScanOut(Schema):
    """One reading of the lawyer's own code; `flag` is duplicate or disputed where a court noted so afterwards."""

    id: uuid.UUID
    court_id: int
    venue_name: str
    purpose: str
    at: dt.datetime
    outcome: str
    reason: str
    flag: str


class ScanPage(Schema):
    """`next` goes into `before` for the following page; empty at the end."""

    items: list[ScanOut]
    next: str


SHOW = f"""签发一个新码：{LIFE} 秒内有效，只能用一次，绑定律师本人、用途、法院，进入法庭的码还绑定当天的庭审。
只签发给执业状态正常的律师本人（助理答 404）；不是本人代理的庭审答 404，庭审不在当天、已取消或门口没有设备答 409，
执业状态不正常答 403 并说明补救办法。每人每分钟最多 {CODES} 次，超过答 429 并给出 `Retry-After`。"""


@router.get("/gatepass/code", response=ChoicesOut, summary="一码通可选的用途")
@scoped("gatepass:read")
def list_choices(request: HttpRequest, court_id: int | None = None) -> Any:
    return queries.choices_for(actor=actor_in(request), court_id=court_id, now=clock.now())


@router.post("/gatepass/code", response=CodeOut, throttle=Pace(), summary="出示一码通", description=SHOW)
@scoped("gatepass:show")
def issue_code(request: HttpRequest, body: CodeIn) -> dict[str, Any]:
    now = clock.now()
    code = actions.issue_code(
        actor=actor_in(request), court_id=body.court_id, purpose=body.purpose, place=body.place, now=now
    )
    return {
        "text": code.text, "label": code.label, "issued_at": code.issued_at, "until": code.until,
        "refresh_after": code.refresh_after, "now": clock.now(),
    }  # fmt: skip


@router.get("/gatepass/scans", response=ScanPage, summary="我的通行记录")
@scoped("gatepass:read")
def list_scans(request: HttpRequest, before: str = "") -> dict[str, Any]:
    found = queries.my_scans(actor=actor_in(request), before=unpack_cursor(before), limit=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return {"items": found[:PAGE], "next": pack_cursor(last.at.isoformat(), last.id) if last else ""}
