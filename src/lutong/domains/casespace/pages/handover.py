"""变更执业机构交接: each case is kept or passed; what else runs is listed, so that no period is lost on the way."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.cases.queries import CaseFilter, list_my_cases, my_deadlines
from lutong.domains.delegation import queries
from lutong.domains.eservice.queries import unsigned_count
from lutong.domains.filing.queries import HandedDraft, list_draft_handovers, list_draft_offers, list_drafts
from lutong.kernel import clock
from lutong.kernel.faces import actor_in, for_lawyers

AHEAD = dt.timedelta(days=90)
MANY = 100
WITH_THE_COURT = ("returned", "submitted", "approved")


@require_GET
@for_lawyers
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_in(request)
    today = clock.beijing_date(clock.now())
    rows = queries.list_handovers(actor=actor)
    papers = list_draft_handovers(actor=actor)
    firms = {row.old_firm_uscc for row in rows} | {one.row.old_firm_uscc for one in papers if one.draft}
    fit = {uscc: queries.successors(actor=actor, firm_uscc=uscc) for uscc in firms}
    asked = {one.row.draft_id for one in papers}
    filings = [draft for tab in WITH_THE_COURT for draft in list_drafts(actor=actor, tab=tab, limit=MANY)]
    context = {
        "here": "assistants", "rows": [(row, fit[row.old_firm_uscc]) for row in rows],
        "done": sum(row.state == "done" for row in rows), "takeovers": queries.list_takeovers(actor=actor),
        "today": today, "filings": filings, "offers": list_draft_offers(actor=actor),
        "moving": [(firm, mine, fit.get(uscc, [])) for (uscc, firm), mine in _by_firm(papers).items()],
        "handed": [one for one in papers if one.draft is None],
        "drafts": [d for d in list_drafts(actor=actor, tab="draft", limit=MANY) if d.id not in asked],
        "deadlines": my_deadlines(actor=actor, end_on=today + AHEAD, limit=MANY),
        "unsigned": unsigned_count(actor=actor),
        "fee_due": list_my_cases(actor=actor, wanted=CaseFilter(stage="fee_due", side="plaintiff"), limit=MANY),
    }  # fmt: skip
    return render(request, "casespace/handover.html", context)


def _by_firm(papers: list[HandedDraft]) -> dict[tuple[str, str], list[HandedDraft]]:
    """The drafts still to settle, by the firm whose colleagues could take them: one form each."""
    found: dict[tuple[str, str], list[HandedDraft]] = {}
    for one in papers:
        if one.draft is not None:
            found.setdefault((one.row.old_firm_uscc, one.row.old_firm_name), []).append(one)
    return found
