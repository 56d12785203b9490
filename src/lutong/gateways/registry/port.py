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
    TRAINEE = "trainee"
    GRASSROOTS = "grassroots"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]

    @property
    def is_lawyer(self) -> bool:
        """Trainees and grassroots workers stand in the roll, too, but are no lawyers (律师法第十三条)."""
        return self not in (LicenceKind.TRAINEE, LicenceKind.GRASSROOTS)


_KIND_LABELS = {
    LicenceKind.FULL_TIME: "专职律师",
    LicenceKind.PART_TIME: "兼职律师",
    LicenceKind.PUBLIC: "公职律师",
    LicenceKind.CORPORATE: "公司律师",
    LicenceKind.LEGAL_AID: "法律援助律师",
    LicenceKind.MILITARY: "军队律师",
    LicenceKind.TRAINEE: "实习人员",
    LicenceKind.GRASSROOTS: "基层法律服务工作者",
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


class LiveMethod(StrEnum):
    """实人核验的方式: who looked at the person."""

    MANUAL = "manual"
    FACE = "face"
    COUNTER = "counter"

    @property
    def label(self) -> str:
        return _LIVE_METHODS[self]


_LIVE_METHODS = {
    LiveMethod.MANUAL: "人工视频核验",
    LiveMethod.FACE: "人脸比对服务",
    LiveMethod.COUNTER: "窗口当面核验",
}


class EventKind(StrEnum):
    """What a bureau decides about a licence."""

    GRANT = "grant"
    CHANGE = "change"
    TRANSFER = "transfer"
    PUNISH = "punish"  # 警告、罚款、没收违法所得: the licence stays in force
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REVOKE = "revoke"

    @property
    def label(self) -> str:
        return _EVENT_LABELS[self]


_EVENT_LABELS = {
    EventKind.GRANT: "准予执业",
    EventKind.CHANGE: "变更登记",
    EventKind.TRANSFER: "变更执业机构",
    EventKind.PUNISH: "行政处罚",
    EventKind.SUSPEND: "停止执业",
    EventKind.RESUME: "恢复执业",
    EventKind.CANCEL: "注销",
    EventKind.REVOKE: "吊销",
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
    firm_kind: str = "law_firm"
    body_name: str = ""  # 公职、公司、军队律师: the body for which alone he acts
    scope: tuple[str, ...] = ()  # 基层法律服务工作者: 业务范围
    region: str = ""  # 基层法律服务工作者: 执业区域
    supervisor_no: str = ""  # 实习人员: licence number of the 指导律师
    period_from: dt.date | None = None  # 实习人员: 实习期
    period_to: dt.date | None = None
    assurance: str = "registered"  # registered, or live: the person was seen at `assured_at`
    assured_at: dt.datetime | None = None
    photo_url: str = ""  # empty without a photo; in the demo world a drawing

    @property
    def may_practise(self) -> bool:
        return self.status is LicenceStatus.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One entry of the registry's feed: what changes what a licence is good for, in the order of taking effect.

    A change of firm keeps the status and names both firms; the end of a traineeship is a cancellation.
    """

    seq: int
    licence_no: str
    status: LicenceStatus
    reason: str
    since: dt.date
    recorded_at: dt.datetime
    kind: EventKind = EventKind.CHANGE
    licence_kind: LicenceKind = LicenceKind.FULL_TIME
    old_firm_uscc: str = ""
    old_firm_name: str = ""
    new_firm_uscc: str = ""
    new_firm_name: str = ""

    @property
    def is_transfer(self) -> bool:
        return self.old_firm_uscc != self.new_firm_uscc and bool(self.old_firm_uscc)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """律证码 as the registry issued it for us to show to its holder; `cards` reads the text."""

    text: str
    address: str  # what the QR code says
    licence_no: str
    name: str
    kind: LicenceKind
    firm_name: str
    status: LicenceStatus
    issued_at: dt.datetime
    expires_at: dt.datetime
    photo_url: str  # empty without a photo


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

    def look_up_person(self, *, number: str) -> Licence:
        """Anybody of the roll by number: lawyer, 实习人员 or 基层法律服务工作者. Raises NoSuchLicence, RegistryDown."""

    def firm_people(self, *, uscc: str) -> list[Licence]:
        """Everybody who belongs to a firm now, in order of number; empty for a firm that is not registered.

        Whoever has left, and whose licence was cancelled or revoked, is not in the list. Raises RegistryDown.
        """

    def card(self, *, licence_no: str) -> ShownCard:
        """A fresh card of somebody who has signed in with us. Raises NoSuchLicence, RegistryDown."""

    def photo(self, *, url: str) -> bytes:
        """The picture (PNG or JPEG, at most 64 KiB) at a `photo_url` of a licence. Raises RegistryDown.

        What lies at another origin than the registry's own is never asked for.
        """

    def changes(self, *, after: int) -> list[StatusChange]:
        """Changes after sequence number `after`, oldest first, at most 100. Raises RegistryDown."""
