"""Reading live checks: the person's own, the desk's list, and what others may know of them."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from lutong.kernel.errors import NotFound
from lutong.verification.livecheck.models import Check, CheckEvent
from lutong.verification.livecheck.rules import Level
from lutong.verification.livecheck.states import OPEN, WITH_FILM, State
from lutong.verification.registry.actors import CourtActor, DeskActor
from lutong.verification.registry.bodies import MINISTRY


@dataclass(frozen=True, slots=True)
class LatestCheck:
    """The best answer to: was it he himself, how surely, and when?"""

    level: Level
    at: dt.datetime
    valid_until: dt.datetime


def latest_check(*, person_id: int, now: dt.datetime) -> LatestCheck | None:
    """The last live check that was passed and still counts; None without one. Feeds claims of relying parties."""
    held = (
        Check.objects.filter(person_id=person_id, state=State.PASSED, valid_until__gt=now).order_by("-ended_at").first()
    )
    if held is None or held.ended_at is None or held.valid_until is None:
        return None
    return LatestCheck(Level(held.level), held.ended_at, held.valid_until)


def passed_in_visit(*, visit_id: uuid.UUID) -> dt.datetime | None:
    """When the last check that was begun in this visit was passed; None without one."""
    held = Check.objects.filter(visit_id=visit_id, state=State.PASSED).order_by("-ended_at").first()
    return held.ended_at if held else None


def open_check(*, person_id: int) -> Check | None:
    """The check that the person has begun and not finished."""
    return Check.objects.filter(person_id=person_id, state__in=sorted(map(str, OPEN))).first()


def get_own(*, person_id: int, check_id: uuid.UUID, lock: bool = False) -> Check:
    """A check of this person. Raises NotFound for anybody else's."""
    rows = Check.objects.select_for_update() if lock else Check.objects
    held = rows.filter(person_id=person_id, pk=check_id).first()
    if held is None:
        raise NotFound("没有这次核验，请从头开始")
    return held


def list_own(*, person_id: int, limit: int = 10) -> list[Check]:
    """The person's checks, newest first."""
    return list(Check.objects.filter(person_id=person_id).order_by("-requested_at")[:limit])


def list_to_do(*, actor: DeskActor, now: dt.datetime, limit: int) -> list[Check]:
    """Films that wait for the actor's desk, the oldest first."""
    waiting = _of_desk(actor).filter(state__in=sorted(map(str, WITH_FILM)), film_until__gt=now)
    return list(waiting.order_by("submitted_at")[:limit])


def list_done(*, actor: DeskActor, limit: int) -> list[Check]:
    """What the actor's desk decided, newest first."""
    done = _of_desk(actor).filter(state__in=[State.PASSED, State.FAILED], officer_id__isnull=False)
    return list(done.order_by("-ended_at")[:limit])


def get_for_desk(*, actor: DeskActor, check_id: uuid.UUID, lock: bool = False) -> Check:
    """A check of the actor's desk. Raises NotFound for any other."""
    rows = _of_desk(actor).filter(pk=check_id)
    held = (rows.select_for_update() if lock else rows).first()
    if held is None:
        raise NotFound("没有这次核验，或者不由本窗口审核")
    return held


def _of_desk(actor: DeskActor) -> QuerySet[Check]:
    """The checks of the desk that the person chose; the ministry reads those of every bureau, and of no court."""
    if isinstance(actor, CourtActor):
        return Check.objects.filter(court=actor.court)
    rows = Check.objects.filter(court="")
    return rows if actor.bureau == MINISTRY else rows.filter(bureau=actor.bureau)


def events_of(*, check_id: uuid.UUID) -> list[CheckEvent]:
    """The trail of one check, oldest first."""
    return list(CheckEvent.objects.filter(check_id=check_id).order_by("id"))


def list_overdue(*, now: dt.datetime, begun_before: dt.datetime, limit: int) -> list[Check]:
    """Open checks whose time is over."""
    open_ones = Check.objects.filter(ended_at__isnull=True)
    late = open_ones.filter(film_until__lte=now) | open_ones.filter(
        film_until__isnull=True, requested_at__lte=begun_before
    )
    return list(late.order_by("requested_at")[:limit])


def ids_with_film(*, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these checks still hold the key of a film."""
    return set(Check.objects.filter(pk__in=ids, film_key__isnull=False).values_list("id", flat=True))
