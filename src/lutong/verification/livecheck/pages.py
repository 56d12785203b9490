"""实人核验 of the person: consent, phrase, film, waiting, result; each step says the way out to the counter."""

import uuid

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lutong.gateways.registry.port import LicenceStatus
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Invalid, Refusal
from lutong.verification.entrance.faces import for_holders, visit_in
from lutong.verification.entrance.pages import NAV
from lutong.verification.livecheck import actions, queries, rules
from lutong.verification.livecheck.actions.holding import holder_of, methods
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.rules import Level, Method, Purpose
from lutong.verification.livecheck.states import LABELS, State
from lutong.verification.registry import queries as registry
from lutong.verification.registry.bodies import bureau_name

STAGES = ("告知和同意", "录制", "审核", "结果")
_STAGE = {
    State.REQUESTED: 0, State.CONSENTED: 1, State.RECORDING: 1, State.SUBMITTED: 2, State.UNDER_REVIEW: 2,
}  # fmt: skip
_RELOAD_SECONDS = 20
_ONWARD = "live_onward"
_WINDOW = "live_window"
_WINDOWS = 300  # courts of one province, at most


@never_cache
@require_GET
@for_holders
def live(request: HttpRequest) -> HttpResponse:
    """Where the person stands: what counts now, what is open, what was before."""
    now, actor = clock.now(), _actor(request)
    if code := request.GET.get("window", "")[:8]:
        request.session[_WINDOW] = code  # he stands at the window of this court
    return render(
        request,
        "livecheck/live.html",
        {
            "here": "live",
            "nav": NAV,
            "window": _window(request),
            "latest": queries.latest_check(person_id=actor.person_id, now=now),
            "open": queries.open_check(person_id=actor.person_id),
            "past": [(one, _label(one)) for one in queries.list_own(person_id=actor.person_id) if one.ended_at],
            "counter": rules.COUNTER_WAY,
        },
    )


@require_POST
@for_holders
def start(request: HttpRequest) -> HttpResponse:
    """Begin, or go on with what is open."""
    visit, actor = visit_in(request), _actor(request)
    assert visit is not None  # for_holders let it through
    wanted = request.POST.get("purpose", "")
    purpose = Purpose(wanted) if wanted in set(Purpose) else Purpose.PERIODIC
    onward = request.POST.get("next", "")
    if onward.startswith("/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        request.session[_ONWARD] = onward  # an application asked for the check and waits
    check = actions.start(actor=actor, number=visit.number, purpose=purpose, visit_id=visit.pk, now=clock.now())
    return redirect("live-check", check_id=check.pk)


@never_cache
@require_GET
@csp_update({"media-src": ["'self'", "blob:"]})
@for_holders
def check(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """The page of the step that the check has reached."""
    return _page(request, queries.get_own(person_id=_actor(request).person_id, check_id=check_id))


@require_POST
@csp_update({"media-src": ["'self'", "blob:"]})
@for_holders
def consent(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """单独同意."""
    actor = _actor(request)
    method, agreed = request.POST.get("method", ""), request.POST.get("agreed") == "yes"
    desk, named = request.POST.get("desk", "bureau"), request.POST.get("court", "")[:60]
    court = named if desk == "court" else None
    try:
        actions.consent(actor=actor, check_id=check_id, method=method, court=court, agreed=agreed, now=clock.now())
    except Invalid as refusal:
        held = queries.get_own(person_id=actor.person_id, check_id=check_id)
        typed = {"method": method, "desk": desk, "court": named, "agreed": "yes" if agreed else ""}
        return _page(request, held, refusal, **typed)
    request.session.pop(_WINDOW, None)
    return redirect("live-check", check_id=check_id)


@require_POST
@for_holders
def phrase(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """A new phrase: as JSON for the recorder, as the page for a browser without it."""
    held = actions.begin_recording(actor=_actor(request), check_id=check_id, now=clock.now())
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"phrase": held.phrase, "seconds": rules.PHRASE_LIFE.seconds})
    return redirect("live-check", check_id=check_id)


@require_POST
@csp_update({"media-src": ["'self'", "blob:"]})
@for_holders
def film(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """Hand the film in."""
    actor, sent = _actor(request), request.FILES.get("film")
    try:
        if any(getattr(handler, "too_large", False) for handler in request.upload_handlers):
            raise Invalid("请改正标出的项目", fields={"film": "视频超过 4 MB，请缩短到 12 秒以内或者降低清晰度"})
        content = sent.read() if sent is not None else b""
        actions.submit(actor=actor, check_id=check_id, film=content, now=clock.now())
    except Refusal as refusal:
        held = queries.get_own(person_id=actor.person_id, check_id=check_id)
        return _page(request, held, refusal)
    return redirect("live-check", check_id=check_id)


@require_POST
@for_holders
def withdraw(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """撤回同意."""
    actions.withdraw(actor=_actor(request), check_id=check_id, now=clock.now())
    messages.success(request, "已撤回，视频（如已提交）已删除。您可以重新开始，或者到窗口当面核验")
    return redirect("live")


def _page(request: HttpRequest, held: Check, refusal: Refusal | None = None, **typed: str) -> HttpResponse:
    state = State(held.state)
    licence = holder_of(number=held.number)
    context = {
        "here": "live",
        "nav": NAV,
        "check": held,
        "label": _label(held),
        "stages": list(enumerate(STAGES)),
        "stage": _STAGE.get(state, 3),
        "consent": rules.CONSENT,
        "law": rules.CONSENT_LAW,
        "counter": rules.COUNTER_WAY,
        "methods": methods(),
        "method": typed.get("method") or Method.MANUAL.value,
        "phrase_alive": held.phrase_until is not None and held.phrase_until > clock.now(),
        "refusal": refusal,
        "reload": _RELOAD_SECONDS if state in (State.SUBMITTED, State.UNDER_REVIEW) else 0,
        "practises": licence.status is LicenceStatus.ACTIVE,
        "level": Level(held.level).label if held.level else "",
        "onward": request.session.get(_ONWARD, "") if held.ended_at else "",
    }
    if state is State.REQUESTED:
        context |= _desks(request, held, typed)
    return render(request, "livecheck/check.html", context, status=refusal.status if refusal else 200)


def _desks(request: HttpRequest, held: Check, typed: dict[str, str]) -> dict[str, object]:
    """Who may look: the bureau, or a court; the one at whose window he stands is chosen already."""
    here = _window(request)
    return {
        "bureau": bureau_name(held.bureau),
        "windows": registry.list_windows(bureau=held.bureau, limit=_WINDOWS),
        "desk": typed.get("desk") or ("court" if here else "bureau"),
        "court": typed.get("court", here),
        "agreed": typed.get("agreed", ""),
    }


def _window(request: HttpRequest) -> str:
    """The court at whose window the person stands, as the code that hangs there says."""
    found = registry.find_windows(words=request.session.get(_WINDOW, "") or "-", limit=2)
    return found[0].name if len(found) == 1 else ""


def _label(held: Check) -> str:
    return LABELS[State(held.state)]


def _actor(request: HttpRequest) -> Actor:
    """The signed-in person as he acts here."""
    visit = visit_in(request)
    assert visit is not None  # for_holders let it through
    return Actor(visit.person_id, Role.LAWYER, holder_of(number=visit.number).name)
