"""The door of the payment gateway: no session, no CSRF token; the signature is the proof."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lutong.domains.fees import actions
from lutong.domains.fees.actions import Booking
from lutong.gateways.payments.port import ForgedNotice, GatewayError
from lutong.kernel import clock
from lutong.kernel.actor import system

log = logging.getLogger(__name__)
LARGEST_COURT = 32_767

# What the gateway shall send again, because the truth may still change.
_AGAIN = {Booking.UNPAID, Booking.UNKNOWN}


@csrf_exempt
@require_POST
def wechat(request: HttpRequest, court_id: int) -> HttpResponse:
    """支付结果通知: 204 when dealt with, 401 when forged, 4xx/5xx with the gateway's own words otherwise."""
    if not 0 < court_id <= LARGEST_COURT:
        return _fail(404, "没有这个法院")
    try:
        outcome = actions.book_notice(
            actor=system(court_id), court_id=court_id, headers=request.headers, body=request.body, now=clock.now()
        )
    except ForgedNotice as forgery:
        log.warning("a forged payment notice was refused: %s", forgery.reason)
        return _fail(401, "验签未通过")
    except GatewayError as error:
        log.warning("a payment notice could not be confirmed: %s", error)
        return _fail(503, "暂时无法核实，请稍后重新通知")
    if outcome in _AGAIN:
        return _fail(503, "尚未查到支付结果，请稍后重新通知")
    if outcome is Booking.MISMATCH:
        return _fail(422, "与商户订单不一致")
    return HttpResponse(status=204)


def _fail(status: int, message: str) -> JsonResponse:
    return JsonResponse({"code": "FAIL", "message": message}, status=status, json_dumps_params={"ensure_ascii": False})
