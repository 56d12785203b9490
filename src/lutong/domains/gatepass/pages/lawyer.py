"""一码通: the page with the code, and where it was read."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.courts.queries import get_court
from lutong.domains.gatepass import queries
from lutong.domains.gatepass.rules import WORDS, Purpose, Reason
from lutong.domains.identity.queries import get_lawyer, get_photo
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, for_counsel, for_lawyers, pack_cursor, unpack_cursor

PAGE = 30
SIDES = {"plaintiff": "原告", "defendant": "被告", "third": "第三人"}
LARGEST_COURT = 32_767


@require_GET
@for_lawyers
def code(request: HttpRequest) -> HttpResponse:
    actor, text = actor_in(request), request.GET.get("q", "").strip()[:40]
    choices = queries.choices_for(
        actor=actor, court_id=_court(request.GET.get("court", "")), text=text, now=clock.now()
    )
    lawyer = get_lawyer(lawyer_id=actor.person_id)
    context = {
        "here": "gatepass", "choices": choices, "q": text, "lawyer": lawyer,
        "photo": get_photo(lawyer_id=actor.person_id),
        "first": next((c for c in choices.hearings if c.usable), None),
    }  # fmt: skip
    response = render(request, "gatepass/code.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@for_lawyers
def history(request: HttpRequest) -> HttpResponse:
    found = queries.my_scans(actor=actor_in(request), before=unpack_cursor(request.GET.get("before")), limit=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    rows = [
        {
            "scan": scan, "court": get_court(court_id=scan.court_id).name, "purpose": purpose_label(scan.purpose),
            "words": reason_words(scan.reason),
        }
        for scan in found[:PAGE]
    ]  # fmt: skip
    context = {
        "here": "gatepass", "rows": rows, "next": pack_cursor(last.at.isoformat(), last.id) if last else "",
        "paged": bool(request.GET.get("before")),
    }  # fmt: skip
    return render(request, "gatepass/history.html", context)


@require_GET
@for_counsel(Capability.READ_CASE)
def arrivals(request: HttpRequest, court_id: int, hearing_id: uuid.UUID) -> HttpResponse:
    """谁已到庭, the part of the case's page that renews itself."""
    return show_arrivals(request, court_id, hearing_id)


def show_arrivals(request: HttpRequest, court_id: int, hearing_id: uuid.UUID) -> HttpResponse:
    """The counsel of a hearing with the times that the actor may know."""
    found = queries.arrivals_of(actor=actor_in(request), court_id=court_id, hearing_id=hearing_id)
    context = {
        "found": found, "rows": [(one, SIDES.get(one.side, "")) for one in found.counsel], "at": clock.now(),
        "url": request.path, "hearing_id": hearing_id,
    }  # fmt: skip
    return render(request, "gatepass/_arrivals.html", context)


def purpose_label(word: str) -> str:
    """进入法院, 参加庭审, 诉讼服务大厅; '' for a code that was none."""
    return Purpose[word.upper()].label if word.upper() in Purpose.__members__ else ""


def reason_words(reason: str) -> str:
    """The sentence for a reason in the log."""
    return WORDS[Reason(reason)].title


def _court(word: str) -> int | None:
    if not word:
        return None
    if not word.isascii() or not word.isdigit() or not 0 < int(word[:6]) <= LARGEST_COURT or len(word) > 5:
        raise NotFound("没有这个法院")
    return int(word)
