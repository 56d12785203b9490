"""利益冲突与任职申报: what a hit in the index means, and what a declaration says of a counsel.

Law: 律师法第三十八条、第三十九条、第五十条第一款第（五）项, 法官法第二十四条、第三十六条.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lutong.kernel.capacity import plain_name

MOST_NAMES = 10
CHECKS_A_MINUTE = 30
MOST_ROWS = 20


class Relation(StrEnum):
    """与当事人的关系: how the lawyer of a case stands to one of its parties."""

    CLIENT = "client"
    OPPONENT = "opponent"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"client": "委托人", "opponent": "对方当事人", "other": "其他当事人"}[self.value]


class Source(StrEnum):
    """检查来源."""

    PAGE = "page"
    API = "api"
    FILING = "filing"

    @property
    def label(self) -> str:
        return {"page": "网页", "api": "接口", "filing": "立案时自动检查"}[self.value]


@dataclass(frozen=True, slots=True)
class Hit:
    """The name stands in the index of a lawyer of the firm. `number` and ids only when the lawyer is the asker."""

    mine: bool
    relation: Relation
    over: bool
    number: str = ""
    court_id: int = 0
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """One reason for a possible conflict: rule, sentence, article, what to do; the case only when it is his own."""

    rule: str
    text: str
    law: str
    advice: str
    number: str = ""
    court_id: int = 0
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one name. `asked`: as our client, or as opposing party."""

    name: str
    asked: str
    remarks: tuple[Remark, ...] = ()

    @property
    def verdict(self) -> str:
        return "possible" if self.remarks else "none"

    @property
    def told(self) -> tuple[Remark, ...]:
        """The remarks in one sentence a rule: a bank's lawyer has hundreds of its cases; the record lists each."""
        by_rule = [[r for r in self.remarks if r.rule == rule] for rule in dict.fromkeys(r.rule for r in self.remarks)]
        return tuple(_in_one_sentence(same) for same in by_rule)


ASKED = {"client": "拟委托人", "opposing": "对方当事人"}
MOST_NAMED = 3  # cases in one sentence
VERDICTS = {"none": "无冲突记录", "possible": "可能冲突"}
_LAW = {
    ("own", False): "律师法第三十九条",
    ("firm", False): "律师法第五十条第一款第（五）项",
    ("own", True): "律师法第三十八条第一款",
    ("firm", True): "律师法第三十八条第一款",
}
_ADVICE = {
    ("own", False): "同一案件的，不得接受委托；其他案件的，取得双方书面知情同意并由本所审查后再决定",
    ("firm", False): "接受委托前，请向本所利益冲突审查负责人核对；同一案件的，不得接受委托",
    ("own", True): "曾代理的同一案件，后续程序不得代理对方；不得利用在先代理中知悉的秘密",
    ("firm", True): "接受委托前，请向本所利益冲突审查负责人核对是否为同一案件的后续程序",
}
# (asked as, relation in the case that was found) → the words that follow who acts.
_MEETS = {
    ("client", Relation.OPPONENT): "代理其对方当事人",
    ("opposing", Relation.CLIENT): "代理该当事人",
}


def judge(*, name: str, asked: str, hits: Iterable[Hit]) -> Finding:
    """What the hits of one name mean. A colleague's cases are told once, as one case, without any trait of them."""
    remarks: dict[tuple[object, ...], Remark] = {}
    for hit in sorted(hits, key=lambda hit: (not hit.mine, hit.over, len(hit.number), hit.number)):
        words = _MEETS.get((asked, hit.relation))
        if words is None:
            continue
        whose = "own" if hit.mine else "firm"
        once = "曾" if hit.over else ""
        where = f"{hit.number}" if hit.mine else "一件案件"
        text = f"{'您' if hit.mine else '本所其他律师'}{once}在{where}中{words}"
        remark = Remark(f"{whose}_{'past' if hit.over else 'present'}", text, _LAW[whose, hit.over],
                        _ADVICE[whose, hit.over], hit.number, hit.court_id, hit.case_id)  # fmt: skip
        remarks.setdefault((remark.rule, remark.case_id), remark)
    return Finding(name, asked, tuple(remarks.values()))


def _in_one_sentence(same: Sequence[Remark]) -> Remark:
    first = same[0]
    if len(same) == 1:
        return first
    named = "、".join(remark.number for remark in same[:MOST_NAMED])
    return replace(first, text=first.text.replace(first.number, f"{named}等 {len(same)} 件案件"))


