"""送达: what the court must serve, what is under way, and the record of each."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.cases.queries import get_case
from lutong.domains.eservice import actions, queries
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff, pack_cursor, unpack_cursor

PAGE = 30
LONGEST_SEARCH = 80


@require_GET
@for_staff(Duty.DELIVERIES)
def index(request: HttpRequest) -> HttpResponse:
    """The court's deliveries by state; with `case`, everything about the service of that case."""
    actor = actor_in(request)
    if case := request.GET.get("case"):
        return _of_case(request, actor, _uuid(case))
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in queries.STATES else "waiting"
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    rows = queries.list_court_deliveries(
        actor=actor, court_id=court_of(actor), tab=tab, text=text, before=unpack_cursor(request.GET.get("before")),
        limit=PAGE + 1,
    )  # fmt: skip
    more = pack_cursor(rows[PAGE - 1].sent_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "rows": rows[:PAGE], "more": more, "tab": tab, "tabs": queries.STATES, "text": text, "modes": queries.MODES,
        "waiting": queries.count_waiting(actor=actor, court_id=court_of(actor)), "here": "desk-deliveries",
    }  # fmt: skip
    return render(request, "eservice/desk.html", context)


@require_GET
@for_staff(Duty.DELIVERIES)
def show(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """One delivery with its record."""
    return _delivery(request, delivery_id)


@require_POST
@for_staff(Duty.DELIVERIES)
def record(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """登记送达: mode, dates, note and receipt."""
    actor, told = actor_in(request), request.POST
    try:
        mode = told.get("mode", "")
        delivery = actions.record_service(
            actor=actor, court_id=court_of(actor), delivery_id=delivery_id, mode=mode, facts=_facts(told, mode),
            note=told.get("note", ""), receipt_upload_id=_optional_uuid(told.get("receipt")), now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(request, delivery_id, refusal)
    done = delivery.effective_on
    messages.success(request, f"已登记，送达之日 {done}" if done else "已登记，尚未产生送达效力")
    return redirect("desk-delivery", delivery_id=delivery_id)


@require_POST
@for_staff(Duty.DELIVERIES)
def fail(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    actor = actor_in(request)
    try:
        actions.fail(
            actor=actor, court_id=court_of(actor), delivery_id=delivery_id, reason=request.POST.get("reason", ""),
            now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(request, delivery_id, refusal)
    messages.success(request, "已记为送达失败，请另行发起送达")
    return redirect("desk-delivery", delivery_id=delivery_id)


@require_http_methods(["GET", "POST"])
@for_staff(Duty.DELIVERIES)
def compose(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """发起送达: parties, papers, mode."""
    refusal = None
    if request.method == "POST":
        try:
            made = actions.serve_parties(actor=actor_in(request), now=clock.now(), **_composed(request, case_id))
            messages.success(request, f"已发起 {len(made)} 件送达")
            return redirect(f"{request.path.removesuffix(f'new/{case_id}/')}?case={case_id}")
        except Refusal as error:
            if error.status == 404:
                raise
            refusal = error
    return _compose_page(request, case_id, refusal)


@require_POST
@for_staff(Duty.DELIVERIES)
def close(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """生效结案, once the last appeal period has run."""
    actor = actor_in(request)
    try:
        day = actions.close_if_final(actor=actor, court_id=court_of(actor), case_id=case_id, now=clock.now())
        messages.success(request, f"裁判自 {day} 起生效，案件已结案")
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.warning(request, refusal.message)
    return redirect("desk-case", case_id=case_id)


def court_of(actor: Actor) -> int:
    """The court whose desk this is."""
    if actor.court_id is None:
        raise NotFound("没有这个页面，或您无权查看")
    return actor.court_id


def _of_case(request: HttpRequest, actor: Actor, case_id: uuid.UUID) -> HttpResponse:
    court_id = court_of(actor)
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    context = {
        "case": case,
        "rows": queries.list_deliveries(actor=actor, court_id=court_id, case_id=case_id),
        "modes": queries.MODES,
        "states": queries.STATES,
        "finality": queries.finality_of(actor=actor, court_id=court_id, case_id=case_id)
        if case.stage == "decided" else None,
        "today": clock.beijing_date(clock.now()),
        "here": "desk-deliveries",
    }  # fmt: skip
    return render(request, "eservice/desk_case.html", context)


def _delivery(request: HttpRequest, delivery_id: uuid.UUID, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    court_id = court_of(actor)
    delivery = queries.get_delivery(actor=actor, court_id=court_id, delivery_id=delivery_id)
    context = {
        "delivery": delivery,
        "case": get_case(actor=actor, court_id=court_id, case_id=delivery.case_id),
        "items": queries.items_of(actor=actor, delivery=delivery),
        "missing": queries.why_not_served(actor=actor, delivery=delivery),
        "periods": queries.consequences(actor=actor, delivery=delivery),
        "state_label": queries.STATES.get(delivery.state, ""),
        "mode_label": queries.MODES.get(delivery.mode, ""),
        "modes": [(key, label) for key, label in queries.MODES.items() if key != "electronic"],
        "signers": queries.SIGNERS,
        "may_record": delivery.recipient_id is None and delivery.state in {"waiting", "sent"},
        "may_fail": delivery.state == "sent" and delivery.effective_on is None,
        "refusal": refusal,
        "typed": _typed(request.POST if refusal else None, delivery.facts, delivery.mode),
        "today": clock.beijing_date(clock.now()),
        "here": "desk-deliveries",
    }
    return render(request, "eservice/desk_delivery.html", context, status=refusal.status if refusal else 200)


def _refused(request: HttpRequest, delivery_id: uuid.UUID, refusal: Refusal) -> HttpResponse:
    if refusal.status == 404:
        raise refusal
    return _delivery(request, delivery_id, refusal)


def _compose_page(request: HttpRequest, case_id: uuid.UUID, refusal: Refusal | None) -> HttpResponse:
    actor = actor_in(request)
    court_id = court_of(actor)
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    offer = queries.offer_of(actor=actor, court_id=court_id, case_id=case_id)
    typed = request.POST if refusal else None
    context = {
        "case": case, "parties": offer.parties, "papers": offer.papers, "modes": queries.MODES, "refusal": refusal,
        "chosen_papers": typed.getlist("documents") if typed is not None else [str(p.id) for p in offer.fresh],
        "chosen_parties": typed.getlist("parties") if typed is not None
        else [str(p.id) for p, _ in offer.parties if offer.fresh],
        "chosen_mode": typed.get("mode", "auto") if typed is not None else "auto",
        "title": typed.get("title", "") if typed is not None else offer.title,
        "key": typed.get("key", "") if typed is not None else str(uuid.uuid4()), "here": "desk-deliveries",
    }  # fmt: skip
    return render(request, "eservice/compose.html", context, status=refusal.status if refusal else 200)


def _composed(request: HttpRequest, case_id: uuid.UUID) -> dict[str, Any]:
    told = request.POST
    return {
        "court_id": court_of(actor_in(request)), "case_id": case_id,
        "party_ids": [_uuid(one, "parties") for one in told.getlist("parties")],
        "document_ids": [_uuid(one, "documents") for one in told.getlist("documents")],
        "title": told.get("title", ""), "mode": told.get("mode", "auto"), "key": str(_uuid(told.get("key", ""), "key")),
    }  # fmt: skip


def _facts(told: Any, mode: str) -> dict[str, Any]:
    """Dates and flags of the chosen mode; an unreadable date is refused at its field."""
    facts: dict[str, Any] = {name: told.get(name) == "on" for name in queries.FLAGS.get(mode, ())}
    for name in queries.DATES.get(mode, ()):
        if text := told.get(name, "").strip():
            facts[name] = _day(name, text)
    return facts | {"signer": told.get("signer", "party")}


def _typed(told: Any, facts: dict[str, Any], mode: str) -> dict[str, Any]:
    """What the form shows: what was just typed, else what is on record."""
    names = {name for table in (queries.DATES, queries.FLAGS) for of_mode in table.values() for name in of_mode}
    source = facts | {"mode": mode} if told is None else told
    return {name: source.get(name, "") for name in names | {"mode", "note", "signer"}}


def _day(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid("日期不对，请写成 2026-11-21 的样子", fields={name: "例如 2026-11-21"}) from None


def _uuid(text: str, field: str = "case") -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("页面内容已失效，请刷新后重试", fields={field: "请重新选择"}) from None


def _optional_uuid(text: str | None) -> uuid.UUID | None:
    return _uuid(text, "receipt") if text else None
