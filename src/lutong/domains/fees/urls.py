"""Addresses of the domain: `lawyer` is included below /fees/, `desk` below /desk/fees/."""

from django.urls import URLPattern, path

from lutong.domains.fees.pages import bill, notice
from lutong.domains.fees.pages import desk as court

lawyer: list[URLPattern] = [
    path("<int:court_id>/<uuid:bill_id>/", bill.bill, name="bill"),
    path("<int:court_id>/<uuid:bill_id>/order/", bill.order, name="bill-order"),
    path("<int:court_id>/<uuid:bill_id>/refresh/", bill.refresh, name="bill-refresh"),
    path("notice/wechat/<int:court_id>", notice.wechat, name="fees-notice"),
]
desk: list[URLPattern] = [
    path("", court.index, name="desk-fees"),
    path("<uuid:bill_id>/", court.bill, name="desk-bill"),
    path("<uuid:bill_id>/refresh/", court.refresh, name="desk-bill-refresh"),
]
