"""代理权限: with which powers and papers an agent acts for a party. Who may be one at all: `capacity`.

Law: 民事诉讼法第六十一条至第六十三条, 民诉法解释第八十四条至第八十九条, 执行规定第二十条.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lutong.kernel.capacity import Objection

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
# Granted one by one as well, but only of use in enforcement (执行规定第二十条第二款).
ENFORCEMENT_POWERS = {"receive": "代为收取执行款项"}
ALL_POWERS = SPECIAL_POWERS | ENFORCEMENT_POWERS
POWER_LABELS = {"general": "一般授权", "special": "特别授权"}


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


def granted(*, powers: str, special_powers: Collection[str], wording: str = "") -> frozenset[str]:
    """The special powers that an authorisation really grants.

    `wording` is the sentence of the paper: 全权代理 alone, without naming acts, grants none of them.

    Law: 民事诉讼法第六十二条第二款, 民诉法解释第八十九条第一款, 执行规定第二十条第二款.
    """
    if powers != "special" or is_bare_full_agency(wording=wording):
        return frozenset()
    return frozenset(special_powers) & frozenset(ALL_POWERS)


def is_bare_full_agency(*, wording: str) -> bool:
    """Whether the authorisation says only 全权代理 and names no act. Law: 民诉法解释第八十九条第一款."""
    return "全权" in wording and not re.search(r"承认|放弃|变更|和解|反诉|上诉|收取|领取", wording)


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
    if not set(special_powers) & set(ALL_POWERS):
        return (Objection("special_powers_empty", "选择特别授权的，请至少勾选一项具体权限", SPECIAL_LAW),)
    return ()


def objection_to_act(*, needed: str, powers: str, special_powers: Collection[str]) -> Objection | None:
    """Whether the stored authorisation carries an act; `needed` is 'general' or a key of `ALL_POWERS`.

    Law: 民事诉讼法第六十二条第二款. Raises KeyError for an unknown act.
    """
    if needed == "general":
        return None
    label = ALL_POWERS[needed]
    if needed in granted(powers=powers, special_powers=special_powers):
        return None
    return Objection("power_lacking", f"{label}须有委托人的特别授权，请补充载明该项权限的授权委托书", SPECIAL_LAW)
