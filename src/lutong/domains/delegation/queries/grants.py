"""Grants: who may do what, in which case, until when."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from lutong.domains.delegation.models import Grant
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability

CAPABILITIES = tuple(Capability)
LIVING_GRANTS = ("running", "suspended")


def list_grants(*, actor: Actor, person_id: int | None = None) -> list[Grant]:
    """The grants that a lawyer has given and not taken back, the last changed first; `person_id` narrows to one."""
    with reading(actor):
        rows = Grant.objects.filter(lawyer_id=actor.person_id, state__in=LIVING_GRANTS)
        if person_id is not None:
            rows = rows.filter(person_id=person_id)
        return list(rows.order_by("-changed_at", "id")[:500])


def grants_in_case(*, actor: Actor, case_id: uuid.UUID) -> list[Grant]:
    """What the lawyer whose rows the actor works with has granted in one case."""
    with reading(actor):
        rows = Grant.objects.filter(lawyer_id=actor.lawyer_id, case_id=case_id, state__in=LIVING_GRANTS)
        if actor.is_assistant:
            rows = rows.filter(person_id=actor.person_id)
        return list(rows.order_by("person_name", "id"))


def grants_of(*, actor: Actor, principal_id: int, now: dt.datetime) -> list[Grant]:
    """What one lawyer has granted to the actor and is running now, newest first: the assistant's own page."""
    with reading(actor):
        mine = Grant.objects.filter(lawyer_id=principal_id, person_id=actor.person_id, state="running")
        in_time = mine.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))
        return list(in_time.order_by("-changed_at", "id")[:500])


def living_grants(*, lawyer_id: int) -> QuerySet[Grant]:
    """For actions: the lawyer's grants that are running or suspended, in the order in which they are locked."""
    return Grant.objects.filter(lawyer_id=lawyer_id, state__in=LIVING_GRANTS).order_by("id")
