"""诉讼费用: the tariff of court fees, exact to the last digit and explained bracket by bracket.

It stands on the ground floor because the filing wizard, the fee notice and the tools must all reckon alike.

Law: 诉讼费用交纳办法 (国务院令第481号, in force 2007-04-01), 民诉法解释第一百九十四条至第二百零七条.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from lutong.kernel.errors import Invalid
from lutong.kernel.money import CENT, LARGEST_YUAN, Fen
from lutong.kernel.parameters import find_on

LAW = "诉讼费用交纳办法"
IN_FORCE_FROM = dt.date(2007, 4, 1)
ZERO = Decimal(0)


class FeeKind(StrEnum):
    """受理费的案件种类 (第十三条) and the 申请费 that lawyers meet most (第十四条)."""

    PROPERTY = "property"
    DIVORCE = "divorce"
    PERSONALITY = "personality"
    OTHER_NONPROPERTY = "other_nonproperty"
    IP = "ip"
    LABOUR = "labour"
    ADMINISTRATIVE_SPECIAL = "administrative_special"
    ADMINISTRATIVE = "administrative"
    JURISDICTION = "jurisdiction"
    EXEMPT = "exempt"
    ENFORCEMENT = "enforcement"
    PRESERVATION = "preservation"
    PAYMENT_ORDER = "payment_order"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]

    @property
    def is_application(self) -> bool:
        """申请费 is never halved; 受理费 may be."""
        return self in (FeeKind.ENFORCEMENT, FeeKind.PRESERVATION, FeeKind.PAYMENT_ORDER)


KIND_LABELS = {
    FeeKind.PROPERTY: "财产案件",
    FeeKind.DIVORCE: "离婚案件",
    FeeKind.PERSONALITY: "人格权案件",
    FeeKind.OTHER_NONPROPERTY: "其他非财产案件",
    FeeKind.IP: "知识产权民事案件",
    FeeKind.LABOUR: "劳动争议案件",
    FeeKind.ADMINISTRATIVE_SPECIAL: "商标、专利、海事行政案件",
    FeeKind.ADMINISTRATIVE: "其他行政案件",
    FeeKind.JURISDICTION: "管辖权异议不成立",
    FeeKind.EXEMPT: "不交纳案件受理费的案件",
    FeeKind.ENFORCEMENT: "申请执行",
    FeeKind.PRESERVATION: "申请保全",
    FeeKind.PAYMENT_ORDER: "申请支付令",
}


@dataclass(frozen=True, slots=True)
class Bracket:
    """One line of the statute: up to `upper` yuan at `rate`; `flat` for an amount per case instead of a rate."""

    upper: Decimal | None
    rate: Decimal
    label: str
    flat: Decimal | None = None


def _brackets(*rows: tuple[int | None, str, str]) -> tuple[Bracket, ...]:
    return tuple(
        Bracket(
            None if upper is None else Decimal(upper),
            ZERO if rate.startswith("flat") else Decimal(rate),
            label,
            Decimal(rate.removeprefix("flat ")) if rate.startswith("flat") else None,
        )
        for upper, rate, label in rows
    )


# 第十三条第一款第（一）项, read top to bottom.
PROPERTY_BRACKETS = _brackets(
    (10_000, "flat 50", "1 万元以下"),
    (100_000, "0.025", "1 万 – 10 万元"),
    (200_000, "0.02", "10 万 – 20 万元"),
    (500_000, "0.015", "20 万 – 50 万元"),
    (1_000_000, "0.01", "50 万 – 100 万元"),
    (2_000_000, "0.009", "100 万 – 200 万元"),
    (5_000_000, "0.008", "200 万 – 500 万元"),
    (10_000_000, "0.007", "500 万 – 1000 万元"),
    (20_000_000, "0.006", "1000 万 – 2000 万元"),
    (None, "0.005", "2000 万元以上"),
)
DIVORCE_BRACKETS = _brackets((200_000, "0", "财产 20 万元以下"), (None, "0.005", "财产 20 万元以上"))
PERSONALITY_BRACKETS = _brackets(
    (50_000, "0", "赔偿 5 万元以下"), (100_000, "0.01", "赔偿 5 万 – 10 万元"), (None, "0.005", "赔偿 10 万元以上")
)
# 第十四条第（一）项、第（二）项.
ENFORCEMENT_BRACKETS = _brackets(
    (10_000, "flat 50", "1 万元以下"),
    (500_000, "0.015", "1 万 – 50 万元"),
    (5_000_000, "0.01", "50 万 – 500 万元"),
    (10_000_000, "0.005", "500 万 – 1000 万元"),
    (None, "0.001", "1000 万元以上"),
)
PRESERVATION_BRACKETS = _brackets(
    (1_000, "flat 30", "1000 元以下"), (100_000, "0.01", "1000 元 – 10 万元"), (None, "0.005", "10 万元以上")
)
PRESERVATION_CAP = Decimal(5_000)


@dataclass(frozen=True, slots=True)
class BaseFee:
    """An amount per case: fixed (`low == high`) or a range inside which the province sets the figure."""

    low: Decimal
    high: Decimal
    law: str
    per_province: bool = False


# The basic fee per case; 离婚 and 人格权 add the brackets above.
BASE_FEES = {
    FeeKind.DIVORCE: BaseFee(Decimal(50), Decimal(300), "第十三条第一款第（二）项第1目", True),
    FeeKind.PERSONALITY: BaseFee(Decimal(100), Decimal(500), "第十三条第一款第（二）项第2目", True),
    FeeKind.OTHER_NONPROPERTY: BaseFee(Decimal(50), Decimal(100), "第十三条第一款第（二）项第3目", True),
    FeeKind.IP: BaseFee(Decimal(500), Decimal(1000), "第十三条第一款第（三）项", True),
    FeeKind.LABOUR: BaseFee(Decimal(10), Decimal(10), "第十三条第一款第（四）项"),
    FeeKind.ADMINISTRATIVE_SPECIAL: BaseFee(Decimal(100), Decimal(100), "第十三条第一款第（五）项第1目"),
    FeeKind.ADMINISTRATIVE: BaseFee(Decimal(50), Decimal(50), "第十三条第一款第（五）项第2目"),
    FeeKind.JURISDICTION: BaseFee(Decimal(50), Decimal(100), "第十三条第一款第（六）项", True),
    FeeKind.ENFORCEMENT: BaseFee(Decimal(50), Decimal(500), "第十四条第（一）项第1目"),
}
EXTRA_BRACKETS = {FeeKind.DIVORCE: DIVORCE_BRACKETS, FeeKind.PERSONALITY: PERSONALITY_BRACKETS}

# Why a fee is halved → (what the page says, article). Law: only once, 民诉法解释第二百零六条.
HALVINGS = {
    "simple": ("适用简易程序", "诉讼费用交纳办法第十六条"),
    "small": ("适用小额诉讼程序（简易程序的一种）", "诉讼费用交纳办法第十六条"),
    "mediated": ("调解结案", "诉讼费用交纳办法第十五条"),
    "withdrawn": ("申请撤诉", "诉讼费用交纳办法第十五条"),
    "joined": ("反诉或者有独立请求权的第三人的请求合并审理", "诉讼费用交纳办法第十八条"),
}
ONLY_ONCE_LAW = "民诉法解释第二百零六条"


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the fee card: 区段, 落入金额, 费率, 费用. `fee` is rounded for the eye, `exact` is what counts."""

    label: str
    part: Decimal | None
    rate: str
    exact: Decimal
    exact_high: Decimal

    @property
    def fee(self) -> Decimal:
        return self.exact.quantize(CENT, ROUND_HALF_UP)

    @property
    def fee_text(self) -> str:
        return _range_text(self.exact, self.exact_high)


