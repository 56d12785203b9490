"""准备立案材料: the lawyer lets an assistant prepare a draft; the assistant hands it back; only the lawyer submits."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation.actions import Terms, allow_draft
from lutong.domains.filing.actions.drafts import fetch_draft
from lutong.domains.filing.models import Draft
from lutong.domains.filing.states import FilingState
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotAllowed


@action
def entrust_draft(
    *, actor: Actor, draft_id: uuid.UUID, assistantship_id: uuid.UUID, terms: Terms, now: dt.datetime
) -> str:
    """Let one assistant prepare this draft for a time; answers his name. It ends when the draft is submitted.

    Raises NotFound, NotAllowed (an assistant passing it on), Conflict (submitted, assistant not active), Invalid.
    Law: 意见第十四条第一款.
    """
    draft = fetch_draft(actor, draft_id, lock=True)
    if not actor.is_lawyer:
        raise NotAllowed("助理不能再授权他人（意见第十四条第一款：由律师指定）")
    if draft.state != FilingState.DRAFT:
        raise Conflict("申请已提交，不能再交助理准备；立案后请按案件授权", state=draft.state)
    grant = allow_draft(
        actor=actor, assistantship_id=assistantship_id, draft_id=draft.id, title=draft.title, terms=terms, now=now
    )
    return grant.person_name


@action
def hand_back(*, actor: Actor, draft_id: uuid.UUID, now: dt.datetime) -> Draft:
    """交律师审阅: the assistant says that it is the lawyer's turn, who is told. He may go on writing nevertheless.

    Raises NotFound, NotAllowed for the lawyer himself.
    """
    draft = fetch_draft(actor, draft_id, lock=True)
    if not actor.is_assistant:
        raise NotAllowed("草稿由您本人提交，不需要交审阅")
    draft.handed_back_at, draft.handed_back_by = now, actor.signature[:140]
    draft.save(update_fields=["handed_back_at", "handed_back_by"])
    tell(
        person_id=draft.lawyer_id, key=f"draft-handed-back:{draft.id}:{draft.version}", kind="filing", now=now,
        title=f"请审阅立案材料：{draft.title or '未命名草稿'}", link=f"/filing/{draft.id}/step/check/",
        body=f"{actor.signature}已填写完毕，等您核对、确认并提交",
    )  # fmt: skip
    record_own(
        actor=actor, action="filing.hand_back", subject=str(draft.id), now=now, version=draft.version,
        person=actor.person_id,
    )  # fmt: skip
    return draft
