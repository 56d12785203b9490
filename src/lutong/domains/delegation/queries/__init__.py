"""Reading assistants, grants and reviews; each side sees its own rows."""

from lutong.domains.delegation.queries.assistants import (
    claimable,
    free_places,
    get_assistant,
    get_engagement,
    list_assistants,
    list_engagements,
    roster_of,
    rosters_due,
)
from lutong.domains.delegation.queries.grants import (
    CAPABILITIES,
    grants_in_case,
    grants_of,
    list_grants,
    living_grants,
)

__all__ = [
    "CAPABILITIES",
    "claimable",
    "free_places",
    "get_assistant",
    "get_engagement",
    "grants_in_case",
    "grants_of",
    "list_assistants",
    "list_engagements",
    "list_grants",
    "living_grants",
    "roster_of",
    "rosters_due",
]
