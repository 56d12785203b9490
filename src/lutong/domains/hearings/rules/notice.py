"""通知与限期: what the date of a hearing must respect, as cautions that the court sees before it fixes it."""

import datetime as dt
from dataclasses import dataclass

from lutong.kernel.parameters import parameter_on
from lutong.kernel.periods import is_working_day, latest_before, weekday_name

NOTICE_LAW = "民事诉讼法第一百三十九条"
TRAVEL_LAW = "民诉法解释第二百二十七条"
EVIDENCE_LAW = "民诉法解释第九十九条"
POSTPONED_LAW = "最高人民法院关于严格规范民商事案件延长审限和延期开庭问题的规定第三条"
MOST_POSTPONEMENTS = {"ordinary": 2, "simple": 1, "small": 1}


@dataclass(frozen=True, slots=True)
class Caution:
    """A sentence the scheduler should read before confirming, with its article ('' when it is mere sense)."""

    text: str
    law: str = ""


def earliest_day(*, today: dt.date) -> dt.date:
    """The first day for which notice can still be given in time, if it is served today.

    Law: 民事诉讼法第一百三十九条 (开庭三日前通知当事人和其他诉讼参与人).
    """
    return today + dt.timedelta(days=parameter_on(key="hearing.notice", on=today).count)


def cautions(
    *,
    day: dt.date,
    today: dt.date,
    kind: str,
    procedure: str,
    evidence_due_on: dt.date | None,
    trial_due_on: dt.date | None,
    counsel_from_elsewhere: bool = False,
    moves: int = 0,
) -> list[Caution]:
    """What speaks against this day. None of it forbids: the court decides (法发〔2021〕3号第十条)."""
    found: list[Caution] = []
    days = parameter_on(key="hearing.notice", on=today).count
    last = latest_before(event_on=day, days=days)
    if last < today:
        found.append(Caution(f"距开庭不足 {days} 日：通知应在 {last.isoformat()} 前送达", NOTICE_LAW))
    elif counsel_from_elsewhere and (last - today).days < days:
        found.append(Caution("有代理人在外地，送达通知应另留必要的在途时间", TRAVEL_LAW))
    if not is_working_day(day=day):
        found.append(Caution(f"{day.isoformat()}（{weekday_name(day)}）是休息日"))
    if kind == "trial" and evidence_due_on and day <= evidence_due_on:
        found.append(Caution(f"举证期限至 {evidence_due_on.isoformat()} 才届满，开庭应在其后", EVIDENCE_LAW))
    if trial_due_on and day > trial_due_on:
        found.append(Caution(f"审限至 {trial_due_on.isoformat()} 届满，所选日期在审限之后"))
    most = MOST_POSTPONEMENTS.get(procedure)
    if kind == "trial" and most is not None and moves >= most:
        name = "适用普通程序的" if most == 2 else "适用简易程序、小额诉讼程序的"
        found.append(Caution(f"已改期 {moves} 次：{name}案件延期开庭不超过 {most} 次", POSTPONED_LAW))
    return found
