"""The calendar as an iCalendar file (RFC 5545): times, courts and rooms, never parties or case numbers."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from icalendar import Calendar, Event

REFRESH = dt.timedelta(hours=1)


def write(*, entries: Iterable[Any], name: str) -> bytes:
    """The file that calendars on phones and computers subscribe to."""
    calendar = Calendar()
    calendar.add("prodid", "-//lutong//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Any) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@lutong")
    event.add("dtstamp", entry.scheduled_at.astimezone(dt.UTC))
    event.add("sequence", entry.version - 1)
    event.add("dtstart", entry.starts_at.astimezone(dt.UTC))
    event.add("dtend", entry.ends_at.astimezone(dt.UTC))
    if entry.court_id is None:
        event.add("summary", "自行添加的日程")
        return event
    court = entry.place.split(" · ")[0]
    event.add("summary", f"{entry.title} · {court}")
    event.add("location", entry.place.replace(" · ", " "))
    return event
