"""核对页: everything that will be handed in, as a reader sees it."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from lutong.domains.filing import content as shape
from lutong.domains.filing.checks import party_label
from lutong.domains.filing.claims import ClaimsResult
from lutong.domains.filing.content import STEPS, FilingContent, Party, step_of
from lutong.domains.filing.formdata import REMOVED
from lutong.domains.filing.queries.judging import ground_fact
from lutong.domains.filing.slots import required_slots
from lutong.kernel.identifiers import ID_KINDS, read_resident_id
from lutong.kernel.powers import AGENT_KIND_LABELS, POWER_LABELS, SPECIAL_POWERS

Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One step's answers."""

    key: str
    title: str
    may_change: bool
    lines: Lines = field(default_factory=list)


def answers_of(
    content: FilingContent, claims: ClaimsResult, uploads: list[Any], today: dt.date, opened: Collection[str] | None
) -> list[Section]:
    """All sections in the order of the wizard; empty fields are left out."""
    names = {str(upload.id): upload.filename for upload in uploads if upload.state != "refused"}
    makers: dict[str, Callable[[], Lines]] = {
        "court": lambda: _court(content),
        "mediation": lambda: [("意愿", shape.MEDIATION_WILLS.get(content.mediation_will, ""))],
        "parties": lambda: [(party_label(party), _party(party, today)) for party in content.parties],
        "agents": lambda: _agents(content),
        "claims": lambda: _claims(content, claims),
        "facts": lambda: [("事实", content.facts), ("理由", content.reasons)],
        "evidence": lambda: _evidence(content, names),
        "address": lambda: _address(content),
    }
    return [
        Section(key, label, _open(key, opened), [(name, text) for name, text in makers[key]() if text])
        for key, label in STEPS
        if key in makers
    ]


def _open(step: str, opened: Collection[str] | None) -> bool:
    return opened is None or any(step_of(path) == step for path in opened)


def _court(content: FilingContent) -> Lines:
    ground = ground_fact(content)
    return [
        ("受理法院", content.court_name),
        ("案由", content.cause_name),
        ("管辖依据", f"{ground.label}（{ground.law}）" if ground else ""),
        ("说明", content.jurisdiction_note),
        ("合同成立日", content.contract_on),
    ]


def _party(party: Party, today: dt.date) -> str:
    told = read_resident_id(party.id_number, today=today)
    lines: tuple[str, ...]
    if party.kind == "natural":
        sex, born = (told.sex, told.birth_on.isoformat()) if told else (party.sex, party.birth_on)
        lines = (
            "，".join(word for word in (sex, f"{born} 出生" if born else "", party.ethnicity) if word),
            f"{ID_KINDS.get(party.id_kind, '证件')}：{party.id_number}" if party.id_number else "",
            "，".join(word for word in (party.occupation, party.employer) if word),
            f"经常居住地：{party.residence}" if party.residence else "",
        )
    else:
        lines = (
            f"统一社会信用代码：{party.uscc}" if party.uscc else "",
            f"法定代表人或者主要负责人：{party.legal_rep} {party.legal_rep_title}" if party.legal_rep else "",
        )
    rest = (f"住所：{party.address}" if party.address else "", f"电话：{party.phone}" if party.phone else "")
    return "\n".join(line for line in (*lines, *rest) if line) or "（未填写）"


def _agents(content: FilingContent) -> Lines:
    parties = {party.id: party_label(party) for party in content.parties}
    kinds = {str(kind): text for kind, text in AGENT_KIND_LABELS.items()}
    lines = []
    for agent in content.agents:
        special = "、".join(SPECIAL_POWERS.get(power, power) for power in agent.special_powers)
        powers = POWER_LABELS.get(agent.powers, "未选择授权范围")
        text = (
            f"{kinds.get(agent.kind, '')} {agent.firm} {agent.licence_no}".strip(),
            f"{powers}：{special}" if agent.powers == "special" and special else powers,
        )
        lines.append((f"{agent.name or '代理人'}（代理{parties.get(agent.party_id, '……')}）", "\n".join(text)))
    return lines


def _claims(content: FilingContent, result: ClaimsResult) -> Lines:
    lines = []
    for claim, row in zip(content.claims, result.rows, strict=True):
        money = f"{row.value:,.2f} 元" if row.value is not None else ""
        until = "，并计至实际清偿之日" if claim.until_paid else ""
        text = (f"{money}{until}", row.formula, claim.text, f"依据：{claim.basis}" if claim.basis else "", row.warn)
        lines.append(
            (f"{row.place}. {row.label or '未选择种类'}", "\n".join(line for line in text if line) or "（未填写）")
        )
    if content.costs_claim:
        lines.append((f"{len(lines) + 1}. 诉讼费用", "请求判令被告承担"))
    return [*lines, ("诉讼标的额", f"{result.total:,.2f} 元"), ("案件受理费", f"{result.quote.text} 元")]


def _evidence(content: FilingContent, names: dict[str, str]) -> Lines:
    def listed(uploads: list[str]) -> str:
        return "、".join(names.get(upload, "（文件已不存在）") for upload in uploads)

    lines = [(slot.title, listed(content.files.get(slot.key, []))) for slot in required_slots(content)]
    for place, line in enumerate(content.evidence, 1):
        kind = shape.EVIDENCE_KINDS.get(line.kind, "")
        text = (
            "，".join(word for word in (kind, f"来源：{line.source}" if line.source else "") if word),
            f"证明：{line.purpose}" if line.purpose else "",
            f"文件：{listed(line.upload_ids)}" if line.upload_ids else "没有文件",
        )
        lines.append((f"证据 {place}　{line.name}", "\n".join(word for word in text if word)))
    known = {slot.key for slot in required_slots(content)} | {REMOVED}
    placed = {u for slot, uploads in content.files.items() if slot in known for u in uploads}
    placed |= {u for line in content.evidence for u in line.upload_ids}
    loose = [upload for upload in names if upload not in placed]
    return [*lines, ("没有归类的文件（不会提交）", listed(loose))]


def _address(content: FilingContent) -> Lines:
    parties = {party.id: party_label(party) for party in content.parties}
    lines = []
    for one in content.service_addresses:
        consent = "同意电子送达" if one.electronic else "不同意电子送达"
        consent += "（含裁判文书）" if one.electronic and one.consent_judgment_e_service else ""
        text = (f"{one.recipient} {one.mobile} {one.email}".strip(), f"{one.address} {one.postcode}".strip(), consent)
        lines.append((parties.get(one.party_id, "送达地址"), "\n".join(line for line in text if line)))
    account = content.refund_account
    return [*lines, ("退费账户", f"{account.name}\n{account.bank}\n{account.number}" if account.is_started else "")]
