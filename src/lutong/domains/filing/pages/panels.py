"""What each step of the wizard shows besides its fields: choices, derived values, help."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lutong.domains.courts import queries as courts
from lutong.domains.filing import content as shape
from lutong.domains.filing.claims import ClaimsResult
from lutong.domains.filing.content import FilingContent, ServiceAddress
from lutong.domains.filing.formdata import REMOVED
from lutong.domains.filing.pages.tips import TIPS
from lutong.domains.filing.queries.judging import list_grounds
from lutong.domains.filing.slots import required_slots
from lutong.kernel.errors import NotFound
from lutong.kernel.identifiers import ID_KINDS, read_resident_id
from lutong.kernel.powers import AGENT_KIND_LABELS, SPECIAL_POWERS

SUGGESTED = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a panel looks at: the content, the day, the claims as reckoned, the uploads, and what was searched."""

    content: FilingContent
    today: dt.date
    claims: ClaimsResult
    uploads: list[Any]
    asked: Mapping[str, str]
    lawyer: Any = None


def panel_of(step: str, look: Look) -> dict[str, Any]:
    """Template variables of one step."""
    side = "filing/_fee.html" if step in ("claims", "check") else "filing/_tips.html"
    base = {"side": side, "side_label": "受理费" if side.endswith("_fee.html") else "填写说明", "tips": TIPS.get(step)}
    return base | _PANELS[step](look)


def _court(look: Look) -> dict[str, Any]:
    content, asked = look.content, look.asked
    court, cause = _chosen_court(content), _chosen_cause(content)
    found: dict[str, Any] = {"courts_found": None, "causes_found": None, "court_q": asked.get("court_q", "")}
    if asked.get("court_q", "").strip():
        found |= {"courts_found": courts.search_courts(text=asked["court_q"], limit=SUGGESTED), "found_title": "查到"}
    elif asked.get("province"):
        inside = courts.courts_of(province=asked["province"])
        found |= {
            "courts_found": sorted(inside, key=lambda c: (c.city, c.level, c.id)),
            "found_title": asked["province"],
        }
    if asked.get("cause_q", "").strip():
        found["causes_found"] = courts.search_causes(text=asked["cause_q"], limit=SUGGESTED)
    return found | _branch(asked.get("cause")) | {
        "court": court,
        "cause": cause,
        "cause_q": asked.get("cause_q", ""),
        "appeal_court": courts.get_court(court_id=court.parent_id).name if court and court.parent_id else "—",
        "province": asked.get("province", ""),
        "provinces": courts.list_provinces(),
        "warnings": _court_warnings(look, court, cause),
        "grounds": [(g.code, g.label, _ground_note(g)) for g in list_grounds(content)],
        "note_hint": _note_hint(content),
        "is_loan": "借" in content.cause_name,
    }  # fmt: skip


def _ground_note(ground: courts.Ground) -> str:
    return f"{ground.article}{'；' + ground.hint if ground.hint else ''}"


def _note_hint(content: FilingContent) -> str:
    return "写明具体地点或者协议条款，例如“借条第 7 条约定出借人所在地法院管辖”“原告住北京市朝阳区……”"


def _chosen_court(content: FilingContent) -> courts.CourtInfo | None:
    try:
        return courts.get_court(court_id=content.court_id) if content.court_id is not None else None
    except NotFound:
        return None


def _chosen_cause(content: FilingContent) -> courts.CauseInfo | None:
    if not (content.cause_id.isascii() and content.cause_id.isdigit()):
        return None
    try:
        return courts.get_cause(cause_id=int(content.cause_id[:9]))
    except NotFound:
        return None


def _branch(word: str | None) -> dict[str, Any]:
    """Where the person is in the tree of causes: the way there and what lies below."""
    tree = {"branch": None if word is None else [], "leaves": courts.cause_tree()}
    if not (word and word.isascii() and word.isdigit() and len(word) < 9):
        return tree
    try:
        here: courts.CauseInfo | None = courts.get_cause(cause_id=int(word))
        leaves = courts.child_causes(parent_id=int(word))
    except NotFound:
        return tree
    way: list[courts.CauseInfo] = []
    while here is not None:
        way.insert(0, here)
        here = courts.get_cause(cause_id=here.parent_id) if here.parent_id else None
    return {"branch": way, "leaves": leaves}


def _court_warnings(look: Look, court: courts.CourtInfo | None, cause: courts.CauseInfo | None) -> list[Any]:
    if court is None or cause is None:
        return []
    return courts.court_warnings(
        level=court.level, kind=court.kind, province=court.province, city=court.city, path=cause.path,
        amount=look.claims.total or None,
    )  # fmt: skip


def _mediation(look: Look) -> dict[str, Any]:
    wills = (
        ("yes", shape.MEDIATION_WILLS["yes"], "登记立案后先由调解员调解，期间不交费"),
        ("no", shape.MEDIATION_WILLS["no"], "登记立案后直接转入审理"),
        ("unsure", shape.MEDIATION_WILLS["unsure"], "登记后由法院再次征求意见"),
    )
    return {"wills": wills}


