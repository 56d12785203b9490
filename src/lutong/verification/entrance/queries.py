"""Who is signed in here."""

import datetime as dt
import uuid
from typing import Any

from lutong.kernel.errors import Invalid
from lutong.verification.entrance.models import SignInCode, Visit
from lutong.verification.entrance.rules import CODE_TRIES, VISIT_IDLE, VISIT_LIFE

_SEEN_NOTED_EVERY = dt.timedelta(minutes=1)


def visit_of(*, session: Any, now: dt.datetime) -> Visit | None:
    """The visit of a browser session while it lasts; None for a visitor.

    It is read at each request, so that ending it elsewhere works at once; its last use is kept to a minute.
    """
    key = _uuid(session.get("visit"))
    visit = Visit.objects.filter(pk=key, ended_at=None).first() if key else None
    if visit is None or now - visit.started_at > VISIT_LIFE or now - visit.seen_at > VISIT_IDLE:
        return None
    if now - visit.seen_at > _SEEN_NOTED_EVERY:
        Visit.objects.filter(pk=visit.pk).update(seen_at=now)
    return visit


def list_visits(*, person_id: int, now: dt.datetime) -> list[Visit]:
    """Where a person is signed in now, the last used first."""
    alive = Visit.objects.filter(
        person_id=person_id, ended_at=None, started_at__gt=now - VISIT_LIFE, seen_at__gt=now - VISIT_IDLE
    )
    return list(alive.order_by("-seen_at"))


def ended_since(*, since: dt.datetime) -> list[Visit]:
    """Visits that were ended after an instant."""
    return list(Visit.objects.filter(ended_at__gt=since).order_by("ended_at"))


def get_code(*, code_id: object) -> SignInCode:
    """The attempt that a session began. Raises Invalid when there is none, so that the person begins again."""
    key = _uuid(code_id)
    held = SignInCode.objects.filter(pk=key).first() if key else None
    if held is None:
        raise Invalid("请先填写证号，获取验证码")
    return held


def is_spent(*, code: SignInCode, now: dt.datetime) -> bool:
    """True if no entry can succeed any more with this code."""
    return code.used_at is not None or now >= code.expires_at or code.tries >= CODE_TRIES


def list_codes_to_send(*, now: dt.datetime, limit: int) -> list[SignInCode]:
    """Codes whose message waits to be handed to the carrier, oldest first."""
    return list(SignInCode.objects.filter(next_at__lte=now).order_by("next_at")[:limit])


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
