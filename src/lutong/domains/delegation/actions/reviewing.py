"""助理账号复核: each quarter the lawyer looks at who acts for him (意见第十四条第二款)."""

import datetime as dt

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation import rules
from lutong.domains.delegation.actions.ending import suspend_grants
from lutong.domains.delegation.actions.granting import restore
from lutong.domains.delegation.actions.roster import lock_roster, platform_for
from lutong.domains.delegation.models import Assistantship
from lutong.domains.delegation.queries import living_grants, rosters_due
from lutong.domains.delegation.states import LIVING
from lutong.domains.identity.actions import licensed
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import NotAllowed

LAST_CALL = dt.timedelta(days=7)
OVERDUE = "律师逾期没有复核助理账号"


def confirm_review(*, actor: Actor, now: dt.datetime) -> int:
    """The lawyer confirms his assistants as they stand; what was suspended runs again. Answers how many grants do.

    His own licence is asked of the registry first. Raises NotAllowed.
    """
    if not actor.is_lawyer:
        raise NotAllowed("由律师本人复核")
    return _confirm(actor=actor, now=now)


@licensed("confirm_review")
@action
def _confirm(*, actor: Actor, now: dt.datetime) -> int:
    roster = lock_roster(lawyer_id=actor.person_id)
    roster.confirmed_at, roster.suspended_at = now, None
    roster.review_due_on = rules.next_review(on=beijing_date(now))
    roster.save()
    suspended = list(living_grants(lawyer_id=actor.person_id).filter(state="suspended"))
    restored = sum(restore(actor=actor, grant=grant, now=now) for grant in suspended)
    record_own(actor=actor, action="delegation.confirm_review", subject=f"恢复 {restored} 项授权", now=now)
    return restored


def remind_of_reviews(*, now: dt.datetime) -> None:
    """Every night: tell who has to review, and suspend where nobody did in time; never silently."""
    for roster in rosters_due(on=beijing_date(now)):
        review_of(actor=platform_for(roster.lawyer_id), now=now)


@action
def review_of(*, actor: Actor, now: dt.datetime) -> None:
    """What is due in one roster today; `actor` is the platform for the lawyer."""
    roster, today = lock_roster(lawyer_id=actor.person_id), beijing_date(now)
    living = Assistantship.objects.filter(lawyer_id=actor.person_id, state__in=LIVING).exists()
    if roster.review_due_on is None or roster.review_due_on > today:
        return
    if not living:
        roster.review_due_on = None
        roster.save(update_fields=["review_due_on"])
        return
    due_on, lapses_on = roster.review_due_on, rules.review_lapses(due_on=roster.review_due_on)
    text = f"请在 {lapses_on:%Y-%m-%d} 前确认；逾期将暂停全部助理授权（意见第十四条第二款）"
    _tell(actor, f"review:{due_on}", "请复核助理账号", text, now)
    if lapses_on - LAST_CALL <= today < lapses_on:
        _tell(actor, f"review-last:{due_on}", "助理账号复核即将逾期", text, now)
    if lapses_on <= today and roster.suspended_at is None:
        roster.suspended_at = now
        roster.save(update_fields=["suspended_at"])
        count = suspend_grants(lawyer_id=actor.person_id, reason=OVERDUE, now=now)
        _tell(actor, f"review-lapsed:{due_on}", "助理授权已暂停", f"{OVERDUE}，暂停 {count} 项；确认后立即恢复", now)
    record_own(actor=actor, action="delegation.review_due", subject=f"{due_on}", now=now)


def _tell(actor: Actor, key: str, title: str, body: str, now: dt.datetime) -> None:
    tell(person_id=actor.person_id, key=key, kind="delegation", title=title, body=body, link="/assistants/",
         tone="warn", now=now)  # fmt: skip
