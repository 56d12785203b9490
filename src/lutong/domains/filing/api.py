"""JSON face of 网上立案 for the mini program and the firm's own software: drafts, files, pre-check, submission."""

import datetime as dt
import uuid
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema, Status

from lutong.domains.filing import actions, queries
from lutong.domains.filing.checks import Report
from lutong.domains.filing.content import FilingContent
from lutong.domains.filing.slots import required_slots
from lutong.kernel import clock, tickets
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Conflict, Invalid
from lutong.kernel.faces import actor_in, pack_cursor, scoped, unpack_cursor

router = Router(tags=["filing"])

PAGE = 20
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=80)]
Match = Annotated[str, Header(alias="If-Match", max_length=20)]


class DraftRow(Schema):
    """立案草稿或申请: one line of the list."""

    id: uuid.UUID
    state: str
    title: str
    court_id: int | None
    court_name: str
    cause_name: str
    receipt_no: str
    case_id: uuid.UUID | None
    case_number: str
    note: str
    due_on: dt.date | None
    version: int
    step: str
    updated_at: dt.datetime
    handed_back_at: dt.datetime | None
    handed_back_by: str


class DraftOut(DraftRow):
    """The whole draft. `content` has the shape that the steps of the wizard collect."""

    content: dict[str, Any]


class DraftPage(Schema):
    """`next` goes into `before` for the following page; empty at the end."""

    items: list[DraftRow]
    next: str


class StepIn(Schema):
    """The fields of one step; `files` moves uploads (upload id → slot key, `evidence:<row id>`, or `removed`)."""

    content: dict[str, Any] = {}
    files: dict[str, str] = {}


class TicketOut(Schema):
    """What the file process (tus 1.0) wants in the header `Upload-Ticket`."""

    ticket: str
    url: str
    purpose: str


class GroundOut(Schema):
    """管辖依据 that the law offers for the cause; `code` goes into `jurisdiction_ground`."""

    code: str
    label: str
    article: str
    hint: str
    exclusive: bool


class MaterialOut(Schema):
    """One line of 材料清单; `key` is the slot of `StepIn.files`, `upload_ids` are the files in it."""

    key: str
    title: str
    required: bool
    hint: str
    law: str
    upload_ids: list[str]


class ItemOut(Schema):
    """One line of the check list: pass, defect or manual."""

    code: str
    title: str
    law: str
    verdict: str
    note: str
    step: str


class CheckOut(Schema):
    """All objections at once. `fields` maps a field path to what to do."""

    may_submit: bool
    fields: dict[str, str]
    items: list[ItemOut]


class PaperOut(Schema):
    """One paper that the court has received, with the digests of its bytes."""

    id: uuid.UUID
    kind: str
    title: str
    filename: str
    size: int
    pages: int | None
    sha256: str
    sm3: str


class CorrectionOut(Schema):
    """补正告知."""

    round: int
    items: list[dict[str, Any]]
    issued_at: dt.datetime
    due_on: dt.date
    answered_at: dt.datetime | None


class FilingOut(Schema):
    """收件凭证和进展: what the court has received, when, and what became of it."""

    id: uuid.UUID
    draft_id: uuid.UUID
    court_id: int
    court_name: str
    receipt_no: str
    received_at: dt.datetime
    state: str
    title: str
    cause_name: str
    amount_fen: int | None
    round: int
    review_due_on: dt.date
    decision_note: str
    case_id: uuid.UUID | None
    papers: list[PaperOut]
    corrections: list[CorrectionOut]


