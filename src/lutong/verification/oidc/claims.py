"""What an application is told of a person, by scope."""

from typing import Any

from lutong.gateways.registry.port import LicenceKind
from lutong.verification.registry.queries import LicenceView

CLAIMS = [
    "sub", "name", "licence_no", "kind", "kind_label", "category", "province", "bureau", "status", "status_label",
    "capacity", "supervisor_no", "firm", "firm_uscc", "body_name", "live_checked_at", "live_method",
    "acr", "amr", "auth_time", "sid",
]  # fmt: skip


def claims_of(*, licence: LicenceView, scopes: set[str], sub: str) -> dict[str, Any]:
    """The claims that the scopes open; `openid` alone opens the number only."""
    told: dict[str, Any] = {"sub": sub}
    if "licence" in scopes:
        told |= {
            "name": licence.name, "licence_no": licence.number, "kind": str(licence.kind),
            "kind_label": licence.kind.label, "category": category_of(licence.kind), "province": licence.province,
            "bureau": licence.bureau, "status": str(licence.status), "status_label": licence.status.label,
            "capacity": _capacity(licence),
        }  # fmt: skip
        if licence.supervisor_no:
            told["supervisor_no"] = licence.supervisor_no
    if "firm" in scopes:
        told |= {"firm": licence.firm_name, "firm_uscc": licence.firm_uscc}
        if licence.body_name:
            told["body_name"] = licence.body_name
    if "live" in scopes and licence.assured_at is not None:
        told["live_checked_at"] = int(licence.assured_at.timestamp())
        if licence.assured_by is not None:
            told["live_method"] = str(licence.assured_by)  # manual, face or counter
    return told


def category_of(kind: LicenceKind) -> str:
    """lawyer, trainee or grassroots: in what capacity the holder may act at all."""
    return str(kind) if kind in (LicenceKind.TRAINEE, LicenceKind.GRASSROOTS) else "lawyer"


def _capacity(licence: LicenceView) -> dict[str, Any]:
    """The capacity with what bounds it: scope and region of grassroots workers, the one body of public lawyers."""
    bounds: dict[str, Any] = {"category": category_of(licence.kind)}
    if licence.scope:
        bounds["scope"] = list(licence.scope)
    if licence.region:
        bounds["region"] = licence.region
    if licence.body_name:
        bounds["body_name"] = licence.body_name
    return bounds
