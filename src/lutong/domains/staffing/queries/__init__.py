"""Reading the people of a court, for its administrators."""

from lutong.domains.staffing.queries.locks import MOST as MOST_LOCKS
from lutong.domains.staffing.queries.locks import Frozen, Lock, list_frozen, list_lifts, list_locks
from lutong.domains.staffing.queries.people import (
    MemberRow,
    count_open_proposals,
    find_invitation,
    find_member,
    get_import,
    get_member,
    holders,
    list_imports,
    list_invitations,
    list_members,
    list_proposals,
    list_sessions,
    list_tokens,
    page_of_members,
    rows_of,
)
from lutong.domains.staffing.rules import COLUMNS, LABELS, MOST_ROWS, Person, Provisioned, harmless, read_rows

__all__ = [
    "COLUMNS",
    "LABELS",
    "MOST_LOCKS",
    "MOST_ROWS",
    "Frozen",
    "Lock",
    "MemberRow",
    "Person",
    "Provisioned",
    "count_open_proposals",
    "find_invitation",
    "find_member",
    "get_import",
    "get_member",
    "harmless",
    "holders",
    "list_frozen",
    "list_imports",
    "list_invitations",
    "list_lifts",
    "list_locks",
    "list_members",
    "list_proposals",
    "list_sessions",
    "list_tokens",
    "page_of_members",
    "read_rows",
    "rows_of",
]
