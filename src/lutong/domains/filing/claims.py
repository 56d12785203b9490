"""诉讼请求: read what was typed, sum it up, and quote the fee while the lawyer is still typing.

Law: 民事诉讼法第一百二十二条第（三）项 (definite claims), 诉讼费用交纳办法第十三条, 民诉法解释第二百零一条.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lutong.domains.filing.content import CLAIM_KINDS, Claim, FilingContent
from lutong.kernel.interest import ceiling_warning, simple_interest
from lutong.kernel.money import CENT, LARGEST_YUAN
from lutong.kernel.tariff import FeeKind, FeeQuote, acceptance_fee, guess_fee_kind, halve

ZERO = Decimal(0)
EARLIEST = dt.date(1949, 10, 1)
HIGHEST_RATE = Decimal(1000)
FIELD_LABELS = {
    "kind": "种类", "amount": "金额", "base": "计算基数", "rate": "年利率", "start_on": "起算日", "end_on": "截至日",
    "basis": "依据", "text": "内容",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as reckoned. `value` in yuan, None while it does not count; `errors` maps a field to its sentence."""

    id: str
    index: int
    kind: str
    label: str
    value: Decimal | None = None
    days: int | None = None
    formula: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    warn: str = ""

    @property
    def place(self) -> int:
        """1, 2, 3 … as the complaint numbers them."""
        return self.index + 1


@dataclass(frozen=True, slots=True)
class ClaimsResult:
    """All claims, their sum in yuan and the fee. `half` is the fee after the one halving that the law allows."""

    rows: tuple[ClaimRow, ...]
    total: Decimal
    quote: FeeQuote
    half: FeeQuote

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """(field path, sentence naming the claim) for the summary above the form."""
        return tuple(
            (f"claims.{row.index}.{key}", f"第 {row.place} 项{FIELD_LABELS[key]}：{text}")
            for row in self.rows
            for key, text in row.errors.items()
        )

    @property
    def has_money(self) -> bool:
        return self.total > 0


def read_amount(text: str, *, example: str = "8000", places: int = 2) -> Decimal | str:
    """What was typed as a positive number, or the sentence that says what to type instead."""
    plain = unicodedata.normalize("NFKC", text[:64]).strip().replace(",", "").replace("，", "").replace(" ", "")
    plain = re.sub(r"^[¥￥]|[元%]$", "", plain)
    if not re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,20})?", plain) or len(text) > 64:
        return f"只填数字，例如 {example}"
    try:
        value = Decimal(plain)
    except InvalidOperation:  # the pattern admits numbers only; kept for the reader's peace
        return f"只填数字，例如 {example}"
    if value <= 0:
        return f"应大于 0，例如 {example}"
    if value >= LARGEST_YUAN:
        return "超出可受理的范围，请检查是否多输了位数"
    return value if value == round(value, places) else f"最多 {places} 位小数"


def read_day(text: str, *, example: str) -> dt.date | str:
    """What was typed as a date (2026-01-31, also 2026年1月31日, 2026/1/31), or what to type instead."""
    plain = unicodedata.normalize("NFKC", text[:32]).strip()
    found = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", plain)
    if not found:
        return f"请填日期，例如 {example}"
    try:
        day = dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return f"没有这一天，请检查；例如 {example}"
    return day if day >= EARLIEST else "日期过早，请检查年份"


def reckon_claims(
    content: FilingContent, *, today: dt.date, fee_kind: FeeKind | None = None, province: str | None = None
) -> ClaimsResult:
    """Read every claim, sum what is sound and quote the acceptance fee.

    Claims with errors do not count until mended. Property and other claims together pay as property; several
    claims in money are added up; several others count as one.

    Law: 诉讼费用交纳办法第十三条, 民诉法解释第二百零一条.
    """
    rows = tuple(_read(claim, index, content, today) for index, claim in enumerate(content.claims))
    total = sum((row.value for row in rows if row.value is not None), ZERO)
    kind = fee_kind or guess_fee_kind(content.cause_name)
    only_acts = bool(rows) and all(row.kind == "act" for row in rows)
    if kind is FeeKind.PROPERTY and only_acts:
        kind = FeeKind.OTHER_NONPROPERTY
    quote = acceptance_fee(kind=kind, amount=min(total, LARGEST_YUAN - 1), today=today, province=province)
    return ClaimsResult(rows, total, quote, halve(quote, ground="simple"))


