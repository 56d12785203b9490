"""What the clock of this service does for the live check."""

import datetime as dt

from lutong.verification.livecheck import actions


def sweep(*, now: dt.datetime) -> int:
    """End what is overdue, destroy films that nobody needs; each minute."""
    return actions.sweep(now=now)
