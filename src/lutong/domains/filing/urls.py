"""Addresses of the domain: `lawyer` is included below /filing/, `desk` below /desk/filings/."""

from django.urls import URLPattern, path

from lutong.domains.filing.pages import desk as pages
from lutong.domains.filing.pages import lists, options, passing, preparing, receipts, wizard

lawyer: list[URLPattern] = [
    path("", lists.index, name="filing"),
    path("new/", lists.start, name="filing-new"),
    path("options/courts/", options.court_options, name="filing-courts"),
    path("options/causes/", options.cause_options, name="filing-causes"),
    path("signed-in/", wizard.signed_in, name="filing-signed-in"),
    path("handover/", passing.choose, name="filing-handover"),
    path("offers/<uuid:offer_id>/", passing.offer, name="filing-offer"),
    path("offers/<uuid:offer_id>/take/", passing.take, name="filing-offer-take"),
    path("offers/<uuid:offer_id>/decline/", passing.decline, name="filing-offer-decline"),
    path("<uuid:draft_id>/", lists.show, name="filing-one"),
    path("<uuid:draft_id>/delete/", lists.delete, name="filing-delete"),
    path("<uuid:draft_id>/restore/", lists.restore, name="filing-restore"),
    path("<uuid:draft_id>/duplicate/", lists.duplicate, name="filing-duplicate"),
    path("<uuid:draft_id>/withdraw/", lists.withdraw, name="filing-withdraw"),
    path("<uuid:draft_id>/submit/", lists.submit, name="filing-submit"),
    path("<uuid:draft_id>/helpers/", preparing.helpers, name="filing-helpers"),
    path("<uuid:draft_id>/helpers/entrust/", preparing.entrust, name="filing-entrust"),
    path("<uuid:draft_id>/hand-back/", preparing.hand_back, name="filing-hand-back"),
    path("<uuid:draft_id>/send-back/", preparing.send_back, name="filing-send-back"),
    path("<uuid:draft_id>/receipt/", lists.receipt, name="filing-receipt"),
    path("<uuid:draft_id>/receipt.pdf", receipts.receipt_pdf, name="filing-receipt-pdf"),
    path("<uuid:draft_id>/papers/<slug:which>.pdf", receipts.paper_pdf, name="filing-paper"),
    path("<uuid:draft_id>/ticket/", wizard.ticket, name="filing-ticket"),
    path("<uuid:draft_id>/step/<slug:step>/", wizard.step, name="filing-step"),
    path("<uuid:draft_id>/step/<slug:step>/save/", wizard.save, name="filing-save"),
    path("<uuid:draft_id>/step/<slug:step>/merge/", wizard.merge, name="filing-merge"),
]
desk: list[URLPattern] = [
    path("", pages.queue, name="desk-filings"),
    path("next/", pages.take_next, name="desk-filing-next"),
    path("courts/", pages.courts, name="desk-filing-courts"),
    path("<uuid:filing_id>/", pages.show, name="desk-filing"),
    path("<uuid:filing_id>/marks/", pages.marks, name="desk-filing-marks"),
    path("<uuid:filing_id>/<slug:step>/", pages.act, name="desk-filing-act"),
]
