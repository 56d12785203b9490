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


@dataclass(frozen=True, slots=True)
class SignInPaused:
    """登录暂停: too many wrong tries upon a person's account; he must hear of it."""

    person_id: int
    what: str  # "password" or "code"
    own_browser: bool  # in a browser where he has signed in before, which alone is paused
    until: dt.datetime
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class PauseLifted:
    """解除登录暂停: the security administrator of the person's court lifted a pause, for this reason."""

    person_id: int
    what: str  # "password" or "code"
    by_name: str
    reason: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class PasswordFrozen:
    """密码停用: “不是我” was said in an employee's account; the security administrator of his court lets him on."""

    person_id: int
    name: str
    staff_no: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class NewDevice:
    """新设备登录: somebody signed in with all factors from a browser never used before."""

    person_id: int
    device_id: int
    name: str
    address: str
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class CredentialsChanged:
    """密码、手机号、通行密钥等变更: `act` is the word of the trail."""

    person_id: int
    act: str
    label: str
    now: dt.datetime
