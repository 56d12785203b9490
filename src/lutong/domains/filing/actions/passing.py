"""变更执业机构: each draft stays with its lawyer, or a colleague of the firm that he left takes it over.

Until the colleague has taken it, it is the giver's; then it is the colleague's, whole, and the giver has it no more.
Law: 律师法第十条 (变更执业机构), 第三十九条、第五十条 (利益冲突).
"""

import datetime as dt
import uuid
from collections.abc import Collection

from lutong.domains.audit.actions import record_own
from lutong.domains.capacity.actions import check_conflicts
from lutong.domains.delegation.actions import end_draft_grants, platform_for
from lutong.domains.delegation.queries import successors
from lutong.domains.dossier.actions import move_uploads
from lutong.domains.filing.access import drafts_of, offered_drafts
from lutong.domains.filing.actions.drafts import describe, fetch_draft
from lutong.domains.filing.actions.offers import withdraw_offer
from lutong.domains.filing.content import Agent, FilingContent
from lutong.domains.filing.models import Draft, DraftHandover, DraftOffer
from lutong.domains.filing.passing import passed_on
from lutong.domains.filing.queries.passing import get_draft_offer
from lutong.domains.filing.states import DRAFT_HANDOVER, DRAFT_SETTLED, FilingState, OfferState
from lutong.domains.identity.actions import licensed
from lutong.domains.identity.events import FirmChanged
from lutong.domains.identity.queries import facts_of
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, as_actor
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

PAGE = "/assistants/handover/"
MOST_AT_ONCE = 500
GONE = "这份草稿已由移交的律师撤回、提交或者删除，不能再接手"


def on_firm_changed(event: FirmChanged) -> None:
    """Listener of FirmChanged: what the lawyer has begun to prepare waits for his choice, as his cases do."""
    begin_draft_handovers(actor=platform_for(event.lawyer_id), event=event, now=event.now)


@action
def begin_draft_handovers(*, actor: Actor, event: FirmChanged, now: dt.datetime) -> int:
    """Open the choice for each draft of the lawyer; answers how many. What he kept before is asked anew.

    `actor` is the platform for the lawyer. A draft that still waits from an earlier change stays with that firm.
    """
    lawyer = Actor(event.lawyer_id, Role.LAWYER, event.name)
    with as_actor(lawyer):  # drafts are within the sight of their lawyer alone
        drafts = list(drafts_of(lawyer).filter(state=FilingState.DRAFT).defer("content", "remark"))
    firms = {
        "old_firm_name": event.old_firm_name, "old_firm_uscc": event.old_firm_uscc,
        "new_firm_name": event.new_firm_name, "changed_at": now,
    }  # fmt: skip
    for draft in drafts:
        row, made = DraftHandover.objects.exclude(state__in=DRAFT_SETTLED).get_or_create(
            lawyer_id=event.lawyer_id, draft_id=draft.id, defaults={"title": draft.title, **firms}
        )
        if not made and row.state == "kept":
            row.state = DRAFT_HANDOVER.advance(row.state, "move", actor)
            for field, value in firms.items():
                setattr(row, field, value)
            row.save()
    if any(draft.deleted_at is None for draft in drafts):
        tell(
            person_id=event.lawyer_id, key=f"firm-changed-drafts:{event.new_firm_uscc}:{now.isoformat()}", now=now,
            kind="filing", title="请选择立案草稿的去向", link=PAGE, tone="warn",
            body="您已变更执业机构：立案草稿可以跟随您本人，也可以移交原所的同事",
        )  # fmt: skip
    record_own(
        actor=actor, action="filing.begin_draft_handovers", subject=event.new_firm_name, now=now, drafts=len(drafts)
    )
    return len(drafts)


@action
def keep_drafts(*, actor: Actor, handover_ids: Collection[uuid.UUID], now: dt.datetime) -> int:
    """The clients follow the lawyer: these drafts stay his, and who was asked to take one is told. All or none."""
    chosen = _chosen(actor, handover_ids)
    for handover, draft in chosen:
        handover.state = DRAFT_HANDOVER.advance(handover.state, "keep", actor)
        handover.title = draft.title
        withdraw_offer(actor=actor, handover=handover, now=now)
        handover.save()
        record_own(actor=actor, action="filing.keep_draft", subject=str(draft.id), now=now, handover=str(handover.id))
    return len(chosen)


