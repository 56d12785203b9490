"""Reading the people of a court, for its administrators."""

from lutong.domains.staffing.queries.people import (
    MemberRow,
    count_open_proposals,
    find_invitation,
    find_member,
    get_import,
    get_member,
    holders,
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
    "MOST_ROWS",
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
    "list_invitations",
    "list_members",
    "list_proposals",
    "list_sessions",
    "list_tokens",
    "page_of_members",
    "read_rows",
    "rows_of",
]
