"""Reading deliveries."""

from lutong.domains.eservice.queries.deliveries import (
    MODES,
    STATES,
    consequences,
    count_waiting,
    get_delivery,
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
from lutong.domains.eservice.queries.offer import Offer, offer_of
from lutong.domains.eservice.rules import SIGNERS
from lutong.domains.eservice.states import DATES, FLAGS

__all__ = [
    "DATES",
    "FLAGS",
    "INBOX_TABS",
    "MODES",
    "SIGNERS",
    "STATES",
    "Offer",
    "consequences",
    "count_waiting",
    "finality_of",
    "get_delivery",
    "items_of",
    "list_court_deliveries",
    "list_deliveries",
    "list_inbox",
    "offer_of",
    "served_documents",
    "unread_count",
    "unsigned_count",
    "why_not_served",
]
