"""Grants: who may do what, in which case, until when."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from lutong.domains.delegation.models import Grant
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability

LIVING_GRANTS = ("running", "suspended")


def list_grants(*, actor: Actor, assistantship_id: uuid.UUID | None = None, ended: bool = False) -> list[Grant]:
    """The grants that a lawyer has given, the last changed first; `ended`: also those that he took back."""
    with reading(actor):
        rows = Grant.objects.filter(lawyer_id=actor.person_id)
        if not ended:
            rows = rows.filter(state__in=LIVING_GRANTS)
        if assistantship_id is not None:
            rows = rows.filter(assistantship_id=assistantship_id)
        return list(rows.order_by("-changed_at", "id")[:500])


def grants_in_case(*, actor: Actor, case_id: uuid.UUID) -> list[Grant]:
    """What the lawyer whose rows the actor works with has granted in one case."""
    return _living(actor, Q(case_id=case_id))


def grants_of_draft(*, actor: Actor, draft_id: uuid.UUID) -> list[Grant]:
    """Who prepares a draft of the lawyer's; an assistant sees his own grant only."""
    return _living(actor, Q(draft_id=draft_id))


def preparing(*, lawyer_id: int, draft_id: uuid.UUID, now: dt.datetime) -> list[Grant]:
    """The grants by which somebody prepares a draft at this instant; part of the caller's transaction."""
    running = Grant.objects.filter(lawyer_id=lawyer_id, draft_id=draft_id, state="running", starts_at__lte=now)
    return list(running.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("id"))


def _living(actor: Actor, of: Q) -> list[Grant]:
    with reading(actor):
        rows = Grant.objects.filter(of, lawyer_id=actor.lawyer_id, state__in=LIVING_GRANTS)
        if actor.is_assistant:
            rows = rows.filter(person_id=actor.person_id)
        return list(rows.order_by("person_name", "id"))


def entrusted_drafts(
    actor: Actor, *, needs: Capability = Capability.PREPARE_FILING
) -> QuerySet[Grant, uuid.UUID | None]:
    """For access rules: the ids of the drafts in which an assistant may do this now, by the database's own clock."""
    running = Grant.objects.filter(
        lawyer_id=actor.lawyer_id if actor.is_assistant else 0, person_id=actor.person_id, state="running",
        draft_id__isnull=False, capabilities__contains=[needs.value], starts_at__lte=Now(),
    )  # fmt: skip
    return running.filter(Q(ends_at=None) | Q(ends_at__gt=Now())).values_list("draft_id", flat=True)


def grants_of(*, actor: Actor, principal_id: int, now: dt.datetime) -> list[Grant]:
    """What one lawyer has granted to the actor and is running now, newest first: the assistant's own page."""
    with reading(actor):
        mine = Grant.objects.filter(lawyer_id=principal_id, person_id=actor.person_id, state="running")
        in_time = mine.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))
        return list(in_time.order_by("-changed_at", "id")[:500])


def in_case_of(*, lawyer_id: int, case_id: uuid.UUID) -> list[Grant]:
    """The grants of one lawyer in a case, by assistant; who may ask, `team_of` decides."""
    rows = Grant.objects.filter(lawyer_id=lawyer_id, case_id=case_id, state__in=LIVING_GRANTS)
    return list(rows.order_by("person_name", "id"))


def labels_of(grant: Grant) -> list[str]:
    """The permissions of a grant in words, in the order of the enum."""
    return [c.label for c in Capability if c.value in grant.capabilities]


def living_grants(*, lawyer_id: int) -> QuerySet[Grant]:
    """For actions: the lawyer's grants that are running or suspended, in the order in which they are locked."""
    return Grant.objects.filter(lawyer_id=lawyer_id, state__in=LIVING_GRANTS).order_by("id")