def _read(claim: Claim, index: int, content: FilingContent, today: dt.date) -> ClaimRow:
    label = CLAIM_KINDS.get(claim.kind, "")
    errors: dict[str, str] = {}
    row = ClaimRow(claim.id, index, claim.kind, label, errors=errors)
    if not label:
        errors["kind"] = "请选择请求的种类"
        return row
    if claim.kind == "act" and not claim.text.strip():
        errors["text"] = "请写明要求对方做什么，例如“交付位于……的房屋”"
    if claim.kind == "interest":
        row = _read_interest(claim, index, content, today)
    elif claim.kind != "act":
        amount = read_amount(claim.amount)
        if isinstance(amount, str):
            errors["amount"] = amount
        else:
            row = ClaimRow(claim.id, index, claim.kind, label, value=amount, errors=errors)
    if not claim.basis.strip():
        row.errors["basis"] = "请写明，例如“借条第 3 条”；没有书面约定的写“口头约定”"
    return row


def _read_interest(claim: Claim, index: int, content: FilingContent, today: dt.date) -> ClaimRow:
    label, errors = CLAIM_KINDS["interest"], {}
    base = read_amount(claim.base, example="300,000.00")
    rate = read_amount(claim.rate, example="12.40", places=6)
    start_on = read_day(claim.start_on, example="2025-09-19")
    end_on = read_day(claim.end_on, example="2026-11-20")
    errors = {
        key: value
        for key, value in (("base", base), ("rate", rate), ("start_on", start_on), ("end_on", end_on))
        if isinstance(value, str)
    }
    if isinstance(rate, Decimal) and rate > HIGHEST_RATE:
        errors["rate"] = "超出可计算的范围，请填年利率的百分数，例如 12.40"
    if isinstance(end_on, dt.date):
        if end_on > today:
            errors["end_on"] = "不能晚于今天；之后的利息请勾选“并计至实际清偿之日”"
        elif isinstance(start_on, dt.date) and end_on < start_on:
            errors["end_on"] = "早于起算日"
    warn = _warn(rate, start_on, content) if isinstance(rate, Decimal) else ""
    if errors or not (isinstance(base, Decimal) and isinstance(rate, Decimal)):
        return ClaimRow(claim.id, index, claim.kind, label, errors=errors, warn=warn)
    if not (isinstance(start_on, dt.date) and isinstance(end_on, dt.date)):
        return ClaimRow(claim.id, index, claim.kind, label, errors=errors, warn=warn)
    interest = simple_interest(base=base, yearly_rate=rate, start_on=start_on, end_on=end_on)
    value = interest.amount.quantize(CENT, ROUND_HALF_UP)
    return ClaimRow(
        claim.id, index, claim.kind, label, value, interest.days, interest.formula, errors=errors, warn=warn
    )


def _warn(rate: Decimal, start_on: dt.date | str, content: FilingContent) -> str:
    """The ceiling of private lending, by the day of the contract or, if not given, by the first day of interest."""
    if "民间借贷" not in content.cause_name:
        return ""
    contract_on = read_day(content.contract_on, example="2025-03-18")
    if isinstance(contract_on, dt.date):
        return ceiling_warning(yearly_rate=rate, contract_on=contract_on)
    if not isinstance(start_on, dt.date):
        return ""
    warning = ceiling_warning(yearly_rate=rate, contract_on=start_on)
    return warning and f"{warning}（未填合同成立日，暂按起算日的 LPR 比较）"
