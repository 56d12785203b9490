"""签署: what only the lawyer himself confirms in a filing; his assistant fills in all the rest.

Law: 民事诉讼法第九十条 (经受送达人同意), 民诉法解释第一百三十七条 (送达地址确认), 意见第十四条第一款.
"""

from typing import Any

CONSENT = "electronic"  # whether court papers may come electronically
SIGNATURES = ("consent_judgment_e_service", "agreed")


def unsigned(new: dict[str, Any], *, old: dict[str, Any]) -> dict[str, Any]:
    """What an assistant wrote, with every confirmation as the lawyer left it.

    An address that he changed is no longer the one that was confirmed: its signature is gone until the lawyer gives
    it anew.
    """
    before = {row.get("party_id"): row for row in old.get("service_addresses", [])}
    rows = [_unsigned_row(row, before.get(row.get("party_id"), {})) for row in new.get("service_addresses", [])]
    return {**new, "mediation_told": old.get("mediation_told", False), "service_addresses": rows}


def _unsigned_row(row: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    row = {**row, CONSENT: before.get(CONSENT, False)}
    same = all(row.get(key) == before.get(key) for key in row if key not in SIGNATURES)
    return row | {key: before.get(key, False) if same else False for key in SIGNATURES}
