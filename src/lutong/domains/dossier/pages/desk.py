"""卷宗整理: the desk of 书记员 and judge for the volume of a case, and the list of papers that all pages embed."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases.queries import get_case, handles, require_handling
from lutong.domains.courts.queries import document_label
from lutong.domains.courts.queries import list_documents as list_kinds
from lutong.domains.dossier import actions, queries
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff, signed_in, whole_number
from lutong.kernel.tickets import UploadTicket, issue_upload


@require_GET
@signed_in
def more(request: HttpRequest, court_id: int, case_id: UUID) -> HttpResponse:
    """The next stretch of a volume, for the list that a page already shows."""
    actor = actor_in(request)
    volume = actions.open_volume(
        actor=actor, court_id=court_id, case_id=case_id, after=request.GET.get("after", "")[:200], now=clock.now()
    )
    return render(request, "dossier/_volume.html", {"volume": volume})


@require_GET
@for_staff(Duty.DOSSIERS)
def show(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _desk(request, case_id)


@require_POST
@for_staff(Duty.DOSSIERS)
def arrange(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Save order and 卷别 of all papers; the buttons 上移 and 下移 move one of them by one place."""
    actor = actor_in(request)
    try:
        order = _order(request)
        moved = actions.arrange(
            actor=actor, court_id=_court(actor), case_id=case_id, order=order, now=clock.now()
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _desk(request, case_id, refusal)
    messages.success(request, f"已调整 {moved} 份" if moved else "次序和卷别没有变化")
    return redirect("desk-volume", case_id)


@require_POST
@for_staff(Duty.DOSSIERS)
def add(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take the uploaded papers into the volume."""
    actor = actor_in(request)
    try:
        papers = actions.add_court_papers(
            actor=actor, court_id=_court(actor), case_id=case_id, uploads=_posted_uploads(request, case_id),
            kind=_kind(request), title=request.POST.get("title", ""), volume=request.POST.get("volume", ""),
            now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _desk(request, case_id, refusal)
    messages.success(request, f"已归入 {len(papers)} 份")
    return redirect("desk-volume", case_id)


@require_POST
@for_staff(Duty.DOSSIERS)
def ticket(request: HttpRequest, case_id: UUID) -> JsonResponse:
    """What <upload-box> asks for: a fresh ticket for the file process, and what it already has."""
    actor = actor_in(request)
    get_case(actor=actor, court_id=_court(actor), case_id=case_id)
    require_handling(actor=actor, court_id=_court(actor), case_id=case_id)
    signed = issue_upload(UploadTicket(actor=actor, purpose=_purpose(case_id)), now=clock.now())
    rows = [_row(upload) for upload in _open_uploads(actor, _court(actor), case_id)]
    body = {"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "uploads": rows}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _row(upload: Any) -> dict[str, Any]:
    return {
        "id": str(upload.id), "filename": upload.filename, "size": upload.declared_size, "offset": upload.offset,
        "state": upload.state, "pages": upload.pages, "sha256": upload.sha256, "sm3": upload.sm3,
        "warnings": upload.warnings, "refusal": upload.refusal, "finished_at": upload.finished_at,
    }  # fmt: skip


def _desk(request: HttpRequest, case_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    case = get_case(actor=actor, court_id=_court(actor), case_id=case_id)
    papers = queries.list_documents(actor=actor, court_id=case.court_id, case_id=case_id)
    context: dict[str, Any] = {
        "case": case,
        "rows": [(document_label(paper.kind), paper) for paper in papers],
        "check": queries.check_complete(actor=actor, court_id=case.court_id, case_id=case_id),
        "kinds": list_kinds(producer="court"),
        "may": actor.role in queries.KEEPERS and handles(actor=actor, court_id=case.court_id, case_id=case_id),
        "refusal": refusal,
        "typed": request.POST,
        "here": "desk-cases",
    }
    return render(request, "dossier/desk_volume.html", context, status=refusal.status if refusal else 200)


def _open_uploads(actor: Actor, court_id: int, case_id: UUID) -> list[Any]:
    """Uploads of this desk that are not yet papers."""
    uploads = queries.list_uploads(actor=actor, purpose=_purpose(case_id))
    taken = queries.taken_uploads(actor=actor, court_id=court_id, upload_ids={u.id for u in uploads})
    return [u for u in uploads if u.id not in taken]


def _posted_uploads(request: HttpRequest, case_id: UUID) -> list[UUID]:
    """The uploads that the form names, as far as they were made at this desk."""
    actor = actor_in(request)
    posted = set(request.POST.getlist("upload"))
    return [u.id for u in _open_uploads(actor, _court(actor), case_id) if str(u.id) in posted]


def _kind(request: HttpRequest) -> str:
    kind = request.POST.get("kind", "")
    if kind not in {one.code for one in list_kinds(producer="court")}:
        raise Invalid("请选择文书种类", fields={"kind": "请选择文书种类"})
    return kind


def _order(request: HttpRequest) -> list[tuple[UUID, str]]:
    """The papers in the order of the numbers typed, then one step up or down for the button pressed."""
    try:
        ids = [UUID(one) for one in request.POST.getlist("paper")]
        moved = UUID(request.POST["up"] if "up" in request.POST else request.POST["down"]) if (
            "up" in request.POST or "down" in request.POST
        ) else None  # fmt: skip
    except ValueError:
        raise Invalid("卷宗内容不对，请刷新页面后再整理") from None
    places = {one: whole_number(request.POST.get(f"place-{one}")) for one in ids}
    ids.sort(key=lambda one: places[one])
    if moved in places:
        at = ids.index(moved)
        to = min(max(at + (-1 if "up" in request.POST else 1), 0), len(ids) - 1)
        ids.insert(to, ids.pop(at))
    return [(one, request.POST.get(f"volume-{one}", "")) for one in ids]


def _purpose(case_id: UUID) -> str:
    return f"volume:{case_id.hex}"


def _court(actor: Actor) -> int:
    return actor.court_id or 0
