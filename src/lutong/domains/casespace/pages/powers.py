"""变更、补充授权, the lawyer's side: what the powers on file carry, a new mandate, and what became of it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from lutong.domains.cases import actions
from lutong.domains.cases import queries as cases
from lutong.domains.dossier.queries import list_uploads
from lutong.kernel import clock, tickets
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_lawyers

SLOT = "mandate"


@require_http_methods(["GET", "POST"])
@for_lawyers
def powers(request: HttpRequest, court_id: int, case_id: UUID) -> HttpResponse:
    """The form and the history; a refusal is shown above the form, and nothing typed or uploaded is lost."""
    if request.method == "GET":
        return _form(request, court_id, case_id)
    actor, data = actor_in(request), request.POST
    try:
        actions.ask_powers_change(
            actor=actor, court_id=court_id, case_id=case_id, powers=data.get("powers", ""),
            special_powers=tuple(data.getlist("special_powers")), mandate_id=_paper(actor, case_id, data),
            note=data.get("note", ""), now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, court_id, case_id, refusal)
    messages.success(request, "已提交法院，核实后新的授权生效，并由法院告知对方当事人")
    return redirect("case-powers", court_id=court_id, case_id=case_id)


@require_POST
@for_lawyers
def ticket(request: HttpRequest, court_id: int, case_id: UUID) -> HttpResponse:
    """A pass for the file process: counsel of record may put a new mandate for this case."""
    actor = actor_in(request)
    cases.my_representation(actor=actor, court_id=court_id, case_id=case_id)
    signed = tickets.issue_upload(tickets.UploadTicket(actor, _purpose(case_id), (SLOT,)), now=clock.now())
    return JsonResponse({"ticket": signed, "url": f"{settings.LUTONG_FILES_URL}/uploads", "uploads": []})


@require_POST
@for_lawyers
def withdraw(request: HttpRequest, court_id: int, case_id: UUID, change_id: UUID) -> HttpResponse:
    """Take back what the court has not decided."""
    actions.withdraw_powers_change(actor=actor_in(request), court_id=court_id, change_id=change_id, now=clock.now())
    messages.success(request, "已撤回，现有授权不变")
    return redirect("case-powers", court_id=court_id, case_id=case_id)


def _form(request: HttpRequest, court_id: int, case_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor, typed = actor_in(request), request.POST
    held = cases.my_representation(actor=actor, court_id=court_id, case_id=case_id)
    changes = cases.list_changes(actor=actor, court_id=court_id, case_id=case_id)
    kept = list_uploads(actor=actor, purpose=_purpose(case_id)) if refusal else []
    asked = request.GET.get("want", "")
    chosen = typed.getlist("special_powers") if refusal else [*held.special_powers, asked]
    context: dict[str, Any] = {
        "here": "cases", "case": cases.get_case(actor=actor, court_id=court_id, case_id=case_id), "held": held,
        "changes": changes, "waiting": next((c for c in changes if c.state == "claimed"), None), "refusal": refusal,
        "chosen": chosen, "typed": typed, "powers": cases.POWER_LABELS, "wanted": cases.POWER_LABELS.get(asked, ""),
        "kind": typed.get("powers", "") if refusal else "special",
        "acts": cases.acts_carried(representation=held, today=clock.beijing_date(clock.now())),
        "files": [_row(u) for u in kept if u.slot == SLOT],
    }  # fmt: skip
    return render(request, "casespace/powers.html", context, status=refusal.status if refusal else 200)


def _paper(actor: Actor, case_id: UUID, data: QueryDict) -> UUID | None:
    """The last finished file that the form names; only files put for this very case count."""
    mine = list_uploads(actor=actor, purpose=_purpose(case_id))
    found = [u.id for u in mine if u.state == "stored" and u.slot == SLOT and str(u.id) in data.getlist(SLOT)]
    return found[-1] if found else None


def _row(u: Any) -> dict[str, Any]:
    """A file as the upload box shows it."""
    return {
        "id": str(u.id), "filename": u.filename, "size": u.declared_size, "offset": u.offset, "state": u.state,
        "pages": u.pages, "sm3": u.sm3, "sha256": u.sha256, "warnings": u.warnings, "refusal": u.refusal,
        "finished_at": u.finished_at.isoformat() if u.finished_at else None, "place": SLOT,
    }  # fmt: skip


def _purpose(case_id: UUID) -> str:
    return f"powers:{case_id.hex}"