def _parties(look: Look) -> dict[str, Any]:
    rows = []
    for party in look.content.parties:
        told = read_resident_id(party.id_number, today=look.today)
        text = f"按证件号码：{told.sex}，{told.birth_on:%Y-%m-%d} 出生" if told else ""
        rows.append({**party.model_dump(), "told": text, "optional": "" if party.side == "plaintiff" else "1"})
    return {
        "parties": rows,
        "sides": list(shape.SIDES.items()),
        "party_kinds": list(shape.PARTY_KINDS.items()),
        "id_kinds": list(ID_KINDS.items()),
        "sexes": [("男", "男"), ("女", "女")],
    }


def _agents(look: Look) -> dict[str, Any]:
    own = look.lawyer
    rows = [
        {**a.model_dump(), "verified": bool(own and a.lawyer_id == str(own.lawyer_id) and own.status == "active")}
        for a in look.content.agents
    ]
    parties = [
        (p.id, f"{shape.SIDES.get(p.side, '')}{p.name.strip() or '（未填姓名或者名称）'}") for p in look.content.parties
    ]
    return {
        "agents": rows,
        "party_choices": parties,
        "agent_kinds": [(str(kind), text) for kind, text in AGENT_KIND_LABELS.items()],
        "powers": (
            ("general", "一般授权", "代为参加诉讼，不能承认、放弃、变更请求，不能和解、反诉、上诉"),
            ("special", "特别授权", "须逐项写明；只写“全权代理”的，视为一般授权"),
        ),
        "special_powers": list(SPECIAL_POWERS.items()),
    }


def _claims(look: Look) -> dict[str, Any]:
    pairs = list(zip(look.content.claims, look.claims.rows, strict=True))
    return {"claims": pairs, "claim_kinds": list(shape.CLAIM_KINDS.items()), "fee": look.claims}


def _facts(look: Look) -> dict[str, Any]:
    return {}


def _evidence(look: Look) -> dict[str, Any]:
    content = look.content
    names = {str(upload.id): upload.filename for upload in look.uploads}
    slots = [slot for slot in required_slots(content) if slot.paper != "evidence"]
    files = file_rows(content, look.uploads)
    received = sum(f["state"] == "stored" for f in files if f["place"] != REMOVED)
    shown = sum(f["place"] != REMOVED for f in files)
    return {
        "files": files,
        "file_count": f"{shown} 个文件 · 已接收 {received} 个",
        "slots": slots,
        "evidence": [(e, [names[u] for u in e.upload_ids if u in names]) for e in content.evidence],
        "evidence_kinds": list(shape.EVIDENCE_KINDS.items()),
        "side": "filing/_slots.html",
        "side_label": "材料清单",
        "slot_rows": [_slot_row(slot, content) for slot in slots] + [_evidence_row(content)],
    }


def _slot_row(slot: Any, content: FilingContent) -> dict[str, Any]:
    count = len(content.files.get(slot.key, []))
    tone, word = ("ok", "齐全") if count else ("danger", "缺") if slot.required else ("mute", "未交")
    if not count and slot.paper == "evidence_list":
        tone, word = "info", "自动生成"
    return {"title": slot.title, "hint": slot.hint, "count": count, "tone": tone, "word": word}


def _evidence_row(content: FilingContent) -> dict[str, Any]:
    count = sum(len(line.upload_ids) for line in content.evidence)
    bare = sum(not line.upload_ids and line.kind != "statement" for line in content.evidence)
    tone, word = ("danger", f"{bare} 份缺文件") if bare else ("ok", "齐全") if content.evidence else ("danger", "缺")
    return {"title": "证据材料", "hint": "按证据目录编号", "count": count, "tone": tone, "word": word}


def file_rows(content: FilingContent, uploads: list[Any]) -> list[dict[str, Any]]:
    """The files of a draft as the upload box shows them: what the server knows, and where each is placed."""
    places = {u: f"evidence:{line.id}" for line in content.evidence for u in line.upload_ids}
    places |= {u: slot for slot, ids in content.files.items() for u in ids}
    return [
        {
            "id": str(u.id), "filename": u.filename, "size": u.declared_size, "offset": u.offset, "state": u.state,
            "pages": u.pages, "sm3": u.sm3, "sha256": u.sha256, "warnings": u.warnings, "refusal": u.refusal,
            "finished_at": u.finished_at.isoformat() if u.finished_at else None, "by": u.uploader,
            "place": places.get(str(u.id), ""),
        }
        for u in uploads
    ]  # fmt: skip


def _address(look: Look) -> dict[str, Any]:
    given = {address.party_id: address for address in look.content.service_addresses}
    rows = []
    for party in look.content.side("plaintiff"):
        first = ServiceAddress(
            party_id=party.id, recipient=party.name, mobile=party.phone, address=party.residence or party.address
        )
        rows.append({"row": given.get(party.id, first), "who": f"原告{party.name.strip() or '（未填姓名或者名称）'}"})
    return {"addresses": rows}


def _check(look: Look) -> dict[str, Any]:
    return {"fee": look.claims}


_PANELS: dict[str, Callable[[Look], dict[str, Any]]] = {
    "court": _court, "mediation": _mediation, "parties": _parties, "agents": _agents, "claims": _claims,
    "facts": _facts, "evidence": _evidence, "address": _address, "check": _check,
}  # fmt: skip
