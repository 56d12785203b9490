"""Addresses of the domain: `lawyer` is included below /filing/, `desk` below /desk/filings/."""

from django.urls import URLPattern, path

from lutong.domains.filing.pages import desk as pages

lawyer: list[URLPattern] = []
desk: list[URLPattern] = [
    path("", pages.queue, name="desk-filings"),
    path("next/", pages.take_next, name="desk-filing-next"),
    path("courts/", pages.courts, name="desk-filing-courts"),
    path("<uuid:filing_id>/", pages.show, name="desk-filing"),
    path("<uuid:filing_id>/marks/", pages.marks, name="desk-filing-marks"),
    path("<uuid:filing_id>/<slug:step>/", pages.act, name="desk-filing-act"),
]
