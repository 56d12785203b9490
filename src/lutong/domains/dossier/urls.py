"""Addresses of the domain: `lawyer` is included below /dossier/ (staff read there, too), `desk` below /desk/."""

from django.urls import URLPattern, path

from lutong.domains.dossier.pages import bundle, reader
from lutong.domains.dossier.pages import desk as volume_desk

_DOCUMENT = "<int:court_id>/<uuid:document_id>/"
_CASE = "<int:court_id>/case/<uuid:case_id>/"

lawyer: list[URLPattern] = [
    path(_DOCUMENT, reader.show, name="document"),
    path(f"{_DOCUMENT}pages/", reader.pages, name="document-pages"),
    path(f"{_DOCUMENT}pages/<int:number>/<slug:size>", reader.page, name="document-page"),
    path(f"{_DOCUMENT}file/<slug:copy>", reader.file, name="document-file"),
    path(f"{_DOCUMENT}pdf/", reader.pdf, name="document-pdf"),
    path(f"{_DOCUMENT}state", reader.state, name="document-state"),
    path(f"{_DOCUMENT}want", reader.want, name="document-want"),
    path(f"{_DOCUMENT}print", reader.printing, name="document-print"),
    path(f"{_CASE}volume/", volume_desk.more, name="case-volume"),
    path(f"{_CASE}bundle/", bundle.show, name="case-bundle"),
    path("<int:court_id>/bundle/<uuid:bundle_id>/file", bundle.take, name="case-bundle-file"),
]
desk: list[URLPattern] = [
    path("<uuid:case_id>/", volume_desk.show, name="desk-volume"),
    path("<uuid:case_id>/arrange/", volume_desk.arrange, name="desk-volume-arrange"),
    path("<uuid:case_id>/ticket", volume_desk.ticket, name="desk-volume-ticket"),
    path("<uuid:case_id>/papers/", volume_desk.add, name="desk-volume-add"),
]
