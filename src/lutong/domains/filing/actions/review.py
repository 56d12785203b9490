"""The clerk's work on a filing: take it, mark the list, ask once for all that is missing."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.exchange.actions import put_out
from lutong.domains.filing.checks.opening import opened_by
from lutong.domains.filing.checks.report import CHECKS
from lutong.domains.filing.content import FilingContent, read_content
from lutong.domains.filing.models import Correction, Draft, Filing, Review
from lutong.domains.filing.queries.desk import get_filing
from lutong.domains.filing.states import FILING
from lutong.domains.filing.states import FilingState as S
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

LONGEST_NOTE = 500
LONGEST_PERIOD_DAYS = 30

refuse_on("correction_once_a_round", lambda: Conflict("本次提交已经发出过补正告知，请刷新页面"))
refuse_on("correction_second_needs_reason", lambda: Invalid(
    "补正应当一次性告知，再次要求补正须写明理由并由负责人把关",
    fields={"second_reason": "请写明为什么第一次没有告知"}))  # fmt: skip


@action
def claim(*, actor: Actor, filing_id: uuid.UUID, now: dt.datetime) -> Filing:
    """A clerk takes a filing from the queue; taking over from a colleague is allowed and recorded."""
    filing = get_filing(actor=actor, filing_id=filing_id, lock=True)
    _only_clerks(actor)
    if filing.clerk_id == actor.person_id or filing.state not in {S.SUBMITTED, S.APPROVED}:
        return filing
    before = filing.clerk_name
    filing.clerk_id, filing.clerk_name = actor.person_id, actor.name
    keep(filing, "clerk_id", "clerk_name")
    note_act(actor, filing, "claim", now, before=before)
    return filing


@action
def save_marks(
    *, actor: Actor, filing_id: uuid.UUID, version: int, marks: dict[str, dict[str, str]], now: dt.datetime
) -> Review:
    """Keep the clerk's marks as they are made.

    `version` is the review's version that the page showed (0: none yet): two clerks on one file do not
    overwrite one another, the later gets Conflict with what the other has marked. A clerk's own marks follow
    one another so fast that the page may not have heard of the last version yet: the latest counts.
    """
    filing = get_filing(actor=actor, filing_id=filing_id, lock=True)
    _only_clerks(actor)
    if filing.state not in {S.SUBMITTED, S.APPROVED}:
        raise Conflict(f"这份申请现在是“{S(filing.state).label}”，不能再标记", state=filing.state)
    review = Review.objects.filter(court_id=filing.court_id, filing_id=filing.id, round=filing.round).first()
    if review is not None and review.version != version and review.clerk_id != actor.person_id:
        raise Conflict(f"{review.clerk_name}刚刚改过这份清单，请核对后再标", version=review.version, marks=review.marks)
    if review is None:
        review = Review(court_id=filing.court_id, filing_id=filing.id, round=filing.round, version=0)
    review.marks, review.version = _clean(marks), review.version + 1
    review.clerk_id, review.clerk_name, review.updated_at = actor.person_id, actor.name, now
    review.save()
    return review


@action
def issue_correction(
    *,
    actor: Actor,
    filing_id: uuid.UUID,
    version: int,
    items: list[dict[str, Any]],
    days: int,
    second_reason: str,
    now: dt.datetime,
) -> Correction:
    """Issue the one complete correction notice.

    `items` are {"code", "note", "fields"?}; every one needs a sentence that says what is missing and how to
    mend it. `fields` are those that the machine found; the item opens them and all else that it is about.
    A second notice on the same filing needs a reason. Law: 登记立案规定第七条, 在线诉讼规则第九条第（二）项.
    """
    filing = get_filing(actor=actor, filing_id=filing_id, lock=True)
    same_version(filing, version)
    state = FILING.advance(filing.state, "return", actor)
    if not 1 <= days <= LONGEST_PERIOD_DAYS:
        raise Invalid("补正期限不对", fields={"days": f"请填 1 至 {LONGEST_PERIOD_DAYS} 天"})
    issued = Correction.objects.filter(court_id=filing.court_id, filing_id=filing.id).count()
    notice = Correction.objects.create(
        court_id=filing.court_id, filing_id=filing.id, lawyer_id=filing.lawyer_id, round=issued + 1,
        items=_notice_items(items, read_content(filing.content)), issued_at=now, issued_by=actor.name,
        due_on=beijing_date(now) + dt.timedelta(days=days), second_reason=second_reason.strip()[:500],
    )  # fmt: skip
    filing.state = state
    keep(filing, "state")
    Draft.objects.filter(lawyer_id=filing.lawyer_id, id=filing.draft_id).update(
        state=state, due_on=notice.due_on, note=f"法院告知补正 {len(notice.items)} 项", updated_at=now
    )
    put_out(court_id=filing.court_id, topic="filing.returned", payload={"correction": str(notice.id)}, now=now)
    tell(
        person_id=filing.lawyer_id, key=f"correction:{notice.id}", kind="filing", tone="warn", now=now,
        title=f"需补正 {len(notice.items)} 项：{filing.title}", link=f"/filing/{filing.draft_id}/",
        body=f"{filing.court_name}，请在 {notice.due_on} 前逐项补正；补正后次日起重新计算审查期",
    )  # fmt: skip
    note_act(actor, filing, "return", now, items=[i["code"] for i in notice.items], round=notice.round)
    return notice


def _clean(marks: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    kept = {}
    for code, mark in marks.items():
        if code not in CHECKS:
            raise Invalid(f"没有清单项 {code[:20]}")
        verdict, note = mark.get("verdict", ""), mark.get("note", "").strip()
        if verdict not in {"", "pass", "defect"}:
            raise Invalid(f"{code} 的标记不对")
        kept[code] = {"verdict": verdict, "note": note[:LONGEST_NOTE]}
    return kept


def _notice_items(items: list[dict[str, Any]], content: FilingContent) -> list[dict[str, Any]]:
    if not items:
        raise Invalid("请先在清单上标出缺陷并写明怎样补正")
    kept = []
    for item in items:
        check, note = CHECKS.get(item["code"]), str(item.get("note", "")).strip()
        if check is None:
            raise Invalid(f"没有清单项 {str(item['code'])[:20]}")
        if not note:
            raise Invalid(
                f"{check.code} {check.title}：请写明缺什么、怎样补",
                fields={f"{check.code}-note": "请写明缺什么、怎样补"},
            )
        kept.append({
            "code": check.code, "title": check.title, "law": check.law, "note": note[:LONGEST_NOTE],
            "step": check.step,
            "fields": opened_by(code=check.code, content=content, found=[str(f) for f in item.get("fields", [])]),
        })  # fmt: skip
    return kept


def _only_clerks(actor: Actor) -> None:
    if actor.role is not Role.CLERK:
        raise NotAllowed(f"{actor.role.label}不能审核立案申请，请交立案庭办理")


def same_version(filing: Filing, version: int) -> None:
    """Refuse when the page showed an older state of the filing."""
    if filing.version != version:
        raise Conflict("这份申请刚刚有变化，请刷新后再办", version=filing.version)


def keep(filing: Filing, *fields: str) -> None:
    """Store the named fields under the next version."""
    filing.version += 1
    filing.save(update_fields=[*fields, "version"])


def close_review(filing: Filing, *, now: dt.datetime) -> None:
    """A decision answers the correction notices that are still open."""
    Correction.objects.filter(court_id=filing.court_id, filing_id=filing.id, answered_at=None).update(answered_at=now)


def note_act(actor: Actor, filing: Filing, verb: str, now: dt.datetime, **facts: object) -> None:
    """One line of the trail for an act of the filing desk."""
    if not actor.is_staff:
        raise NotAllowed("只有法院工作人员可以审核")
    record(
        actor=actor, court_id=filing.court_id, action=f"filing.{verb}", subject=filing.receipt_no, now=now,
        filing_id=filing.id, case_id=filing.case_id, **facts,
    )  # fmt: skip
