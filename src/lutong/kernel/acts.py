"""权限关口: which act of counsel needs which power. The rows are data/capacity.toml, each with article and days.

Law: 民事诉讼法第六十二条第二款, 民诉法解释第八十九条第一款, 执行规定第二十条.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lutong.kernel.capacity import Objection, read_rows
from lutong.kernel.powers import ALL_POWERS, granted

GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Act:
    """诉讼行为: what counsel does, and the power that it needs ('general' or a key of `ALL_POWERS`)."""

    key: str
    label: str
    power: str
    law: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    unsure: bool = False
    built: bool = True  # False: nothing asks for it yet

    @property
    def is_special(self) -> bool:
        return self.power != GENERAL

    @property
    def power_label(self) -> str:
        return ALL_POWERS[self.power] if self.is_special else "一般授权"

    @property
    def required(self) -> str:
        """The power as programs read it: 'general' or 'special:settle'."""
        return f"special:{self.power}" if self.is_special else GENERAL


@lru_cache(maxsize=64)
def acts_on(day: dt.date) -> Mapping[str, Act]:
    """The acts and their powers by the law of a day, by key, in the order of the table."""
    acts = (Act(**row) for row in read_rows("act"))
    return {act.key: act for act in acts if act.valid_from <= day and (act.valid_to is None or day <= act.valid_to)}


def objection_to(*, act: Act, powers: str, special_powers: Collection[str], wording: str = "") -> Objection | None:
    """Why the authorisation does not carry an act, with the paper that cures it; None when it does.

    Law: 民事诉讼法第六十二条第二款, 民诉法解释第八十九条第一款 (只写“全权代理”的，没有特别授权).
    """
    if not act.is_special or act.power in granted(powers=powers, special_powers=special_powers, wording=wording):
        return None
    text = f"{act.label}须有委托人“{act.power_label}”的特别授权（{act.law}），现有授权不包括这一项"
    cure = f"请补交写明“{act.power_label}”、由委托人签名或者盖章的授权委托书，法院核实后即可办理"
    return Objection("power_lacking", text, act.law, cure, unsure=act.unsure)
