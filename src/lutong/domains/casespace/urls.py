"""Addresses of the domain: `lawyer` is included at the root, `desk` below /desk/cases/."""

from django.urls import URLPattern, path

from lutong.domains.casespace.pages import case, home, lists
from lutong.domains.casespace.pages import desk as court

lawyer: list[URLPattern] = [
    path("", home.home, name="home"),
    path("cases/", lists.index, name="cases"),
    path("cases/export.csv", lists.export, name="cases-export"),
    path("cases/<int:court_id>/<uuid:case_id>/", case.show, name="case"),
    path("cases/<int:court_id>/<uuid:case_id>/<slug:tab>/", case.show, name="case-tab"),
]
desk: list[URLPattern] = [
    path("", court.index, name="desk-cases"),
    path("search/", court.search, name="desk-search"),
    path("<uuid:case_id>/", court.show, name="desk-case"),
    path("<uuid:case_id>/do/<slug:step>/", court.act, name="desk-case-act"),
    path("<uuid:case_id>/<slug:tab>/", court.show, name="desk-case-tab"),
]
