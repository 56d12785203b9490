"""Looking at hearings and calendars; each module is one family of questions."""

from lutong.domains.hearings.models import Hearing
from lutong.domains.hearings.queries.calendar import (
    count_own_events,
    feed_token_of,
    get_own_event,
    lawyer_of_feed,
    my_calendar,
    my_days,
    my_own_events,
)
from lutong.domains.hearings.queries.clashes import (
    ClashNote,
    OpenClash,
    clashes_of_hearing,
    count_open_clashes,
    open_clashes,
)
from lutong.domains.hearings.queries.desk import (
    DayCell,
    busy_at,
    get_courtroom,
    hearing_kinds,
    list_board,
    list_courtrooms,
    list_on_day,
    may_keep_rooms,
    may_schedule,
)
from lutong.domains.hearings.queries.hearings import (
    StripBar,
    day_strip,
    get_hearing,
    list_hearings,
    next_hearing,
    open_steps,
)
from lutong.domains.hearings.queries.proposals import Proposal, cautions_for, free_slots, preview_clashes

__all__ = [
    "ClashNote", "DayCell", "Hearing", "OpenClash", "Proposal", "StripBar", "busy_at", "cautions_for",
    "clashes_of_hearing", "count_open_clashes", "count_own_events", "day_strip", "feed_token_of", "free_slots",
    "get_courtroom", "get_hearing", "get_own_event", "hearing_kinds", "lawyer_of_feed", "list_board",
    "list_courtrooms", "list_hearings", "list_on_day", "may_keep_rooms", "may_schedule", "my_calendar", "my_days",
    "my_own_events", "next_hearing", "open_clashes", "open_steps", "preview_clashes",
]  # fmt: skip