@dataclass(frozen=True, slots=True)
class FeeQuote:
    """A fee with its reckoning. `low` and `high` are exact yuan; they differ where a province's figure is unknown.

    Rounding happens once, at the end, half up to 分: the regulation is silent on fractions.
    """

    kind: FeeKind
    amount: Decimal | None
    low: Decimal
    high: Decimal
    lines: tuple[FeeLine, ...]
    laws: tuple[str, ...]
    notes: tuple[str, ...] = ()
    halved_by: tuple[str, ...] = ()

    @property
    def is_range(self) -> bool:
        return self.low != self.high

    @property
    def exact(self) -> Decimal | None:
        """The unrounded fee in yuan, None while it is only known as a range."""
        return None if self.is_range else self.low

    @property
    def fen(self) -> int | None:
        """The fee in 分, rounded once half up; None while it is only known as a range."""
        return None if self.is_range else self.low_fen

    @property
    def low_fen(self) -> int:
        return Fen.from_yuan(self.low).value

    @property
    def high_fen(self) -> int:
        return Fen.from_yuan(self.high).value

    @property
    def text(self) -> str:
        """5,835.97, or 50.00 – 300.00."""
        return _range_text(self.low, self.high)


def _range_text(low: Decimal, high: Decimal) -> str:
    texts = [f"{value.quantize(CENT, ROUND_HALF_UP):,}" for value in (low, high)]
    return texts[0] if low == high else " – ".join(texts)


