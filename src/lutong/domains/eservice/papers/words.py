"""What all papers share: the facts of a case, dates and sums in Chinese characters."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

DEMO_MARK = "律通演示文书 · 人物和案件均为虚构"
DIGITS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PROCEDURES = {"ordinary": "普通程序", "simple": "简易程序", "small": "小额诉讼程序"}
DEFAULT_EVIDENCE_DAYS = {"ordinary": 15, "simple": 15, "small": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWords:
    """A case as its papers name it."""

    court: str
    number: str
    cause: str
    procedure: str
    plaintiffs: str
    defendants: str
    judge: str
    recorder: str
    division: str
    today: dt.date
    demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingWords:
    """A hearing as its 传票 names it: Beijing time in words, and the place."""

    when: str
    place: str
    kind: str
    online: bool


def long_date(day: dt.date) -> str:
    """二〇二六年十一月二十一日, as papers are dated."""
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_count(day.month)}月{_count(day.day)}日"


def _count(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def capital_yuan(fen: int) -> str:
    """A sum in 大写: 325086 → 叁仟贰佰伍拾元零捌角陆分. Up to 9,999 亿 yuan."""
    yuan, cents = divmod(fen, 100)
    jiao, odd = divmod(cents, 10)
    text = f"{_capitals(yuan)}元" if yuan else ""
    if not cents:
        return f"{text or '零元'}整"
    if yuan and (not jiao or yuan % 10 == 0):
        text += "零"
    return text + (f"{CAPITALS[jiao]}角" if jiao else "") + (f"{CAPITALS[odd]}分" if odd else "整")


def _capitals(number: int) -> str:
    parts: list[str] = []
    gap = False
    for power, name in ((8, "亿"), (4, "万"), (0, "")):
        group, number = divmod(number, 10**power)
        if not group:
            gap = bool(parts)
            continue
        if parts and (gap or group < 1000):
            parts.append("零")
        parts.append(_group(group) + name)
        gap = False
    return "".join(parts)


def _group(group: int) -> str:
    text, zero = "", False
    for power, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, group = divmod(group, power)
        if not digit:
            zero = bool(text)
            continue
        text += ("零" if zero else "") + CAPITALS[digit] + name
        zero = False
    return text


def frame(
    case: CaseWords, title: str, *, blocks: list[dict[str, Any]], to: str = "", seal: bool = True
) -> dict[str, Any]:
    """A paper of the court: its name, the title, the number, who it addresses, and the seal's place."""
    return {
        "court": case.court, "title": title, "number": case.number, "to": to, "blocks": blocks,
        "mark": DEMO_MARK if case.demo else "",
        "sign": {"by": case.court, "date": long_date(case.today), "seal": seal},
    }  # fmt: skip


def dispute(case: CaseWords) -> str:
    """苏晚晴与程屿舟民间借贷纠纷一案"""
    return f"{case.plaintiffs}与{case.defendants}{case.cause}一案"
