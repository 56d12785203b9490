"""授权: one assistant, one case, named acts, a period. Nothing by default, never transitive, ended at once."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from lutong.domains.audit.actions import record_own
from lutong.domains.cases.actions import close_to_assistant, open_to_assistant
from lutong.domains.cases.events import CounselLeft
from lutong.domains.delegation.actions.roster import lock_roster, platform_for
from lutong.domains.delegation.models import Assistantship, Grant
from lutong.domains.delegation.queries import get_assistant, living_grants
from lutong.domains.delegation.states import GRANT, GrantState
from lutong.domains.identity.actions import licensed
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import CASE_CAPABILITIES, Capability
from lutong.kernel.clock import beijing, beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

refuse_on("grant_once", lambda: Conflict("这名助理在本案已有授权，请刷新页面后变更"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a lawyer chose on the grant screen, as it was sent; `expressly` repeats the grave ones by name."""

    capabilities: Collection[str]
    expressly: Collection[str] = ()
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What every grant comes down to, of a case or of a draft: who, what, from when until when."""

    person_id: int
    name: str
    capabilities: frozenset[Capability]
    starts_at: dt.datetime
    ends_at: dt.datetime | None

    def write(self, grant: Grant, now: dt.datetime) -> None:
        """Into the grant, as its next version."""
        grant.capabilities, grant.note = sorted(c.value for c in self.capabilities), ""
        grant.starts_at, grant.ends_at, grant.changed_at = self.starts_at, self.ends_at, now
        grant.version += 1
        grant.save()


@licensed("allow_assistant")
@action
def allow(
    *,
    actor: Actor,
    assistantship_id: uuid.UUID,
    court_id: int,
    case_id: uuid.UUID,
    terms: Terms,
    now: dt.datetime,
    version: int | None = None,
) -> Grant:
    """Let an assistant act in one case, or change what he may do there; it holds from this transaction on.

    `version`: of the grant as the lawyer saw it, None for a new one; another is a Conflict. Raises NotFound, NotAllowed
    (not counsel of record now, an assistant granting), Invalid (nothing chosen, a grave act not named, the period).
    """
    asked = asked_for(actor, assistantship_id, terms, CASE_CAPABILITIES, now)
    case = open_to_assistant(
        actor=actor, court_id=court_id, case_id=case_id, person_id=asked.person_id, capabilities=asked.capabilities,
        starts_at=asked.starts_at, ends_at=asked.ends_at, now=now,
    )  # fmt: skip
    grant = living_grants(lawyer_id=actor.person_id).filter(
        assistantship_id=assistantship_id, court_id=court_id, case_id=case_id
    ).first()  # fmt: skip
    if version is not None and (grant is None or grant.version != version):
        raise Conflict("授权刚刚被改动，请刷新页面后再试", version=grant.version if grant else None)
    before = list(grant.capabilities) if grant else []
    if grant is None:
        grant = Grant(
            lawyer_id=actor.person_id, assistantship_id=assistantship_id, person_id=asked.person_id,
            person_name=asked.name, court_id=court_id, case_id=case_id, number=case.number, case_title=case.title,
            state=GrantState.RUNNING, version=0,
        )  # fmt: skip
    else:
        grant.state = GRANT.advance(grant.state, "change", actor)
    asked.write(grant, now)
    words = "、".join(c.label for c in Capability if c in asked.capabilities)
    tell(
        person_id=grant.person_id, key=f"grant:{grant.id}:{grant.version}", kind="delegation", now=now,
        title=f"{actor.name}律师{'变更' if before else '给予'}授权：{case.number}", body=f"可以：{words}",
        link="/assisting/",
    )  # fmt: skip
    record_own(
        actor=actor, action="delegation.allow", subject=f"{grant.person_name} {case.number}", now=now,
        grant=str(grant.id), person=grant.person_id, before=before, after=grant.capabilities,
    )  # fmt: skip
    return grant


@action
def revoke(*, actor: Actor, grant_id: uuid.UUID, now: dt.datetime) -> Grant:
    """The lawyer takes one grant back: the assistant's next request in any process finds it gone.

    Pressing twice does it once. Raises NotFound.
    """
    lock_roster(lawyer_id=actor.person_id)
    grant = Grant.objects.filter(lawyer_id=actor.person_id, id=grant_id).first() if actor.is_lawyer else None
    if grant is None:
        raise NotFound("没有这项授权，或您无权查看")
    if grant.state != "revoked":
        withdraw(actor=actor, grant=grant, step="revoke", reason="律师撤销", now=now)
    return grant


@action
def revoke_all(*, actor: Actor, now: dt.datetime, assistantship_id: uuid.UUID | None = None) -> int:
    """一键撤销: all grants of one assistant, or of all; answers how many. The assistants keep their places."""
    lock_roster(lawyer_id=actor.person_id)
    mine = living_grants(lawyer_id=actor.person_id) if actor.is_lawyer else Grant.objects.none()
    if assistantship_id is not None:
        mine = mine.filter(assistantship_id=get_assistant(actor=actor, assistantship_id=assistantship_id).id)
    grants = list(mine)
    for grant in grants:
        withdraw(actor=actor, grant=grant, step="revoke", reason="律师撤销", now=now)
    return len(grants)


def withdraw(*, actor: Actor, grant: Grant, step: str, reason: str, now: dt.datetime) -> None:
    """Suspend or revoke a grant, and close the case (or the draft) to the assistant; the roster is locked.

    It may already have run out: the case is closed to him all the same.
    """
    grant.state = GRANT.advance(grant.state, step, actor)
    grant.note, grant.changed_at = reason[:200], now
    grant.version += 1
    grant.save(update_fields=["state", "note", "changed_at", "version"])
    if grant.court_id is not None and grant.case_id is not None:  # a draft is closed by the grant's own state
        close_to_assistant(
            actor=actor, court_id=grant.court_id, case_id=grant.case_id, lawyer_id=grant.lawyer_id,
            person_id=grant.person_id, now=now,
        )  # fmt: skip
    tell(
        person_id=grant.person_id, key=f"grant:{grant.id}:{grant.version}", kind="delegation", now=now, tone="warn",
        title=f"授权{'已暂停' if step == 'suspend' else '已撤销'}：{name_of(grant)}", body=reason, link="/assisting/",
    )  # fmt: skip
    record_own(
        actor=actor, action=f"delegation.{step}", subject=f"{grant.person_name} {name_of(grant)}", now=now,
        grant=str(grant.id), person=grant.person_id, reason=reason, draft=str(grant.draft_id or ""),
    )  # fmt: skip


def name_of(grant: Grant) -> str:
    """What a grant is for, in words: the number of the case, or the draft with its title."""
    return grant.number if grant.draft_id is None else f"{grant.number}“{grant.case_title or '未命名'}”"


def restore(*, actor: Actor, grant: Grant, now: dt.datetime) -> bool:
    """Let a suspended grant run on as it was; False (and revoked) when its time is over or counsel has left."""
    if grant.ends_at is not None and grant.ends_at <= now:
        withdraw(actor=actor, grant=grant, step="revoke", reason="授权期间已届满", now=now)
        return False
    grant.state = GRANT.advance(grant.state, "resume", actor)
    grant.note, grant.changed_at = "", now
    grant.version += 1
    grant.save(update_fields=["state", "note", "changed_at", "version"])
    if grant.court_id is not None and grant.case_id is not None:
        open_to_assistant(
            actor=actor, court_id=grant.court_id, case_id=grant.case_id, person_id=grant.person_id,
            capabilities=[Capability(word) for word in grant.capabilities], starts_at=grant.starts_at,
            ends_at=grant.ends_at, now=now,
        )  # fmt: skip
    record_own(
        actor=actor, action="delegation.resume", subject=f"{grant.person_name} {grant.number}", now=now,
        grant=str(grant.id), person=grant.person_id,
    )  # fmt: skip
    return True


def on_counsel_left(event: CounselLeft) -> None:
    """Counsel is off the case, and with him his assistants: his own list of grants says so, too."""
    platform = platform_for(event.lawyer_id)
    lock_roster(lawyer_id=event.lawyer_id)
    for grant in living_grants(lawyer_id=event.lawyer_id).filter(court_id=event.court_id, case_id=event.case_id):
        withdraw(actor=platform, grant=grant, step="revoke", reason="代理关系已终止", now=event.now)


def asked_for(
    actor: Actor, assistantship_id: uuid.UUID, terms: Terms, offered: Collection[Capability], now: dt.datetime
) -> Asked:
    """Read a grant from what the lawyer chose; his roster is locked from here on.

    Raises NotAllowed (an assistant granting), NotFound, Conflict (not active), Invalid (nothing chosen, the period).
    """
    if not actor.is_lawyer:
        raise NotAllowed("助理不能再授权他人（意见第十四条第一款：由律师指定）")
    lock_roster(lawyer_id=actor.person_id)
    assistant = active_assistant(actor, assistantship_id)
    chosen = chosen_of(terms, offered)
    starts_at, ends_at = period_of(terms, now)
    return Asked(assistant.person_id or 0, assistant.name, chosen, starts_at, ends_at)


def active_assistant(actor: Actor, assistantship_id: uuid.UUID) -> Assistantship:
    """One of the lawyer's assistants who may be given something now. Raises NotFound, Conflict."""
    assistant = get_assistant(actor=actor, assistantship_id=assistantship_id)
    if assistant.state != "active":
        raise Conflict(f"{assistant.name}的助理关系为“{assistant.get_state_display()}”，生效后才能授权")
    return assistant


