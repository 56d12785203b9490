"""逐项补正: which fields an item of the check list opens, when it was a person who found it wanting."""

from collections.abc import Iterator

from lutong.domains.filing.checks.report import CHECKS
from lutong.domains.filing.content import STEP_FIELDS, FilingContent
from lutong.domains.filing.slots import required_slots

# The court stays: a filing belongs to the court that received it; another one is a matter of 告知向其他法院起诉.
_NEVER = {"court_id", "court_name"}
_FIELDS = {
    "ZT-04": ("facts", "reasons"),
    "GX-01": ("jurisdiction_ground", "jurisdiction_note", "contract_on"),
    "GX-02": ("claims",),
    "AY-01": ("cause_id", "cause_name", "contract_on"),
    "WJ-01": ("files.complaint",),
    "SD-01": ("service_addresses",),
    "TF-01": ("refund_account",),
}


def opened_by(*, code: str, content: FilingContent, found: list[str]) -> list[str]:
    """The field paths that a notice opens for one item: those `found` by the machine, and all that the item is about.

    What the clerk asks in his sentence may go beyond what the machine saw, but never beyond the item.
    Law: 登记立案规定第七条 (一次性告知).
    """
    about = [*found, *(_about(code, content) or STEP_FIELDS[CHECKS[code].step])]
    return [path for path in dict.fromkeys(about) if path not in _NEVER]


def _about(code: str, content: FilingContent) -> list[str]:
    if code in ("ZT-01", "DL-02", "DL-03"):
        return list(_papers(code, content))
    if code == "ZT-02":
        return _party_rows(content, {"plaintiff"})
    if code == "ZT-03":
        return _party_rows(content, {"defendant", "third"})
    return list(_FIELDS.get(code, ()))


def _party_rows(content: FilingContent, sides: set[str]) -> list[str]:
    return [f"parties.{place}" for place, party in enumerate(content.parties) if party.side in sides]


def _papers(code: str, content: FilingContent) -> Iterator[str]:
    """The slots for the papers of the plaintiffs, of the powers, or of the counsel."""
    for slot in required_slots(content):
        of_plaintiff = bool(slot.party_id) and slot.required
        power = slot.paper == "authority"
        if {"ZT-01": of_plaintiff, "DL-02": power, "DL-03": bool(slot.agent_id) and not power}[code]:
            yield f"files.{slot.key}"
    if code == "DL-02":
        for place, _ in enumerate(content.agents):
            yield from (f"agents.{place}.{field}" for field in ("powers", "special_powers", "wording"))
