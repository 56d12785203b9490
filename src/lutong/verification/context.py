"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Variables of `base.html`; it runs for every page, so it asks nothing of the database."""
    return {"actor": getattr(request, "actor", None), "demo": settings.LUTONG_DEMO, "here": "", "nav": [],
            "sms_url": settings.LUTONG.sms_url}  # fmt: skip