@licensed("pass_draft")
@action
def pass_drafts(*, actor: Actor, handover_ids: Collection[uuid.UUID], taker_id: int, now: dt.datetime) -> str:
    """Ask a colleague of the firm that was left to take these drafts over; answers his name. All or none.

    Until he has accepted, they are the giver's to change and to submit. Raises NotFound, Conflict, Invalid.
    """
    chosen = _chosen(actor, handover_ids)
    name = ""
    firms = {handover.old_firm_uscc for handover, _ in chosen}
    fit = {uscc: {one.lawyer_id: one for one in successors(actor=actor, firm_uscc=uscc)} for uscc in firms}
    for handover, draft in chosen:
        taker = fit[handover.old_firm_uscc].get(taker_id)
        if taker is None:
            raise Invalid("请选择原律师事务所的一名律师", fields={"taker": "请选择接手律师"})
        name = taker.name
        handover.state = DRAFT_HANDOVER.advance(handover.state, "offer", actor)
        if handover.taker_id != taker_id:
            withdraw_offer(actor=actor, handover=handover, now=now)
        handover.taker_id, handover.taker_name, handover.title = taker_id, name, draft.title
        handover.save()
        DraftOffer.objects.update_or_create(
            lawyer_id=taker_id, id=handover.id,
            defaults={
                "giver_id": actor.person_id, "giver_name": actor.name, "firm_name": handover.old_firm_name,
                "draft_id": draft.id, "title": draft.title, "court_name": draft.court_name,
                "state": OfferState.WAITING, "offered_at": now, "settled_at": None,
            },
        )  # fmt: skip
        record_own(
            actor=actor, action="filing.pass_draft", subject=str(draft.id), now=now, handover=str(handover.id),
            taker=taker_id,
        )  # fmt: skip
    tell(
        person_id=taker_id, key=f"draft-offer:{chosen[0][0].id}:{now.isoformat()}", kind="filing", now=now, tone="warn",
        title=f"{actor.name}律师请您接手 {len(chosen)} 份立案草稿", link=PAGE,
        body="接手前先作利益冲突检查；您接手以前，草稿仍由移交的律师办理",
    )  # fmt: skip
    return name


def _chosen(actor: Actor, handover_ids: Collection[uuid.UUID]) -> list[tuple[DraftHandover, Draft]]:
    """The lawyer's own rows with their drafts, locked in one order. Raises Invalid, NotFound, Conflict."""
    ids = set(handover_ids)
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise Invalid("请至少选择一份草稿", fields={"drafts": "请选择"})
    rows = DraftHandover.objects.filter(lawyer_id=actor.person_id, id__in=ids)
    wanted = dict(rows.values_list("id", "draft_id"))
    if wanted.keys() != ids:
        raise NotFound("没有这份草稿，或您无权查看")
    mine = drafts_of(actor).filter(id__in=wanted.values(), state=FilingState.DRAFT, deleted_at=None)
    drafts = {draft.id: draft for draft in mine.select_for_update().defer("content", "remark").order_by("id")}
    locked = rows.exclude(state__in=DRAFT_SETTLED).select_for_update().order_by("id")
    found = [(row, drafts[row.draft_id]) for row in locked if row.draft_id in drafts]
    if len(found) != len(ids):
        raise Conflict("所选草稿中有的刚刚提交、删除或者移交，请刷新页面后再选")
    return found


@licensed("take_draft")
def take_draft(*, actor: Actor, offer_id: uuid.UUID, cleared: bool, now: dt.datetime) -> Draft:
    """Accept a draft that a colleague hands over; it comes whole, with its files. Taking it twice answers it again.

    The parties are checked against the cases of the taker and of his firm first; `cleared` says that the firm has
    looked at what was found. Raises NotFound, NotAllowed (not of that firm), Conflict with `check_id` when something
    was found, Conflict when it is no longer offered or a file is still on its way.
    """
    check_id, conflicts = _check(actor=actor, offer_id=offer_id, now=now)
    if conflicts and not cleared:
        raise Conflict(
            "利益冲突检查有提示，草稿尚未接手。请按律所的审查结论决定，可以接手的，勾选后再点“接手”",
            check_id=check_id,
        )
    return _take(actor=actor, offer_id=offer_id, check_id=check_id, now=now)


@action
def _check(*, actor: Actor, offer_id: uuid.UUID, now: dt.datetime) -> tuple[str, int]:
    """利益冲突检查 of the draft's parties: its id, and of how many names it warns; "" while none can be checked."""
    offer = get_draft_offer(actor=actor, offer_id=offer_id)
    draft = offered_drafts(offer).first()
    if draft is None:
        return "", 0
    clients, opposing = FilingContent.model_validate(draft.content).sides_of(offer.giver_id)
    try:
        check = check_conflicts(actor=actor, clients=clients, opposing=opposing, about=draft.id, now=now)
    except Invalid:  # half-typed names: the wizard checks when they are complete
        return "", 0
    return str(check.id), check.conflicts