def clean_names(raw: Iterable[str]) -> tuple[str, ...]:
    """The names as typed, without blanks and repetitions (different writings of the same name are one)."""
    found: dict[str, str] = {}
    for name in raw:
        if key := plain_name(name):
            found.setdefault(key, " ".join(name.split()))
    return tuple(found.values())


def name_faults(*, clients: Sequence[str], opposing: Sequence[str]) -> dict[str, str]:
    """Field → sentence for names that cannot be checked."""
    faults = {}
    if not opposing:
        faults["opposing_names"] = "请至少填写一名对方当事人"
    for field, names in (("client_names", clients), ("opposing_names", opposing)):
        if len(names) > MOST_NAMES:
            faults[field] = f"一次最多 {MOST_NAMES} 个名称，请分次检查"
        elif any(not 2 <= len(plain_name(name)) <= 120 for name in names):
            faults[field] = "每个名称 2 至 120 字，请填写完整的姓名或者名称"
    both = {plain_name(name) for name in clients} & {plain_name(name) for name in opposing}
    if both and "opposing_names" not in faults:
        faults["opposing_names"] = "同一名称不能既是委托人又是对方当事人"
    return faults


RELATIONS = {"spouse": "配偶", "parent": "父母", "child": "子女"}
BODIES = {"court": "人民法院", "procuratorate": "人民检察院"}


@dataclass(frozen=True, slots=True)
class FormerPost:
    """曾任职务: in a court or 人民检察院, and the last day there."""

    body: str
    court_id: int | None
    name: str
    left_on: dt.date


@dataclass(frozen=True, slots=True)
class Relative:
    """近亲属任职: who of the near family works at which court. Never a name."""

    relation: str
    court_id: int
    court_name: str


@dataclass(frozen=True, slots=True)
class Declared:
    """The facts of one declaration."""

    posts: tuple[FormerPost, ...] = ()
    relatives: tuple[Relative, ...] = ()
    committee: str = ""  # 人大常委会 in which he sits, "" for none

    @property
    def left_on(self) -> dt.date | None:
        """The last day in any court or 人民检察院; the two years of 律师法第四十一条 run from it."""
        return max((post.left_on for post in self.posts), default=None)

    @property
    def former_court_ids(self) -> frozenset[int]:
        return frozenset(post.court_id for post in self.posts if post.court_id is not None)

    @property
    def relatives_court_ids(self) -> frozenset[int]:
        return frozenset(relative.court_id for relative in self.relatives)

    def as_json(self) -> dict[str, Any]:
        return {
            "posts": [
                {"body": p.body, "court_id": p.court_id, "name": p.name, "left_on": p.left_on.isoformat()}
                for p in self.posts
            ],
            "relatives": [
                {"relation": r.relation, "court_id": r.court_id, "court_name": r.court_name} for r in self.relatives
            ],
            "committee": self.committee,
        }


def read_declared(facts: dict[str, Any]) -> Declared:
    """The declaration as it was stored."""
    return Declared(
        tuple(
            FormerPost(p["body"], p["court_id"], p["name"], dt.date.fromisoformat(p["left_on"])) for p in facts["posts"]
        ),
        tuple(Relative(r["relation"], r["court_id"], r["court_name"]) for r in facts["relatives"]),
        facts["committee"],
    )


def declaration_faults(*, declared: Declared, confirmed: bool, today: dt.date) -> dict[str, str]:
    """Field → sentence for what a declaration may not say."""
    faults = {}
    for place, post in enumerate(declared.posts):
        if post.body not in BODIES:
            faults[f"posts.{place}.body"] = "请选择人民法院或者人民检察院"
        if post.left_on > today:
            faults[f"posts.{place}.left_on"] = "离任日期晚于今天；尚未离任的，不能执业"
    for place, relative in enumerate(declared.relatives):
        if relative.relation not in RELATIONS:
            faults[f"relatives.{place}.relation"] = "请选择配偶、父母或者子女"
    if len(declared.posts) > MOST_ROWS or len(declared.relatives) > MOST_ROWS:
        faults["posts"] = f"每类最多 {MOST_ROWS} 行"
    if not confirmed:
        faults["confirmed"] = "请确认申报内容真实完整"
    return faults


def in_region(*, region: str, places: Collection[str]) -> bool | None:
    """Whether a place lies in a region in words (several separated by 、); None when either is not known."""
    parts = [part for part in region.replace("，", "、").replace(",", "、").split("、") if part.strip()]
    known = [place for place in places if place.strip()]
    if not parts or not known:
        return None
    return any(part.strip() in place for part in parts for place in known)
