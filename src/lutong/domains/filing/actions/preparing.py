"""准备立案材料: the lawyer lets an assistant prepare a draft; the assistant hands it back; only the lawyer submits."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation.actions import Terms, allow_draft
from lutong.domains.delegation.queries import preparing
from lutong.domains.filing.actions.drafts import fetch_draft
from lutong.domains.filing.models import Draft
from lutong.domains.filing.states import FilingState
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

LONGEST_REMARK = 1000


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
    draft.handed_back_at, draft.handed_back_by, draft.returned_at = now, actor.signature[:140], None
    draft.save(update_fields=["handed_back_at", "handed_back_by", "returned_at"])
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


@action
def return_draft(*, actor: Actor, draft_id: uuid.UUID, remark: str, now: dt.datetime) -> Draft:
    """退回修改: the lawyer says what is still to be done; who prepares the draft is told and hands it back again.

    The remark stays with the draft, sealed as its content is. Raises NotFound, NotAllowed for an assistant, Invalid
    without a remark, Conflict when it is not handed back (any more), is submitted, or nobody prepares it.
    """
    draft = fetch_draft(actor, draft_id, lock=True)
    if not actor.is_lawyer:
        raise NotAllowed("退回修改由律师本人办理")
    if draft.state != FilingState.DRAFT:
        raise Conflict("申请已提交，不能再退回修改", state=draft.state)
    text = remark.strip()
    if not 1 <= len(text) <= LONGEST_REMARK:
        raise Invalid(
            f"请写明需要修改什么，不超过 {LONGEST_REMARK} 字", fields={"remark": f"请填写，不超过 {LONGEST_REMARK} 字"}
        )
    if draft.handed_back_at is None:
        raise Conflict("这份草稿没有交审阅，或者已经退回、助理又在修改，请刷新页面")
    grants = preparing(lawyer_id=actor.person_id, draft_id=draft.id, now=now)
    if not grants:
        raise Conflict("没有助理在准备这份草稿：请先“交助理准备”，或者由您本人修改")
    draft.handed_back_at, draft.handed_back_by = None, ""
    draft.returned_at, draft.remark = now, text
    draft.save(update_fields=["handed_back_at", "handed_back_by", "returned_at", "remark"])
    for grant in grants:
        tell(
            person_id=grant.person_id, key=f"draft-returned:{draft.id}:{now.isoformat()}", kind="filing", now=now,
            title=f"{actor.name}律师退回修改：{draft.title or '未命名草稿'}", link="/assisting/", tone="warn",
            body="意见显示在草稿各步骤的上方；改好后再交律师审阅",
        )  # fmt: skip
    record_own(
        actor=actor, action="filing.return_draft", subject=str(draft.id), now=now, version=draft.version,
        persons=[grant.person_id for grant in grants],
    )  # fmt: skip
    return draft
