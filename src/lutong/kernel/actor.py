"""Who is acting, and in what capacity. Built once per request, passed everywhere."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The capacity in which a person acts. Labels are shown to users."""

    LAWYER = "lawyer"
    CLERK = "clerk"  # 立案庭 filing clerk
    RECORDER = "recorder"  # 书记员
    JUDGE = "judge"
    PRESIDENT = "president"  # 院长、庭长
    SYSTEM = "system"  # a job acting for one court

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.LAWYER: "律师",
    Role.CLERK: "立案庭",
    Role.RECORDER: "书记员",
    Role.JUDGE: "审判员",
    Role.PRESIDENT: "院庭长",
    Role.SYSTEM: "系统",
}

COURT_ROLES = frozenset({Role.CLERK, Role.RECORDER, Role.JUDGE, Role.PRESIDENT})


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one capacity; court staff and the system act for exactly one court."""

    person_id: int
    role: Role
    name: str
    court_id: int | None = None
    scopes: frozenset[str] | None = None  # None: a browser session; else the scopes of an API token

    @property
    def is_lawyer(self) -> bool:
        return self.role is Role.LAWYER

    @property
    def is_staff(self) -> bool:
        return self.role in COURT_ROLES or self.role is Role.SYSTEM

    def __str__(self) -> str:
        return f"{self.name} {self.role.label}"


def system(court_id: int) -> Actor:
    """The platform itself acting for one court: timers, notices from the payment gateway, projections."""
    return Actor(person_id=0, role=Role.SYSTEM, name="律通系统", court_id=court_id)
