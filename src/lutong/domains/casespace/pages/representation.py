"""核实代理关系, the lawyer's side: the claim form with its two papers, and what became of his claims."""

import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.cases import actions
from lutong.domains.cases import queries as cases
from lutong.domains.courts.queries import find_court_of_number
from lutong.domains.dossier.queries import list_uploads
from lutong.kernel import clock, tickets
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Invalid, Refusal
from lutong.kernel.faces import actor_in, for_lawyers

SLOTS = {"mandate": "授权委托书", "firm_letter": "律师事务所函"}
HOW_TO_WRITE = "请填写完整案号，例如 （2026）京0105民初1号；受理法院由案号确定"


@require_http_methods(["GET", "POST"])
@for_lawyers
def index(request: HttpRequest) -> HttpResponse:
    """The form and the claims so far; a refusal is shown above the form, and nothing typed or uploaded is lost."""
    if request.method == "GET":
        return _form(request, QueryDict(), uuid.uuid4())
    key = _key(request.POST.get("key", ""))
    try:
        claimed = _claim(request, key)
    except Refusal as refusal:
        return _form(request, request.POST, key, refusal)
    messages.success(request, f"已向{claimed}提交，法院核实后案件空间自动开通")
    return redirect("representation")


@require_GET
@for_lawyers
def court(request: HttpRequest) -> HttpResponse:
    """The court that a case number names, told while it is typed."""
    text = request.GET.get("number", "")[:60].strip()
    found = find_court_of_number(text=text) if text else None
    return render(request, "casespace/_court.html", {"court_found": found, "number": text, "how": HOW_TO_WRITE})


@require_POST
@for_lawyers
def ticket(request: HttpRequest, key: UUID) -> HttpResponse:
    """A pass for the file process: this person may put the two papers of this one claim."""
    signed = tickets.issue_upload(
        tickets.UploadTicket(actor_in(request), _purpose(key), tuple(SLOTS)), now=clock.now()
    )  # fmt: skip
    return JsonResponse({"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "uploads": []})


def _claim(request: HttpRequest, key: UUID) -> str:
    actor, data = actor_in(request), request.POST
    number = data.get("number", "")[:60]
    court_of_case = find_court_of_number(text=number)
    if court_of_case is None:
        raise Invalid(HOW_TO_WRITE, fields={"number": HOW_TO_WRITE})
    if not data.get("party_name", "").strip():
        raise Invalid("请填写您代理的当事人", fields={"party_name": "请填写，与起诉状副本一致"})
    papers = _papers(actor, key, data)
    actions.claim_representation(
        actor=actor, court_id=court_of_case.id, number=number, party_name=data["party_name"],
        powers=data.get("powers", ""), special_powers=tuple(data.getlist("special_powers")),
        mandate_id=papers.get("mandate"), firm_letter_id=papers.get("firm_letter"), now=clock.now(),
    )  # fmt: skip
    return court_of_case.name


def _papers(actor: Actor, key: UUID, data: QueryDict) -> dict[str, UUID]:
    """The last finished file of each slot among those that the form names; only files of this very claim count."""
    mine = list_uploads(actor=actor, purpose=_purpose(key))
    return {
        upload.slot: upload.id
        for upload in mine
        if upload.state == "stored" and upload.slot in SLOTS and str(upload.id) in data.getlist(upload.slot)
    }


def _form(request: HttpRequest, typed: QueryDict, key: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    kept = list_uploads(actor=actor, purpose=_purpose(key)) if refusal else []
    number = typed.get("number", "")
    context: dict[str, Any] = {
        "here": "cases", "typed": typed, "chosen": typed.getlist("special_powers"), "key": key, "refusal": refusal,
        "boxes": [(slot, label, _rows(kept, slot)) for slot, label in SLOTS.items()],
        "powers": cases.SPECIAL_POWER_LABELS, "claims": cases.my_claims(actor=actor),
        "court_found": find_court_of_number(text=number) if number else None, "number": number, "how": HOW_TO_WRITE,
    }  # fmt: skip
    return render(request, "casespace/representation.html", context, status=refusal.status if refusal else 200)


def _rows(uploads: list[Any], slot: str) -> list[dict[str, Any]]:
    """Files as the upload box shows them."""
    return [
        {
            "id": str(u.id), "filename": u.filename, "size": u.declared_size, "offset": u.offset, "state": u.state,
            "pages": u.pages, "sm3": u.sm3, "sha256": u.sha256, "warnings": u.warnings, "refusal": u.refusal,
            "finished_at": u.finished_at.isoformat() if u.finished_at else None, "place": slot,
        }
        for u in uploads if u.slot == slot
    ]  # fmt: skip


def _purpose(key: UUID) -> str:
    return f"claim:{key.hex}"


def _key(text: str) -> UUID:
    try:
        return UUID(text[:36])
    except ValueError:
        return uuid.uuid4()  # somebody changed the hidden field: his files are not found, and the form says so
