"""The administrators' acts: people, proposals, invitations, imports, sessions and tokens."""

from lutong.domains.staffing.actions.founding import adopt, found_administrators
from lutong.domains.staffing.actions.freezes import lift_freeze, on_password_frozen, renew_password
from lutong.domains.staffing.actions.importing import (
    cancel_import,
    enter_next,
    keep_import,
    start_import,
    starter_of,
    take_faults,
)
from lutong.domains.staffing.actions.inviting import give_code, give_link, redeem
from lutong.domains.staffing.actions.locks import lift_pause, take_locks
from lutong.domains.staffing.actions.members import change, disable, enable, end_post, enrol, take_export
from lutong.domains.staffing.actions.proposals import decide, propose, withdraw
from lutong.domains.staffing.actions.provisioning import provision, reprovision
from lutong.domains.staffing.actions.sessions import end_sessions
from lutong.domains.staffing.actions.tokens import issue_token, program_of, revoke_token

__all__ = [
    "adopt",
    "cancel_import",
    "change",
    "decide",
    "disable",
    "enable",
    "end_post",
    "end_sessions",
    "enrol",
    "enter_next",
    "found_administrators",
    "give_code",
    "give_link",
    "issue_token",
    "keep_import",
    "lift_freeze",
    "lift_pause",
    "on_password_frozen",
    "program_of",
    "propose",
    "provision",
    "redeem",
    "renew_password",
    "reprovision",
    "revoke_token",
    "start_import",
    "starter_of",
    "take_export",
    "take_faults",
    "take_locks",
    "withdraw",
]
