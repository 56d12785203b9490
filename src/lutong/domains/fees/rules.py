"""诉讼费用规则: the names of the tariff and of interest as the fees room uses them.

The reckoning itself stands in the kernel, because the filing wizard reckons with the very same functions.
"""

from lutong.kernel.interest import (
    Interest,
    Lpr,
    ceiling_warning,
    lending_ceiling_on,
    lpr_on,
    simple_interest,
)
from lutong.kernel.tariff import HALVINGS, FeeKind, FeeLine, FeeQuote, acceptance_fee, guess_fee_kind, halve

__all__ = [
    "HALVINGS",
    "FeeKind",
    "FeeLine",
    "FeeQuote",
    "Interest",
    "Lpr",
    "acceptance_fee",
    "ceiling_warning",
    "guess_fee_kind",
    "halve",
    "lending_ceiling_on",
    "lpr_on",
    "simple_interest",
]
