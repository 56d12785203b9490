"""提交、补正、撤回: the lawyer hands his filing to the court. One submission, one filing, whatever is clicked twice."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.delegation.actions import end_draft_grants
from lutong.domains.dossier import actions as dossier
from lutong.domains.dossier.queries import list_filing_documents
from lutong.domains.exchange.actions import put_out
from lutong.domains.filing.access import drafts_of, filings_visible_to
from lutong.domains.filing.actions.drafts import opened_fields, title_of
from lutong.domains.filing.actions.gate import require_agency
from lutong.domains.filing.actions.numbers import next_receipt_no
from lutong.domains.filing.actions.offers import end_handover
from lutong.domains.filing.checks import Report
from lutong.domains.filing.claims import reckon_claims
from lutong.domains.filing.content import FilingContent
from lutong.domains.filing.materials import materials_of
from lutong.domains.filing.merging import with_only
from lutong.domains.filing.models import Correction, Draft, Filing
from lutong.domains.filing.queries.judging import examine_draft
from lutong.domains.filing.states import FILING, FilingState
from lutong.domains.identity.actions import licensed
from lutong.domains.notices.actions import tell
from lutong.kernel import parameters
from lutong.kernel.acting import action, reading, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.kernel.ids import uuid7
from lutong.kernel.money import Fen

refuse_on("filing_once", lambda: Conflict("这次提交的编号已用于另一份申请，请回到核对页面重新提交"))
refuse_on("filing_one_per_draft", lambda: Conflict("这份申请已经提交过，请刷新页面查看收件凭证"))


UNSEEN = "没有这份申请，或您无权查看"
LAWYER_SUBMITS = "立案申请由律师本人提交（意见第十四条第一款）。填写完毕后请点“交律师审阅”，由律师核对、确认并提交"


def submit(*, actor: Actor, draft_id: uuid.UUID, version: int, submit_key: str, now: dt.datetime) -> Filing:
    """Hand a draft to its court, exactly once per draft and per `submit_key`; a repetition answers the first filing.

    The licence is asked of the registry first, outside the transaction (法发〔2021〕3号第十六条).
    Raises NotAllowed when the licence is not in force, Invalid with every defect that the machine sees,
    Conflict when the draft has changed since the check page was made.
    """
    with reading(actor):
        draft = drafts_of(actor).filter(id=draft_id, deleted_at=None).first()
        if draft is None:
            raise NotFound(UNSEEN)
        if actor.is_assistant:
            raise NotAllowed(LAWYER_SUBMITS)
        if draft.filing_id is not None:
            return _filing_of(actor, draft)
    if not 8 <= len(submit_key) <= 80 or not submit_key.isprintable():
        raise Invalid("提交编号不对，请刷新核对页面后再提交")
    return _submit(actor=actor, draft_id=draft_id, version=version, submit_key=submit_key, now=now)


def correct(*, actor: Actor, draft_id: uuid.UUID, version: int, now: dt.datetime) -> Filing:
    """Hand in the corrected filing. Only the items that the notice names have changed.

    The licence is asked of the registry first, as in `submit`; the second click needs no licence any more.
    The court's seven days run anew from the day after it has the corrected papers (登记立案规定第八条;
    民事诉讼法第一百二十六条). Raises Invalid with what still is missing, Conflict after another change.
    """
    with reading(actor):
        draft = drafts_of(actor).filter(id=draft_id, deleted_at=None).first()
        if draft is None:
            raise NotFound(UNSEEN)
        filing = _filing_of(actor, draft)
    if filing.state == FilingState.SUBMITTED:
        return filing  # the second click
    return _correct(actor=actor, draft_id=draft_id, version=version, now=now)


@licensed("correct_filing")
@action
def _correct(*, actor: Actor, draft_id: uuid.UUID, version: int, now: dt.datetime) -> Filing:
    draft = _lock(actor, draft_id)
    filing = _filing_of(actor, draft, lock=True)
    if filing.state == FilingState.SUBMITTED:
        return filing  # of two clicks at once
    after = FILING.advance(filing.state, "correct", actor)
    _check_version(draft, version)
    opened = opened_fields(court_id=filing.court_id, filing_id=filing.id)
    content = FilingContent.model_validate(with_only(draft.content, old=filing.content, opened=opened))
    _refuse_defects(examine_draft(actor=actor, draft_id=draft.id, content=content, today=beijing_date(now)))
    require_agency(actor=actor, content=content, act="correct_filing", now=now)
    round_no = filing.round + 1
    _hand_over(actor, filing, content, now)
    filing.content, filing.state, filing.round = content.model_dump(mode="json"), after, round_no
    filing.cause_id, filing.cause_name = int(content.cause_id), content.cause_name[:80]
    _start_clock(filing, "filing.review_after_correction", now)
    filing.version += 1
    _describe(filing, content, now)
    filing.save()
    Correction.objects.filter(court_id=filing.court_id, filing_id=filing.id, answered_at=None).update(answered_at=now)
    _follow(draft, filing, f"第 {round_no - 1} 次补正已提交，等待法院审核", now)
    _announce(actor, filing, "filing.correct", "filing.corrected", now)
    return filing


@licensed("withdraw_filing")
@action
def withdraw(*, actor: Actor, draft_id: uuid.UUID, now: dt.datetime) -> Filing:
    """Take a filing back before it is registered. Raises Conflict when the court has decided already."""
    draft = _lock(actor, draft_id)
    filing = _filing_of(actor, draft, lock=True)
    content = FilingContent.model_validate(filing.content)
    require_agency(actor=actor, content=content, act="withdraw_filing", now=now)
    filing.state = FILING.advance(filing.state, "withdraw", actor)
    filing.version += 1
    filing.decided_at = now
    filing.save()
    _follow(draft, filing, "您已撤回申请", now)
    _announce(actor, filing, "filing.withdraw", "filing.withdrawn", now)
    return filing


@licensed("file")
@action
def _submit(*, actor: Actor, draft_id: uuid.UUID, version: int, submit_key: str, now: dt.datetime) -> Filing:
    draft = _lock(actor, draft_id)
    if draft.filing_id is not None:
        return _filing_of(actor, draft)
    after = FILING.advance(draft.state, "submit", actor)
    _check_version(draft, version)
    content = FilingContent.model_validate(draft.content)
    _refuse_defects(examine_draft(actor=actor, draft_id=draft.id, content=content, today=beijing_date(now)))
    require_agency(actor=actor, content=content, act="file", now=now)
    filing = Filing(
        court_id=content.court_id or 0, id=uuid7(), lawyer_id=actor.person_id, lawyer_name=actor.name,
        draft_id=draft.id,
        submit_key=submit_key, received_at=now, state=after, content=content.model_dump(mode="json"),
        court_name=draft.court_name, cause_id=int(content.cause_id), cause_name=draft.cause_name, round=1,
    )  # fmt: skip
    _describe(filing, content, now)
    _start_clock(filing, "filing.review", now)
    _hand_over(actor, filing, content, now)
    filing.receipt_no = next_receipt_no(court_id=filing.court_id, day=beijing_date(now))
    filing.save(force_insert=True)
    draft.filing_id, draft.receipt_no = filing.id, filing.receipt_no
    _follow(draft, filing, "法院已收到，等待审核", now)
    end_draft_grants(actor=actor, draft_id=draft.id, reason="律师已提交立案申请", now=now)
    end_handover(actor=actor, draft=draft, step="submit", now=now)
    _announce(actor, filing, "filing.submit", "filing.submitted", now)
    tell(
        person_id=actor.person_id, key=f"filing-received:{filing.id}", kind="filing", now=now,
        title=f"{filing.court_name}已收到立案材料", body=f"{filing.receipt_no} {filing.title}",
        link=f"/filing/{draft.id}/",
    )  # fmt: skip
    return filing


def _lock(actor: Actor, draft_id: uuid.UUID) -> Draft:
    draft = drafts_of(actor).select_for_update().filter(id=draft_id, deleted_at=None).first()
    if draft is None:
        raise NotFound(UNSEEN)
    return draft


def _filing_of(actor: Actor, draft: Draft, *, lock: bool = False) -> Filing:
    if draft.court_id is None or draft.filing_id is None:
        raise Conflict("这份申请还没有提交", state=draft.state)
    filings = filings_visible_to(actor, court_id=draft.court_id)
    return (filings.select_for_update() if lock else filings).get(id=draft.filing_id)


def _check_version(draft: Draft, version: int) -> None:
    if draft.version != version:
        raise Conflict("核对之后内容又有改动，请重新核对后再提交", version=draft.version, your_version=version)


def _refuse_defects(report: Report) -> None:
    if not report.may_submit:
        raise Invalid(f"还有 {len(report.field_errors)} 处需要改正，尚未提交", fields=dict(report.summary))


def _start_clock(filing: Filing, key: str, now: dt.datetime) -> None:
    today = beijing_date(now)
    filing.clock_from = today
    filing.review_due_on = parameters.period_of(key=key, start_on=today, event="收到材料").due_on


def _describe(filing: Filing, content: FilingContent, now: dt.datetime) -> None:
    result = reckon_claims(content, today=beijing_date(now))
    filing.title = title_of(content)
    filing.plaintiffs, filing.defendants = (
        "、".join(party.name.strip() for party in content.side(side))[:200] for side in ("plaintiff", "defendant")
    )
    filing.amount_fen = Fen.from_yuan(result.total).value if result.has_money else None
    filing.mediation_will = content.mediation_will[:10]


def _hand_over(actor: Actor, filing: Filing, content: FilingContent, now: dt.datetime) -> None:
    """Make documents of the uploads that the court does not have yet; papers replaced in a correction are set aside."""
    known = {d.upload_id: d for d in list_filing_documents(actor=actor, court_id=filing.court_id, filing_id=filing.id)}
    papers = materials_of(content)
    new = [paper for paper in papers if paper.upload_id not in known]
    kept = {paper.upload_id for paper in papers}
    gone = [document for upload_id, document in known.items() if upload_id not in kept and document.kind in _LAWYERS]
    items = [
        dossier.TakeIn(
            upload_id=paper.upload_id, kind=paper.kind, title=paper.title, place=paper.place,
            supersedes_id=next((d.id for d in gone if d.kind == paper.kind), None),
        )
        for paper in new
    ]  # fmt: skip
    if items:
        dossier.take_in(actor=actor, court_id=filing.court_id, filing_id=filing.id, items=items, now=now)


_LAWYERS = {
    "complaint", "identity", "mandate", "firm_letter", "lawyer_licence", "evidence_list", "evidence",
    "address_confirmation", "refund_account", "other",
}  # fmt: skip


def _follow(draft: Draft, filing: Filing, note: str, now: dt.datetime) -> None:
    """The lawyer's own row tells what the court's row says."""
    draft.state, draft.note, draft.due_on, draft.updated_at = filing.state, note, None, now
    draft.content, draft.title, draft.cause_name = filing.content, filing.title, filing.cause_name
    draft.version += 1
    draft.save()


def _announce(actor: Actor, filing: Filing, act: str, topic: str, now: dt.datetime) -> None:
    facts: dict[str, Any] = {"state": filing.state, "round": filing.round, "receipt_no": filing.receipt_no}
    record(
        actor=actor, court_id=filing.court_id, action=act, subject=filing.receipt_no, now=now, filing_id=filing.id,
        **facts,
    )  # fmt: skip
    put_out(
        court_id=filing.court_id, topic=topic, payload={"filing_id": str(filing.id), "round": filing.round}, now=now
    )