@router.get("/filing/drafts", response=DraftPage, summary="我的草稿和立案申请")
@scoped("filing:read", needs=Capability.PREPARE_FILING)
def drafts(
    request: HttpRequest,
    tab: Annotated[str, Query(max_length=20)] = "all",
    q: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[str, Query(max_length=300)] = "",
) -> Any:
    rows = queries.list_drafts(
        actor=actor_in(request), tab=tab, text=q, before=unpack_cursor(before or None), limit=PAGE + 1
    )
    more = pack_cursor(rows[PAGE - 1].updated_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    return {"items": rows[:PAGE], "next": more}


@router.post("/filing/drafts", response={201: DraftOut}, summary="新建草稿")
@scoped("filing:write")
def start(request: HttpRequest, response: HttpResponse, key: Key) -> Any:
    draft = actions.start_draft_once(actor=actor_in(request), key=key, now=clock.now())
    return Status(201, _tagged(response, draft))


@router.get("/filing/drafts/{draft_id}", response=DraftOut, summary="一份草稿")
@scoped("filing:read", needs=Capability.PREPARE_FILING)
def draft(request: HttpRequest, response: HttpResponse, draft_id: uuid.UUID) -> Any:
    return _tagged(response, queries.get_draft(actor=actor_in(request), draft_id=draft_id))


@router.patch("/filing/drafts/{draft_id}/steps/{step}", response=DraftOut, summary="保存一步（If-Match 为修订号）")
@scoped("filing:write", needs=Capability.PREPARE_FILING)
def save(
    request: HttpRequest, response: HttpResponse, draft_id: uuid.UUID, step: str, body: StepIn, match: Match
) -> Any:
    saved = actions.save_step(
        actor=actor_in(request), draft_id=draft_id, version=_version(match), step=step, content_patch=body.content,
        where=body.files, now=clock.now(),
    )  # fmt: skip
    return _tagged(response, saved)


@router.delete("/filing/drafts/{draft_id}", response={204: None}, summary="删除草稿（30 天内可在网页恢复）")
@scoped("filing:write")
def delete(request: HttpRequest, draft_id: uuid.UUID) -> Any:
    actions.delete_draft(actor=actor_in(request), draft_id=draft_id, now=clock.now())
    return Status(204, None)


@router.post("/filing/drafts/{draft_id}/ticket", response=TicketOut, summary="上传凭证")
@scoped("uploads:write", needs=Capability.PREPARE_FILING)
def ticket(request: HttpRequest, draft_id: uuid.UUID) -> Any:
    actor = actor_in(request)
    mine = queries.get_draft(actor=actor, draft_id=draft_id)
    if mine.state not in ("draft", "returned"):
        raise Conflict("申请已提交，不能再上传", state=mine.state)
    purpose = queries.purpose_of(draft_id)
    signed = tickets.issue_upload(tickets.UploadTicket(actor, purpose), now=clock.now())
    return {"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "purpose": purpose}


@router.get("/filing/drafts/{draft_id}/grounds", response=list[GroundOut], summary="所选案由可选的管辖依据")
@scoped("filing:read", needs=Capability.PREPARE_FILING)
def grounds(request: HttpRequest, draft_id: uuid.UUID) -> list[Any]:
    return list(queries.list_grounds(_content(queries.get_draft(actor=actor_in(request), draft_id=draft_id))))


@router.get(
    "/filing/drafts/{draft_id}/materials", response=list[MaterialOut], summary="材料清单（随当事人、代理人而变）"
)
@scoped("filing:read", needs=Capability.PREPARE_FILING)
def materials(request: HttpRequest, draft_id: uuid.UUID) -> list[Any]:
    content = _content(queries.get_draft(actor=actor_in(request), draft_id=draft_id))
    return [
        {name: getattr(slot, name) for name in MaterialOut.model_fields if name != "upload_ids"}
        | {"upload_ids": content.files.get(slot.key, [])}
        for slot in required_slots(content)
        if slot.paper != "evidence"
    ]


@router.get("/filing/drafts/{draft_id}/check", response=CheckOut, summary="提交前自查（与立案庭同一份清单）")
@scoped("filing:read", needs=Capability.PREPARE_FILING)
def check(request: HttpRequest, draft_id: uuid.UUID) -> Any:
    actor = actor_in(request)
    mine = queries.get_draft(actor=actor, draft_id=draft_id)
    today = clock.beijing_date(clock.now())
    report: Report = queries.examine_draft(actor=actor, draft_id=draft_id, content=_content(mine), today=today)
    return {"may_submit": report.may_submit, "fields": report.field_errors, "items": list(report.items)}


@router.post("/filing/drafts/{draft_id}/submit", response=FilingOut, summary="提交或者补正（重复请求得到同一收件号）")
@scoped("filing:write", needs=Capability.PREPARE_FILING)
def submit(request: HttpRequest, draft_id: uuid.UUID, key: Key, match: Match) -> Any:
    actor, now, version = actor_in(request), clock.now(), _version(match)
    mine = queries.get_draft(actor=actor, draft_id=draft_id)
    if mine.state == "returned":
        actions.correct(actor=actor, draft_id=draft_id, version=version, now=now)
    else:
        actions.submit(actor=actor, draft_id=draft_id, version=version, submit_key=key, now=now)
    return _filing(request, draft_id)


@router.post(
    "/filing/drafts/{draft_id}/hand-back", response=DraftOut, summary="助理填写完毕，交律师审阅（提交由律师本人）"
)
@scoped("filing:write", needs=Capability.PREPARE_FILING)
def hand_back(request: HttpRequest, response: HttpResponse, draft_id: uuid.UUID) -> Any:
    return _tagged(response, actions.hand_back(actor=actor_in(request), draft_id=draft_id, now=clock.now()))


@router.post("/filing/drafts/{draft_id}/withdraw", response=FilingOut, summary="撤回申请")
@scoped("filing:write")
def withdraw(request: HttpRequest, draft_id: uuid.UUID) -> Any:
    actions.withdraw(actor=actor_in(request), draft_id=draft_id, now=clock.now())
    return _filing(request, draft_id)


@router.get("/filing/drafts/{draft_id}/filing", response=FilingOut, summary="收件凭证和进展")
@scoped("filing:read")
def filing(request: HttpRequest, draft_id: uuid.UUID) -> Any:
    return _filing(request, draft_id)


def _filing(request: HttpRequest, draft_id: uuid.UUID) -> dict[str, Any]:
    actor = actor_in(request)
    found = queries.get_submitted(actor=actor, draft=queries.get_draft(actor=actor, draft_id=draft_id))
    names = [name for name in FilingOut.model_fields if name not in ("papers", "corrections")]
    return {name: getattr(found.filing, name) for name in names} | {
        "papers": found.documents,
        "corrections": found.corrections,
    }


def _content(draft: Any) -> FilingContent:
    return FilingContent.model_validate(draft.content)


def _tagged(response: HttpResponse, found: Any) -> Any:
    response["ETag"] = f'"{found.version}"'
    return found


def _version(match: str) -> int:
    text = match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid('请在 If-Match 头中给出所依据的修订号，例如 "3"')
    return int(text)
