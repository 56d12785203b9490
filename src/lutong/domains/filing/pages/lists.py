"""网上立案: the list with its eight tabs, and the page of one filing after it is submitted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.filing import actions, queries
from lutong.domains.filing.content import STEP_LABELS, STEPS, step_of
from lutong.domains.filing.states import FILING, FilingState
from lutong.kernel import clock, parameters
from lutong.kernel.actor import Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.kernel.faces import actor_in, for_counsel, for_lawyers, pack_cursor, unpack_cursor

PAGE = 20
S = FilingState
TONES: dict[str, str] = {
    S.DRAFT: "mute", S.SUBMITTING: "info", S.SUBMITTED: "info", S.APPROVED: "ok",
    S.RETURNED: "warn", S.REGISTERED: "ok",
    S.REFUSED: "danger", S.TRANSFERRED: "warn", S.WITHDRAWN: "mute",
}  # fmt: skip


@require_GET
@for_counsel(Capability.PREPARE_FILING)
def index(request: HttpRequest) -> HttpResponse:
    """All drafts and filings of the lawyer."""
    actor, now = actor_in(request), clock.now()
    if request.GET.get("deleted"):
        rows = queries.list_deleted(actor=actor, now=now)
        return render(request, "filing/deleted.html", {"rows": rows, "here": "filing"})
    tab, text = request.GET.get("tab", "all")[:20], request.GET.get("q", "")[:80]
    before = unpack_cursor(request.GET.get("before"))
    rows = queries.list_drafts(actor=actor, tab=tab, text=text, before=before, limit=PAGE + 1)
    more = pack_cursor(rows[PAGE - 1].updated_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    counts = queries.count_drafts(actor=actor)
    context = {
        "rows": [_row(draft) for draft in rows[:PAGE]], "more": more, "tab": tab, "text": text, "here": "filing",
        "tabs": [(word, label, counts[word]) for word, label, _ in queries.TABS], "first": before is None,
        "today": clock.beijing_date(now), "kept": request.session.pop("filing_deleted", None),
    }  # fmt: skip
    return render(request, "filing/index.html", context)


def _row(draft: Any) -> dict[str, Any]:
    return {"draft": draft, "tone": TONES[draft.state], "label": FilingState(draft.state).label}


@require_POST
@for_lawyers
def start(request: HttpRequest) -> HttpResponse:
    draft = actions.start_draft(actor=actor_in(request), now=clock.now())
    return redirect("filing-step", draft_id=draft.id, step=STEPS[0][0])


@require_GET
@for_counsel(Capability.PREPARE_FILING)
def show(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """A draft goes on where it was left; a submitted filing shows what became of it."""
    actor, now = actor_in(request), clock.now()
    draft = queries.get_draft(actor=actor, draft_id=draft_id)
    if draft.state == S.DRAFT:
        return redirect("filing-step", draft_id=draft_id, step=draft.step if draft.step in STEP_LABELS else STEPS[0][0])
    submitted = queries.get_submitted(actor=actor, draft=draft)
    filing = submitted.filing
    notice = submitted.open_correction
    context = {
        "draft": draft, "filing": filing, "notice": notice, "corrections": submitted.corrections,
        "documents": submitted.documents, "state": FilingState(filing.state), "tone": TONES[filing.state],
        "period": _period(filing), "today": clock.beijing_date(now), "here": "filing",
        "nodes": _nodes(filing, submitted),
        "may_withdraw": FILING.may(filing.state, "withdraw", Role.LAWYER),
        "first_step": _first_step(notice), "waiting": filing.state == S.SUBMITTED,
        "mediation": {"yes": "同意先行调解", "no": "不同意先行调解"}.get(filing.mediation_will, "暂不确定"),
    }  # fmt: skip
    return render(request, "filing/show.html", context)


def _period(filing: Any) -> Any:
    key = "filing.review" if filing.round == 1 else "filing.review_after_correction"
    event = "法院收到材料" if filing.round == 1 else "法院收到补正材料"
    return parameters.period_of(key=key, start_on=filing.clock_from, event=event)


def _first_step(notice: Any) -> str:
    paths = [path for item in (notice.items if notice else []) for path in item.get("fields", [])]
    steps = [key for key in STEP_LABELS if any(step_of(path) == key for path in paths)]
    return steps[0] if steps else "check"


def _nodes(filing: Any, submitted: Any) -> list[tuple[str, str, str]]:
    """The line of events: title, date, done/now/todo."""
    nodes = [("提交材料", f"{clock.beijing_date(filing.received_at):%m-%d}", "done")]
    for notice in reversed(submitted.corrections):
        nodes.append(("补正告知", f"{clock.beijing_date(notice.issued_at):%m-%d}", "done"))
        if notice.answered_at:
            nodes.append(("提交补正", f"{clock.beijing_date(notice.answered_at):%m-%d}", "done"))
    if filing.state == S.SUBMITTED:
        nodes.append(("法院审查", f"{filing.review_due_on:%m-%d} 届满", "now"))
    elif filing.state == S.RETURNED:
        nodes.append(("等待补正", "", "now"))
    if filing.state in (S.REGISTERED, S.REFUSED, S.TRANSFERRED, S.WITHDRAWN):
        decided = f"{clock.beijing_date(filing.decided_at):%m-%d}" if filing.decided_at else ""
        nodes.append((FilingState(filing.state).label, decided, "done"))
    else:
        nodes.append(("登记立案", "", "todo"))
    return nodes


@require_POST
@for_counsel(Capability.PREPARE_FILING)
def submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Hand in: first time or after a correction. Pressing twice shows the same receipt."""
    actor, now = actor_in(request), clock.now()
    draft = queries.get_draft(actor=actor, draft_id=draft_id)
    text = request.POST.get("_version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        if draft.state == S.RETURNED:
            actions.correct(actor=actor, draft_id=draft_id, version=version, now=now)
        else:
            key = request.POST.get("submit_key", "")
            actions.submit(actor=actor, draft_id=draft_id, version=version, submit_key=key, now=now)
    except (Invalid, Conflict, NotAllowed) as refusal:
        if refusal.status == NotAllowed.status and "retry_after" not in refusal.facts:
            raise  # what is only a matter of minutes is said above the form
        messages.warning(request, refusal.message)
        return redirect("filing-step", draft_id=draft_id, step="check")
    return redirect("filing-receipt", draft_id=draft_id)


@require_POST
@for_lawyers
def delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = actions.delete_draft(actor=actor_in(request), draft_id=draft_id, now=clock.now())
    request.session["filing_deleted"] = {"id": str(draft.id), "title": draft.title or "未命名草稿"}
    return redirect("filing")


@require_POST
@for_lawyers
def restore(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    actions.restore_draft(actor=actor_in(request), draft_id=draft_id, now=clock.now())
    messages.success(request, "草稿已恢复")
    return redirect("filing")


@require_POST
@for_lawyers
def duplicate(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = actions.duplicate_draft(actor=actor_in(request), draft_id=draft_id, now=clock.now())
    messages.success(request, "已按原申请新建草稿：文件、送达地址确认需要重新提交")
    return redirect("filing-step", draft_id=draft.id, step=STEPS[0][0])


@require_POST
@for_lawyers
def withdraw(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    actions.withdraw(actor=actor_in(request), draft_id=draft_id, now=clock.now())
    messages.success(request, "申请已撤回。需要重新起诉的，可以把这份申请复制为新草稿")
    return redirect("filing-one", draft_id=draft_id)


@require_GET
@for_lawyers
def receipt(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """收件凭证: temporary number, time to the second, files with their digests."""
    actor = actor_in(request)
    draft = queries.get_draft(actor=actor, draft_id=draft_id)
    submitted = queries.get_submitted(actor=actor, draft=draft)
    context = {
        "draft": draft, "filing": submitted.filing, "documents": submitted.documents, "here": "filing",
        "period": _period(submitted.filing), "total": sum(d.size for d in submitted.documents),
    }  # fmt: skip
    return render(request, "filing/receipt.html", context)
