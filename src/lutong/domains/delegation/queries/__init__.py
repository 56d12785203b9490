"""Reading assistants, grants and reviews; each side sees its own rows."""

from lutong.domains.delegation.queries.assistants import (
    claimable,
    free_places,
    get_assistant,
    get_engagement,
    list_assistants,
    list_engagements,
    review_lapses,
    roster_of,
    rosters_due,
    waiting_for_registry,
)
from lutong.domains.delegation.queries.grants import (
    entrusted_drafts,
    grants_in_case,
    grants_of,
    grants_of_draft,
    labels_of,
    list_grants,
    living_grants,
    preparing,
)
from lutong.domains.delegation.queries.handovers import get_handover, list_handovers, list_takeovers, successors
from lutong.domains.delegation.queries.team import Member, Team, team_of
from lutong.kernel.capabilities import CASE_CAPABILITIES, DRAFT_CAPABILITIES

__all__ = [
    "CASE_CAPABILITIES",
    "DRAFT_CAPABILITIES",
    "Member",
    "Team",
    "claimable",
    "entrusted_drafts",
    "free_places",
    "get_assistant",
    "get_engagement",
    "get_handover",
    "grants_in_case",
    "grants_of",
    "grants_of_draft",
    "labels_of",
    "list_assistants",
    "list_engagements",
    "list_grants",
    "list_handovers",
    "list_takeovers",
    "living_grants",
    "preparing",
    "review_lapses",
    "roster_of",
    "rosters_due",
    "successors",
    "team_of",
    "waiting_for_registry",
]