def acceptance_fee(
    *, kind: FeeKind, amount: Decimal | None = None, today: dt.date, province: str | None = None
) -> FeeQuote:
    """案件受理费 of the first instance, or one of the three 申请费, in yuan.

    `amount` is the sum claimed (离婚: total property; 人格权: damages; None or 0: nothing claimed in money).
    `province` is the six-digit division code; without a known provincial figure the quote is the statute's range.

    Law: 诉讼费用交纳办法第十三条、第十四条. Raises Invalid for a negative or absurd amount.
    """
    amount = _sound(amount)
    if kind is FeeKind.EXEMPT:
        return FeeQuote(kind, amount or None, ZERO, ZERO, (), (f"{LAW}第八条",), ("本类案件不交纳案件受理费",))
    if kind is FeeKind.PROPERTY or (kind is FeeKind.IP and amount):
        law = "第十三条第一款第（一）项" if kind is FeeKind.PROPERTY else "第十三条第一款第（三）项"
        return _bracket_quote(kind, amount, PROPERTY_BRACKETS, law)
    if kind is FeeKind.PRESERVATION:
        return _preservation_quote(amount)
    if kind is FeeKind.PAYMENT_ORDER:
        whole = _bracket_quote(kind, amount, PROPERTY_BRACKETS, "第十四条第（三）项")
        return replace(
            whole, low=whole.low / 3, high=whole.high / 3, notes=(*whole.notes, "比照财产案件受理费的三分之一")
        )
    if kind is FeeKind.ENFORCEMENT and amount:
        return _bracket_quote(kind, amount, ENFORCEMENT_BRACKETS, "第十四条第（一）项第2目")
    return _per_case_quote(kind, amount, today, province)


def _sound(amount: Decimal | None) -> Decimal:
    if amount is None:
        return ZERO
    if not isinstance(amount, Decimal):
        raise TypeError("money is reckoned in Decimal")
    if not amount.is_finite() or amount < 0 or amount >= LARGEST_YUAN:
        raise Invalid(
            "金额超出可计算的范围，请填 0 至十万亿元之间的数字", fields={"amount": "请填 0 至十万亿元之间的数字"}
        )
    return amount


def _cumulate(amount: Decimal, brackets: Sequence[Bracket]) -> tuple[FeeLine, ...]:
    """Walk up the brackets; each takes the part of the amount that falls into it."""
    lines, below = [], ZERO
    for bracket in brackets:
        part = (amount if bracket.upper is None else min(amount, bracket.upper)) - below
        exact = bracket.flat if bracket.flat is not None else part * bracket.rate
        lines.append(FeeLine(bracket.label, part, _rate_text(bracket), exact, exact))
        if bracket.upper is None or amount <= bracket.upper:
            break
        below = bracket.upper
    return tuple(lines)


