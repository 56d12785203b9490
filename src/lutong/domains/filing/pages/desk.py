"""立案审核: the court's desk for filings."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.courts.queries import search_courts
from lutong.domains.dossier.queries import list_filing_documents
from lutong.domains.filing.actions import decision, review
from lutong.domains.filing.checks.report import CHECKS
from lutong.domains.filing.queries import desk as queries
from lutong.domains.filing.queries.judging import examine_filing
from lutong.domains.filing.states import FILING, FilingState
from lutong.domains.identity.queries import list_colleagues
from lutong.kernel import clock
from lutong.kernel.actor import Role
from lutong.kernel.duties import JUDGES, Duty
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, carry_out, for_staff, pack_cursor, shown, unpack_day_cursor, whole_number
from lutong.kernel.periods import days_left

PAGE = 20
CORRECTION_DAYS = 7
REVIEW_DAYS = 7  # 民事诉讼法第一百二十六条


@require_GET
@for_staff(Duty.FILINGS)
def queue(request: HttpRequest) -> HttpResponse:
    actor, today = actor_in(request), clock.beijing_date(clock.now())
    wanted = queries.QueueFilter(
        tab=request.GET.get("tab", "waiting"), text=request.GET.get("q", ""),
        mine=request.GET.get("mine") == "1",
    )  # fmt: skip
    rows = queries.list_queue(
        actor=actor, wanted=wanted, today=today, after=unpack_day_cursor(request.GET.get("after")), limit=PAGE + 1
    )
    more = pack_cursor(rows[PAGE - 1].review_due_on, rows[PAGE - 1].id) if len(rows) > PAGE else ""
    overdue = queries.list_queue(actor=actor, wanted=queries.QueueFilter(tab="overdue"), today=today, limit=3)
    context = {
        "rows": rows[:PAGE], "more": more if wanted.tab != "done" else "", "wanted": wanted, "today": today,
        "tabs": queries.count_tabs(actor=actor, today=today), "overdue": overdue, "here": "desk-filings",
    }  # fmt: skip
    return render(request, "filing/desk/queue.html", context)


@require_POST
@for_staff(Duty.FILINGS)
def take_next(request: HttpRequest) -> HttpResponse:
    """领取下一件: the most urgent one that nobody has."""
    actor = actor_in(request)
    filing = queries.next_unclaimed(actor=actor)
    if filing is None:
        messages.info(request, "没有待领取的立案申请")
        return redirect("desk-filings")
    review.claim(actor=actor, filing_id=filing.id, now=clock.now())
    return redirect("desk-filing", filing_id=filing.id)


@require_GET
@for_staff(Duty.FILINGS)
def show(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    return _show(request, filing_id)


@require_POST
@for_staff(Duty.FILINGS)
def marks(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """Autosave of the marks; answers the notice preview and the buttons that follow the marks."""
    actor = actor_in(request)
    version = whole_number(request.POST.get("review_version"))
    saved = review.save_marks(
        actor=actor, filing_id=filing_id, version=version, marks=_marks(request.POST), now=clock.now()
    )
    filing = queries.get_filing(actor=actor, filing_id=filing_id)
    context = _checklist(request, filing, saved) | {"filing": filing, "swap": True}
    return render(request, "filing/desk/_notice.html", context)


@require_POST
@for_staff(Duty.FILINGS)
def act(request: HttpRequest, filing_id: UUID, step: str) -> HttpResponse:
    """One of the decisions. A refusal is shown above the list, with everything typed still there."""
    handler = _STEPS.get(step)
    if handler is None:
        return redirect("desk-filing", filing_id=filing_id)
    return carry_out(
        request,
        work=lambda: handler(request, filing_id),
        again=lambda refusal: _show(request, filing_id, refusal=refusal),
        then=lambda: reverse("desk-filing", args=[filing_id]),
    )


@require_GET
@for_staff(Duty.FILINGS)
def courts(request: HttpRequest) -> HttpResponse:
    """Suggestions for 告知向其他法院起诉."""
    found = search_courts(text=request.GET.get("court", "")[:40], limit=8)
    return render(request, "filing/desk/_courts.html", {"courts": found})


def _return(request: HttpRequest, filing_id: UUID) -> str:
    given = _marks(request.POST)
    found = _found_fields(request, filing_id)
    items: list[dict[str, Any]] = [
        {"code": code, "note": mark["note"], "fields": found.get(code, [])}
        for code, mark in given.items() if mark["verdict"] == "defect"
    ]  # fmt: skip
    notice = review.issue_correction(
        actor=actor_in(request), filing_id=filing_id, version=whole_number(request.POST.get("version")), items=items,
        days=whole_number(request.POST.get("days", str(CORRECTION_DAYS))),
        second_reason=request.POST.get("second_reason", ""), now=clock.now(),
    )  # fmt: skip
    return f"已发出补正告知（{len(notice.items)} 项），请律师在 {notice.due_on} 前补正"


def _register(request: HttpRequest, filing_id: UUID) -> str:
    assignment = decision.Assignment(
        procedure=request.POST.get("procedure", ""), judge_id=whole_number(request.POST.get("judge_id")),
        recorder_id=whole_number(request.POST.get("recorder_id")),
    )  # fmt: skip
    decision.register(
        actor=actor_in(request), filing_id=filing_id, version=whole_number(request.POST.get("version")),
        assignment=assignment, now=clock.now(),
    )  # fmt: skip
    return "已登记立案，案号已生成，受理文书正在送达"


def _approve(request: HttpRequest, filing_id: UUID) -> str:
    version = whole_number(request.POST.get("version"))
    decision.approve(actor=actor_in(request), filing_id=filing_id, version=version, now=clock.now())
    return "已记为审核通过，等待登记立案"


def _refuse(request: HttpRequest, filing_id: UUID) -> str:
    decision.refuse(
        actor=actor_in(request), filing_id=filing_id, version=whole_number(request.POST.get("version")),
        ground=request.POST.get("ground", ""), reason=request.POST.get("reason", ""), now=clock.now(),
    )  # fmt: skip
    return "已决定不予受理，裁定书将送达起诉人"


def _transfer(request: HttpRequest, filing_id: UUID) -> str:
    decision.transfer(
        actor=actor_in(request), filing_id=filing_id, version=whole_number(request.POST.get("version")),
        to_court_id=whole_number(request.POST.get("to_court_id")), reason=request.POST.get("reason", ""),
        now=clock.now(),
    )  # fmt: skip
    return "已告知向有管辖权的法院起诉"


def _claim(request: HttpRequest, filing_id: UUID) -> str:
    review.claim(actor=actor_in(request), filing_id=filing_id, now=clock.now())
    return "已领取"


_STEPS = {
    "return": _return, "register": _register, "approve": _approve, "refuse": _refuse, "transfer": _transfer,
    "claim": _claim,
}  # fmt: skip


def _show(request: HttpRequest, filing_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor, today = actor_in(request), clock.beijing_date(clock.now())
    filing = queries.get_filing(actor=actor, filing_id=filing_id)
    saved = queries.get_review(actor=actor, filing=filing)
    documents = list_filing_documents(actor=actor, court_id=filing.court_id, filing_id=filing.id)
    context = _checklist(request, filing, saved) | {
        "filing": filing, "documents": documents, "today": today, "here": "desk-filings",
        "clock": _clock(filing, today), "content": filing.content,
        "corrections": queries.list_corrections(actor=actor, court_id=filing.court_id, filing_id=filing.id),
        "judges": list_colleagues(court_id=filing.court_id, role=JUDGES),
        "recorders": list_colleagues(court_id=filing.court_id, role=Role.RECORDER),
        "procedures": decision.PROCEDURES, "grounds": decision.REFUSAL_GROUNDS, "typed": request.POST,
    }  # fmt: skip
    return shown(request, "filing/desk/review.html", context, refusal)


def _checklist(request: HttpRequest, filing: Any, saved: Any) -> dict[str, Any]:
    """The list as the machine judged it, under the marks that the clerk has made or is just sending."""
    today = clock.beijing_date(clock.now())
    report = examine_filing(actor=actor_in(request), filing=filing, today=today)
    given = _marks(request.POST) if request.method == "POST" else (saved.marks if saved else {})
    groups, flat = [], []
    for title, items in report.groups:
        rows = []
        for item in items:
            mark = given.get(item.code) or {"verdict": _suggestion(item.verdict), "note": _hint(item)}
            rows.append({"item": item, "verdict": mark["verdict"], "note": mark["note"]})
        groups.append((title, rows))
        flat += rows
    steps = {step.name for step in FILING.open_steps(filing.state, actor_in(request).role)}
    return {
        "groups": groups, "review_version": saved.version if saved else 0,
        "defects": [r for r in flat if r["verdict"] == "defect"],
        "passed": sum(r["verdict"] == "pass" for r in flat), "undecided": sum(not r["verdict"] for r in flat),
        "count": len(flat), "steps": steps, "marking": bool(steps) and filing.state != FilingState.RETURNED,
        "reviewer": actor_in(request), "days": CORRECTION_DAYS, "overdue": filing.review_due_on < today,
    }  # fmt: skip


def _suggestion(verdict: str) -> str:
    return verdict if verdict in {"pass", "defect"} else ""


def _hint(item: Any) -> str:
    return str(item.note) if item.verdict == "defect" else ""


def _found_fields(request: HttpRequest, filing_id: UUID) -> dict[str, list[str]]:
    """Code → the fields that the machine sees as faulty; what else an item opens is known to the action."""
    filing = queries.get_filing(actor=actor_in(request), filing_id=filing_id)
    report = examine_filing(actor=actor_in(request), filing=filing, today=clock.beijing_date(clock.now()))
    return {item.code: [field.path for field in item.fields] for item in report.items}


def _marks(data: QueryDict) -> dict[str, dict[str, str]]:
    return {
        code: {"verdict": data.get(code, ""), "note": data.get(f"{code}-note", "")}
        for code in CHECKS if code in data or f"{code}-note" in data
    }  # fmt: skip


def _clock(filing: Any, today: dt.date) -> dict[str, Any]:
    total = max((filing.review_due_on - filing.clock_from).days, 1)
    gone = min(max((today - filing.clock_from).days, 0), total)
    left = days_left(due_on=filing.review_due_on, today=today)
    return {"days": [n < gone for n in range(total)], "left": left}
