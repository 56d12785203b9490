"""The wire: signed answers to relying parties at /v1, reports of the bureaus at /feed/v1."""

import datetime as dt
import functools
import time
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lutong.gateways.registry.real import BATCH
from lutong.kernel import clock
from lutong.kernel.errors import Invalid, NotAllowed
from lutong.verification.registry import actions, faults, queries, wire
from lutong.verification.registry.settling import settled
from lutong.verification.registry.telling import entry, told_change

PAGE = 200  # people of a firm in one answer
LARGEST_SEQ = 2**62
Find = Callable[..., Any]


def signed(find: Find) -> Callable[..., HttpResponse]:
    """Answer `{iss, iat, jti, nonce, asked, status, data}`, signed; None from `find` is a signed 404."""

    @require_GET
    @functools.wraps(find)
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        now = clock.now()
        fault = faults.current()
        if fault.mode == "down":
            return JsonResponse({"error": "系统维护"}, status=503)
        if fault.mode == "slow":
            time.sleep(fault.slow_seconds)
        nonce = request.GET.get("nonce", "")
        if not 8 <= len(nonce) <= 64:
            raise Invalid("nonce 须为 8–64 个字符")
        settled(now)
        return _answer(request, find(request, **parts), nonce, fault.mode, now)

    return view


def _answer(request: HttpRequest, data: Any, nonce: str, mode: str, now: dt.datetime) -> HttpResponse:
    asked = {"path": request.path} | {name: str(value) for name, value in request.GET.items() if name != "nonce"}
    told = wire.envelope(data, asked=asked, nonce=nonce, now=now)
    key = wire.signer(settings.LUTONG.home)
    if mode != "normal":
        told, key = faults.spoilt(told, mode, key)
    body, headers = wire.answer(key, told)
    response = HttpResponse(body, status=told["status"], content_type="application/json")
    if mode != "unsigned":
        for name, value in headers.items():
            response[name] = value
    response["Cache-Control"] = "no-store"
    return response


@signed
def lawyer(request: HttpRequest, number: str) -> dict[str, Any] | None:
    """One lawyer. Trainees and grassroots workers are no lawyers and are found under /v1/people only."""
    found = queries.get_licence(number=number)
    return entry(found) if found is not None and found.kind.is_lawyer else None


@signed
def person(request: HttpRequest, number: str) -> dict[str, Any] | None:
    """Anybody of the roll."""
    found = queries.get_licence(number=number)
    return None if found is None else entry(found)


@signed
def lawyers(request: HttpRequest) -> list[dict[str, Any]]:
    """Up to a hundred lawyers in one question."""
    wanted = [number for number in request.GET.get("ids", "").split(",") if number]
    if not 1 <= len(wanted) <= BATCH:
        raise Invalid(f"ids 须为 1–{BATCH} 个执业证号")
    found = {view.number: view for view in queries.list_licences(numbers=wanted) if view.kind.is_lawyer}
    return [entry(found[number]) for number in dict.fromkeys(wanted) if number in found]


@signed
def firm_people(request: HttpRequest, uscc: str) -> dict[str, Any] | None:
    """Who belongs to a firm, in pages by number."""
    firm = queries.find_firm(uscc=uscc)
    if firm is None:
        return None
    people = queries.list_firm_people(uscc=uscc, after=request.GET.get("after", "")[:20], limit=PAGE + 1)
    return {
        "firm": {"uscc": firm.uscc, "name": firm.name, "kind": firm.kind},
        "people": [entry(view) for view in people[:PAGE]],
        "more": len(people) > PAGE,
    }


@signed
def events(request: HttpRequest) -> list[dict[str, Any]]:
    """The outward feed."""
    text = request.GET.get("after", "0")
    if not (text.isascii() and text.isdigit()) or len(text) > 18 or int(text) > LARGEST_SEQ:
        raise Invalid("after 须为序号")
    return [told_change(change) for change in queries.list_changes(after=int(text), limit=BATCH)]


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """For a person who wants to compare; clients pin the key and never fetch it here."""
    return JsonResponse({"keys": [wire.signer(settings.LUTONG.home).public]})


@require_GET
def photo(request: HttpRequest, address: uuid.UUID) -> HttpResponse:
    """A photo, at an address that only a signed answer tells."""
    found = queries.get_photo(address=address)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.png), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # the gate's page shows it
    return response


# ---- Reports of the bureaus


@csrf_exempt  # no cookie counts here, only the bureau's signature
@require_POST
def take_report(request: HttpRequest) -> HttpResponse:
    """One report: 200 taken or duplicate, 202 held for a missing one, 422 refused with the reason."""
    if len(request.body) > wire.LARGEST_REPORT:
        raise NotAllowed("报送内容过长，已拒绝")
    try:
        text = request.body.decode("ascii")
    except UnicodeDecodeError:
        raise NotAllowed("签名不能通过验证，已拒绝") from None
    outcome = actions.take_report(text=text, now=clock.now())
    status = {"taken": 200, "duplicate": 200, "held": 202}.get(outcome.state, 422)
    return _told(
        {"state": outcome.state, "seq": outcome.seq, "last_seq": outcome.last_seq, "missing": outcome.missing}
        | ({"title": outcome.why} if outcome.why else {}),
        status,
    )


@require_GET
def report_state(request: HttpRequest) -> HttpResponse:
    """How far this bureau's reports have come and which are missing, for the bureau that signs the question."""
    text = request.headers.get("Authorization", "").removeprefix("Bearer ")
    code = wire.kid_of(text)
    bureau = queries.bureau_of(code=code) if code else None
    if bureau is None:
        raise NotAllowed("凭证无效或者已过期，请重新签名")
    wire.open_asking(text, bureau=code, public_key=bureau.public_key, now=clock.now())
    state = queries.feed_state(code=code)
    assert state is not None  # the bureau was found above
    refused = [{"seq": report.seq, "why": report.why} for report in state.refused]
    return _told(
        {"bureau": code, "last_seq": state.last_seq, "missing": state.gaps, "held": state.held, "refused": refused}, 200
    )


def _told(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
