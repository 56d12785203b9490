"""案件规则: trial limits, mediation periods and the title of a case.

Law: 民事诉讼法第四十条、第一百五十二条、第一百六十四条、第一百六十八条, 审限规定第八条, 在线调解规则第二十四条,
民诉法解释第九十九条、第二百六十六条、第二百七十五条.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from lutong.kernel.errors import Invalid
from lutong.kernel.parameters import parameter_on, period_of
from lutong.kernel.periods import Period, Step, reckon

TRIAL_START_LAW = "审限规定第八条第一款"
LONGEST_NAME = 24
SHORTEST_REASON, LONGEST_REASON = 10, 500


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


def evidence_steps(*, procedure: str, set_on: dt.date, due_on: dt.date) -> tuple[Step, ...]:
    """How a 举证期限 fixed by its last day stands to the law; refuses a day that the law does not allow.

    `set_on` is the day on which the court fixes it. Ordinary procedure: at least 15 days; simple and small: at
    most 15, and for small claims more than 7 is the exception that the explanation names.

    Law: 民诉法解释第九十九条第二款、第二百六十六条第一款、第二百七十五条第一款. Raises Invalid.
    """
    days = (due_on - set_on).days
    if procedure == "ordinary":
        bound = parameter_on(key="evidence.ordinary_shortest", on=set_on)
        fits, text = days >= bound.count, f"第一审普通程序的举证期限不得少于 {bound.text}（{bound.law}）"
    else:
        bound = parameter_on(key="evidence.simple_longest", on=set_on)
        fits, text = 0 < days <= bound.count, f"简易程序的举证期限不得超过 {bound.text}（{bound.law}）"
    if not fits:
        last = set_on + dt.timedelta(days=bound.count)
        way_out = f"请填 {last} 或以后的日期" if procedure == "ordinary" else f"请填明天至 {last} 之间的日期"
        raise Invalid(f"{text}，{way_out}", fields={"evidence_due_on": way_out})
    steps = [Step(f"人民法院于 {set_on} 确定举证期限至 {due_on}，共 {days} 日", bound.law)]
    usual = parameter_on(key="evidence.small_longest", on=set_on)
    if procedure == "small" and days > usual.count:
        steps.append(Step(f"小额诉讼案件的举证期限一般不超过 {usual.text}，本案由法院另行确定", usual.law))
    return tuple(steps)


def check_panel(*, procedure: str, size: int) -> None:
    """Simple and small procedure: one judge alone; otherwise one judge, or an odd number as a panel.

    Law: 民事诉讼法第四十条. Raises Invalid.
    """
    if procedure in ("simple", "small") and size != 1:
        text = "简易程序和小额诉讼程序由审判员一人独任审理（民事诉讼法第四十条第二款），请只选一人"
        raise Invalid(text, fields={"panel": "请只选一人"})
    if size not in (1, 3, 5, 7):
        text = "合议庭成员人数必须是单数（民事诉讼法第四十条第一款），请选一人、三人、五人或者七人"
        raise Invalid(text, fields={"panel": "请选一人、三人、五人或者七人"})


def check_reason(*, kind: str, kinds: Sequence[str], reason: str) -> str:
    """The reason of a 紧急查阅, trimmed: a known kind and at least ten characters. Raises Invalid."""
    fields = {} if kind in kinds else {"kind": "请选择事由"}
    told = " ".join(reason.split())
    if not SHORTEST_REASON <= len(told) <= LONGEST_REASON:
        fields["reason"] = f"请写 {SHORTEST_REASON} 至 {LONGEST_REASON} 字，说明为什么现在必须查看"
    if fields:
        raise Invalid("请说明紧急查阅的事由", fields=fields)
    return told
