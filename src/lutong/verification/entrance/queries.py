"""Who is signed in here, and with which keys one can be."""

import datetime as dt
import uuid
from typing import Any

from lutong.kernel.errors import Invalid, NotFound
from lutong.verification.entrance.models import Notice, Passkey, SignInCode, Visit
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


def list_messages_to_send(*, now: dt.datetime, limit: int) -> list[SignInCode | Notice]:
    """What waits to be handed to the carrier: up to `limit` codes, then as many notices, each oldest first."""
    codes = SignInCode.objects.filter(next_at__lte=now).order_by("next_at")[:limit]
    notices = Notice.objects.filter(next_at__lte=now).order_by("next_at")[:limit]
    return [*codes, *notices]


def list_keys(*, person_id: int) -> list[Passkey]:
    """A person's passkeys, oldest first; those that are stopped, too."""
    return list(Passkey.objects.filter(person_id=person_id, removed_at=None).order_by("made_at"))


def get_key(*, person_id: int, key_id: uuid.UUID, lock: bool = False) -> Passkey:
    """A passkey of this person. Raises NotFound for anybody else's and for one that is removed."""
    rows = Passkey.objects.select_for_update() if lock else Passkey.objects
    key = rows.filter(pk=key_id, person_id=person_id, removed_at=None).first()
    if key is None:
        raise NotFound("没有这把通行密钥，或者已经移除")
    return key


def find_key(*, credential_id: bytes) -> Passkey | None:
    """The passkey that opens the door under this id; None for one that is unknown, removed or stopped."""
    return Passkey.objects.filter(credential_id=credential_id, removed_at=None, stopped_at=None).first()


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
