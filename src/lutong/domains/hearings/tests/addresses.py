"""The product's addresses, and plain ones for the names of the frame that are not there yet."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.urls.resolvers import URLPattern

from lutong.site.urls import handler404 as handler404
from lutong.site.urls import urlpatterns as product

FRAME = (
    "home", "cases", "filing", "service", "account", "desk-filings", "desk-cases", "desk-deliveries",
    "desk-representations", "desk-search",
)  # fmt: skip


def _names(patterns: list) -> set[str]:  # type: ignore[type-arg]
    found = set()
    for pattern in patterns:
        found |= {pattern.name} if isinstance(pattern, URLPattern) else _names(pattern.url_patterns)
    return found


def _blank(request: HttpRequest, **more: object) -> HttpResponse:
    return HttpResponse()


_missing = set(FRAME) - _names(product)
urlpatterns = [*product, *(path(f"blank/{name}/", _blank, name=name) for name in sorted(_missing))]
