"""Reading one's notices."""

import datetime as dt
import uuid

from django.db.models import Q

from lutong.domains.notices.models import Notice
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor

MANY = 100


def count_unread(*, actor: Actor) -> int:
    """How many notices wait, counted up to 100."""
    with reading(actor):
        return len(Notice.objects.filter(lawyer_id=actor.person_id, read_at=None).values_list("id")[:MANY])


def list_notices(*, actor: Actor, before: tuple[dt.datetime, uuid.UUID] | None = None, limit: int = 30) -> list[Notice]:
    """The newest notices of the actor; `before` is the (at, id) of the last one seen."""
    with reading(actor):
        mine = Notice.objects.filter(lawyer_id=actor.person_id)
        if before is not None:
            mine = mine.filter(Q(at__lt=before[0]) | Q(at=before[0], id__lt=before[1]))
        return list(mine.order_by("-at", "-id")[:limit])


def get_notice(*, actor: Actor, notice_id: uuid.UUID) -> Notice | None:
    """One of the actor's own notices, or None."""
    with reading(actor):
        return Notice.objects.filter(lawyer_id=actor.person_id, id=notice_id).first()
