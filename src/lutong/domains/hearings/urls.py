"""Addresses of the domain: `lawyer` is included below the lawyer's side, `desk` below /desk/."""

from django.urls import path

from lutong.domains.hearings.pages import calendar, own, schedule
from lutong.domains.hearings.pages import desk as board

lawyer = [
    path("", calendar.index, name="calendar"),
    path("download.ics", calendar.download, name="calendar-download"),
    path("feed/open/", calendar.open_feed, name="calendar-feed-open"),
    path("feed/close/", calendar.close_feed, name="calendar-feed-close"),
    path("feed/<int:lawyer_id>/<str:token>.ics", calendar.feed, name="calendar-feed"),
    path("own/", own.own_events, name="calendar-own-all"),
    path("own/new/", own.add_own, name="calendar-own-new"),
    path("own/<uuid:event_id>/", own.change_own, name="calendar-own"),
    path("own/<uuid:event_id>/remove/", own.remove_own, name="calendar-own-remove"),
    path("own/<uuid:event_id>/proof/", own.proof, name="calendar-own-proof"),
    path("own/proof-ticket/<uuid:key>/", own.proof_ticket, name="calendar-own-ticket"),
    path("<slug:view>/", calendar.index, name="calendar-view"),
]
desk = [
    path("", board.board, name="desk-calendar"),
    path("new/", schedule.new, name="desk-calendar-new"),
    path("preview/", schedule.preview, name="desk-calendar-preview"),
    path("free/", schedule.free, name="desk-calendar-free"),
    path("rooms/", board.rooms, name="desk-rooms"),
    path("<uuid:hearing_id>/", board.hearing, name="desk-hearing"),
    path("<uuid:hearing_id>/move/", schedule.move, name="desk-hearing-move"),
    path("<uuid:hearing_id>/cancel/", board.act, {"step": "cancel"}, name="desk-hearing-cancel"),
    path("<uuid:hearing_id>/hold/", board.act, {"step": "hold"}, name="desk-hearing-hold"),
]
