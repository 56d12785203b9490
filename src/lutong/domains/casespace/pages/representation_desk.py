"""核实代理关系, the court's side: what waits, the papers side by side with the facts, the decision."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases import actions
from lutong.domains.cases import queries as cases
from lutong.domains.dossier.queries import get_document
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, carry_out, for_staff, shown

DONE = {
    "confirm": "已核实，案件空间已对该律师开通",
    "refuse": "已记为未通过核实，律师会读到理由",
    "end": "已终止代理，该律师不能再查看本案",
}


@require_GET
@for_staff(Duty.REPRESENTATIONS)
def index(request: HttpRequest) -> HttpResponse:
    """The claims that wait in the court, oldest first."""
    actor = actor_in(request)
    claims = cases.list_claims(actor=actor)
    changes = cases.list_changes(actor=actor, court_id=actor.court_id or 0)
    return render(
        request, "casespace/desk/representations.html",
        {"claims": claims, "changes": changes, "powers": cases.POWER_LABELS, "here": "desk-representations",
         "now": clock.now()},
    )  # fmt: skip


@require_GET
@for_staff(Duty.REPRESENTATIONS)
def show(request: HttpRequest, representation_id: UUID) -> HttpResponse:
    """One claim with its papers."""
    return _show(request, representation_id)


@require_POST
@for_staff(Duty.REPRESENTATIONS)
def act(request: HttpRequest, representation_id: UUID, step: str) -> HttpResponse:
    """Confirm, refuse or end; a refusal of the act is shown above the form."""
    if step not in DONE:
        raise NotFound("没有这一步")
    actor = actor_in(request)
    facts: dict[str, Any] = {
        "actor": actor, "court_id": actor.court_id or 0, "representation_id": representation_id,
        "reason": request.POST.get("reason", "")[:500], "now": clock.now(),
    }  # fmt: skip
    claim = cases.get_representation(actor=actor, court_id=facts["court_id"], representation_id=representation_id)

    def decide() -> str:
        if step == "end":
            actions.end_representation(**facts)
        else:
            actions.decide_representation(**facts, confirm=step == "confirm")
        return DONE[step]

    people = reverse("desk-case-tab", args=[claim.case_id, "people"])
    return carry_out(
        request,
        work=decide,
        again=lambda refusal: _show(request, representation_id, refusal),
        then=lambda: people if step == "end" else reverse("desk-representations"),
    )


def _show(request: HttpRequest, representation_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    claim = cases.get_representation(actor=actor, court_id=actor.court_id or 0, representation_id=representation_id)
    case = cases.get_case(actor=actor, court_id=claim.court_id, case_id=claim.case_id)
    beside = cases.representations_of(actor=actor, court_id=claim.court_id, case_id=claim.case_id)
    claim = next(r for r in beside if r.id == claim.id)  # the same row with its party
    papers = [get_document(actor=actor, court_id=claim.court_id, document_id=paper)
              for paper in (claim.mandate_id, claim.firm_letter_id) if paper is not None]  # fmt: skip
    context: dict[str, Any] = {
        "claim": claim, "case": case, "papers": papers, "here": "desk-representations",
        "notes": cases.claim_notes(actor=actor, claim=claim) if claim.state == "claimed" else [],
        "others": [r for r in beside if r.state == "confirmed" and r.id != claim.id],
        "leaving": next((r for r in beside if r.state == "confirmed" and cases.makes_room(r, claim)), None),
        "powers": cases.SPECIAL_POWER_LABELS, "typed": request.POST,
    }  # fmt: skip
    return shown(request, "casespace/desk/representation.html", context, refusal)
