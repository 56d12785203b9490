"""The permission matrix of a product: every route, every method, every kind of person, over HTTP.

Each product keeps its table (`matrix.toml`) and says in a function who is to get what; walking, asking and reading
the answers is the same for all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Wanted = Callable[[str, str, str], str]  # pattern, method, who → 401 as "login", "open", or the status


@dataclass(frozen=True)
class Matrix:
    """The table of one product, and what differs in how it is asked."""

    table: Mapping[str, Any]
    doors: tuple[str, ...]  # where pages send visitors to sign in
    programs: str  # beginning of the addresses that answer programs and are asked by every method
    onlookers: tuple[str, ...]  # who tries methods that no row names
    query: str = ""  # what programs always send along

    def listed(self) -> set[str]:
        """The routes that have a row."""
        return {pattern for method in METHODS for pattern in self.table.get(method, {})}

    def address(self, pattern: str, things: Mapping[str, object]) -> str:
        """The pattern with the things of a world in it."""
        parameters = self.table["parameters"]

        def value(hit: re.Match[str]) -> str:
            name, own = hit[1], parameters.get(pattern, {})
            if name in own:
                return str(things.get(own[name], own[name]))
            return str(things[name] if name in things else parameters["any"][name])

        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, pattern)
        return path + self.query if pattern.startswith(self.programs) else path

    def ask(self, client: Client, method: str, path: str, form: str = "") -> tuple[int, str]:
        """Status and where it sends; whatever the request did is undone, signing out included."""
        cookies = client.cookies.copy()
        with transaction.atomic():
            if path.startswith(f"/{self.programs}"):
                answer = client.generic(method, path, "{}", content_type="application/json")
            else:
                answer = client.generic(method, path, form, content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        client.cookies = cookies
        return answer.status_code, answer.get("Location", "")

    def verdict(self, status: int, location: str) -> str:
        """The answer in the words of the table."""
        if status == 401 or (status == 302 and location.startswith(self.doors)):
            return "login"
        if status in (403, 404, 405):
            return str(status)
        return f"fault {status}" if status >= 500 else "open"

    def wrong(
        self, found: list[str], clients: Mapping[str, Client], things: Mapping[str, object], wanted: Wanted
    ) -> Iterator[str]:
        """Every answer that is not the one of the table."""
        for pattern in found:
            for method in METHODS if pattern.startswith(self.programs) else METHODS[:2]:
                listed = pattern in self.table[method]
                if not listed and self.table["GET"].get(pattern) == "public":
                    continue  # plain pages answer any method alike
                path, form = self.address(pattern, things), self.table.get("forms", {}).get(pattern, "")
                for who in clients if listed else self.onlookers:
                    got = self.verdict(*self.ask(clients[who], method, path, form))
                    want = wanted(pattern, method, who)
                    if got != want and (listed or got not in ("404", "login", "403")):
                        yield f"{method} {pattern} by {who}: {got}, not {want}"


def patterns() -> Iterator[str]:
    """Every address of the product, as its pattern."""

    def walk(found: Any, prefix: str) -> Iterator[str]:
        for one in found:
            text = prefix + str(one.pattern)
            if isinstance(one, URLPattern):
                yield text
            else:
                yield from walk(one.url_patterns, text)

    yield from dict.fromkeys(walk(get_resolver().url_patterns, ""))
