"""Which licence is in force on a day, and which decision may follow which: the law as plain Python."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus
from lutong.verification.registry.bodies import FIRMS_OF, FirmKind

TRAINEESHIP_OVER = "实习期满"
_APPEAL = "对处罚不服的，可以自知道处罚决定之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"
REMEDIES = {
    LicenceStatus.ACTIVE: "",
    LicenceStatus.SUSPENDED: "停止执业期间不得以律师名义执业；期满恢复，未定期限的申请恢复执业。" + _APPEAL,
    LicenceStatus.REVOKED: "执业证书已被吊销，不得以律师名义执业。" + _APPEAL,
    LicenceStatus.CANCELLED: "执业证书已注销；重新执业，应当向司法行政部门申请律师执业。",
}
# Months of suspension that each article allows: at least, at most (律师法).
SUSPENSION_MONTHS = {"47": (0, 3), "48": (3, 6), "49": (6, 12), "51": (3, 12)}
REVOKING_ARTICLES = ("49", "51")
ARTICLES = {
    "47": "律师法第四十七条",
    "48": "律师法第四十八条",
    "49": "律师法第四十九条",
    "51": "律师法第五十一条",
    "9": "律师法第九条",
    "10": "律师法第十条",
}
LATEST_DAYS_AHEAD = 366


@dataclass(frozen=True, slots=True)
class Fact:
    """One decision of the history, as far as the standing depends on it."""

    kind: EventKind
    effective_on: dt.date
    until_on: dt.date | None = None  # last day of a suspension or of a traineeship
    reason: str = ""
    firm_id: int | None = None  # 准予执业、变更执业机构: the firm from then on


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds on a day."""

    status: LicenceStatus
    reason: str  # empty while active
    since: dt.date
    firm_id: int | None
    next_change_on: dt.date | None  # the next day on which something changes by itself

    @property
    def remedy(self) -> str:
        """What the person can do about it."""
        return REMEDIES[self.status]


def standing(facts: Iterable[Fact], *, on: dt.date) -> Standing | None:
    """The standing on a day: None before the licence was granted.

    Decisions take effect on their day, those of one day in the order given. A suspension for a term ends with its
    last day by itself (律师法第四十七条至第四十九条), as does a traineeship; a revocation never does (律师法第七条).
    """
    ordered = sorted(facts, key=lambda fact: fact.effective_on)
    now: Standing | None = None
    term: dt.date | None = None
    for fact in ordered:
        if fact.effective_on > on:
            break
        if now is not None and term is not None and fact.effective_on > term:
            now, term = _after_term(now, term), None
        now, term = _applied(now, term, fact)
    if now is not None and term is not None and on > term:
        now, term = _after_term(now, term), None
    if now is None:
        return None
    coming = [fact.effective_on for fact in ordered if fact.effective_on > on]
    coming += [term + dt.timedelta(days=1)] if term is not None else []
    return Standing(now.status, now.reason, now.since, now.firm_id, min(coming, default=None))


def _applied(now: Standing | None, term: dt.date | None, fact: Fact) -> tuple[Standing | None, dt.date | None]:
    firm_id = fact.firm_id if fact.firm_id is not None else (now.firm_id if now else None)
    if fact.kind is EventKind.GRANT:
        return Standing(LicenceStatus.ACTIVE, "", fact.effective_on, firm_id, None), fact.until_on
    if now is None:
        return None, None
    if fact.kind is EventKind.SUSPEND and now.status in (LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED):
        return Standing(LicenceStatus.SUSPENDED, fact.reason, fact.effective_on, firm_id, None), fact.until_on
    if fact.kind is EventKind.RESUME and now.status is LicenceStatus.SUSPENDED:
        return Standing(LicenceStatus.ACTIVE, "", fact.effective_on, firm_id, None), None
    if fact.kind is EventKind.REVOKE:
        return Standing(LicenceStatus.REVOKED, fact.reason, fact.effective_on, firm_id, None), None
    if fact.kind is EventKind.CANCEL and now.status is not LicenceStatus.REVOKED:
        return Standing(LicenceStatus.CANCELLED, fact.reason, fact.effective_on, firm_id, None), None
    return Standing(now.status, now.reason, now.since, firm_id, None), term


