"""材料清单: which papers a filing needs, by kind of party and agent.

Law: 登记立案规定第六条, 民事诉讼法第六十二条、第一百二十三条, 民诉法解释第八十八条.
"""

from dataclasses import dataclass

from lutong.domains.filing.content import SIDES, Agent, FilingContent, Party
from lutong.kernel.powers import AgentKind, required_papers


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for papers. `key` indexes `FilingContent.files`; `paper` names the sort of paper without its owner."""

    key: str
    paper: str
    title: str
    required: bool
    hint: str
    law: str
    party_id: str = ""
    agent_id: str = ""


def required_slots(content: FilingContent) -> tuple[Slot, ...]:
    """Every slot that the present parties and agents open, required ones and optional ones, in the order of the file.

    Law: 登记立案规定第六条.
    """
    slots = [
        Slot("complaint", "complaint", "起诉状", True, "必交，须由原告签名或者盖章", "登记立案规定第六条第（四）项")
    ]
    for party in content.parties:
        slots += _party_slots(party)
    for agent in content.agents:
        slots += _agent_slots(agent)
    slots += [
        Slot(
            "evidence", "evidence", "证据材料", False, "按证据目录编号，随每份证据上传", "登记立案规定第六条第（五）项"
        ),
        Slot("evidence_list", "evidence_list", "证据目录", False, "按填写内容自动生成，也可上传", "证据规定第十九条"),
        Slot("other", "other", "其他材料", False, "选交", "登记立案规定第六条"),
    ]
    return tuple(slots)


def _party_slots(party: Party) -> list[Slot]:
    who = party.name.strip() or SIDES.get(party.side, "当事人")
    if party.side != "plaintiff":
        title, hint = f"{who}的身份信息", "选交，有助于确认被告身份"
        return [Slot(f"identity:{party.id}", "identity", title, False, hint, "登记立案规定第六条第（三）项", party.id)]
    law = "登记立案规定第六条第（一）项"
    if party.kind == "natural":
        return [Slot(f"identity:{party.id}", "identity", f"{who}的身份证明", True, "必交，证件正反面", law, party.id)]
    return [
        Slot(f"identity:{party.id}", "identity", f"{who}的营业执照或者登记证书", True, "必交", law, party.id),
        Slot(
            f"legal_rep:{party.id}",
            "legal_rep",
            f"{who}的法定代表人或者主要负责人身份证明书",
            True,
            "必交",
            law,
            party.id,
        ),
    ]


def _agent_slots(agent: Agent) -> list[Slot]:
    """Papers of article 88; the licence of a lawyer known to the registry needs no copy."""
    if agent.kind not in set(AgentKind):
        return []
    who = agent.name.strip() or "代理人"
    slots = []
    for paper in required_papers(kind=AgentKind(agent.kind)):
        verified = paper.key == "licence" and agent.kind == AgentKind.LAWYER and bool(agent.lawyer_id)
        hint = "已由律师身份核验平台核验，无需上传" if verified else "必交"
        if paper.key == "authority":
            hint = "必交，须由委托人签名或者盖章"
        title = f"{who}的{paper.label}"
        slots.append(
            Slot(f"{paper.key}:{agent.id}", paper.key, title, not verified, hint, paper.law, agent_id=agent.id)
        )
    return slots


def missing_slots(content: FilingContent) -> tuple[Slot, ...]:
    """The required slots that hold no file yet."""
    return tuple(slot for slot in required_slots(content) if slot.required and not content.files.get(slot.key))


def uploads_of(content: FilingContent) -> dict[str, str]:
    """Every upload that the draft names, with the field path where it is named."""
    named = {upload: f"files.{slot}" for slot, uploads in content.files.items() for upload in uploads}
    for index, evidence in enumerate(content.evidence):
        named |= dict.fromkeys(evidence.upload_ids, f"evidence.{index}.upload_ids")
    return named
