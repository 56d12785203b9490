"""The courier of 律师身份核验平台: hands over messages, follows the roll, delivers logout tokens. One loop, no queue.

What is to be done stands in the tables; the loop finds it there after any stop.
"""

import logging
import signal
import time
from collections.abc import Callable
from types import FrameType

import django
from django.db import close_old_connections

from lutong.kernel import clock

_PAUSE_SECONDS = 0.5
_log = logging.getLogger("lutong.verification.courier")


def main() -> None:
    """Run until told to stop."""
    django.setup()
    from lutong.verification.cards import tasks as cards
    from lutong.verification.entrance import tasks as entrance
    from lutong.verification.livecheck import tasks as livecheck
    from lutong.verification.oidc import tasks as oidc

    rounds: list[Callable[..., int]] = [
        entrance.send_messages, oidc.follow_roll, oidc.notice_endings, oidc.deliver_notices, livecheck.sweep,
        cards.forget_old, entrance.forget_old, oidc.retire_keys,
    ]  # fmt: skip
    going = True

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while going:
        busy = [_do(one) for one in rounds]
        if not any(busy):
            time.sleep(_PAUSE_SECONDS)


def _do(work: Callable[..., int]) -> int:
    """One fault must not stop the other work; the table still says what is to be done."""
    try:
        close_old_connections()
        return work(now=clock.now())
    except Exception:  # noqa: BLE001  the loop must go on; the fault is in the log
        _log.exception("courier: %s failed", work.__name__)
        return 0
