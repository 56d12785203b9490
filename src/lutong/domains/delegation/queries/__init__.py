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
)
from lutong.domains.delegation.queries.grants import (
    CAPABILITIES,
    grants_in_case,
    grants_of,
    labels_of,
    list_grants,
    living_grants,
)
from lutong.domains.delegation.queries.handovers import get_handover, list_handovers, list_takeovers, successors
from lutong.domains.delegation.queries.team import Member, Team, team_of

__all__ = [
    "CAPABILITIES",
    "Member",
    "Team",
    "claimable",
    "free_places",
    "get_assistant",
    "get_engagement",
    "get_handover",
    "grants_in_case",
    "grants_of",
    "labels_of",
    "list_assistants",
    "list_engagements",
    "list_grants",
    "list_handovers",
    "list_takeovers",
    "living_grants",
    "review_lapses",
    "roster_of",
    "rosters_due",
    "successors",
    "team_of",
]
