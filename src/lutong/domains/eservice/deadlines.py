"""送达之后的期限: what begins to run for whom once papers are served, each with its reckoning.

Law: 民事诉讼法第一百二十八条、第一百三十条、第一百七十一条、第二百八十五条、第二百八十六条,
民诉法解释第九十九条、第二百六十六条、第二百七十五条、第五百三十六条, 诉讼费用交纳办法第二十二条.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lutong.kernel.errors import Invalid
from lutong.kernel.parameters import parameter_on, period_of
from lutong.kernel.periods import Period, Step, latest_before, reckon

# Document kinds that set a period running.
COMPLAINT_COPY = "complaint_copy"
EVIDENCE_NOTICE = "evidence_notice"
FEE_NOTICE = "fee_notice"
SUMMONS = "summons"
JUDGMENT = "judgment"
RULING = "ruling"
APPEAL_COPY = "appeal_copy"

APPEALABLE_RULINGS_LAW = "民事诉讼法第一百七十一条第二款、第一百五十七条第二款"
FINAL_LAW = "民诉法解释第五百三十六条"
SMALL_FINAL_LAW = "民事诉讼法第一百六十五条第一款"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing to be done by a day. `kind` is stable; `title` is what the lawyer reads."""

    kind: str
    title: str
    due_on: dt.date
    provisional: bool
    law: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Papers that took effect as service on one addressee.

    `side` is plaintiff, defendant or third; `procedure` is ordinary, simple or small; `foreign`: no domicile in
    the PRC. `evidence_days` is what the court set, `answer_days` what it set in 小额; None: not set.
    """

    effective_on: dt.date
    papers: frozenset[str]
    side: str
    procedure: str = "ordinary"
    foreign: bool = False
    evidence_days: int | None = None
    answer_days: int | None = None
    hearing_on: dt.date | None = None
    hearing_text: str = ""
    ruling_appealable: bool = False


def deadlines_of(*, served: Served) -> tuple[Deadline, ...]:
    """Every period that this service sets running for this addressee, earliest first.

    Raises Invalid when the court's own figure breaks the law (`check_evidence_days`).
    """
    found: list[Deadline] = []
    if COMPLAINT_COPY in served.papers and served.side in ("defendant", "third"):
        found += _answer(served)
    if EVIDENCE_NOTICE in served.papers and served.evidence_days is not None:
        found.append(_evidence(served, served.evidence_days))
    if FEE_NOTICE in served.papers:
        period = period_of(key="fee.payment", start_on=served.effective_on, event="接到交费通知")
        found.append(_deadline("fee", "交纳案件受理费", period))
    if APPEAL_COPY in served.papers:
        key = "appeal.answer_foreign" if served.foreign else "appeal.answer"
        period = period_of(key=key, start_on=served.effective_on, event="收到上诉状副本")
        found.append(_deadline("appeal_answer", "提交二审答辩状", period))
    found += _appeal(served)
    if SUMMONS in served.papers and served.hearing_on is not None:
        found.append(_hearing(served, served.hearing_on))
    return tuple(sorted(found, key=lambda deadline: (deadline.due_on, deadline.kind)))


def _deadline(kind: str, title: str, period: Period, law: str = "") -> Deadline:
    return Deadline(kind, title, period.due_on, period.provisional, law or period.law, period.steps)


def _answer(served: Served) -> list[Deadline]:
    """答辩, and 管辖权异议 inside the same period.

    Law: 民事诉讼法第一百二十八条、第一百三十条、第二百八十五条; 小额: 民诉法解释第二百七十五条第二款.
    """
    event = "收到起诉状副本"
    if served.answer_days is not None and served.procedure in ("simple", "small"):
        check_answer_days(days=served.answer_days, procedure=served.procedure, on=served.effective_on)
        law = "民诉法解释第二百七十五条第二款" if served.procedure == "small" else "民诉法解释第二百六十六条第一款"
        period = reckon(start_on=served.effective_on, length=served.answer_days, law=law, event=event)
    else:
        key = "answer.foreign" if served.foreign else "answer.domestic"
        period = period_of(key=key, start_on=served.effective_on, event=event)
    inside = Step("当事人对管辖权有异议的，应当在提交答辩状期间提出", "民事诉讼法第一百三十条第一款")
    objection = replace(period, steps=(*period.steps, inside))
    answer = _deadline("answer", "提交答辩状", period)
    if served.side != "defendant":
        return [answer]
    return [answer, _deadline("jurisdiction_objection", "提出管辖权异议", objection, "民事诉讼法第一百三十条第一款")]


def check_answer_days(*, days: int, procedure: str, on: dt.date) -> None:
    """A written answer in 小额 gets at most 15 days. Law: 民诉法解释第二百七十五条第二款. Raises Invalid."""
    longest = parameter_on(key="answer.small_longest", on=on)
    if days < 1 or (procedure == "small" and days > longest.count):
        raise Invalid(
            f"小额诉讼的答辩期间最长不得超过 {longest.text}（{longest.law}），请改为 1 至 {longest.count} 日",
            fields={"answer_days": f"请填 1 至 {longest.count}"},
        )


def check_evidence_days(*, days: int, procedure: str, on: dt.date) -> None:
    """Whether the court may set this 举证期限; `on` is the day of setting it.

    Ordinary first instance: at least 15 days; simple: at most 15; small claims: normally at most 7.

    Law: 民诉法解释第九十九条第二款、第二百六十六条第一款、第二百七十五条第一款. Raises Invalid.
    """
    if procedure == "ordinary":
        shortest = parameter_on(key="evidence.ordinary_shortest", on=on)
        if days >= shortest.count:
            return
        text, field = f"第一审普通程序的举证期限不得少于 {shortest.text}（{shortest.law}）", f"至少 {shortest.count} 日"
    else:
        key = {"simple": "evidence.simple_longest", "small": "evidence.small_longest"}[procedure]
        longest = parameter_on(key=key, on=on)
        if 1 <= days <= longest.count:
            return
        what = "简易程序的举证期限不得超过" if procedure == "simple" else "小额诉讼的举证期限一般不超过"
        text, field = f"{what} {longest.text}（{longest.law}）", f"请填 1 至 {longest.count} 日"
    raise Invalid(f"{text}，请重新设定", fields={"evidence_days": field})


def _evidence(served: Served, days: int) -> Deadline:
    check_evidence_days(days=days, procedure=served.procedure, on=served.effective_on)
    law = {
        "ordinary": "民诉法解释第九十九条第二款",
        "simple": "民诉法解释第二百六十六条第一款",
        "small": "民诉法解释第二百七十五条第一款",
    }[served.procedure]
    event = "收到举证通知书"
    period = reckon(start_on=served.effective_on, length=days, law=f"法院指定（{law}）", event=event)
    return _deadline("evidence", "举证期限", period, law)


def _appeal(served: Served) -> list[Deadline]:
    period = appeal_period(served=served)
    if period is None:
        return []
    title = "对判决提起上诉" if JUDGMENT in served.papers else "对裁定提起上诉"
    return [_deadline("appeal", title, period)]


def appeal_period(*, served: Served) -> Period | None:
    """The appeal period of this addressee; None when the paper cannot be appealed.

    Judgments of 小额诉讼 are final; rulings can be appealed only where the statute says so.

    Law: 民事诉讼法第一百五十七条第二款、第一百六十五条、第一百七十一条、第二百八十六条.
    """
    judgment = JUDGMENT in served.papers and served.procedure != "small"
    if not judgment and not (RULING in served.papers and served.ruling_appealable):
        return None
    key = "appeal.foreign" if served.foreign else "appeal.judgment" if judgment else "appeal.ruling"
    return period_of(key=key, start_on=served.effective_on, event="判决书送达" if judgment else "裁定书送达")


def _hearing(served: Served, hearing_on: dt.date) -> Deadline:
    """The hearing itself, with the check that three days were left. Law: 民事诉讼法第一百三十九条."""
    notice = parameter_on(key="hearing.notice", on=served.effective_on)
    latest = latest_before(event_on=hearing_on, days=notice.count)
    steps = [Step(f"{hearing_on.isoformat()} 开庭 {served.hearing_text}".strip(), "")]
    if served.procedure != "ordinary":
        steps.append(Step("简易程序可以用简便方式传唤，不受三日限制", "民事诉讼法第一百六十三条"))
    elif served.effective_on <= latest:
        steps.append(
            Step(
                f"应当在开庭三日前通知，至迟 {latest.isoformat()}；送达于 {served.effective_on.isoformat()}", notice.law
            )
        )
    else:
        steps.append(
            Step(
                f"送达于 {served.effective_on.isoformat()}，晚于至迟日期 {latest.isoformat()}，可以申请延期", notice.law
            )
        )
    return Deadline("hearing", "开庭", hearing_on, False, notice.law, tuple(steps))


@dataclass(frozen=True, slots=True)
class Finality:
    """When a judgment or ruling takes effect: the day after the last party's appeal period, or at once.

    `effective_on` is None while a party has not been served.
    """

    effective_on: dt.date | None
    last_appeal_on: dt.date | None
    provisional: bool
    steps: tuple[Step, ...]
    law: str


def appeal_runs_out(*, services: Sequence[Served], unserved: Collection[str] = ()) -> Finality:
    """When a first-instance decision takes effect, if nobody appeals.

    Each party has his own clock from his own service; the decision takes effect when the last has run.
    `unserved` names parties who have not been served: nothing takes effect before them.

    Law: 民诉法解释第五百三十六条; 小额诉讼: 民事诉讼法第一百六十五条第一款.
    """
    if unserved or not services:
        names = "、".join(sorted(unserved)) or "当事人"
        step = Step(f"{names}尚未送达，上诉期未全部起算", FINAL_LAW)
        return Finality(None, None, False, (step,), FINAL_LAW)
    periods = [period for served in services if (period := appeal_period(served=served)) is not None]
    if not periods:
        return _final_at_once(services)
    last = max(periods, key=lambda period: period.due_on)
    effective_on = last.due_on + dt.timedelta(days=1)
    closing = Step(
        f"最后一方的上诉期于 {last.due_text} 届满，均未上诉的，自 {effective_on.isoformat()} 起发生法律效力", FINAL_LAW
    )
    provisional = any(period.provisional for period in periods)
    return Finality(effective_on, last.due_on, provisional, (*last.steps, closing), FINAL_LAW)


def _final_at_once(services: Sequence[Served]) -> Finality:
    """Not open to appeal: effective when the last party is served."""
    day = max(served.effective_on for served in services)
    small = any(served.procedure == "small" for served in services)
    law = SMALL_FINAL_LAW if small else APPEALABLE_RULINGS_LAW
    why = "小额诉讼实行一审终审" if small else "该裁定不得上诉"
    return Finality(day, None, False, (Step(f"{why}，{day.isoformat()} 送达最后一方时发生法律效力", law),), law)
