"""代理资格: who may act as agent at all. The rules are rows of data/capacity.toml, each with article and days.

Law: 民事诉讼法第六十一条、第六十五条, 民诉法解释第八十八条, 律师法第十条、第十一条、第十三条、第三十九条、第四十一条、
第五十条, 法官法第二十四条、第三十六条, 关于审判人员在诉讼活动中执行回避制度若干问题的规定第八条、第九条.
"""

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lutong.kernel.periods import reckon


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an agent may not act so: a sentence with the way out, its article, and the paper or step that cures it.

    `refuses` False: a warning for the person and a note for the court, which decides.
    """

    code: str
    text: str
    law: str
    cure: str = ""
    refuses: bool = True
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Ban:
    """One rule that keeps a person from acting as agent, while it is in force."""

    code: str
    text: str
    law: str
    valid_from: dt.date
    cure: str = ""
    valid_to: dt.date | None = None
    number: int = 0
    refuses: bool = True
    unsure: bool = False

    def in_force(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def objection(self, **facts: object) -> Objection:
        """The rule as said to a person; `facts` fill its sentence."""
        text = self.text.format_map(_Blank(facts, number=self.number))
        return Objection(self.code, text, self.law, self.cure, self.refuses, self.unsure)


class _Blank(dict[str, object]):
    """Facts of a sentence; what is not known stays empty."""

    def __missing__(self, key: str) -> str:
        return ""


def read_rows(name: str) -> list[dict[str, Any]]:
    """The rows of one table of data/capacity.toml, in the order of the file."""
    text = (files("lutong.kernel") / "data" / "capacity.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)[name]
    return rows


@lru_cache(maxsize=1)
def bans() -> tuple[Ban, ...]:
    """Every ban that the package ships, past ones included."""
    return tuple(Ban(**row) for row in read_rows("ban"))


@lru_cache(maxsize=64)
def bans_on(day: dt.date) -> Mapping[str, Ban]:
    """The bans in force on a day, by code, in the order of the file."""
    return {ban.code: ban for ban in bans() if ban.in_force(day)}


# 执业类别 as the registry writes it → as the law calls it.
CATEGORIES = {
    "full_time": "专职律师", "part_time": "兼职律师", "public": "公职律师", "corporate": "公司律师",
    "legal_aid": "法律援助律师", "military": "军队律师", "trainee": "实习人员", "legal_worker": "基层法律服务工作者",
    "grassroots": "基层法律服务工作者",
}  # fmt: skip
_OWN_BODY_ONLY = frozenset({"公职律师", "公司律师", "军队律师"})


@dataclass(frozen=True, slots=True)
class Counsel:
    """What is known of an agent when his capacity is judged. None or empty: not known, so not held against him."""

    name: str
    licence_active: bool | None = None
    licence_status: str = ""
    other_sides: frozenset[str] = frozenset()  # names of opposing parties he acts for in this case
    firm_other_sides: frozenset[str] = frozenset()  # the same of his firm's other lawyers
    sits_in_standing_committee: bool = False
    left_court_on: dt.date | None = None  # the last day in any court or 人民检察院
    former_court_ids: frozenset[int] = frozenset()
    relatives_court_ids: frozenset[int] = frozenset()
    higher_court_ids: frozenset[int] = frozenset()  # courts above the one that hears the case
    as_relative: bool = False  # acts as guardian or near relative of the party, not as lawyer
    category: str = ""  # 专职律师, 公职律师 …, or the registry's word for it
    own_body: bool | None = None  # 公职律师、公司律师: the party is the body he serves
    body: str = ""
    firm: str = ""  # as the papers name it
    registered_firm: str = ""  # as the registry names it
    scope: tuple[str, ...] = field(default=())  # 基层法律服务工作者: registered kinds of business
    region: str = ""  # his region, in words
    in_region: bool | None = None  # a party or the court lies in his region

    @property
    def category_label(self) -> str:
        return CATEGORIES.get(self.category, self.category)


def capacity_objections(*, counsel: Counsel, court_id: int | None, today: dt.date) -> tuple[Objection, ...]:
    """Every ban that the known facts of a counsel meet before this court, in the order of the table."""
    rules = bans_on(today)
    kind = counsel.category_label
    met = {
        "licence": counsel.licence_active is False,
        "trainee": kind == "实习人员",
        "one_firm": bool(counsel.firm and counsel.registered_firm)
        and plain_name(counsel.firm) != plain_name(counsel.registered_firm),
        "both_sides": bool(counsel.other_sides),
        "firm_conflict": bool(counsel.firm_other_sides),
        "standing_committee": counsel.sits_in_standing_committee,
        "two_years": _within_two_years(counsel, today) and not counsel.as_relative,
        "former_court": court_id in counsel.former_court_ids and not counsel.as_relative,
        "relatives": court_id in counsel.relatives_court_ids,
        "relatives_district": bool(counsel.relatives_court_ids & counsel.higher_court_ids),
        "own_body": kind in _OWN_BODY_ONLY and counsel.own_body is False,
        "legal_aid": kind == "法律援助律师",
        "region": kind == "基层法律服务工作者" and counsel.in_region is False,
        "scope": kind == "基层法律服务工作者" and bool(counsel.scope) and not _has_civil(counsel.scope),
    }
    return tuple(ban.objection(**_facts(counsel, ban)) for code, ban in rules.items() if met.get(code))


def refusing(objections: tuple[Objection, ...]) -> Objection | None:
    """The first objection that stops the act, or None."""
    return next((objection for objection in objections if objection.refuses), None)


def too_many_agents(*, count: int, today: dt.date, party: str = "") -> Objection | None:
    """At most two agents a party. Law: 民事诉讼法第六十一条第一款."""
    ban = bans_on(today).get("too_many_agents")
    return ban.objection(count=count, party=party) if ban is not None and count > ban.number else None


def attendance_notice(*, cause_name: str, party: str, today: dt.date) -> Objection | None:
    """In a divorce the party himself appears even though he has an agent. Law: 民事诉讼法第六十五条."""
    ban = bans_on(today).get("attendance")
    return ban.objection(party=party) if ban is not None and "离婚" in cause_name else None


_FORMS = (("有限责任公司", "有限公司"), ("股份有限公司", "股份公司"), ("律师事务所", "律所"))


def plain_name(name: str) -> str:
    """A name for comparing: width, case, spaces, brackets and dots aside; the long and the short form of a company."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = re.sub(r"[\W_]+", "", text)
    for long, short in _FORMS:
        text = text.replace(long, short)
    return text


