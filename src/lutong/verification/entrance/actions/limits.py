"""限次: codes and answers of passkeys per person, per address, in all; a pause says how long and tells the person."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from lutong.kernel.errors import Refusal
from lutong.verification.entrance.actions import notices
from lutong.verification.entrance.models import PasskeyTry, SignInCode
from lutong.verification.entrance.rules import (
    DAY,
    EVERYONE_MINUTE,
    HOUR,
    MINUTE,
    PER_ADDRESS,
    PER_KEY,
    PER_NUMBER,
    Window,
    wait_after,
)

NUMBERS, ADDRESSES, KEYS = 7, 8, 9  # what an advisory lock is about


class TooMany(Refusal):
    """Too many for this person, from this address or altogether; `retry_after` says in how many seconds."""

    status, code = 429, "too_many"

    def __init__(self, wait: dt.timedelta, *, what: str = "获取验证码过于频繁", way: str = "") -> None:
        seconds = max(-(-wait // dt.timedelta(seconds=1)), 1)
        words = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
        super().__init__(f"{what}，请 {words}后再试{way}", retry_after=seconds)


class Locked(TooMany):
    """The limit of one person: he is told, for it may be somebody else who tries."""

    def __init__(self, wait: dt.timedelta, window: Window, *, number: str, what: str, way: str) -> None:
        super().__init__(wait, what=what, way=f"；急用时可以改用{way}登录")
        self.number, self.window, self.wait = number, window, wait


def keep_for_number(*, number: str, now: dt.datetime) -> None:
    """Codes to one number. Raises TooMany within the pause between two, Locked beyond the limits of hour and day.

    Two requests for one number wait for each other, so that the limit holds among processes.
    """
    one_at_a_time(NUMBERS, number)
    sent = SignInCode.objects.filter(number=number, made_at__gt=now - DAY).values_list("made_at", flat=True)
    found = wait_after(sent=list(sent), limits=PER_NUMBER, now=now)
    if found is None:
        return
    wait, window = found
    if window is Window.PAUSE:
        raise TooMany(wait)
    raise Locked(wait, window, number=number, what="获取验证码过于频繁", way="通行密钥")


def keep_for_person(*, person_id: int, number: str, but: int, now: dt.datetime) -> None:
    """A person's wrong answers, but for the one that is looked at. Raises Locked beyond the limits of hour and day."""
    one_at_a_time(KEYS, str(person_id))
    wrong = PasskeyTry.objects.filter(person_id=person_id, passed=False, at__gt=now - DAY).exclude(pk=but)
    found = wait_after(sent=list(wrong.values_list("at", flat=True)), limits=PER_KEY, now=now)
    if found is not None:
        raise Locked(*found, number=number, what="通行密钥多次没有通过", way="短信验证码")


def keep_for_all(*, address: str | None, now: dt.datetime) -> None:
    """Codes and wrong answers from one address, and whatever is asked in all. Raises TooMany."""
    what = "操作过于频繁"
    if address:
        one_at_a_time(ADDRESSES, address)
        codes = SignInCode.objects.filter(address=address, made_at__gt=now - HOUR).values_list("made_at", flat=True)
        wrong = PasskeyTry.objects.filter(address=address, passed=False, at__gt=now - HOUR).values_list("at", flat=True)
        found = wait_after(sent=[*codes, *wrong], limits=PER_ADDRESS, now=now)
        if found is not None:
            raise TooMany(found[0], what=what)
    codes_now = SignInCode.objects.filter(made_at__gt=now - MINUTE).count()
    if codes_now + PasskeyTry.objects.filter(at__gt=now - MINUTE).count() >= EVERYONE_MINUTE:
        raise TooMany(MINUTE, what=what)


@contextmanager
def telling(*, now: dt.datetime) -> Iterator[None]:
    """Tell the person of a lock, once while it lasts. Outside of the transaction, which the refusal undoes."""
    try:
        yield
    except Locked as lock:
        notices.tell_of_lock(number=lock.number, span=lock.window.span, until=now + lock.wait, now=now)
        raise


def one_at_a_time(about: int, whom: str) -> None:
    """Wait, until the end of the transaction, for others who do the same about the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [whom, about])
