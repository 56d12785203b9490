"""Money is whole 分 (integer) at rest and yuan (Decimal) while reckoning."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lutong.kernel.errors import Invalid

CENT = Decimal("0.01")
LARGEST_YUAN = Decimal("10000000000000")  # ten trillion: no claim is larger, and it fits bigint in 分


@dataclass(frozen=True, order=True, slots=True)
class Fen:
    """An amount of 人民币 in 分. Never passes through float."""

    value: int

    @classmethod
    def from_yuan(cls, yuan: Decimal) -> "Fen":
        """Round once, half up, to whole 分."""
        if not isinstance(yuan, Decimal):
            raise TypeError("money is reckoned in Decimal")
        return cls(int(yuan.quantize(CENT, ROUND_HALF_UP) * 100))

    @property
    def yuan(self) -> Decimal:
        return (Decimal(self.value) / 100).quantize(CENT)

    def __add__(self, other: "Fen") -> "Fen":
        return Fen(self.value + other.value)

    def __str__(self) -> str:
        return f"{self.yuan:,.2f}"


def read_yuan(text: str, *, field: str, label: str = "金额") -> Decimal:
    """Read what a person typed as an amount in yuan; refuse with the way out.

    Accepts thousands separators, a leading ¥ and a trailing 元. Raises Invalid.
    """
    plain = text.strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Invalid(f"{label}：只填数字，例如 8000", fields={field: "只填数字，例如 8000"}) from None
    if not value.is_finite() or value < 0 or value >= LARGEST_YUAN:
        raise Invalid(f"{label}：超出可受理的范围", fields={field: "请填大于 0、小于十万亿的金额"})
    if value != value.quantize(CENT):
        raise Invalid(f"{label}：最多两位小数", fields={field: "金额最多到分（两位小数）"})
    return value
