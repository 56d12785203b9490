"""案件规则: trial limits, mediation periods and the title of a case.

Law: 民事诉讼法第一百五十二条、第一百六十四条、第一百六十八条, 审限规定第八条, 在线调解规则第二十四条.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from lutong.kernel.parameters import parameter_on, period_of
from lutong.kernel.periods import Period, Step, reckon

TRIAL_START_LAW = "审限规定第八条第一款"
LONGEST_NAME = 24


def trial_limit(*, procedure: str, registered_on: dt.date) -> Period:
    """审限 of a first-instance civil case: `procedure` is ordinary, simple or small.

    It runs from the day after registration, also after a change from simple to ordinary procedure.

    Law: 民事诉讼法第一百五十二条、第一百六十四条、第一百六十八条; 审限规定第八条. Raises KeyError.
    """
    period = period_of(key=f"trial.{procedure}", start_on=registered_on, event="立案")
    first, *rest = period.steps
    start = Step(f"审限自立案次日 {period.first_day.isoformat()} 起算", TRIAL_START_LAW)
    excluded = Step(
        "公告、鉴定、双方和解、管辖异议和管辖争议期间，以及各方同意延长的调解期间不计入", "民诉法解释第二百四十三条"
    )
    return replace(period, steps=(first, start, *rest, excluded))


def mediation_period(*, procedure: str, began_on: dt.date, extended: bool = False) -> Period:
    """先行调解 after registration: 15 days (ordinary) or 7 (simple, small), and 30 more if all parties agree.

    `began_on` is the day on which the mediator confirmed, or all parties agreed to a judge's mediation.

    Law: 在线调解规则第二十四条; 关于严格依法规范民事案件立案与调解工作的意见 (2025-01-01).
    """
    key = "mediation.ordinary" if procedure == "ordinary" else "mediation.simple"
    if not extended:
        return period_of(key=key, start_on=began_on, event="开始调解")
    first = parameter_on(key=key, on=began_on)
    more = parameter_on(key="mediation.extension", on=began_on)
    law = f"{first.law}；{more.law}"
    period = reckon(start_on=began_on, length=first.count + more.count, law=law, event="开始调解")
    agreed = Step(f"各方同意延长 {more.text}，合计 {first.count + more.count} 日；延长的期间不计入审限", more.law)
    return replace(period, steps=(*period.steps, agreed))


def case_title(*, plaintiffs: Sequence[str], defendants: Sequence[str], cause: str) -> str:
    """苏晚晴 诉 程屿舟 民间借贷纠纷; more than one a side: 苏晚晴 等 3 人."""
    return f"{_side(plaintiffs)} 诉 {_side(defendants)} {cause}".strip()


def _side(names: Sequence[str]) -> str:
    if not names:
        return "（未列明）"
    first = names[0] if len(names[0]) <= LONGEST_NAME else f"{names[0][: LONGEST_NAME - 1]}…"
    return first if len(names) == 1 else f"{first} 等 {len(names)} 人"
