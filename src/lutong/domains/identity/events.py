"""Facts of identity that other domains may act upon, announced inside the transaction that makes them."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandingChanged:
    """执业状态变更: the registry says that a licence is no longer, or again, in force (意见第十六条第二款).

    `reason` and `remedy` are the registry's words; both are empty when `in_force`.
    """

    lawyer_id: int
    name: str
    in_force: bool
    status_label: str
    reason: str
    remedy: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class FirmChanged:
    """变更执业机构: the registry says that a person now belongs to another firm (律师法第十条)."""

    lawyer_id: int
    name: str
    old_firm_uscc: str
    old_firm_name: str
    new_firm_uscc: str
    new_firm_name: str
    now: dt.datetime
