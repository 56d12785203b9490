"""What the courier does for cards."""

import datetime as dt

from lutong.verification.cards import actions

_cleared: dict[str, dt.date] = {}


def forget_old(*, now: dt.datetime) -> int:
    """Clear old cards away, once a day and process."""
    if _cleared.get("on") == now.date():
        return 0
    _cleared["on"] = now.date()
    return actions.forget_old(now=now)
