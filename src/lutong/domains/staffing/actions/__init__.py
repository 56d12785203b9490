"""The administrators' acts: people, proposals, invitations, imports, sessions and tokens."""

from lutong.domains.staffing.actions.founding import adopt, found_administrators
from lutong.domains.staffing.actions.importing import keep_import, run_import
from lutong.domains.staffing.actions.inviting import give_code, give_link, redeem
from lutong.domains.staffing.actions.members import change, disable, enable, end_post, enrol, take_export
from lutong.domains.staffing.actions.proposals import decide, propose, withdraw
from lutong.domains.staffing.actions.provisioning import provision, reprovision
from lutong.domains.staffing.actions.sessions import end_sessions
from lutong.domains.staffing.actions.tokens import issue_token, program_of, revoke_token

__all__ = [
    "adopt",
    "change",
    "decide",
    "disable",
    "enable",
    "end_post",
    "end_sessions",
    "enrol",
    "found_administrators",
    "give_code",
    "give_link",
    "issue_token",
    "keep_import",
    "program_of",
    "propose",
    "provision",
    "redeem",
    "reprovision",
    "revoke_token",
    "run_import",
    "take_export",
    "withdraw",
]
