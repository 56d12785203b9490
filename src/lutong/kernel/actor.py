"""Who is acting, and in what capacity. Built once per request, passed everywhere."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The capacity in which a person acts. Labels are shown to users."""

    LAWYER = "lawyer"
    ASSISTANT = "assistant"  # 律师助理, always for one lawyer (意见第十四条)
    CLERK = "clerk"  # 立案庭 filing clerk
    RECORDER = "recorder"  # 书记员
    JUDGE = "judge"
    PRESIDING = "presiding"  # 审判长、庭长
    PRESIDENT = "president"  # 院长、副院长
    FINANCE = "finance"  # 财务
    ARCHIVIST = "archivist"  # 档案
    MEDIATOR = "mediator"  # 调解员
    HOTLINE = "hotline"  # 12368 坐席
    HALL = "hall"  # 诉讼服务大厅
    BUREAU = "bureau"  # 司法行政机关
    AUDITOR = "auditor"  # 审计管理员
    SYSADMIN = "sysadmin"  # 系统管理员
    SECADMIN = "secadmin"  # 安全管理员
    SYSTEM = "system"  # a job acting for one court

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.LAWYER: "律师",
    Role.ASSISTANT: "律师助理",
    Role.CLERK: "立案庭",
    Role.RECORDER: "书记员",
    Role.JUDGE: "审判员",
    Role.PRESIDING: "审判长",
    Role.PRESIDENT: "院庭长",
    Role.FINANCE: "财务",
    Role.ARCHIVIST: "档案管理员",
    Role.MEDIATOR: "调解员",
    Role.HOTLINE: "12368 坐席",
    Role.HALL: "诉讼服务大厅",
    Role.BUREAU: "司法行政机关",
    Role.AUDITOR: "审计管理员",
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.SYSTEM: "系统",
}

# Who works on cases at a court's desk; what each of them sees is said by the domains' access.
COURT_ROLES = frozenset({
    Role.CLERK, Role.RECORDER, Role.JUDGE, Role.PRESIDING, Role.PRESIDENT, Role.FINANCE, Role.ARCHIVIST,
    Role.MEDIATOR, Role.HOTLINE, Role.HALL,
})  # fmt: skip
# 三权分立: they run the platform of a court and see no case; no one holds two of them.
ADMIN_ROLES = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one capacity; court staff and the system act for exactly one court, an assistant for one lawyer."""

    person_id: int
    role: Role
    name: str
    court_id: int | None = None
    scopes: frozenset[str] | None = None  # None: a browser session; else the scopes of an API token
    for_id: int | None = None  # the lawyer for whom an assistant acts
    for_name: str = ""

    @property
    def is_lawyer(self) -> bool:
        return self.role is Role.LAWYER

    @property
    def is_assistant(self) -> bool:
        return self.role is Role.ASSISTANT and self.for_id is not None

    @property
    def is_counsel(self) -> bool:
        """On the lawyers' side of the desk; what an assistant may there, his grants say."""
        return self.is_lawyer or self.is_assistant

    @property
    def lawyer_id(self) -> int:
        """Whose rows he works with: an assistant with those of the lawyer for whom he acts."""
        return self.person_id if self.for_id is None else self.for_id

    @property
    def is_staff(self) -> bool:
        return self.role in COURT_ROLES or self.role is Role.SYSTEM

    @property
    def is_admin(self) -> bool:
        return self.role in ADMIN_ROLES

    @property
    def signature(self) -> str:
        """As every act shows who did it: “助理 甲 代 律师 乙” (意见第十四条)."""
        return f"助理 {self.name} 代 律师 {self.for_name}" if self.is_assistant else f"{self.name} {self.role.label}"

    def __str__(self) -> str:
        return self.signature


def system(court_id: int) -> Actor:
    """The platform itself acting for one court: timers, notices from the payment gateway, projections."""
    return Actor(person_id=0, role=Role.SYSTEM, name="律通系统", court_id=court_id)
