"""排期页: a time for a case, with proposals, and clashes shown before anything is fixed."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lutong.domains.cases import queries as cases
from lutong.domains.hearings import actions, queries
from lutong.domains.hearings.pages.desk import MOST_VERSION, court_of
from lutong.domains.hearings.pages.reading import Wish, uuid_or_none, whole
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing_date
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff

MODES = {"onsite": "线下", "online": "线上"}
LENGTHS = {30: "30 分钟", 60: "1 小时", 90: "1.5 小时", 120: "2 小时", 150: "2.5 小时", 180: "3 小时",
           240: "4 小时", 360: "6 小时", 480: "8 小时"}  # fmt: skip
CLOCKS = [f"{hour:02d}:{minute:02d}" for hour in range(8, 20) for minute in (0, 30)]
CASES_SHOWN = 20
NONE_FREE = "今后 30 个工作日内没有同时空闲的时段，请缩短时长、改为线上或自定时间"


@dataclass(slots=True)
class Desk:
    """Which case is scheduled, by whom; `hearing` is the one that moves, None for a new one."""

    actor: Actor
    court_id: int
    case: Any
    hearing: Any = None

    @property
    def hearing_id(self) -> uuid.UUID | None:
        return self.hearing.id if self.hearing else None


@require_http_methods(["GET", "POST"])
@for_staff(Duty.TRY)
def new(request: HttpRequest) -> HttpResponse:
    """Without `case` the cases under trial are listed to choose from."""
    actor = actor_in(request)
    case_id = uuid_or_none(request.POST.get("case") or request.GET.get("case"))
    if case_id is None:
        return _choose_case(request, actor)
    desk = _desk(actor, case_id)
    if request.method == "GET":
        return _form(request, desk, _first_wish(desk))
    wish = Wish.typed(request.POST.dict())
    try:
        starts_at, ends_at = wish.times()
        hearing = actions.schedule(
            actor=actor, court_id=desk.court_id, case_id=case_id, kind=wish.kind, mode=wish.mode,
            room_id=wish.room_id, starts_at=starts_at, ends_at=ends_at, clash_reason=wish.clash_reason, now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, desk, wish, refusal)
    messages.success(request, "已排定，双方律师的日程已更新，传票随后送达")
    return redirect("desk-hearing", hearing.id)


@require_http_methods(["GET", "POST"])
@for_staff(Duty.TRY)
def move(request: HttpRequest, hearing_id: uuid.UUID) -> HttpResponse:
    actor = actor_in(request)
    hearing = queries.get_hearing(actor=actor, court_id=court_of(actor), hearing_id=hearing_id)
    desk = _desk(actor, hearing.case_id, hearing)
    if request.method == "GET":
        return _form(request, desk, _wish_of(hearing))
    wish = Wish.typed(request.POST.dict())
    try:
        starts_at, ends_at = wish.times()
        actions.reschedule(
            actor=actor, court_id=desk.court_id, hearing_id=hearing_id, kind=wish.kind, mode=wish.mode,
            version=whole(request.POST.get("version"), "version", most=MOST_VERSION), room_id=wish.room_id,
            starts_at=starts_at, ends_at=ends_at, clash_reason=wish.clash_reason, now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, desk, wish, refusal)
    messages.success(request, "已改期，双方律师的日程已更新，传票随后重新送达")
    return redirect("desk-hearing", hearing_id)


@require_POST
@for_staff(Duty.TRY)
def preview(request: HttpRequest) -> HttpResponse:
    """The part of the page that says what would clash; asked for again whenever a field changes."""
    desk, wish = _asked(request)
    return render(request, "hearings/_preview.html", _preview(desk, wish) | {"wish": wish})


@require_POST
@for_staff(Duty.TRY)
def free(request: HttpRequest) -> HttpResponse:
    """The part of the page that proposes free times."""
    desk, wish = _asked(request)
    return render(request, "hearings/_proposals.html", _proposals(desk, wish) | {"wish": wish})


def _asked(request: HttpRequest) -> tuple[Desk, Wish]:
    actor = actor_in(request)
    hearing_id = uuid_or_none(request.POST.get("hearing"))
    if hearing_id is not None:
        hearing = queries.get_hearing(actor=actor, court_id=court_of(actor), hearing_id=hearing_id)
        return _desk(actor, hearing.case_id, hearing), Wish.typed(request.POST.dict())
    case_id = uuid_or_none(request.POST.get("case"))
    if case_id is None:
        raise NotFound("没有这个案件，或您无权查看")
    return _desk(actor, case_id), Wish.typed(request.POST.dict())


def _desk(actor: Actor, case_id: uuid.UUID, hearing: Any = None) -> Desk:
    court_id = court_of(actor)
    return Desk(actor, court_id, cases.get_case(actor=actor, court_id=court_id, case_id=case_id), hearing)


def _choose_case(request: HttpRequest, actor: Actor) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    wanted = cases.CaseFilter(stage="trial", text=text)
    rows = cases.list_court_cases(actor=actor, wanted=wanted, limit=CASES_SHOWN)
    return render(request, "hearings/choose_case.html", {"here": "desk-calendar", "rows": rows, "text": text})


def _first_wish(desk: Desk) -> Wish:
    """The form opens with the first time that suits everybody."""
    wish = Wish()
    found = _proposals(desk, wish)["proposals"]
    return Wish.typed({**vars(wish), "pick": found[0].key, "errors": ""}) if found else wish


def _wish_of(hearing: Any) -> Wish:
    start = hearing.during.lower.astimezone(BEIJING)
    minutes = int((hearing.during.upper - hearing.during.lower).total_seconds() // 60)
    return Wish(
        kind=hearing.kind, mode=hearing.mode, room=str(hearing.room_id or ""), day=start.date().isoformat(),
        starts=f"{start:%H:%M}", minutes=str(minutes),
    )  # fmt: skip


def _form(request: HttpRequest, desk: Desk, wish: Wish, refusal: Refusal | None = None) -> HttpResponse:
    if refusal is not None:
        wish.errors = refusal.fields
    lengths = {str(minutes): name for minutes, name in LENGTHS.items()}
    lengths.setdefault(wish.minutes, f"{wish.minutes} 分钟")
    clocks = CLOCKS if wish.starts in CLOCKS else sorted([wish.starts, *CLOCKS])
    context = {
        "here": "desk-calendar", "case": desk.case, "hearing": desk.hearing, "wish": wish, "refusal": refusal,
        "kinds": queries.hearing_kinds(), "modes": MODES, "lengths": lengths, "clocks": clocks,
        "rooms": queries.list_courtrooms(actor=desk.actor, court_id=desk.court_id),
        "counsel": cases.counsel_of(actor=desk.actor, court_id=desk.court_id, case_id=desk.case.id),
        "action": _address(desk),
        "may": queries.may_schedule(actor=desk.actor),
    }  # fmt: skip
    context |= _proposals(desk, wish) | _preview(desk, wish)
    return render(request, "hearings/schedule.html", context, status=refusal.status if refusal else 200)


def _address(desk: Desk) -> str:
    return reverse("desk-hearing-move", args=[desk.hearing.id]) if desk.hearing else reverse("desk-calendar-new")


def _proposals(desk: Desk, wish: Wish) -> dict[str, Any]:
    """Free times, or the sentence why there are none."""
    try:
        found = queries.free_slots(
            actor=desk.actor, court_id=desk.court_id, case_id=desk.case.id, minutes=wish.length, kind=wish.kind,
            mode=wish.mode, hearing_id=desk.hearing_id, now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return {"proposals": [], "no_proposals": refusal.message}
    picked = any(proposal.key == wish.pick for proposal in found)
    return {
        "proposals": found,
        "picked": picked,
        "no_proposals": "今后 30 个工作日内没有同时空闲的时段，请缩短时长、改为线上或自定时间",
    }


def _preview(desk: Desk, wish: Wish) -> dict[str, Any]:
    """What would happen at the time typed; nothing while no usable time is typed yet."""
    try:
        starts_at, ends_at = wish.times()
    except Invalid:
        return {"previewed": False}
    try:
        busy = queries.busy_at(
            actor=desk.actor, court_id=desk.court_id, judge_id=desk.case.judge_id,
            room_id=wish.room_id if wish.mode != "online" else None, starts_at=starts_at, ends_at=ends_at,
            hearing_id=desk.hearing_id,
        )  # fmt: skip
        clashes = queries.preview_clashes(
            actor=desk.actor, court_id=desk.court_id, case_id=desk.case.id, mode=wish.mode, starts_at=starts_at,
            ends_at=ends_at, hearing_id=desk.hearing_id,
        )  # fmt: skip
    except Conflict as refusal:
        return {"previewed": True, "busy": refusal.message, "clashes": [], "cautions": []}
    except Refusal:
        return {"previewed": False}
    cautions = queries.cautions_for(
        actor=desk.actor, court_id=desk.court_id, case_id=desk.case.id, kind=wish.kind,
        day=beijing_date(starts_at), moves=desk.hearing.moves + 1 if desk.hearing else 0, now=clock.now(),
    )  # fmt: skip
    return {
        "previewed": True, "busy": busy, "clashes": clashes, "cautions": cautions, "starts_at": starts_at,
        "ends_at": ends_at, "past": starts_at <= clock.now(),
    }  # fmt: skip
