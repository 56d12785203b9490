"""Arranging hearings, courtrooms, and the lawyer's own calendar; each module is one family of use cases."""

from lutong.domains.hearings.actions.calendars import follow_counsel, leave_calendar
from lutong.domains.hearings.actions.feed import close_feed, open_feed
from lutong.domains.hearings.actions.own_events import (
    add_own_event,
    add_own_event_once,
    change_own_event,
    remove_own_event,
)
from lutong.domains.hearings.actions.rooms import add_courtroom, change_courtroom
from lutong.domains.hearings.actions.scheduling import cancel, hold, reschedule, schedule

__all__ = [
    "add_courtroom", "add_own_event", "add_own_event_once", "cancel", "change_courtroom", "change_own_event",
    "close_feed", "follow_counsel", "hold", "leave_calendar", "open_feed", "remove_own_event", "reschedule", "schedule",
]  # fmt: skip
