"""Where a person is signed in, and how he signs out elsewhere; browsers that he used before."""

import datetime as dt
import hashlib

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from lutong.domains.audit.actions import record_own
from lutong.domains.identity import queries
from lutong.domains.identity.actions.freezing import freeze
from lutong.domains.identity.events import NewDevice
from lutong.domains.identity.models import Account, ApiToken, Device, NewMobile
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound
from lutong.kernel.events import announce


def digest_of(word: str) -> str:
    """What is kept of a browser's random word."""
    return hashlib.sha256(word.encode()).hexdigest()


def word_for(*, account: Account, word: str, new: str) -> str:
    """The word by which a browser shall be known from now on: the one that this account was given there, else `new`.

    A word that somebody else planted becomes worthless; others who sign in with the same browser stay known in it.
    """
    same = Device.objects.filter(digest=digest_of(word))
    if word and same.filter(account=account).exists():
        return word
    same.update(digest=digest_of(new))
    return new


def note_device(*, account: Account, word: str, name: str, address: str, now: dt.datetime) -> Device:
    """A sign-in with all factors came from this browser; one never seen before is announced, the very first not.

    From now on the browser has limits of its own, until it is signed out from elsewhere; one that was, is announced.
    """
    digest = digest_of(word)
    with transaction.atomic():
        device, is_new = Device.objects.select_for_update().get_or_create(
            account=account, digest=digest,
            defaults={"name": name, "address": address, "first_at": now, "last_at": now},
        )  # fmt: skip
        if not is_new:
            back = {} if device.trusted else {"trusted": True, "answered_at": None}
            Device.objects.filter(pk=device.pk).update(name=name, address=address, last_at=now, **back)
            if back:
                announce(NewDevice(account.pk, device.pk, name, address, now))
        elif Device.objects.filter(account=account).exclude(pk=device.pk).exists():
            announce(NewDevice(account.pk, device.pk, name, address, now))
        else:
            Device.objects.filter(pk=device.pk).update(answered_at=now)
    return device


def link_session(*, session_key: str, device_id: int) -> None:
    """Remember from which browser this session comes."""
    UserSession.objects.filter(session_key=session_key).update(data={"device": device_id})


def note_presence(*, session_key: str, now: dt.datetime) -> None:
    """The session was used just now; called every ten minutes at most."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)


@action
def end_session(*, actor: Actor, session_id: int, now: dt.datetime) -> str:
    """退出一台设备: end one session of the actor; answers what the browser called itself. Raises NotFound."""
    session = UserSession.objects.filter(user_id=actor.person_id, pk=session_id).first()
    if session is None:
        raise NotFound("这台设备已经退出登录")
    session.end()
    Device.objects.filter(account_id=actor.person_id, pk=_device_of(session)).update(trusted=False)
    record_own(actor=actor, action="identity.end_session", subject="", now=now)
    return str(session.user_agent)


@action
def end_other_sessions(*, actor: Actor, session_key: str, now: dt.datetime) -> int:
    """退出其他设备: sign the actor out everywhere but in the session of `session_key`; answers how many.

    Also browsers in which he is not signed in now count as strangers from now on.
    """
    held = queries.list_sessions(actor=actor)
    ended = [session for session in held if session.session_key != session_key]
    for session in ended:
        session.end()
    own = [_device_of(session) for session in held if session.session_key == session_key]
    Device.objects.filter(account_id=actor.person_id).exclude(pk__in=own).update(trusted=False)
    record_own(actor=actor, action="identity.end_other_sessions", subject="", now=now, ended=len(ended))
    return len(ended)


@action
def own_device(*, actor: Actor, device_id: int, now: dt.datetime) -> None:
    """“是我”: the person knows this device. Raises NotFound."""
    if not Device.objects.filter(account_id=actor.person_id, pk=device_id).update(answered_at=now):
        raise NotFound("没有这台设备")
    record_own(actor=actor, action="identity.own_device", subject="", now=now)


@action
def disown_device(*, actor: Actor, device_id: int, session_key: str, now: dt.datetime) -> int:
    """“不是我”: whoever sits there knows the password, so it opens nothing any more until the person sets a new one.

    Forgets the device, ends every session but the one of `session_key`, and takes back what may have been made from
    the device since it first came: passkeys, tokens, a change of mobile that waits. Answers how many sessions ended.
    The way back for the owner is the platform, which saw him, or the security administrator of his court; for a thief
    who says it of the owner's device there is none. Raises NotFound.
    """
    device = Device.objects.filter(account_id=actor.person_id, pk=device_id).first()
    if device is None:
        raise NotFound("没有这台设备，可能已经移除")
    ended = end_other_sessions(actor=actor, session_key=session_key, now=now)
    passkeys, _ = Authenticator.objects.filter(
        user_id=actor.person_id, type=Authenticator.Type.WEBAUTHN, created_at__gte=device.first_at
    ).delete()
    tokens = ApiToken.objects.filter(
        lawyer_id=actor.person_id, created_at__gte=device.first_at, revoked_at=None
    ).update(revoked_at=now)  # fmt: skip
    NewMobile.objects.filter(account_id=actor.person_id).delete()
    device.delete()
    freeze(person_id=actor.person_id, now=now)
    record_own(
        actor=actor, action="identity.disown_device", subject="", now=now, ended=ended, passkeys=passkeys,
        tokens=tokens,
    )  # fmt: skip
    return ended


def _device_of(session: UserSession) -> int:
    """From which browser a session comes; 0 for one that was never linked."""
    return int((session.data or {}).get("device") or 0)
