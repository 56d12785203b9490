"""司法行政机关工作台: the roll, its people, the decisions, the feeds. Nothing here decides; `actions` does."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus
from lutong.kernel import clock
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import NotAllowed, NotFound, Refusal
from lutong.verification.registry import actions, faults, handout, queries, rules
from lutong.verification.registry.actors import BureauActor, DeskActor, service
from lutong.verification.registry.bodies import FirmKind
from lutong.verification.registry.faces import SESSION_KEY, address_of, desk_tabs, first_page, for_desks, for_officers
from lutong.verification.registry.forms import DecisionForm, FirmForm, NewcomerForm

PAGE = 30


def _desk(actor: BureauActor, here: str, **context: Any) -> dict[str, Any]:
    return {"tabs": desk_tabs(actor), "tab": here, **context}


def sign_in(request: HttpRequest) -> HttpResponse:
    """工号、密码、动态口令, all at once; what was typed stays, but for the secrets."""
    going_to = request.GET.get("next", "") or request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(going_to, allowed_hosts={request.get_host()}):
        going_to = ""
    if request.method != "POST":
        return render(request, "bureau/sign_in.html", {"next": going_to})
    staff_no = request.POST.get("staff_no", "").strip()[:30]
    try:
        actor = actions.sign_in(
            staff_no=staff_no, password=request.POST.get("password", "")[:200], code=request.POST.get("code", "")[:10],
            address=address_of(request), now=clock.now(),
        )  # fmt: skip
    except NotAllowed as refusal:
        status = 429 if "retry_after" in refusal.facts else 403
        context = {"next": going_to, "staff_no": staff_no, "problem": refusal.message}
        response = render(request, "bureau/sign_in.html", context, status=status)
        if status == 429:
            response["Retry-After"] = str(refusal.facts["retry_after"])
        return response
    request.session.cycle_key()
    request.session[SESSION_KEY] = actor.person_id
    return redirect(first_page(actor, going_to))


@require_POST
@for_desks
def sign_out(request: HttpRequest, actor: DeskActor) -> HttpResponse:
    """End the officer's session, and only his."""
    actions.sign_out(actor=actor, now=clock.now())
    request.session.pop(SESSION_KEY, None)
    request.session.cycle_key()
    return redirect("bureau-sign-in")


@require_GET
@for_officers
def roll(request: HttpRequest, actor: BureauActor, category: str = "lawyers") -> HttpResponse:
    """名册查询: by name, number or firm; pages by number."""
    if category not in queries.CATEGORIES:
        raise Http404
    wanted = queries.Wanted(
        request.GET.get("q", "").strip()[:50],
        category,
        request.GET.get("status", ""),
        request.GET.get("after", "")[:20],
    )
    found = queries.search(actor=actor, wanted=wanted, limit=PAGE + 1)
    context = _desk(
        actor, category, rows=found[:PAGE], more=found[PAGE - 1].number if len(found) > PAGE else "", wanted=wanted,
        title=queries.CATEGORIES[category][0], statuses=list(LicenceStatus), category=category,
        own=reverse("bureau-list", args=[category]),
    )  # fmt: skip
    return render(request, "bureau/roll.html", context)


@require_GET
@for_officers
def person(request: HttpRequest, actor: BureauActor, number: str) -> HttpResponse:
    """One licence: facts, today's standing, the whole history. Each look is in the trail."""
    licence = queries.get_entry(actor=actor, number=number)
    actions.look(actor=actor, act="look_at_person", subject=licence.number, now=clock.now())
    return render(request, "bureau/person.html", _person(actor, licence))


def _person(actor: BureauActor, licence: Any) -> dict[str, Any]:
    kind = LicenceKind(licence.kind)
    here = "trainees" if kind is LicenceKind.TRAINEE else "lawyers" if kind.is_lawyer else "grassroots"
    return _desk(
        actor, here, licence=licence, kind=kind, status=LicenceStatus(licence.status), today=beijing_date(clock.now()),
        remedy=rules.REMEDIES[LicenceStatus(licence.status)], history=queries.history_of(actor=actor, licence=licence),
        trainees=queries.trainees_of(licence=licence), firm_kind=FirmKind(licence.firm.kind),
        portrait=getattr(licence.person, "portrait", None), may_enter=actor.may_decide,
    )  # fmt: skip


@for_officers
def enter(request: HttpRequest, actor: BureauActor, number: str) -> HttpResponse:
    """登记变更: fill in, look at the effect, enter. Nothing is written before the second press."""
    licence = queries.get_entry(actor=actor, number=number)
    if not actor.may_decide:
        raise NotAllowed("登记由省级司法行政机关办理，司法部账号只能查看")
    form = DecisionForm.of(request, number)
    context = {"form": form, "kinds": _kinds(licence), "articles": rules.ARTICLES, "seen": None}
    if request.method == "POST" and form.sound:
        decision = form.decision
        seen = actions.preview(actor=actor, decision=decision, now=clock.now())
        form.fields_wrong = seen.objections
        context["seen"] = None if seen.objections else seen
        if not seen.objections and request.POST.get("step") == "enter":
            try:
                actions.record_decision(actor=actor, decision=decision, now=clock.now())
            except Refusal as refusal:
                form.fields_wrong = refusal.fields or {"": refusal.message}
                context["seen"] = None
            else:
                messages.success(request, f"已登记：{decision.kind.label}，{decision.effective_on.isoformat()} 生效")
                return redirect("bureau-person", number=number)
    status = 422 if form.fields_wrong else 200
    return render(request, "bureau/enter.html", _person(actor, licence) | context, status=status)


