"""助理关系终止: by the lawyer, by the assistant, or because the registry says that one of them is no longer there."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation.actions.granting import withdraw
from lutong.domains.delegation.actions.handover import begin_handover
from lutong.domains.delegation.actions.roster import lock_roster, platform_for, show
from lutong.domains.delegation.models import Assistantship, Engagement
from lutong.domains.delegation.queries import get_assistant, get_engagement, living_grants
from lutong.domains.delegation.states import ASSISTANTSHIP, LIVING
from lutong.domains.identity.actions import rights_changed
from lutong.domains.identity.events import FirmChanged, StandingChanged
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor


@action
def end_assistant(*, actor: Actor, assistantship_id: uuid.UUID, now: dt.datetime) -> None:
    """The lawyer withdraws an invitation or lets an assistant go: all grants end with it, the place is free."""
    lock_roster(lawyer_id=actor.person_id)
    assistantship = get_assistant(actor=actor, assistantship_id=assistantship_id)
    end(actor=actor, assistantship=assistantship, reason="律师终止", now=now)


@action
def leave(*, actor: Actor, engagement_id: uuid.UUID, now: dt.datetime) -> None:
    """The assistant himself no longer wishes to be one."""
    engagement = get_engagement(actor=actor, engagement_id=engagement_id)
    lock_roster(lawyer_id=engagement.principal_id)
    assistantship = Assistantship.objects.get(lawyer_id=engagement.principal_id, id=engagement_id)
    end(actor=actor, assistantship=assistantship, reason="助理本人退出", now=now)


def end_for_person(*, person_id: int, reason: str, now: dt.datetime) -> None:
    """The registry says that a person left his firm or is not in force: he assists nobody any more, from now on.

    Part of the caller's transaction. Law: 意见第一条第二款, 第十四条第二款.
    """
    _end_for_person(actor=platform_for(person_id), reason=reason, now=now)


@action
def _end_for_person(*, actor: Actor, reason: str, now: dt.datetime) -> None:
    mine = Engagement.objects.filter(lawyer_id=actor.person_id, state__in=LIVING)
    for engagement in mine.order_by("principal_id", "id"):
        lock_roster(lawyer_id=engagement.principal_id)
        found = Assistantship.objects.filter(
            lawyer_id=engagement.principal_id, id=engagement.id, state__in=LIVING
        ).first()
        if found is not None:
            end(actor=platform_for(engagement.principal_id), assistantship=found, reason=reason, now=now)
    record_own(actor=actor, action="delegation.end_for_person", subject=reason, now=now)


def end_of_lawyer(*, lawyer_id: int, reason: str, now: dt.datetime) -> None:
    """A lawyer left his firm: the assistants of the old firm are his no longer."""
    _end_of_lawyer(actor=platform_for(lawyer_id), reason=reason, now=now)


@action
def _end_of_lawyer(*, actor: Actor, reason: str, now: dt.datetime) -> None:
    lock_roster(lawyer_id=actor.person_id)
    for assistantship in Assistantship.objects.filter(lawyer_id=actor.person_id, state__in=LIVING).order_by("id"):
        end(actor=actor, assistantship=assistantship, reason=reason, now=now)


def suspend_for_lawyer(*, lawyer_id: int, reason: str, now: dt.datetime) -> None:
    """A lawyer may not practise for a time: nobody acts for him; he confirms each grant anew when he may again."""
    _suspend_for_lawyer(actor=platform_for(lawyer_id), reason=reason, now=now)


@action
def _suspend_for_lawyer(*, actor: Actor, reason: str, now: dt.datetime) -> None:
    lock_roster(lawyer_id=actor.person_id)
    suspend_grants(lawyer_id=actor.person_id, reason=reason, now=now)
    people = Assistantship.objects.filter(lawyer_id=actor.person_id, state__in=LIVING, person_id__isnull=False)
    # They are thrown back to themselves: nobody goes on under the name of a lawyer who may not practise.
    rights_changed(person_ids=[i for i in people.values_list("person_id", flat=True) if i])


def on_standing_changed(event: StandingChanged) -> None:
    """A licence (or 实习证) is no longer in force: the person assists nobody, and nobody acts for him."""
    if not event.in_force:
        reason = f"{event.name}的执业状态为“{event.status_label}”"
        end_for_person(person_id=event.lawyer_id, reason=reason, now=event.now)
        suspend_for_lawyer(lawyer_id=event.lawyer_id, reason=reason, now=event.now)


def on_firm_changed(event: FirmChanged) -> None:
    """Assistants are of the lawyer's own firm (意见第一条第二款): with the firm the relation ends, on both sides."""
    reason = f"{event.name}已离开{event.old_firm_name}"
    end_for_person(person_id=event.lawyer_id, reason=reason, now=event.now)
    end_of_lawyer(lawyer_id=event.lawyer_id, reason=reason, now=event.now)
    begin_handover(actor=platform_for(event.lawyer_id), event=event, now=event.now)


def suspend_grants(*, lawyer_id: int, reason: str, now: dt.datetime) -> int:
    """All running grants of a lawyer stop; answers how many. The roster is locked."""
    running = list(living_grants(lawyer_id=lawyer_id).filter(state="running"))
    for grant in running:
        withdraw(actor=platform_for(lawyer_id), grant=grant, step="suspend", reason=reason, now=now)
    return len(running)


def end(*, actor: Actor, assistantship: Assistantship, reason: str, now: dt.datetime) -> None:
    """End the relation and every grant of it; sessions in which he acts for the lawyer fall back. Roster locked."""
    assistantship.state = ASSISTANTSHIP.advance(assistantship.state, "end", actor)
    assistantship.ended_at, assistantship.end_reason = now, reason[:200]
    assistantship.save(update_fields=["state", "ended_at", "end_reason"])
    show(assistantship)
    for grant in living_grants(lawyer_id=assistantship.lawyer_id).filter(assistantship_id=assistantship.id):
        withdraw(actor=actor, grant=grant, step="revoke", reason=reason, now=now)
    if assistantship.person_id is not None:
        rights_changed(person_ids=[assistantship.person_id])
    _tell_both(assistantship, actor, reason, now)
    record_own(
        actor=actor, action="delegation.end", subject=assistantship.name, now=now,
        assistantship=str(assistantship.id), reason=reason,
    )  # fmt: skip


def _tell_both(assistantship: Assistantship, actor: Actor, reason: str, now: dt.datetime) -> None:
    sides = {assistantship.lawyer_id: ("/assistants/", assistantship.name)}
    if assistantship.person_id is not None:
        sides[assistantship.person_id] = ("/assisting/", f"{assistantship.lawyer_name}律师")
    for person_id, (link, other) in sides.items():
        himself = person_id == actor.person_id and actor.role != "system"
        if not himself:
            tell(
                person_id=person_id, key=f"assistant-ended:{assistantship.id}", kind="delegation", tone="warn",
                title=f"助理关系已终止：{other}", body=f"{reason}。全部授权同时撤销", link=link, now=now,
            )  # fmt: skip
