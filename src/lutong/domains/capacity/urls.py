"""Addresses of the domain, included below /practice/."""

from django.urls import URLPattern, path

from lutong.domains.capacity.pages import conflicts, declaration

lawyer: list[URLPattern] = [
    path("declaration/", declaration.declaration, name="declaration"),
    path("declaration/court/", declaration.court, name="declaration-court"),
    path("conflicts/", conflicts.index, name="conflicts"),
    path("conflicts/<uuid:check_id>/", conflicts.show, name="conflict"),
]
