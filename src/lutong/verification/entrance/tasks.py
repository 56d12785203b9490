"""What the courier does for the entrance: hand messages to the carrier."""

import datetime as dt

from django.conf import settings

from lutong.gateways.sms.factory import sms
from lutong.gateways.sms.port import SmsDown, SmsRefused
from lutong.verification.entrance import actions, queries

AT_ONCE = 20


def send_codes(*, now: dt.datetime) -> int:
    """Hand over what waits; answers how many messages went. The calls go outward, in no transaction."""
    carrier = sms(home=settings.LUTONG.home, base_url=settings.LUTONG.sms_url)
    sent = 0
    for code in queries.list_codes_to_send(now=now, limit=AT_ONCE):
        try:
            carrier.send(message_id=code.pk, mobile=str(code.message.get("mobile", "")), text=code.message["text"])
        except SmsDown:
            actions.message_failed(code=code, for_good=False, now=now)
        except SmsRefused:
            actions.message_failed(code=code, for_good=True, now=now)
        else:
            actions.message_handed_over(code=code, now=now)
            sent += 1
    return sent
