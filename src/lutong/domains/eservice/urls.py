"""Addresses of the domain: `lawyer` is included below /service/, `desk` below /desk/deliveries/."""

from django.urls import URLPattern, path

from lutong.domains.eservice.pages import desk as court
from lutong.domains.eservice.pages import inbox

lawyer: list[URLPattern] = [
    path("", inbox.index, name="service"),
    path("sign-all/", inbox.sign_all, name="service-sign-all"),
    path("<int:court_id>/<uuid:delivery_id>/", inbox.show, name="service-one"),
    path("<int:court_id>/<uuid:delivery_id>/sign/", inbox.sign, name="service-sign"),
    path("<int:court_id>/<uuid:delivery_id>/zip/", inbox.take_all, name="service-zip"),
]
desk: list[URLPattern] = [
    path("", court.index, name="desk-deliveries"),
    path("new/<uuid:case_id>/", court.compose, name="desk-delivery-new"),
    path("close/<uuid:case_id>/", court.close, name="desk-delivery-close"),
    path("<uuid:delivery_id>/", court.show, name="desk-delivery"),
    path("<uuid:delivery_id>/record/", court.record, name="desk-delivery-record"),
    path("<uuid:delivery_id>/fail/", court.fail, name="desk-delivery-fail"),
]
