"""Who may see and keep the people of a court."""

from django.db.models import QuerySet

from lutong.domains.staffing.models import FreezeLift, Invitation, Member, Proposal, ProvisioningToken
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import NotFound

HIDDEN = "没有这个页面，或您无权查看"


def require(actor: Actor, *duties: Duty) -> int:
    """The court in which the actor carries one of the duties. Raises NotFound."""
    if not any(may(actor, duty) for duty in duties):
        raise NotFound(HIDDEN)
    return actor.court_id or 0


def members_seen(actor: Actor) -> QuerySet[Member]:
    """A member is visible if, and only if, the actor is system or security administrator of his court."""
    court_id = require(actor, Duty.MEMBERS, Duty.APPROVALS)
    return Member.objects.filter(court_id=court_id)


def proposals_seen(actor: Actor) -> QuerySet[Proposal]:
    """A proposal is visible if, and only if, the actor is system or security administrator of its court."""
    court_id = require(actor, Duty.MEMBERS, Duty.APPROVALS)
    return Proposal.objects.filter(court_id=court_id)


def invitations_seen(actor: Actor) -> QuerySet[Invitation]:
    """An invitation is visible if, and only if, the actor is system or security administrator of its court."""
    court_id = require(actor, Duty.MEMBERS, Duty.APPROVALS)
    return Invitation.objects.filter(court_id=court_id)


def tokens_seen(actor: Actor) -> QuerySet[ProvisioningToken]:
    """A token is visible if, and only if, the actor is security administrator of its court."""
    return ProvisioningToken.objects.filter(court_id=require(actor, Duty.APPROVALS))


def lifts_seen(actor: Actor) -> QuerySet[FreezeLift]:
    """A lifted freeze is visible if, and only if, the actor is security administrator of its court."""
    return FreezeLift.objects.filter(court_id=require(actor, Duty.SESSIONS))


def door(court_id: int) -> Actor:
    """The platform at the door of a court: it looks up what a visitor brings, and does nothing else."""
    return Actor(person_id=0, role=Role.SYSADMIN, name="律通系统", court_id=court_id)
