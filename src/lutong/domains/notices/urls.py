"""Addresses of the notices."""

from django.urls import path

from lutong.domains.notices import pages

urlpatterns = [
    path("", pages.index, name="notices"),
    path("read/", pages.read, name="notices-read"),
    path("<uuid:notice_id>/", pages.follow, name="notice"),
]