def _after_term(now: Standing, term: dt.date) -> Standing:
    """The day after a term: a suspended licence is in force again, a traineeship is over."""
    day = term + dt.timedelta(days=1)
    if now.status is LicenceStatus.SUSPENDED:
        return Standing(LicenceStatus.ACTIVE, "", day, now.firm_id, None)
    return Standing(LicenceStatus.CANCELLED, TRAINEESHIP_OVER, day, now.firm_id, None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision before it is entered."""

    kind: EventKind
    effective_on: dt.date
    until_on: dt.date | None
    reason: str
    article: str  # number of the article of 律师法, or empty
    document_no: str
    firm_kind: FirmKind | None = None  # of the new firm
    same_firm: bool = False


def objections(
    proposal: Proposal,
    before: Standing | None,
    *,
    licence_kind: LicenceKind,
    granted_on: dt.date | None,
    today: dt.date,
) -> dict[str, str]:
    """What stands against a decision: field → sentence; empty when it may be entered.

    `before` is the standing on the day of taking effect, `granted_on` the first day of the licence.
    """
    found = _order(proposal, before, licence_kind) | _days(proposal, granted_on, today)
    if not 4 <= len(proposal.reason) <= 300:
        found["reason"] = "理由：请写明决定的理由和依据，4–300 个字"
    if not 4 <= len(proposal.document_no) <= 60:
        found["document_no"] = "文书号：请填写决定书的文号，4–60 个字"
    if proposal.kind is EventKind.SUSPEND:
        found |= _term(proposal, licence_kind)
    if proposal.kind is EventKind.REVOKE and licence_kind.is_lawyer and proposal.article not in REVOKING_ARTICLES:
        found["article"] = "依据：吊销律师执业证书依照律师法第四十九条或者第五十一条，请选择"
    if proposal.kind in (EventKind.GRANT, EventKind.TRANSFER):
        found |= _firm(proposal, licence_kind)
    return found


def _order(proposal: Proposal, before: Standing | None, licence_kind: LicenceKind) -> dict[str, str]:
    status = before.status if before else None
    if licence_kind is LicenceKind.TRAINEE and proposal.kind not in (
        EventKind.GRANT, EventKind.CHANGE, EventKind.TRANSFER, EventKind.CANCEL,
    ):  # fmt: skip
        return {"kind": "实习人员没有执业证书，只能登记准予实习、变更、转所和注销"}
    if proposal.kind is EventKind.GRANT:
        if status is LicenceStatus.REVOKED:
            return {"kind": "被吊销执业证书的，不予颁发律师执业证书（律师法第七条第三项）"}
        return {} if status in (None, LicenceStatus.CANCELLED) else {"kind": "该执业证当日有效，不能重复准予执业"}
    if status is None:
        return {"effective_on": "生效日早于准予执业之日，请核对决定书"}
    needed = {
        EventKind.SUSPEND: (LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED),
        EventKind.RESUME: (LicenceStatus.SUSPENDED,),
        EventKind.REVOKE: (LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED),
        EventKind.CANCEL: (LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED, LicenceStatus.REVOKED),
        EventKind.TRANSFER: (LicenceStatus.ACTIVE,),
        EventKind.CHANGE: (LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED),
    }.get(proposal.kind)
    if needed is not None and status not in needed:
        return {"kind": f"生效当日的状态为“{status.label}”，不能登记{proposal.kind.label}"}
    return {}


def _days(proposal: Proposal, granted_on: dt.date | None, today: dt.date) -> dict[str, str]:
    if proposal.effective_on > today + dt.timedelta(days=LATEST_DAYS_AHEAD):
        return {"effective_on": "生效日不能晚于一年以后，请核对年份"}
    if granted_on is not None and proposal.kind is not EventKind.GRANT and proposal.effective_on < granted_on:
        return {"effective_on": f"生效日早于准予执业之日 {granted_on.isoformat()}，请核对决定书"}
    if proposal.until_on is not None and proposal.until_on < proposal.effective_on:
        return {"until_on": "截止日早于生效日，请核对"}
    return {}


def _term(proposal: Proposal, licence_kind: LicenceKind) -> dict[str, str]:
    """The term of a suspension lies within what its article allows (律师法第四十七条至第四十九条、第五十一条)."""
    if not licence_kind.is_lawyer:
        return {}
    if proposal.article not in SUSPENSION_MONTHS:
        return {"article": "依据：停止执业依照律师法第四十七条、第四十八条、第四十九条或者第五十一条，请选择"}
    if proposal.until_on is None:
        return {"until_on": "停止执业应当有期限，请填写最后一日"}
    least, most = SUSPENSION_MONTHS[proposal.article]
    end = proposal.until_on + dt.timedelta(days=1)
    if end < months_after(proposal.effective_on, least) or end > months_after(proposal.effective_on, most):
        allowed = f"{most} 个月以下" if not least else f"{least} 个月以上 {most} 个月以下"
        return {"until_on": f"{ARTICLES[proposal.article]}规定的停止执业期限为 {allowed}，请核对截止日"}
    return {}


def _firm(proposal: Proposal, licence_kind: LicenceKind) -> dict[str, str]:
    if proposal.firm_kind is None:
        return {"firm": "请填写登记的执业机构的统一社会信用代码"}
    if proposal.same_firm:
        return {"firm": "已在该机构执业，无须变更"}
    if proposal.firm_kind not in FIRMS_OF[licence_kind]:
        return {"firm": f"{licence_kind.label}不能在{proposal.firm_kind.label}执业，请核对机构"}
    return {}


def months_after(day: dt.date, months: int) -> dt.date:
    """The corresponding day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first.replace(day=1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


def gaps(last_seq: int, held: Iterable[int]) -> list[tuple[int, int]]:
    """The sequence numbers missing between what was taken in and what waits, as (first, last)."""
    found, expected = [], last_seq + 1
    for seq in sorted(held):
        if seq > expected:
            found.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return found
