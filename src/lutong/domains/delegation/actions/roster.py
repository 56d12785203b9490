"""The lock of a lawyer's assistants, and the assistant's own row of each assistantship."""

import datetime as dt

from django.db import connection

from lutong.domains.delegation.models import Assistantship, Engagement, OpenInvitation, Roster
from lutong.kernel.actor import Actor, Role
from lutong.kernel.ids import uuid7

PLATFORM = "律通系统"


def lock_roster(*, lawyer_id: int) -> Roster:
    """One at a time changes a lawyer's assistants: so a free place is never lost to a race, nor taken twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delegation_roster (lawyer_id, id) VALUES (%s, %s) ON CONFLICT (lawyer_id) DO NOTHING",
            [lawyer_id, uuid7()],
        )
    return Roster.objects.select_for_update().get(lawyer_id=lawyer_id)


def platform_for(lawyer_id: int) -> Actor:
    """The platform itself, acting upon what belongs to this lawyer: its events stand in his trail."""
    return Actor(person_id=lawyer_id, role=Role.SYSTEM, name=PLATFORM)


def show(assistantship: Assistantship) -> None:
    """Bring the assistant's own row up to date; before he has an account, keep the invitation under his number."""
    if assistantship.person_id is None:
        if assistantship.state == "invited":
            OpenInvitation.objects.get_or_create(
                assistantship_id=assistantship.id,
                defaults={"number": assistantship.number, "principal_id": assistantship.lawyer_id},
            )
        else:
            OpenInvitation.objects.filter(assistantship_id=assistantship.id).delete()
        return
    Engagement.objects.update_or_create(
        lawyer_id=assistantship.person_id, id=assistantship.id,
        defaults={
            "principal_id": assistantship.lawyer_id, "principal_name": assistantship.lawyer_name,
            "firm_name": assistantship.firm_name, "state": assistantship.state,
            "invited_at": assistantship.invited_at, "expires_at": assistantship.expires_at,
            "ended_at": assistantship.ended_at, "end_reason": assistantship.end_reason,
        },
    )  # fmt: skip


def expire_stale(*, lawyer_id: int, now: dt.datetime) -> None:
    """Invitations that nobody answered in time give their places back; the roster is locked."""
    stale = Assistantship.objects.filter(lawyer_id=lawyer_id, state="invited", expires_at__lte=now)
    for assistantship in stale.order_by("id"):
        assistantship.state, assistantship.ended_at = "expired", now
        assistantship.save(update_fields=["state", "ended_at"])
        show(assistantship)
