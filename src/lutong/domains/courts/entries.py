"""What callers get from this domain: frozen entries, never database rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CourtInfo:
    """人民法院. Coordinates are those of its district or city, good for travel times, not for navigation."""

    id: int
    code: str  # 法院代字
    name: str
    short_name: str
    level: int  # 1 最高, 2 高级, 3 中级, 4 基层
    kind: str
    parent_id: int | None  # the court that hears appeals
    province: str
    city: str
    division_code: str
    latitude: Decimal
    longitude: Decimal
    aliases: tuple[str, ...]
    address: str
    phone: str
    pinyin: str
    initials: str
    code_basis: str
    active_from: dt.date | None
    active_to: dt.date | None
    receives_civil_first: bool
    level_label: str
    kind_label: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class CauseInfo:
    """案由. `path` is the way down the tree: 合同、准合同纠纷 > 合同纠纷 > 借款合同纠纷 > 民间借贷纠纷."""

    id: int
    name: str
    kind: str
    level: int
    parent_id: int | None
    position: int
    number: int | None
    path: str
    initials: str
    valid_from: dt.date
    valid_to: dt.date | None
    has_children: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """类型代字."""

    code: str
    label: str
    kind: str
    active_to: dt.date | None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """卷宗材料种类. `side`: main 正卷, sub 副卷; `producer`: lawyer, court or both."""

    code: str
    label: str
    side: str
    producer: str
