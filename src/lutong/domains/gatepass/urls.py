"""Addresses of the domain: `lawyer` below /gatepass/, `gate` below /gate/, `desk` below /desk/gate/."""

from django.urls import path

from lutong.domains.gatepass.pages import counter
from lutong.domains.gatepass.pages import desk as court
from lutong.domains.gatepass.pages import gate as tablet
from lutong.domains.gatepass.pages import lawyer as own

lawyer = [
    path("", own.code, name="gatepass"),
    path("history/", own.history, name="gatepass-history"),
    path("arrivals/<int:court_id>/<uuid:hearing_id>/", own.arrivals, name="gatepass-arrivals"),
]
gate = [
    path("", tablet.page, name="gate"),
    path("sw.js", tablet.worker, name="gate-worker"),
    path("manifest.webmanifest", tablet.manifest, name="gate-manifest"),
    path("sync", tablet.sync, name="gate-sync"),
    path("photos", tablet.photos, name="gate-photos"),
    path("verify", tablet.verify, name="gate-verify"),
]
desk = [
    path("", court.log, name="desk-gate"),
    path("devices/", court.devices, name="desk-gate-devices"),
    path("devices/<uuid:gate_id>/renew/", court.renew, name="desk-gate-renew"),
    path("devices/<uuid:gate_id>/revoke/", court.revoke, name="desk-gate-revoke"),
    path("venues/<uuid:venue_id>/", court.venue_step, name="desk-gate-venue"),
    path("counter/", counter.counter, name="desk-gate-counter"),
    path("counter/slip/", counter.issue, name="desk-gate-issue"),
    path("slips/<uuid:slip_id>/", counter.slip, name="desk-gate-slip"),
    path("hearings/<uuid:hearing_id>/arrivals/", court.arrivals, name="desk-gate-arrivals"),
]
