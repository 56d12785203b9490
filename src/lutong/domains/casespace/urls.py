"""Addresses of the domain: `lawyer` is included at the root, `desk` below /desk/cases/, the claims below their own."""

from django.urls import URLPattern, path

from lutong.domains.casespace.pages import (
    case,
    handing,
    handover,
    home,
    lists,
    powers,
    powers_desk,
    representation,
    representation_desk,
    service_points,
    supervision,
)
from lutong.domains.casespace.pages import desk as court

lawyer: list[URLPattern] = [
    path("", home.home, name="home"),
    path("assistants/handover/", handover.index, name="handover"),
    path("cases/", lists.index, name="cases"),
    path("cases/export.csv", lists.export, name="cases-export"),
    path("cases/<int:court_id>/<uuid:case_id>/", case.show, name="case"),
    path("cases/<int:court_id>/<uuid:case_id>/hand-in/", handing.hand_in, name="case-hand-in"),
    path("cases/<int:court_id>/<uuid:case_id>/hand-in/ticket", handing.ticket, name="case-hand-in-ticket"),
    path("cases/<int:court_id>/<uuid:case_id>/powers/", powers.powers, name="case-powers"),
    path("cases/<int:court_id>/<uuid:case_id>/powers/ticket", powers.ticket, name="case-powers-ticket"),
    path(
        "cases/<int:court_id>/<uuid:case_id>/powers/<uuid:change_id>/withdraw/",
        powers.withdraw,
        name="case-powers-withdraw",
    ),
    path("cases/<int:court_id>/<uuid:case_id>/<slug:tab>/", case.show, name="case-tab"),
]
desk: list[URLPattern] = [
    path("", court.index, name="desk-cases"),
    path("search/", court.search, name="desk-search"),
    path("<uuid:case_id>/", court.show, name="desk-case"),
    path("<uuid:case_id>/urgent/", supervision.open_urgently, name="desk-case-urgent"),
    path("<uuid:case_id>/notes/write/", court.write_note, name="desk-case-note"),
    path("<uuid:case_id>/do/<slug:step>/", court.act, name="desk-case-act"),
    path("<uuid:case_id>/<slug:tab>/", court.show, name="desk-case-tab"),
]
representations: list[URLPattern] = [
    path("", representation.index, name="representation"),
    path("court/", representation.court, name="representation-court"),
    path("ticket/<uuid:key>/", representation.ticket, name="representation-ticket"),
]
desk_urgent: list[URLPattern] = [
    path("", supervision.index, name="desk-urgent"),
    path("<uuid:access_id>/<slug:step>/", supervision.review, name="desk-urgent-review"),
]
desk_service: list[URLPattern] = [
    path("lookup/", service_points.look_up, name="desk-lookup"),
    path("hall/", service_points.hall, name="desk-hall"),
]
desk_representations: list[URLPattern] = [
    path("", representation_desk.index, name="desk-representations"),
    path("changes/<uuid:change_id>/", powers_desk.show, name="desk-powers"),
    path("changes/<uuid:change_id>/<slug:step>/", powers_desk.act, name="desk-powers-act"),
    path("<uuid:representation_id>/", representation_desk.show, name="desk-representation"),
    path("<uuid:representation_id>/<slug:step>/", representation_desk.act, name="desk-representation-act"),
]
