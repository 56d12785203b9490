"""人员规则: what a member's facts must look like, which posts exclude each other, and how a list of people is read.

Law: 网络安全法第二十三条、等级保护基本要求 GB/T 22239-2019 8.1.5 (system, security and audit administration apart).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lutong.kernel.actor import ADMIN_ROLES, COURT_ROLES, Role

POSTS: tuple[Role, ...] = tuple(
    role for role in Role if role in COURT_ROLES or role in ADMIN_ROLES or role is Role.BUREAU
)
LABELS: Mapping[str, str] = {str(role): role.label for role in POSTS}
COLUMNS = ("工号", "姓名", "手机号", "部门", "职务")
MOST_ROWS = 2000
LONGEST = {"staff_no": 32, "name": 60, "department": 60}


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a list of people, as typed."""

    staff_no: str
    name: str
    mobile: str
    department: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A person as a personnel system tells him; roles None: it says nothing of them."""

    staff_no: str
    name: str
    mobile: str
    department: str
    external_id: str
    active: bool
    roles: tuple[str, ...] | None


def faults_of(person: Person) -> dict[str, str]:
    """What is wrong with it, by field; empty when it can be entered."""
    faults: dict[str, str] = {}
    no = person.staff_no
    if not (1 <= len(no) <= LONGEST["staff_no"] and no.isascii() and no.replace("-", "").replace("_", "").isalnum()):
        faults["staff_no"] = "工号为 1 至 32 位字母、数字、短横线"
    elif no.isdigit() and len(no) == 17:
        faults["staff_no"] = "17 位数字是律师执业证号，不能作工号"
    if not 1 <= len(person.name) <= LONGEST["name"]:
        faults["name"] = "请填姓名，不超过 60 字"
    if not (
        len(person.mobile) == 11 and person.mobile.isascii() and person.mobile.isdigit() and person.mobile[0] == "1"
    ):
        faults["mobile"] = "请填 11 位手机号"
    if len(person.department) > LONGEST["department"]:
        faults["department"] = "部门不超过 60 字"
    if clash := clash_of(person.roles):
        faults["roles"] = clash
    return faults


def clash_of(roles: Collection[str]) -> str:
    """Why these posts cannot be held together in one court; "" when they can."""
    if unknown := [role for role in roles if role not in LABELS]:
        return f"没有“{unknown[0]}”这个职务"
    powers = [role for role in roles if Role(role) in ADMIN_ROLES]
    if len(powers) > 1:
        return f"{LABELS[powers[0]]}与{LABELS[powers[1]]}不能由同一人担任（三权分立）"
    if powers and len(roles) > 1:
        return f"{LABELS[powers[0]]}不能在本院兼任其他职务（三权分立）"
    return ""


def read_rows(table: Sequence[Sequence[str]]) -> list[Person]:
    """A table with a header line into people, columns in any order. Raises ValueError with a sentence."""
    if not table:
        raise ValueError("文件是空的，请按模板填写")
    header = [cell.strip() for cell in table[0]]
    if missing := [name for name in COLUMNS[:4] if name not in header]:
        raise ValueError(f"第一行缺少“{'”“'.join(missing)}”列，请按模板填写")
    places = {name: header.index(name) for name in COLUMNS if name in header}
    people = []
    for row in table[1:]:
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        if any(cells.values()):
            people.append(_person(cells))
    if not people:
        raise ValueError("除标题行外没有内容")
    if len(people) > MOST_ROWS:
        raise ValueError(f"一次最多导入 {MOST_ROWS} 行，请分几次导入")
    return people


def _person(cells: Mapping[str, str]) -> Person:
    codes = {label: code for code, label in LABELS.items()}
    words = cells.get("职务", "").replace("，", "、").replace(",", "、").split("、")
    roles = tuple(codes.get(word.strip(), word.strip()) for word in words if word.strip())
    return Person(cells["工号"], cells["姓名"], cells["手机号"], cells["部门"], roles)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, full-width signs included."""
    return f"'{cell}" if cell[:1] in tuple("=+-@＝＋－＠\t\r") else cell
