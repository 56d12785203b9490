"""How often one may try to get in. Numbers after PyPI's Warehouse, whose users are attacked every day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` tries in any stretch of `per`."""

    most: int
    per: dt.timedelta


# Only tries that failed stay counted. A browser in which the person has signed in before has a count of its own and
# none but that, so that strangers who guess at his account, from his network or everywhere at once, cannot keep him
# out (docs/decisions/0017-known-browsers.md). A firm shares one address: it gets three times as many.
LIMITS: dict[str, tuple[Window, ...]] = {
    "password.account": (Window(10, 5 * MINUTE), Window(100, DAY)),
    "password.device": (Window(10, 5 * MINUTE),),
    "password.address": (Window(30, 5 * MINUTE),),
    "password.all": (Window(1000, 5 * MINUTE),),
    "code.account": (Window(5, 5 * MINUTE), Window(20, HOUR), Window(50, DAY)),
    "code.device": (Window(5, 5 * MINUTE), Window(20, HOUR), Window(50, DAY)),
    "code.all": (Window(1000, 5 * MINUTE),),
    "message.account": (Window(1, MINUTE), Window(5, HOUR), Window(10, DAY)),
    "message.all": (Window(300, 5 * MINUTE),),
    "platform.address": (Window(60, 5 * MINUTE),),
    "platform.all": (Window(2000, 5 * MINUTE),),
    "lift.account": (Window(3, DAY),),
}
EPISODE = HOUR  # tries that follow within it prolong a pause, of which the person was told already
KEEP_PAUSES = 365 * DAY
SETTLED = 7 * DAY  # a second factor that its owner has had time to notice


def horizon(windows: Sequence[Window], now: dt.datetime) -> dt.datetime:
    """Tries up to this moment count in none of the windows any more."""
    return now - max(window.per for window in windows)


def is_settled(*, kept: Sequence[dt.datetime], removed: dt.datetime, now: dt.datetime) -> bool:
    """Whether a second factor that stays is older than the removed one, or old enough for the owner to have noticed it.

    `kept` and `removed`: when the factors were made. Otherwise whoever has the factors of today could add one of his
    own, remove the owner's, and own the account.
    """
    return any(made <= removed or made <= now - SETTLED for made in kept)


def wait(windows: Sequence[Window], tries: Sequence[dt.datetime], now: dt.datetime) -> dt.timedelta:
    """How long until the next try is free; zero when it is free now."""
    longest = dt.timedelta(0)
    for window in windows:
        counted = sorted(at for at in tries if at > now - window.per)
        if len(counted) >= window.most:
            longest = max(longest, counted[-window.most] + window.per - now)
    return longest


def grace_days(*, since: dt.datetime, days: int, now: dt.datetime) -> int:
    """How many days an account without a second factor may still be used; the last begun day counts whole.

    A second factor that is demanded overnight locks people out on the day when a period ends.
    """
    left = since + days * DAY - now
    return max(0, -(-left // DAY))
