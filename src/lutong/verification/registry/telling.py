"""How the roll is told outward: plain values of the licence port."""

from typing import Any

from django.conf import settings

from lutong.gateways.registry.port import EventKind, LicenceStatus
from lutong.verification.registry.models import Change
from lutong.verification.registry.queries import LicenceView
from lutong.verification.registry.rules import REMEDIES


def entry(view: LicenceView) -> dict[str, Any]:
    """A licence as `/v1` tells it; never the identity number, never the telephone."""
    return {
        "licence_no": view.number,
        "name": view.name,
        "sex": view.sex,
        "kind": view.kind,
        "firm_name": view.firm_name,
        "firm_uscc": view.firm_uscc,
        "firm_kind": view.firm_kind,
        "body_name": view.body_name,
        "province": view.province,
        "city": view.city,
        "status": view.status,
        "status_label": view.status.label,
        "status_reason": view.status_reason,
        "status_since": view.status_since.isoformat(),
        "remedy": REMEDIES[view.status],
        "scope": list(view.scope),
        "region": view.region,
        "supervisor_no": view.supervisor_no,
        "period_from": view.granted_on.isoformat() if view.period_to else None,
        "period_to": view.period_to.isoformat() if view.period_to else None,
        "assurance": "live" if view.assured_at else "registered",
        "assured_at": view.assured_at.isoformat() if view.assured_at else None,
        "assured_by": view.assured_by,
        "photo_url": f"{settings.LUTONG_VERIFICATION_URL}/photos/{view.photo}.png" if view.photo else "",
    }


def told_change(change: Change) -> dict[str, Any]:
    """One entry of the outward feed."""
    old, new = change.old_firm, change.new_firm
    return {
        "seq": change.seq,
        "licence_no": change.licence.number,
        "licence_kind": change.licence.kind,
        "kind": EventKind(change.kind),
        "status": LicenceStatus(change.status),
        "reason": change.reason,
        "since": change.since.isoformat(),
        "old_firm_uscc": old.uscc if old else "",
        "old_firm_name": old.name if old else "",
        "new_firm_uscc": new.uscc,
        "new_firm_name": new.name,
        "recorded_at": change.recorded_at.isoformat(),
    }
