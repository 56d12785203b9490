"""What the courier does for the entrance: hand messages to the carrier, clear away what is old."""

import datetime as dt

from django.conf import settings

from lutong.gateways.sms.factory import sms
from lutong.gateways.sms.port import SmsDown, SmsRefused
from lutong.verification.entrance import actions, queries

AT_ONCE = 20
_cleared: dict[str, dt.date] = {}


def send_messages(*, now: dt.datetime) -> int:
    """Hand over what waits, codes first; answers how many messages went. The calls go outward, in no transaction."""
    carrier = sms(home=settings.LUTONG.home, base_url=settings.LUTONG.sms_url)
    sent = 0
    for row in queries.list_messages_to_send(now=now, limit=AT_ONCE):
        try:
            carrier.send(message_id=row.pk, mobile=str(row.message.get("mobile", "")), text=row.message["text"])
        except SmsDown:
            actions.message_failed(row=row, for_good=False, now=now)
        except SmsRefused:
            actions.message_failed(row=row, for_good=True, now=now)
        else:
            actions.message_handed_over(row=row, now=now)
            sent += 1
    return sent


def forget_old(*, now: dt.datetime) -> int:
    """Clear old attempts and notices away, once a day and process."""
    if _cleared.get("on") == now.date():
        return 0
    _cleared["on"] = now.date()
    return actions.forget_old(now=now)
