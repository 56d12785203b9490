"""The page of the tablet at the door, which works without network, and the two questions that it asks the server."""

import datetime as dt
import hashlib
import json
import math
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.actions import LateScan
from lutong.domains.gatepass.queries import GateDevice
from lutong.domains.gatepass.rules import Reason, told
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Invalid

# What the page is made of: the service worker keeps all of it.
ASSETS = (
    "css/tokens.css", "css/gate.css", "js/gate.js", "js/gate-rules.js", "js/gate-store.js", "vendor/ed25519.mjs",
    "vendor/qr/decode.js", "vendor/qr/index.js", "icons.svg", "favicon.svg",
)  # fmt: skip
LONGEST_TEXT = 2000
LARGEST_BODY = 512 * 1024


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The shell: no data, the same for everybody; what it shows the device fetches with its token."""
    return render(request, "gatepass/gate.html", {"worker": reverse("gate-worker")})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    assets = [reverse("gate"), reverse("gate-manifest"), *(static(name) for name in ASSETS)]
    facts = {"version": hashlib.sha256("\n".join(assets).encode()).hexdigest()[:12], "assets": assets}
    response = render(
        request, "gatepass/sw.js", {"facts": json.dumps(facts)}, content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    facts = {
        "name": "律通门禁", "short_name": "律通门禁", "lang": "zh-CN", "start_url": reverse("gate"),
        "scope": reverse("gate"), "display": "standalone", "background_color": "#12315f", "theme_color": "#12315f",
        "icons": [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@csrf_exempt  # a token and no session
@require_POST
def sync(request: HttpRequest) -> HttpResponse:
    """Hand over what was read alone, fetch the list of now unless the device `have`s it; `issued` is good for either.

    `now` lets the device set its clock.
    """
    device = _device(request)
    if isinstance(device, HttpResponse):
        return device
    body, now = _body(request), clock.now()
    scans = [_late(row) for row in _list(body, "scans")]
    kept = actions.take_late_scans(
        actor=_acting(device), device=device, scans=scans, waiting=_whole(body.get("waiting", 0), "waiting", 10**6),
        now=now,
    )  # fmt: skip
    bundle = queries.published_bundle(actor=_acting(device), device=device, now=now)
    answer = {
        "now": int(clock.now().timestamp() * 1000), "kept": kept, "device": device.name, "issued": bundle["issued"],
        "bundle": None if body.get("have") == bundle["digest"] else bundle,
    }  # fmt: skip
    return _private(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}))


@csrf_exempt
@require_POST
def photos(request: HttpRequest) -> HttpResponse:
    """Photos that the device does not hold yet, by digest; of people on its list only."""
    device = _device(request)
    if isinstance(device, HttpResponse):
        return device
    wanted = _list(_body(request), "digests")
    if len(wanted) > queries.PHOTOS_AT_ONCE or not all(isinstance(one, str) and len(one) <= 64 for one in wanted):
        raise Invalid(f"digests 应为至多 {queries.PHOTOS_AT_ONCE} 个摘要")
    found = queries.photos_for(actor=_acting(device), device=device, digests=set(wanted), now=clock.now())
    return _private(JsonResponse({"photos": found}))


@csrf_exempt
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Judge one code with all that the server knows."""
    device = _device(request)
    if isinstance(device, HttpResponse):
        return device
    body = _body(request)
    text = body.get("text")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise Invalid("text 应为扫到的文字", fields={"text": f"最多 {LONGEST_TEXT} 个字符"})
    verdict = actions.verify(
        actor=_acting(device), device=device, seq=_whole(body.get("seq"), "seq", 2**53), text=text, now=clock.now()
    )
    return _private(JsonResponse(told(verdict), json_dumps_params={"ensure_ascii": False}))


def _device(request: HttpRequest) -> GateDevice | HttpResponse:
    """The device that asks, or the answer that shuts it out."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    device = queries.device_of_token(token=token) if scheme.lower() == "bearer" else None
    if device is not None and device.revoked_at is None:
        return device
    code = "device_revoked" if device is not None else "not_signed_in"
    title = "这台设备已被停用，请联系诉讼服务大厅" if device is not None else "配对码无效，请联系诉讼服务大厅换发"
    return _private(
        JsonResponse(
            {"type": f"urn:lutong:{code}", "title": title, "status": 401}, status=401,
            content_type="application/problem+json", json_dumps_params={"ensure_ascii": False},
        )
    )  # fmt: skip


def _acting(device: GateDevice) -> Actor:
    """The court's own machine."""
    return Actor(0, Role.SYSTEM, device.name, device.court_id)


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > LARGEST_BODY:
        raise Invalid("一次上传的内容太多")
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Invalid("请求正文不是合法的 JSON") from None
    if not isinstance(body, dict) or b"\\u0000" in request.body:
        raise Invalid("请求正文不对")
    return body


def _list(body: dict[str, Any], name: str) -> list[Any]:
    rows = body.get(name, [])
    if not isinstance(rows, list):
        raise Invalid(f"{name} 应为数组")
    return rows


def _late(row: Any) -> LateScan:
    if not isinstance(row, dict):
        raise Invalid("scans 的每一项应为对象")
    text, reason = row.get("text"), row.get("reason")
    if not isinstance(text, str) or reason not in set(Reason):
        raise Invalid("scans 的 text 或 reason 不对")
    return LateScan(
        seq=_whole(row.get("seq"), "seq", 2**53), at=_instant(row.get("at")), text=text[:LONGEST_TEXT],
        admitted=row.get("admitted") is True, reason=Reason(reason),
    )  # fmt: skip


def _whole(value: Any, name: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < most:
        raise Invalid(f"{name} 应为整数", fields={name: f"0 至 {most - 1}"})
    return value


def _instant(value: Any) -> dt.datetime:
    """Milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 10**14:
        raise Invalid("at 应为毫秒数")
    return dt.datetime.fromtimestamp(value / 1000, dt.UTC)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
