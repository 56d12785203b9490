"""立案草稿授权: an assistant prepares a filing that is no case yet. The grant ends when it is handed in."""

import datetime as dt
import uuid
from dataclasses import replace

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation.actions.granting import Terms, asked_for, name_of, withdraw
from lutong.domains.delegation.actions.roster import lock_roster
from lutong.domains.delegation.models import Grant
from lutong.domains.delegation.queries import living_grants
from lutong.domains.delegation.states import GRANT, GrantState
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import DRAFT_CAPABILITIES
from lutong.kernel.database import fetch_one
from lutong.kernel.errors import Conflict

DRAFT_WORD = "立案草稿"
refuse_on("grant_of_draft_once", lambda: Conflict("这份草稿已经交给这名助理，请刷新页面后变更"))


def _not_after_the_database(now: dt.datetime) -> dt.datetime:
    """The instant from which a grant holds at once: by the database's clock, which the row policy reads."""
    row = fetch_one("SELECT least(%(now)s::timestamptz, now())", {"now": now})
    return row[0] if row else now


@action
def allow_draft(
    *, actor: Actor, assistantship_id: uuid.UUID, draft_id: uuid.UUID, title: str, terms: Terms, now: dt.datetime
) -> Grant:
    """Let an assistant prepare one draft of the lawyer's; what stood before is replaced (意见第十四条第一款).

    Whose draft it is and whether it still is one, the caller has made sure of. Raises NotAllowed (an assistant
    granting), NotFound, Conflict (not active), Invalid (nothing chosen, the period).
    """
    asked = asked_for(actor, assistantship_id, terms, DRAFT_CAPABILITIES, now)
    if asked.starts_at <= now:
        asked = replace(asked, starts_at=_not_after_the_database(now))
    mine = living_grants(lawyer_id=actor.person_id)
    grant = mine.filter(assistantship_id=assistantship_id, draft_id=draft_id).first()
    if grant is None:
        grant = Grant(
            lawyer_id=actor.person_id, assistantship_id=assistantship_id, draft_id=draft_id,
            person_id=asked.person_id, person_name=asked.name, number=DRAFT_WORD,
            state=GrantState.RUNNING, version=0,
        )  # fmt: skip
    else:
        grant.state = GRANT.advance(grant.state, "change", actor)
    grant.case_title = title[:200]
    asked.write(grant, now)
    tell(
        person_id=grant.person_id, key=f"grant:{grant.id}:{grant.version}", kind="delegation", now=now,
        title=f"{actor.name}律师请您准备立案材料：{title or '新的立案申请'}", link="/assisting/",
        body="填写、上传后交律师审阅；提交和确认由律师本人办理",
    )  # fmt: skip
    record_own(
        actor=actor, action="delegation.allow_draft", subject=f"{asked.name} {name_of(grant)}", now=now,
        grant=str(grant.id), person=grant.person_id, draft=str(draft_id), after=grant.capabilities,
    )  # fmt: skip
    return grant


def end_draft_grants(*, actor: Actor, draft_id: uuid.UUID, reason: str, now: dt.datetime) -> int:
    """The draft is handed in or thrown away: nobody prepares it any more. Part of the caller's transaction.

    The grant becomes nothing else: what an assistant may do in the case, the lawyer says anew. Answers how many.
    """
    lawyer_id = actor.lawyer_id
    if not living_grants(lawyer_id=lawyer_id).filter(draft_id=draft_id).exists():
        return 0
    lock_roster(lawyer_id=lawyer_id)
    grants = list(living_grants(lawyer_id=lawyer_id).filter(draft_id=draft_id))
    for grant in grants:
        withdraw(actor=actor, grant=grant, step="revoke", reason=reason, now=now)
    return len(grants)


def rename_draft(*, lawyer_id: int, draft_id: uuid.UUID, title: str) -> None:
    """The grants of a draft carry its newest title, part of the caller's transaction."""
    living_grants(lawyer_id=lawyer_id).filter(draft_id=draft_id).exclude(case_title=title[:200]).order_by().update(
        case_title=title[:200]
    )
