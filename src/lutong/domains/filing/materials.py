"""材料: which uploads become which papers of the court's file, in the order of the volume."""

import uuid
from dataclasses import dataclass

from lutong.domains.filing.content import FilingContent
from lutong.domains.filing.slots import required_slots

# Sort of paper (slots) → courts.DocumentCode; anything else is 其他.
DOCUMENT_KINDS = {
    "complaint": "complaint", "identity": "identity", "legal_rep": "identity", "agent_identity": "identity",
    "authority": "mandate", "firm_letter": "firm_letter", "licence": "lawyer_licence",
    "evidence_list": "evidence_list", "evidence": "evidence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """One upload with its kind, its title and its place in the volume."""

    upload_id: uuid.UUID
    kind: str
    title: str
    place: int


def materials_of(content: FilingContent) -> tuple[Material, ...]:
    """Every upload that goes to the court: the papers by slot, then the evidence by its list. Each upload once."""
    found: dict[uuid.UUID, Material] = {}

    def add(upload_ids: list[str], kind: str, title: str) -> None:
        for number, upload_id in enumerate(upload_ids, 1):
            key = uuid.UUID(upload_id)
            more = f"（{number}）" if len(upload_ids) > 1 else ""
            found.setdefault(key, Material(key, kind, f"{title}{more}"[:255], len(found) + 1))

    slots = required_slots(content)
    for slot in slots:
        if slot.paper not in ("evidence", "other"):
            add(content.files.get(slot.key, []), DOCUMENT_KINDS.get(slot.paper, "other"), slot.title)
    for place, line in enumerate(content.evidence, 1):
        add(line.upload_ids, "evidence", f"证据 {line.no.strip() or place}　{line.name.strip()}")
    for slot in slots:
        if slot.paper in ("evidence", "other"):
            add(content.files.get(slot.key, []), DOCUMENT_KINDS.get(slot.paper, "other"), slot.title)
    return tuple(found.values())
