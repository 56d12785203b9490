"""Filters of the wizard's pages."""

import datetime as dt
from collections.abc import Collection

from django import template

from lutong.domains.filing import content
from lutong.domains.filing.merging import is_open

register = template.Library()


@register.filter
def shut(path: str, opened: Collection[str] | None) -> bool:
    """Whether a correction notice leaves this field closed; nothing is closed in a draft."""
    return opened is not None and not is_open(path, opened=opened)


@register.filter
def at(prefix: object, name: object) -> str:
    """'parties.0' and 'name' → 'parties.0.name'"""
    return f"{prefix}.{name}"


@register.filter
def step_of(path: str) -> str:
    """The wizard step that shows a field."""
    found: str = content.step_of(path)
    return found if found != "check" else "court"


@register.filter
def instant(text: str) -> dt.datetime:
    """An instant that was kept in JSON."""
    return dt.datetime.fromisoformat(text)


@register.filter
def row_bad(errors: dict[str, str], prefix: str) -> bool:
    """Whether any field of a row shows an error."""
    return any(path.startswith(f"{prefix}.") for path in errors)
