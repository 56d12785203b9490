"""What 律通 wants of 司法部律师身份核验平台."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LicenceKind(StrEnum):
    """执业类别; labels are shown to users."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    PUBLIC = "public"
    CORPORATE = "corporate"
    LEGAL_AID = "legal_aid"
    MILITARY = "military"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    LicenceKind.FULL_TIME: "专职律师",
    LicenceKind.PART_TIME: "兼职律师",
    LicenceKind.PUBLIC: "公职律师",
    LicenceKind.CORPORATE: "公司律师",
    LicenceKind.LEGAL_AID: "法律援助律师",
    LicenceKind.MILITARY: "军队律师",
}


class LicenceStatus(StrEnum):
    """执业状态. Only ACTIVE may practise; labels are shown to users."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # 律师法第四十七条至第四十九条
    REVOKED = "revoked"  # 律师法第四十九条
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    LicenceStatus.ACTIVE: "正常执业",
    LicenceStatus.SUSPENDED: "停止执业",
    LicenceStatus.REVOKED: "吊销执业证书",
    LicenceStatus.CANCELLED: "注销执业证书",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """律师执业证 as the registry states it at `checked_at`, under its signature."""

    licence_no: str
    name: str
    sex: str  # 男 or 女
    firm_name: str
    firm_uscc: str
    kind: LicenceKind
    province: str
    city: str
    status: LicenceStatus
    status_label: str
    status_reason: str  # empty while active
    status_since: dt.date
    remedy: str  # what the lawyer can do about it; empty while active
    checked_at: dt.datetime
    assertion_id: str  # the registry's number of this very answer, kept as evidence

    @property
    def may_practise(self) -> bool:
        return self.status is LicenceStatus.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One entry of the registry's feed of changes, in the order in which they were made."""

    seq: int
    licence_no: str
    status: LicenceStatus
    reason: str
    since: dt.date
    recorded_at: dt.datetime


class RegistryError(Exception):
    """The question was not answered with a licence; the message is for the log."""


class NoSuchLicence(RegistryError):
    """The registry says, signed, that it knows no such licence number."""

    def __init__(self, *, licence_no: str) -> None:
        super().__init__(licence_no)
        self.licence_no = licence_no


class RegistryDown(RegistryError):
    """No answer that can be trusted: unreachable, forged, stale, replayed or contradictory. Never means active."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LicenceRegistry(Protocol):
    """律师身份核验平台. Every call answers or raises within about six seconds."""

    def look_up(self, *, licence_no: str) -> Licence:
        """The licence as it stands now. Raises NoSuchLicence, RegistryDown."""

    def look_up_many(self, *, licence_nos: list[str]) -> dict[str, Licence]:
        """Up to 100 licences in one question; unknown numbers are absent. Raises RegistryDown."""

    def changes(self, *, after: int) -> list[StatusChange]:
        """Changes of status after sequence number `after`, oldest first, at most 100. Raises RegistryDown."""