def _rate_text(bracket: Bracket) -> str:
    if bracket.flat is not None:
        return "每件"
    return f"{(bracket.rate * 100).normalize():f}%" if bracket.rate else "不另交"


def _bracket_quote(kind: FeeKind, amount: Decimal, brackets: Sequence[Bracket], law: str) -> FeeQuote:
    if not amount:
        return FeeQuote(kind, None, ZERO, ZERO, (), (LAW + law,), ("填写金额后自动计算",))
    lines = _cumulate(amount, brackets)
    total = sum((line.exact for line in lines), ZERO)
    return FeeQuote(kind, amount, total, total, lines, (LAW + law,))


def _preservation_quote(amount: Decimal) -> FeeQuote:
    whole = _bracket_quote(FeeKind.PRESERVATION, amount or Decimal(1), PRESERVATION_BRACKETS, "第十四条第（二）项")
    whole = replace(whole, amount=amount or None)
    if whole.low <= PRESERVATION_CAP:
        return whole
    return replace(whole, low=PRESERVATION_CAP, high=PRESERVATION_CAP, notes=("最多不超过 5,000 元",))


def _per_case_quote(kind: FeeKind, amount: Decimal, today: dt.date, province: str | None) -> FeeQuote:
    base = BASE_FEES[kind]
    low, high, notes, laws = base.low, base.high, [], [LAW + base.law]
    if base.per_province:
        found = find_on(key=f"fee.base.{kind}", on=max(today, IN_FORCE_FROM), province=province or "")
        if found and base.low <= found.value <= base.high:
            low = high = found.value
            laws.append(found.law)
        else:
            notes.append("具体标准由省、自治区、直辖市人民政府在此幅度内制定，以法院交费通知为准")
    elif low != high:
        notes.append("由法院在此幅度内确定，以法院交费通知为准")
    lines: tuple[FeeLine, ...] = (FeeLine("基本费用", None, "每件", low, high),)
    if kind in EXTRA_BRACKETS and amount:
        lines += _cumulate(amount, EXTRA_BRACKETS[kind])
    low, high = (sum((getattr(line, side) for line in lines), ZERO) for side in ("exact", "exact_high"))
    return FeeQuote(kind, amount or None, low, high, lines, tuple(laws), tuple(notes))


def halve(quote: FeeQuote, *, ground: str) -> FeeQuote:
    """The fee halved on one of `HALVINGS`; a second ground changes nothing but the notes.

    Law: 诉讼费用交纳办法第十五条、第十六条、第十八条; only once: 民诉法解释第二百零六条.
    Raises Invalid for 申请费, which is never halved.
    """
    if quote.kind.is_application:
        raise Invalid("减半只适用于案件受理费，申请费不减半")
    label, law = HALVINGS[ground]
    if quote.halved_by:
        return replace(quote, notes=(*quote.notes, f"{label}：已减半，只能减半一次（{ONLY_ONCE_LAW}）"))
    return replace(
        quote,
        low=quote.low / 2,
        high=quote.high / 2,
        laws=(*quote.laws, law),
        notes=(*quote.notes, f"{label}，减半交纳"),
        halved_by=(ground,),
    )


def guess_fee_kind(cause_name: str) -> FeeKind:
    """The kind of case for the tariff, from the name of the cause, when the cause table does not say."""
    if "离婚" in cause_name:
        return FeeKind.DIVORCE
    if re.search(r"劳动(争议|合同|关系)|劳动报酬|人事争议|经济补偿金纠纷|社会保险纠纷|工伤保险待遇", cause_name):
        return FeeKind.LABOUR
    if re.search(r"(姓名|名称|肖像|名誉|荣誉|隐私|人格|人身自由|生命)权", cause_name):
        return FeeKind.PERSONALITY
    if re.search(r"著作权|商标|专利|植物新品种|商业秘密|不正当竞争|垄断|知识产权", cause_name):
        return FeeKind.IP
    return FeeKind.PROPERTY
