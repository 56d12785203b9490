"""提交材料: counsel hands papers into the case."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from lutong.domains.cases.queries import get_case, holds
from lutong.domains.courts.queries import list_documents as list_kinds
from lutong.domains.dossier import actions, queries
from lutong.kernel import clock, tickets
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_counsel

FIRST = ("evidence", "evidence_list", "answer")  # what is handed in most often stands first


@require_http_methods(["GET", "POST"])
@for_counsel(Capability.SUBMIT_MATERIAL)
def hand_in(request: HttpRequest, court_id: int, case_id: UUID) -> HttpResponse:
    """The form; a refusal is shown above it and the files stay."""
    if request.method == "GET":
        return _form(request, court_id, case_id)
    actor, data = actor_in(request), request.POST
    mine = {str(upload.id): upload.id for upload in _waiting(actor, court_id, case_id)}
    try:
        papers = actions.hand_in(
            actor=actor, court_id=court_id, case_id=case_id, kind=data.get("kind", ""), title=data.get("title", ""),
            uploads=[mine[word] for word in dict.fromkeys(data.getlist("uploads")) if word in mine], now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, court_id, case_id, refusal)
    messages.success(request, f"已提交 {len(papers)} 份，法院已收到")
    reads = holds(actor=actor, court_id=court_id, case_id=case_id, needs=Capability.READ_DOSSIER)
    return redirect("case-tab", court_id=court_id, case_id=case_id, tab="dossier" if reads else "timeline")


@require_POST
@for_counsel(Capability.SUBMIT_MATERIAL)
def ticket(request: HttpRequest, court_id: int, case_id: UUID) -> HttpResponse:
    """A pass for the file process, and what it already has for this case."""
    actor = actor_in(request)
    get_case(actor=actor, court_id=court_id, case_id=case_id, needs=Capability.SUBMIT_MATERIAL)
    signed = tickets.issue_upload(tickets.UploadTicket(actor, _purpose(case_id)), now=clock.now())
    rows = [_row(upload) for upload in _waiting(actor, court_id, case_id)]
    body = {"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "uploads": rows}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _form(request: HttpRequest, court_id: int, case_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    case = get_case(
        actor=actor_in(request), court_id=court_id, case_id=case_id, needs=Capability.SUBMIT_MATERIAL
    )  # fmt: skip
    kinds = [kind for producer in ("lawyer", "both") for kind in list_kinds(producer=producer)]
    context: dict[str, Any] = {
        "case": case, "here": "cases", "refusal": refusal, "typed": request.POST,
        "kinds": sorted(kinds, key=lambda kind: kind.code not in FIRST),
    }  # fmt: skip
    return render(request, "casespace/hand_in.html", context, status=refusal.status if refusal else 200)


def _waiting(actor: Actor, court_id: int, case_id: UUID) -> list[Any]:
    """Files put here for the case that are not papers of it yet."""
    uploads = queries.list_uploads(actor=actor, purpose=_purpose(case_id))
    taken = queries.taken_uploads(actor=actor, court_id=court_id, upload_ids={u.id for u in uploads})
    return [upload for upload in uploads if upload.id not in taken]


def _row(upload: Any) -> dict[str, Any]:
    return {
        "id": str(upload.id), "filename": upload.filename, "size": upload.declared_size, "offset": upload.offset,
        "state": upload.state, "pages": upload.pages, "sha256": upload.sha256, "sm3": upload.sm3,
        "warnings": upload.warnings, "refusal": upload.refusal,
        "finished_at": upload.finished_at.isoformat() if upload.finished_at else None, "place": "",
    }  # fmt: skip


def _purpose(case_id: UUID) -> str:
    return f"case:{case_id.hex}"
