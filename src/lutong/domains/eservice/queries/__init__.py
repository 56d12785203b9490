"""Reading deliveries."""

from lutong.domains.eservice.queries.deliveries import (
    MODES,
    STATES,
    consequences,
    count_waiting,
    get_delivery,
    has_been_served,
    items_of,
    list_court_deliveries,
    list_deliveries,
    served_documents,
    why_not_served,
)
from lutong.domains.eservice.queries.finality import finality_of
from lutong.domains.eservice.queries.inbox import (
    INBOX_TABS,
    list_inbox,
    unread_count,
    unsigned_count,
)

__all__ = [
    "INBOX_TABS",
    "MODES",
    "STATES",
    "consequences",
    "count_waiting",
    "finality_of",
    "get_delivery",
    "has_been_served",
    "items_of",
    "list_court_deliveries",
    "list_deliveries",
    "list_inbox",
    "served_documents",
    "unread_count",
    "unsigned_count",
    "why_not_served",
]
