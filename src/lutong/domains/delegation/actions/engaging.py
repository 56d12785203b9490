"""代律师办理: an assistant chooses for whom he acts; invitations that waited for his account are his."""

import datetime as dt

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation.actions.inviting import tell_invited
from lutong.domains.delegation.actions.roster import lock_roster, show
from lutong.domains.delegation.models import Assistantship
from lutong.domains.delegation.queries import claimable, list_engagements
from lutong.domains.identity.queries import get_lawyer
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotAllowed, NotFound


@action
def act_for(*, actor: Actor, lawyer_id: int, now: dt.datetime) -> Actor:
    """The actor that a person is while he assists this lawyer. What he may do then, the grants of each case say.

    Raises NotFound when he does not assist him, NotAllowed while either's registration is not in force.
    """
    mine = {e.principal_id: e for e in list_engagements(actor=actor, states=("active",))}
    engagement = mine.get(lawyer_id)
    if engagement is None:
        raise NotFound("您不是这名律师的助理，或者关系还没有生效")
    lawyer = get_lawyer(lawyer_id=lawyer_id)
    if lawyer is None or lawyer.status != "active":
        raise NotAllowed(f"{engagement.principal_name}律师当前不能执业，助理暂时不能代为办理")
    own = get_lawyer(lawyer_id=actor.person_id)
    if own is None or own.status != "active":
        raise NotAllowed("您的登记状态不是正常，暂时不能代律师办理；请向所在地司法行政机关核对")
    acting = Actor(actor.person_id, Role.ASSISTANT, actor.name, for_id=lawyer_id, for_name=engagement.principal_name)
    record_own(actor=acting, action="delegation.act_for", subject=actor.name, now=now)
    return acting


@action
def claim_invitations(*, actor: Actor, now: dt.datetime) -> int:
    """Invitations sent to the actor's number before he had an account become his; answers how many."""
    own = get_lawyer(lawyer_id=actor.person_id)
    waiting = claimable(number=own.licence_no) if own is not None else []
    for invitation in waiting:
        lock_roster(lawyer_id=invitation.principal_id)
        assistantship = Assistantship.objects.get(lawyer_id=invitation.principal_id, id=invitation.assistantship_id)
        assistantship.person_id = actor.person_id
        assistantship.save(update_fields=["person_id"])
        invitation.delete()
        show(assistantship)
        tell_invited(assistantship, now)
        record_own(
            actor=actor, action="delegation.claim_invitation", subject=f"律师 {assistantship.lawyer_name}", now=now,
            assistantship=str(assistantship.id),
        )  # fmt: skip
    return len(waiting)
