"""变更授权, the court's side: the new mandate beside what holds now, and the decision."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases import actions
from lutong.domains.cases import queries as cases
from lutong.domains.dossier.queries import get_document
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, carry_out, for_staff, shown

DONE = {"confirm": "新的授权已生效，并已告知对方诉讼代理人", "refuse": "已记为未通过核实，律师会读到理由"}


@require_GET
@for_staff(Duty.REPRESENTATIONS)
def show(request: HttpRequest, change_id: UUID) -> HttpResponse:
    return _show(request, change_id)


@require_POST
@for_staff(Duty.REPRESENTATIONS)
def act(request: HttpRequest, change_id: UUID, step: str) -> HttpResponse:
    """Confirm or refuse; a refusal of the act is shown above the form."""
    if step not in DONE:
        raise NotFound("没有这一步")
    actor = actor_in(request)
    court_id = actor.court_id or 0
    case_id = cases.get_change(actor=actor, court_id=court_id, change_id=change_id).case_id

    def decide() -> str:
        actions.decide_powers_change(
            actor=actor, court_id=court_id, change_id=change_id, confirm=step == "confirm",
            reason=request.POST.get("reason", "")[:500], now=clock.now(),
        )  # fmt: skip
        return DONE[step]

    return carry_out(
        request,
        work=decide,
        again=lambda refusal: _show(request, change_id, refusal),
        then=lambda: reverse("desk-case-tab", args=[case_id, "people"]),
    )


def _show(request: HttpRequest, change_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    change = cases.get_change(actor=actor, court_id=actor.court_id or 0, change_id=change_id)
    beside = cases.representations_of(actor=actor, court_id=change.court_id, case_id=change.case_id)
    paper = (
        get_document(actor=actor, court_id=change.court_id, document_id=change.mandate_id)
        if change.mandate_id
        else None
    )
    context: dict[str, Any] = {
        "here": "desk-representations", "change": change, "case": change.case,
        "held": next(r for r in beside if r.id == change.representation_id), "paper": paper,
        "powers": cases.POWER_LABELS, "typed": request.POST,
        "history": [c for c in cases.list_changes(actor=actor, court_id=change.court_id, case_id=change.case_id)
                    if c.representation_id == change.representation_id and c.id != change.id],
    }  # fmt: skip
    return shown(request, "casespace/desk/powers.html", context, refusal)
