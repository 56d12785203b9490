"""Filters of the pages. Django's zh-hans locale groups digits by four, court papers by three."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template

from lutong.kernel.clock import BEIJING
from lutong.kernel.money import Fen
from lutong.kernel.stepup import waiting_for

register = template.Library()
WEEKDAYS = "一二三四五六日"


@register.filter
def yuan(value: int | Decimal | None) -> str:
    """An integer is 分, a Decimal is yuan."""
    if value is None or value == "":
        return "—"
    return str(Fen(value)) if isinstance(value, int) else f"{value:,.2f}"


@register.filter
def day(value: dt.date | dt.datetime | None, form: str = "%Y-%m-%d") -> str:
    """A legal day, in Beijing."""
    if not value:
        return "—"
    if isinstance(value, dt.datetime):
        value = value.astimezone(BEIJING)
    return value.strftime(form)


@register.filter
def minute(value: dt.datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """An instant on the Beijing clock."""
    return value.astimezone(BEIJING).strftime(form) if value else "—"


@register.filter
def weekday(value: dt.date | dt.datetime) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(BEIJING)
    return f"周{WEEKDAYS[value.weekday()]}"


@register.filter
def days_left(due: dt.date | None, today: dt.date) -> str:
    """剩 3 天, 今天届满, 超期 2 天."""
    if due is None:
        return ""
    left = (due - today).days
    return f"剩 {left} 天" if left > 0 else "今天届满" if left == 0 else f"超期 {-left} 天"


@register.filter
def urgency(due: dt.date | None, today: dt.date) -> str:
    """The tone of a deadline's tag."""
    if due is None:
        return "mute"
    left = (due - today).days
    return "danger" if left < 1 else "warn" if left < 4 else "info" if left < 8 else "mute"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def filesize(size: int | None) -> str:
    if size is None:
        return "—"
    value = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            return f"{value:.0f} {unit}" if unit in "B KB" else f"{value:.1f} {unit}"
        value /= 1024
    return ""


@register.filter
def short_hash(digest: str) -> str:
    """a91f 4c0e … 07c2 b3d8"""
    return f"{digest[:4]} {digest[4:8]} … {digest[-8:-4]} {digest[-4:]}" if digest else ""


@register.filter
def masked(mobile: str | None) -> str:
    """138****0216: enough to recognise one's own number."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile and len(mobile) >= 7 else "—"


@register.simple_tag(takes_context=True)
def about_to(context: template.Context) -> dict[str, Any]:
    """What the person wants to do and must confirm himself for: label, why, article; empty when nothing waits."""
    return waiting_for(context["request"])
