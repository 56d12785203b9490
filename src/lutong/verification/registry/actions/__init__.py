"""What may be done with the roll: enter decisions, take in reports, settle terms, sign officers in."""

from lutong.verification.registry.actions.deciding import (
    Decision,
    Newcomer,
    Origin,
    Preview,
    grant,
    preview,
    record_decision,
    register_firm,
)
from lutong.verification.registry.actions.officers import enrol_officer, enrol_window, sign_in, sign_out
from lutong.verification.registry.actions.reports import Outcome, enrol_bureau, retire_bureau_key, take_report
from lutong.verification.registry.actions.standing import note_live_check, settle_due
from lutong.verification.registry.actions.trail import look, record

__all__ = [
    "Decision", "Newcomer", "Origin", "Outcome", "Preview", "enrol_bureau", "enrol_officer", "enrol_window", "grant",
    "look", "note_live_check", "preview", "record", "record_decision", "register_firm", "retire_bureau_key",
    "settle_due", "sign_in", "sign_out", "take_report",
]  # fmt: skip
