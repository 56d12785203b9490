"""Acts of delegation; each module is one family of use cases."""

from lutong.domains.delegation.actions.drafting import allow_draft, end_draft_grants, rename_draft
from lutong.domains.delegation.actions.ending import (
    end_assistant,
    end_for_person,
    end_of_lawyer,
    leave,
    on_firm_changed,
    on_standing_changed,
    suspend_for_lawyer,
)
from lutong.domains.delegation.actions.engaging import act_for, claim_invitations
from lutong.domains.delegation.actions.granting import Terms, allow, on_counsel_left, revoke, revoke_all
from lutong.domains.delegation.actions.handover import keep_case, note_papers, on_counsel_joined, pass_case
from lutong.domains.delegation.actions.inviting import (
    accept,
    decline,
    invite,
    take_place,
    verify,
    verify_again,
    verify_waiting,
)
from lutong.domains.delegation.actions.reviewing import confirm_review, remind_of_reviews
from lutong.domains.delegation.actions.roster import platform_for

__all__ = [
    "Terms",
    "accept",
    "act_for",
    "allow",
    "allow_draft",
    "claim_invitations",
    "confirm_review",
    "decline",
    "end_assistant",
    "end_draft_grants",
    "end_for_person",
    "end_of_lawyer",
    "invite",
    "keep_case",
    "leave",
    "note_papers",
    "on_counsel_joined",
    "on_counsel_left",
    "on_firm_changed",
    "on_standing_changed",
    "pass_case",
    "platform_for",
    "remind_of_reviews",
    "rename_draft",
    "revoke",
    "revoke_all",
    "suspend_for_lawyer",
    "take_place",
    "verify",
    "verify_again",
    "verify_waiting",
]