def chosen_of(terms: Terms, offered: Collection[Capability]) -> frozenset[Capability]:
    """What was ticked, of what the screen offered, and what comes with it; a grave act must be named twice."""
    known = {c.value: c for c in offered}
    if unknown := set(terms.capabilities) - known.keys():
        raise Invalid("没有这种权限，请刷新页面后再选", fields={"capabilities": "、".join(sorted(unknown))[:60]})
    chosen = {known[word] for word in terms.capabilities}
    if not chosen:
        raise Invalid("请至少选择一项权限", fields={"capabilities": "请选择"})
    for capability in sorted(chosen):
        if capability.is_grave and capability.value not in terms.expressly:
            raise Invalid(
                f"“{capability.label}”须由律师明确指定：{capability.help}", fields={"expressly": "请勾选确认"}
            )
    return frozenset(chosen | {c for c in offered if c.is_given_with_any})


def period_of(terms: Terms, now: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    """Both days count: from the first moment of the one to the last of the other, Beijing time."""
    today = beijing_date(now)
    starts_on, ends_on = terms.starts_on or today, terms.ends_on
    if ends_on is not None and ends_on < max(today, starts_on):
        raise Invalid("授权的截止日早于开始日或者今天", fields={"ends_on": "请填今天或者以后的日期"})
    if max(starts_on, ends_on or today) > dt.date(today.year + 20, 1, 1):
        raise Invalid("授权期间太长", fields={"ends_on": "请填较近的日期，或者留空"})
    starts_at = beijing(starts_on) if starts_on > today else now
    return starts_at, beijing(ends_on + dt.timedelta(days=1)) if ends_on else None
