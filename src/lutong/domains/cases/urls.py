"""Addresses of the domain: `lawyer` is included below the lawyer's side, `desk` below /desk/."""

from django.urls import URLPattern

lawyer: list[URLPattern] = []
desk: list[URLPattern] = []