@action
def _take(*, actor: Actor, offer_id: uuid.UUID, check_id: str, now: dt.datetime) -> Draft:
    seen = get_draft_offer(actor=actor, offer_id=offer_id)
    draft = offered_drafts(seen).select_for_update().first()
    handover = DraftHandover.objects.select_for_update().get(lawyer_id=seen.giver_id, id=offer_id)
    offer = DraftOffer.objects.select_for_update().get(lawyer_id=actor.person_id, id=offer_id)
    if offer.state == OfferState.TAKEN:
        return fetch_draft(actor, offer.draft_id)
    if draft is None or offer.state != OfferState.WAITING:
        raise Conflict(GONE, state=offer.state)
    giver = Actor(offer.giver_id, Role.LAWYER, offer.giver_name)
    if actor.person_id not in {one.lawyer_id for one in successors(actor=giver, firm_uscc=handover.old_firm_uscc)}:
        raise NotAllowed(f"只有{handover.old_firm_name}的执业律师可以接手这份草稿，请谢绝，由移交的律师另行安排")
    handover.state, handover.settled_at = DRAFT_HANDOVER.advance(handover.state, "take", actor), now
    handover.title = draft.title
    handover.save()
    platform = platform_for(giver.person_id)
    end_draft_grants(actor=platform, draft_id=draft.id, reason=f"草稿已移交{actor.name}律师", now=now)
    files = move_uploads(actor=actor, giver=giver, draft_id=draft.id, now=now)
    _make_own(actor, draft, giver_id=giver.person_id, now=now)
    offer.state, offer.settled_at = OfferState.TAKEN, now
    offer.save(update_fields=["state", "settled_at"])
    tell(
        person_id=giver.person_id, key=f"draft-taken:{handover.id}", kind="filing", now=now, link=PAGE,
        title=f"{actor.name}律师已接手草稿：{draft.title or '未命名草稿'}", body="内容和文件已全部移交，您不再能查看",
    )  # fmt: skip
    facts = {"handover": str(handover.id), "version": draft.version, "files": files}
    record_own(
        actor=actor, action="filing.take_draft", subject=str(draft.id), now=now, giver=giver.person_id,
        check=check_id, **facts,
    )  # fmt: skip
    record_own(
        actor=platform, action="filing.draft_taken", subject=str(draft.id), now=now, taker=actor.person_id, **facts
    )
    return draft


def _make_own(actor: Actor, draft: Draft, *, giver_id: int, now: dt.datetime) -> None:
    """A row never moves between owners: the giver's goes, the taker's comes, in one transaction and with one id."""
    Draft.objects.filter(lawyer_id=giver_id, id=draft.id).delete()
    known = facts_of(lawyer_id=actor.person_id)
    taker = Agent(lawyer_id=str(actor.person_id), name=known.name, licence_no=known.licence_no, firm=known.firm_name)
    describe(draft, passed_on(FilingContent.model_validate(draft.content), giver_id=giver_id, taker=taker))
    draft.lawyer_id = actor.person_id
    draft.authors = {
        **draft.authors, "agents": {"id": actor.person_id, "who": actor.signature, "at": now.isoformat()},
    }  # fmt: skip
    draft.saved_by, draft.handed_back_at, draft.handed_back_by = "", None, ""
    draft.returned_at, draft.remark = None, None
    draft.version += 1
    draft.updated_at = now
    draft.save(force_insert=True)


@action
def decline_draft(*, actor: Actor, offer_id: uuid.UUID, now: dt.datetime) -> DraftOffer:
    """Not taken: the draft waits for the giver's choice again. Raises NotFound, Conflict when it is not offered now."""
    seen = get_draft_offer(actor=actor, offer_id=offer_id)
    handover = DraftHandover.objects.select_for_update().get(lawyer_id=seen.giver_id, id=offer_id)
    offer = DraftOffer.objects.select_for_update().get(lawyer_id=actor.person_id, id=offer_id)
    if offer.state != OfferState.WAITING:
        raise Conflict(f"当前状态为“{offer.get_state_display()}”，不能谢绝", state=offer.state)
    handover.state = DRAFT_HANDOVER.advance(handover.state, "decline", actor)
    handover.taker_id, handover.taker_name = None, ""
    handover.save()
    offer.state, offer.settled_at = OfferState.DECLINED, now
    offer.save(update_fields=["state", "settled_at"])
    tell(
        person_id=offer.giver_id, key=f"draft-declined:{offer.id}:{now.isoformat()}", kind="filing", now=now,
        title=f"{actor.name}律师谢绝接手草稿：{offer}", body="请另行选择", link=PAGE, tone="warn",
    )  # fmt: skip
    record_own(actor=actor, action="filing.decline_draft", subject=str(offer.draft_id), now=now, handover=str(offer.id))
    return offer
