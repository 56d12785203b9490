"""What every step shares: the trail, the end of a check, and those who want to hear of a decision."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings

from lutong.kernel.actor import Actor
from lutong.verification.livecheck.events import CheckDecided
from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.livecheck.models import Check, CheckEvent
from lutong.verification.livecheck.rules import Level, Method, valid_until
from lutong.verification.livecheck.states import LIVE_CHECK, State
from lutong.verification.registry import actions as registry
from lutong.verification.registry.actors import DeskActor, service

_listeners: list[Callable[[CheckDecided], None]] = []


def on_decision(listener: Callable[[CheckDecided], None]) -> None:
    """Let `listener` hear of every decision, in its transaction; called once at start-up."""
    if listener not in _listeners:
        _listeners.append(listener)


def shelf() -> FilmShelf:
    """Where the films of this installation lie."""
    return FilmShelf(settings.LUTONG.home)


def note(check: Check, *, actor: Actor, act: str, now: dt.datetime, **facts: object) -> None:
    """Record a step or a look; `facts` hold states, numbers and reasons, never what a film shows."""
    desk_name = actor.desk_name if isinstance(actor, DeskActor) and actor.person_id else ""
    CheckEvent.objects.create(
        check_id=check.pk, at=now, actor_id=actor.person_id, actor_name=actor.name, desk_name=desk_name, act=act,
        facts=facts,
    )  # fmt: skip


def advance(check: Check, step: str, *, actor: Actor, now: dt.datetime, **facts: object) -> None:
    """Take a step, or refuse with the reason; the caller saves."""
    check.state = LIVE_CHECK.advance(check.state, step, actor)
    check.version += 1
    note(check, actor=actor, act=step, now=now, **facts)


def end(check: Check, *, level: Level | None, now: dt.datetime) -> None:
    """Write the end of a check: the key of the film goes with it. The caller destroys the film after the commit."""
    check.film_key, check.phrase, check.ended_at = None, "", now
    if level is not None:
        check.level = level.value
        check.valid_until = valid_until(at=now, days=settings.LUTONG_LIVE_CHECK_DAYS)
        registry.note_live_check(actor=service(), number=check.number, method=_seen_by(check, level), now=now)
    check.save()
    if check.state in (State.PASSED, State.FAILED):
        decided = CheckDecided(
            check_id=check.pk, person_id=check.person_id, number=check.number, passed=level is not None,
            level=check.level, decided_at=now,
        )  # fmt: skip
        for listener in _listeners:
            listener(decided)


def _seen_by(check: Check, level: Level) -> Method:
    """Who saw the person in the end: a film meant for the face service may have gone to an officer."""
    if level is Level.LIVE_FACE:
        return Method.FACE
    return Method.COUNTER if check.method == Method.COUNTER else Method.MANUAL
