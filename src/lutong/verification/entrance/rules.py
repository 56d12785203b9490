"""How one signs in here: lengths, limits and levels of assurance. Plain Python."""

import datetime as dt
from enum import StrEnum

CODE_DIGITS = 6
CODE_LIFE = dt.timedelta(minutes=10)
CODE_TRIES = 5
VISIT_LIFE = dt.timedelta(hours=8)
VISIT_IDLE = dt.timedelta(minutes=60)
PAUSE = dt.timedelta(seconds=60)  # between two codes for one number
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PER_NUMBER_HOUR, PER_NUMBER_DAY = 5, 15
PER_ADDRESS_HOUR = 60  # a firm of lawyers behind one address
EVERYONE_MINUTE = 600


class Acr(StrEnum):
    """认证级别: how sure we are of who is there; relying parties ask by `acr_values`."""

    CODE = "urn:lutong:acr:code"  # licence number and a code to the registered mobile
    LIVE = "urn:lutong:acr:live"  # besides, seen by the live check in this visit

    @property
    def label(self) -> str:
        return {Acr.CODE: "登记手机验证码", Acr.LIVE: "登记手机验证码和实人核验"}[self]


def wait_after(*, sent: list[dt.datetime], now: dt.datetime) -> dt.timedelta | None:
    """How long until the next code for a number may be sent, given when codes were sent; None: now."""
    waits = []
    for many, span in ((1, PAUSE), (PER_NUMBER_HOUR, HOUR), (PER_NUMBER_DAY, DAY)):
        recent = sorted(at for at in sent if at > now - span)
        if len(recent) >= many:
            waits.append(recent[-many] + span - now)
    return max(waits, default=None)


def masked(mobile: str) -> str:
    """A mobile number of which its owner recognises the end."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) == 11 else "****"