def _has_civil(scope: tuple[str, ...]) -> bool:
    return any(word in ("civil", "civil_litigation") or "民事" in word or "诉讼" in word for word in scope)


def _within_two_years(counsel: Counsel, today: dt.date) -> bool:
    until = cooling_off_until(counsel.left_court_on, today)
    return until is not None and today <= until


def cooling_off_until(left_on: dt.date | None, today: dt.date) -> dt.date | None:
    """The last day on which who left office then may not be agent anywhere. Law: 律师法第四十一条."""
    ban = bans_on(today).get("two_years")
    if left_on is None or ban is None:
        return None
    return reckon(start_on=left_on, length=ban.number, unit="year").nominal_end


def _facts(counsel: Counsel, ban: Ban) -> dict[str, object]:
    others = counsel.other_sides if ban.code == "both_sides" else counsel.firm_other_sides
    until = cooling_off_until(counsel.left_court_on, ban.valid_from) if ban.code == "two_years" else None
    return {
        "name": counsel.name, "status": counsel.licence_status or "非执业", "others": "、".join(sorted(others)),
        "until": until.isoformat() if until else "", "category": counsel.category_label,
        "body": counsel.body or "未登记", "firm": counsel.firm, "registered": counsel.registered_firm,
        "region": counsel.region or "未登记", "scope": "、".join(counsel.scope),
    }  # fmt: skip
