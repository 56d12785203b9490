"""Values that people and programs should not send, and a sweep that sends them into every form and operation."""

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.test import Client

MARK = "<script>lt('甲')</script><img src=x onerror=lt(1)>"
RAW = ("<script>lt(", "<img src=x onerror")  # what no page may contain
SQL = "x'); DROP TABLE filing_draft; --"
LONG = "长" * 350_000  # a megabyte in UTF-8
TEXTS = (
    "", "\x00", MARK, SQL, "🦊\u200d\U0010ffff", "\ud800", "\u202e\u0007\r\n", "-1", "9" * 400, "1e999", "NaN", "٣",
    "not-a-uuid", "2026-02-30", "0000-00-00", "99999-01-01T25:61", "null", "[]", "{}", "../../etc/passwd", "%s%s%n",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**40, 1e308, 0.1, [], {}, [[]], [None], {"a": {"b": []}}, [MARK] * 3, "\x00", MARK, SQL,
    "🦊\U0010ffff", "9" * 400, "2026-02-30", "not-a-uuid", str(uuid.UUID(int=0)), "x" * 100_000, list(range(2000)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knock:
    """One request and who sends it; `way` says in a word what is wrong with it."""

    method: str
    path: str
    body: bytes
    kind: str
    way: str
    headers: dict[str, str] = field(default_factory=dict)


def faults(client: Client, knocks: Iterable[Knock]) -> Iterator[str]:
    """Every answer that is a fault of ours: a 5xx, or our page with their markup in it. Nothing is kept."""
    cookies = client.cookies.copy()
    for knock in knocks:
        with transaction.atomic():
            answer = client.generic(
                knock.method, knock.path, knock.body, content_type=knock.kind, headers=knock.headers
            )
            yield from _judged(knock, answer)
            if answer.status_code < 400 and MARK[:10].encode() in knock.body:  # it was taken: look at it
                yield from _judged(knock, client.get(answer.get("Location") or _page_of(knock.path)))
            transaction.set_rollback(True)
        client.cookies = cookies.copy()


def _judged(knock: Knock, answer: Any) -> Iterator[str]:
    where = f"{knock.method} {knock.path[:120]} ({knock.way})"
    if answer.status_code >= 500:
        yield f"{answer.status_code} {where}"
    if "html" in answer.get("Content-Type", "") and any(raw.encode() in answer.content for raw in RAW):
        yield f"unescaped {where}"


def _page_of(path: str) -> str:
    """The page that shows what was sent to this address, near enough."""
    return re.sub(r"(save|merge|marks|delete)/$", "", path)


FORM = "application/x-www-form-urlencoded"


def form_body(fields: Iterable[tuple[str, str]]) -> bytes:
    """URL-encoded by hand, so that halves of characters and NUL travel, too."""

    def quoted(text: str) -> str:
        return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields).encode()


class Forms(HTMLParser):
    """The POST forms of a page with the values that a browser would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self._page, self._open = page, False
        self._choice: str | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        action = told.get("hx-post") or told.get("action") or self._page
        if tag == "form" and (told.get("method", "").lower() == "post" or "hx-post" in told):
            self.found.append((action, []))
            self._open = True
        elif "hx-post" in told and told["hx-post"] not in {path for path, _ in self.found}:
            self.found.append((told["hx-post"], list(self.found[-1][1]) if self._open else []))
        if not self._open or not told.get("name"):
            if tag == "option" and self._open and self._choice and "selected" in told:
                self._add(self._choice, told.get("value", ""))
            return
        if tag == "select":
            self._choice = told["name"]
        elif tag == "textarea":
            self._text = told["name"]
        elif tag == "button" or told.get("type") not in ("checkbox", "radio") or "checked" in told:
            self._add(told["name"], told.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._add(self._text, data)
            self._text = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select":
            if self._choice and self._choice not in dict(self.found[-1][1] if self.found else []):
                self._add(self._choice, "")
            self._choice = None
        elif tag == "textarea" and self._text is not None:
            self._add(self._text, "")
            self._text = None

    def _add(self, name: str, value: str) -> None:
        if self.found and name != "csrfmiddlewaretoken":
            self.found[-1][1].append((name, value))


def forms_of(page: str, html: str) -> list[tuple[str, list[tuple[str, str]]]]:
    parser = Forms(page)
    parser.feed(html)
    return parser.found


def worsened(path: str, fields: list[tuple[str, str]], *, every: bool) -> Iterator[Knock]:
    """The form with one field spoiled at a time, and with all; `every` tries all texts, else the next one in turn."""
    alike: dict[str, int] = {}  # of rows that repeat, the first stands for all
    for place, (name, _) in enumerate(fields):
        alike.setdefault(re.sub(r"\d+", "0", name), place)
    for text in TEXTS if every else TEXTS[::3]:
        yield Knock("POST", path, form_body((name, text) for name, _ in fields), FORM, f"all {text[:20]!r}")
    for turn, place in enumerate(alike.values()):
        for text in TEXTS if every else (TEXTS[turn % len(TEXTS)], MARK)[: 1 + turn % 2]:
            changed = [*fields[:place], (fields[place][0], text), *fields[place + 1 :]]
            yield Knock("POST", path, form_body(changed), FORM, f"{fields[place][0]}={text[:20]!r}")
    if fields:
        yield Knock("POST", path, form_body([*fields[:-1], (fields[-1][0], LONG)]), FORM, "a megabyte")
    yield Knock("POST", path, b"%ED%A0%80=%00&=&&&==%", FORM, "no form at all")
    torn = b"--x\r\nContent-Disposition: form-data"
    yield Knock("POST", path, torn, "multipart/form-data; boundary=x", "torn multipart")
    yield Knock("POST", path, b"\xff" * 2000, "text/plain; charset=none", "another kind")


def example(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Any:
    """Something that fits a JSON schema, so that one wrong field at a time goes deep."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rsplit("/", 1)[-1]], components, depth + 1)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return example(schema[union][0], components, depth)
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        return {name: example(one, components, depth + 1) for name, one in fields.items()} if depth < 6 else {}
    if kind == "array":
        return [example(schema.get("items", {}), components, depth + 1)] if depth < 5 else []
    if kind == "string":
        by_format = {"uuid": str(uuid.UUID(int=7)), "date": "2026-12-01", "date-time": "2026-12-01T02:00:00Z"}
        return by_format.get(schema.get("format", ""), "abcdefgh")
    return {"integer": 1, "number": 1.5, "boolean": True, "null": None}.get(str(kind), {})


def worsened_json(method: str, path: str, sound: Any, headers: dict[str, str], *, every: bool) -> Iterator[Knock]:
    """The body as a whole spoiled, then each of its fields."""

    def knock(body: Any, way: str) -> Knock:
        return Knock(method, path, json.dumps(body).encode(), "application/json", way, headers)

    yield knock(sound, "sound")
    for value in VALUES:
        yield knock(value, f"whole {str(value)[:20]!r}")
    for raw in (b"", b"{", b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 5000, b'{"a":1' * 2000, b'"\\u0000"'):
        yield Knock(method, path, raw, "application/json", f"raw {raw[:12]!r}", headers)
    if isinstance(sound, dict):
        for place, name in enumerate(sound):
            for value in VALUES if every else [VALUES[(place + step) % len(VALUES)] for step in (0, 3, 8, 13, 18)]:
                yield knock(sound | {name: value}, f"{name}={str(value)[:20]!r}")
