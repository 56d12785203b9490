"""代理: who may act for a party, with which powers and papers, and who may not.

Law: 民事诉讼法第六十一条至第六十三条, 民诉法解释第八十四条至第八十九条, 律师法第十条、第十一条、第三十九条、第四十一条,
关于审判人员在诉讼活动中执行回避制度若干问题的规定第八条、第九条.
"""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lutong.kernel.periods import reckon

MOST_AGENTS = 2
MOST_AGENTS_LAW = "民事诉讼法第六十一条第一款"
SPECIAL_LAW = "民事诉讼法第六十二条第二款"
FULL_AGENCY_LAW = "民诉法解释第八十九条第一款"

# The acts that a party must grant one by one; anything else goes with general powers.
SPECIAL_POWERS = {
    "admit": "代为承认诉讼请求",
    "waive": "代为放弃诉讼请求",
    "change": "代为变更诉讼请求",
    "settle": "进行和解",
    "counterclaim": "提起反诉",
    "appeal": "提起上诉",
}
POWER_LABELS = {"general": "一般授权", "special": "特别授权"}


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an agent may not act so, as a sentence with the way out, and its article."""

    code: str
    text: str
    law: str


class AgentKind(StrEnum):
    """诉讼代理人的种类 (民事诉讼法第六十一条第二款)."""

    LAWYER = "lawyer"
    LEGAL_WORKER = "legal_worker"
    RELATIVE = "relative"
    EMPLOYEE = "employee"
    COMMUNITY = "community"
    ASSOCIATION = "association"


AGENT_KIND_LABELS = {
    AgentKind.LAWYER: "律师",
    AgentKind.LEGAL_WORKER: "基层法律服务工作者",
    AgentKind.RELATIVE: "当事人的近亲属",
    AgentKind.EMPLOYEE: "当事人的工作人员",
    AgentKind.COMMUNITY: "所在社区、单位推荐的公民",
    AgentKind.ASSOCIATION: "有关社会团体推荐的公民",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that an agent must hand in besides the power of attorney."""

    key: str
    label: str
    law: str


AUTHORITY = Paper("authority", "授权委托书", "民事诉讼法第六十二条第一款")
PAPERS: dict[AgentKind, tuple[Paper, ...]] = {
    AgentKind.LAWYER: (
        Paper("licence", "律师执业证", "民诉法解释第八十八条第（一）项"),
        Paper("firm_letter", "律师事务所证明（所函）", "民诉法解释第八十八条第（一）项"),
    ),
    AgentKind.LEGAL_WORKER: (
        Paper("licence", "法律服务工作者执业证", "民诉法解释第八十八条第（二）项"),
        Paper("firm_letter", "基层法律服务所介绍信", "民诉法解释第八十八条第（二）项"),
        Paper("region_proof", "当事人一方位于本辖区内的证明", "民诉法解释第八十八条第（二）项"),
    ),
    AgentKind.RELATIVE: (
        Paper("agent_identity", "代理人身份证件", "民诉法解释第八十八条第（三）项"),
        Paper("relation_proof", "与委托人有近亲属关系的证明", "民诉法解释第八十八条第（三）项"),
    ),
    AgentKind.EMPLOYEE: (
        Paper("agent_identity", "代理人身份证件", "民诉法解释第八十八条第（四）项"),
        Paper("employment_proof", "与当事人有合法劳动人事关系的证明", "民诉法解释第八十八条第（四）项"),
    ),
    AgentKind.COMMUNITY: (
        Paper("agent_identity", "代理人身份证件", "民诉法解释第八十八条第（五）项"),
        Paper("recommendation", "推荐材料", "民诉法解释第八十八条第（五）项"),
        Paper("membership_proof", "当事人属于该社区、单位的证明", "民诉法解释第八十八条第（五）项"),
    ),
    AgentKind.ASSOCIATION: (
        Paper("agent_identity", "代理人身份证件", "民诉法解释第八十八条第（六）项"),
        Paper("recommendation", "符合第八十七条规定条件的证明", "民诉法解释第八十八条第（六）项"),
    ),
}


def required_papers(*, kind: AgentKind) -> tuple[Paper, ...]:
    """What the agent of this kind hands in, the power of attorney first.

    Law: 民事诉讼法第六十二条第一款, 民诉法解释第八十八条.
    """
    return (AUTHORITY, *PAPERS[kind])


def too_many_agents(*, count: int, party: str = "") -> Objection | None:
    """At most two agents a party. Law: 民事诉讼法第六十一条第一款."""
    if count <= MOST_AGENTS:
        return None
    whose = f"{party}委托了" if party else "委托了"
    return Objection(
        "too_many_agents", f"{whose} {count} 名代理人，最多 {MOST_AGENTS} 名，请删去多出的代理人", MOST_AGENTS_LAW
    )


def granted(*, powers: str, special_powers: Collection[str], wording: str = "") -> frozenset[str]:
    """The special powers that an authorisation really grants.

    `wording` is the sentence of the paper: 全权代理 alone, without naming acts, grants none of them.

    Law: 民事诉讼法第六十二条第二款, 民诉法解释第八十九条第一款.
    """
    if powers != "special" or is_bare_full_agency(wording=wording):
        return frozenset()
    return frozenset(special_powers) & frozenset(SPECIAL_POWERS)


def is_bare_full_agency(*, wording: str) -> bool:
    """Whether the authorisation says only 全权代理 and names no act. Law: 民诉法解释第八十九条第一款."""
    return "全权" in wording and not re.search(r"承认|放弃|变更|和解|反诉|上诉", wording)