def _kinds(licence: Any) -> list[EventKind]:
    """What may be entered about this kind of licence at all; the standing decides the rest."""
    every: list[EventKind] = [kind for kind in EventKind if kind is not EventKind.GRANT]
    if licence.kind == LicenceKind.TRAINEE:
        return [kind for kind in every if kind in (EventKind.CHANGE, EventKind.TRANSFER, EventKind.CANCEL)]
    return every


@for_officers
def grant(request: HttpRequest, actor: BureauActor, category: str) -> HttpResponse:
    """新登记: a lawyer, a trainee or a grassroots worker."""
    if category not in queries.CATEGORIES:
        raise Http404
    if not actor.may_decide:
        raise NotAllowed("登记由省级司法行政机关办理，司法部账号只能查看")
    title, kinds = queries.CATEGORIES[category]
    form = NewcomerForm.of(request, kinds)
    if request.method == "POST" and form.sound:
        try:
            licence = actions.grant(actor=actor, newcomer=form.newcomer, now=clock.now())
        except Refusal as refusal:
            form.fields_wrong = refusal.fields or {"": refusal.message}
        else:
            messages.success(request, f"已登记：{licence.number}")
            return redirect("bureau-person", number=licence.number)
    context = _desk(actor, category, form=form, kinds=kinds, title=title, category=category)
    return render(request, "bureau/grant.html", context, status=422 if form.fields_wrong else 200)


@require_GET
@for_officers
def firms(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    """执业机构 of the province."""
    words, after = request.GET.get("q", "")[:50], request.GET.get("after", "")[:18]
    found = queries.list_firms(actor=actor, words=words, after=after, limit=PAGE + 1)
    more = found[PAGE - 1].uscc if len(found) > PAGE else ""
    context = _desk(actor, "firms", rows=found[:PAGE], more=more, words=words, may_enter=actor.may_decide)
    return render(request, "bureau/firms.html", context)


@for_officers
def new_firm(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    """登记执业机构."""
    form = FirmForm.of(request)
    if request.method == "POST" and form.sound:
        try:
            made = actions.register_firm(
                actor=actor, uscc=form.uscc, name=form.name, kind=form.kind, city=form.city, now=clock.now()
            )
        except Refusal as refusal:
            form.fields_wrong = refusal.fields or {"": refusal.message}
        else:
            messages.success(request, f"已登记：{made.name}")
            return redirect("bureau-firm", uscc=made.uscc)
    context = _desk(actor, "firms", form=form, kinds=list(FirmKind))
    return render(request, "bureau/new_firm.html", context, status=422 if form.fields_wrong else 200)


@require_GET
@for_officers
def firm(request: HttpRequest, actor: BureauActor, uscc: str) -> HttpResponse:
    """One body and who belongs to it now."""
    found = queries.get_firm(actor=actor, uscc=uscc)
    after = request.GET.get("after", "")[:20]
    people = queries.list_firm_people(uscc=uscc, after=after, limit=PAGE + 1)
    more = people[PAGE - 1].number if len(people) > PAGE else ""
    return render(request, "bureau/firm.html", _desk(actor, "firms", firm=found, people=people[:PAGE], more=more))


@require_GET
@for_officers
def feeds(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    """报送情况: how far each bureau's reports have come, gaps first."""
    states = sorted(queries.list_feeds(actor=actor), key=lambda state: (state.sound, -state.last_seq, state.code))
    return render(request, "bureau/feeds.html", _desk(actor, "feeds", states=states))


@require_GET
@for_officers
def trail(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    """The bureau's own trail."""
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
    found = queries.list_trail(actor=actor, before_id=before, limit=PAGE + 1)
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(request, "bureau/trail.html", _desk(actor, "trail", rows=found[:PAGE], more=more))


@require_GET
@for_officers
def person_history(request: HttpRequest, actor: BureauActor, number: str) -> HttpResponse:
    """The history of one licence as a table file."""
    licence = queries.get_entry(actor=actor, number=number)
    actions.look(actor=actor, act="hand_out_history", subject=licence.number, now=clock.now())
    return handout.csv_of(queries.history_of(actor=actor, licence=licence), licence, name=f"{licence.number}-执业登记")


@require_GET
@for_officers
def history(request: HttpRequest, actor: BureauActor) -> HttpResponse:
    """Every decision of the bureau as a table file, piece by piece."""
    actions.look(actor=actor, act="hand_out_history", subject=actor.bureau, now=clock.now())
    return handout.csv_of_bureau(actor, name=f"{actor.bureau_name}-执业登记")


def control(request: HttpRequest) -> HttpResponse:
    """故障演练, in the demo world only: how the wire shall misbehave from now on."""
    if not settings.LUTONG_DEMO:
        raise Http404
    if request.method == "POST":
        try:
            seconds = float(request.POST.get("slow_seconds", "") or 10)
        except ValueError:
            seconds = -1.0
        faults.misbehave(actor=service(), mode=request.POST.get("mode", ""), slow_seconds=seconds)
        messages.success(request, "已保存")
        return redirect("control")
    return render(request, "bureau/control.html", {"wish": faults.current(), "modes": faults.MODES})


@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """演示账号 of the officers with their current codes; the sign-in itself is the real one."""
    if not settings.LUTONG_DEMO:
        raise NotFound("没有这个页面")
    at = time.time()
    return render(request, "bureau/demo.html", {"rows": queries.demo_officers(at=at), "seconds": 30 - int(at) % 30})
