"""Follow every link that a person meets, one page of each kind."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from tests.support.people import Person

NOT_PAGES = re.compile(r"\.(pdf|ics|csv|xlsx|zip|json|js|css)$|/logout/|^/static/|^/api/")
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.href)"


def crawl(person: Person, *, start: str = "/", most: int = 120) -> Iterator[str]:
    """Open one page of each route that links lead to, breadth first; answers each address while its page is open.

    Routes are told apart by the URL table and by the names of the query's fields. `most` bounds the visit.
    """
    waiting, known, seen = [start], {_kind(start)}, 0
    while waiting and seen < most:
        address = waiting.pop(0)
        try:
            person.go(address)
        except Error as error:
            if "Download is starting" in str(error):
                continue
            raise
        seen += 1
        person.page.wait_for_load_state("networkidle")
        found = _links(person.page, person.base)
        yield address
        for link in found:
            if _kind(link) not in known:
                known.add(_kind(link))
                waiting.append(link)


def _links(page: Page, base: str) -> list[str]:
    """The addresses of this product on the open page, without host and fragment, in their order."""
    paths = []
    for href in page.evaluate(LINKS):
        if not href.startswith(f"{base}/"):
            continue
        parts = urlsplit(href)
        if not NOT_PAGES.search(parts.path):
            paths.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return paths


def _kind(address: str) -> str:
    """What makes two addresses one kind of page."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    fields = sorted(re.findall(r"(?:^|&)([^=&]+)=", parts.query))
    return f"{route}?{'&'.join(fields)}"