def power_objections(*, powers: str, special_powers: Collection[str], wording: str = "") -> tuple[Objection, ...]:
    """What is wrong with an authorisation as written.

    Law: 民事诉讼法第六十二条第二款, 民诉法解释第八十九条第一款.
    """
    if powers not in POWER_LABELS:
        return (Objection("powers_missing", "请选择一般授权或者特别授权", SPECIAL_LAW),)
    if powers == "general":
        return ()
    if is_bare_full_agency(wording=wording):
        text = "仅写“全权代理”不产生特别授权，请逐项写明代为承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉"
        return (Objection("bare_full_agency", text, FULL_AGENCY_LAW),)
    if not set(special_powers) & set(SPECIAL_POWERS):
        return (Objection("special_powers_empty", "选择特别授权的，请至少勾选一项具体权限", SPECIAL_LAW),)
    return ()


def objection_to_act(*, needed: str, powers: str, special_powers: Collection[str]) -> Objection | None:
    """Whether the stored authorisation carries an act; `needed` is 'general' or a key of `SPECIAL_POWERS`.

    Law: 民事诉讼法第六十二条第二款. Raises KeyError for an unknown act.
    """
    if needed == "general":
        return None
    label = SPECIAL_POWERS[needed]
    if needed in granted(powers=powers, special_powers=special_powers):
        return None
    return Objection("power_lacking", f"{label}须有委托人的特别授权，请补充载明该项权限的授权委托书", SPECIAL_LAW)


@dataclass(frozen=True, slots=True)
class Counsel:
    """What is known of an agent when his capacity is judged. None or empty: not known, so not held against him."""

    name: str
    licence_active: bool | None = None
    licence_status: str = ""
    other_sides: frozenset[str] = frozenset()  # names of opposing parties he acts for in this case
    firm_other_sides: frozenset[str] = frozenset()  # the same of his firm's other lawyers
    sits_in_standing_committee: bool = False
    left_court_on: dt.date | None = None
    former_court_ids: frozenset[int] = frozenset()
    relatives_court_ids: frozenset[int] = frozenset()
    category: str = ""  # 专职律师, 公职律师 …
    own_body: bool | None = None  # 公职律师、公司律师: the party is the body he serves


@dataclass(frozen=True, slots=True)
class Ban:
    """One rule that keeps a person from acting as agent; `unsure`: tell the clerk, do not refuse by machine."""

    code: str
    text: str
    law: str
    unsure: bool = False


BANS = {
    "licence": Ban("licence", "{name} 的执业状态为“{status}”，不能以律师身份代理，请更换代理人", "律师法第十三条"),
    "both_sides": Ban(
        "both_sides",
        "{name} 在本案中已为对方当事人 {others} 代理，不得同时为双方代理，请更换代理人",
        "律师法第三十九条",
    ),
    "firm_conflict": Ban(
        "firm_conflict",
        "{name} 所在律师事务所的其他律师为对方当事人 {others} 代理，请说明利益冲突审查和当事人同意的情况",
        "律师法第五十条第一款第（五）项",
        True,
    ),
    "standing_committee": Ban(
        "standing_committee",
        "{name} 担任人大常委会组成人员，任职期间不得代理诉讼，请更换代理人",
        "律师法第十一条第二款",
    ),
    "two_years": Ban(
        "two_years",
        "{name} 从人民法院、人民检察院离任未满二年（至 {until}），不得担任诉讼代理人，请更换代理人",
        "律师法第四十一条",
    ),
    "former_court": Ban(
        "former_court",
        "{name} 曾任职于本院，不得代理本院审理的案件，请更换代理人",
        "审判人员执行回避制度规定第八条第二款",
    ),
    "relatives": Ban(
        "relatives",
        "{name} 的配偶、父母或者子女在本院任职，不得代理本院审理的案件，请更换代理人",
        "审判人员执行回避制度规定第九条",
    ),
    "own_body": Ban(
        "own_body",
        "{name} 是{category}，只能代理所在单位的法律事务，请核实",
        "公职律师管理办法、公司律师管理办法",
        True,
    ),
}


def capacity_objections(*, counsel: Counsel, court_id: int | None, today: dt.date) -> tuple[Objection, ...]:
    """Every ban that the known facts of a counsel meet before this court, in the order of `BANS`."""
    left_until = _ban_until(counsel.left_court_on)
    met = {
        "licence": counsel.licence_active is False,
        "both_sides": bool(counsel.other_sides),
        "firm_conflict": bool(counsel.firm_other_sides),
        "standing_committee": counsel.sits_in_standing_committee,
        "two_years": left_until is not None and today <= left_until,
        "former_court": court_id in counsel.former_court_ids,
        "relatives": court_id in counsel.relatives_court_ids,
        "own_body": counsel.category in ("公职律师", "公司律师") and counsel.own_body is False,
    }
    return tuple(_object(ban, counsel, left_until) for code, ban in BANS.items() if met[code])


def _ban_until(left_court_on: dt.date | None) -> dt.date | None:
    return None if left_court_on is None else reckon(start_on=left_court_on, length=2, unit="year").nominal_end


def _object(ban: Ban, counsel: Counsel, until: dt.date | None) -> Objection:
    others = counsel.other_sides if ban.code == "both_sides" else counsel.firm_other_sides
    text = ban.text.format(
        name=counsel.name,
        status=counsel.licence_status or "非执业",
        others="、".join(sorted(others)),
        until=until.isoformat() if until else "",
        category=counsel.category,
    )
    return Objection(ban.code, text, ban.law)
