"""Acts upon gates; each module is one family of use cases."""

from lutong.domains.gatepass.actions.codes import IssuedCode, issue_code
from lutong.domains.gatepass.actions.counter import CardCheck, check_card, issue_slip
from lutong.domains.gatepass.actions.gates import add_device, add_venue, change_venue, renew_device, revoke_device
from lutong.domains.gatepass.actions.retention import forget_old_scans
from lutong.domains.gatepass.actions.scans import LateScan, take_late_scans, verify

__all__ = [
    "CardCheck", "IssuedCode", "LateScan", "add_device", "add_venue", "change_venue", "check_card", "forget_old_scans",
    "issue_code", "issue_slip", "renew_device", "revoke_device", "take_late_scans", "verify",
]  # fmt: skip
