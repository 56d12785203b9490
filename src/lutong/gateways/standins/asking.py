"""What a person or a test sends to a stand-in's control page."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

_LARGEST_BODY = 16 * 1024


def is_json(request: Request) -> bool:
    """Whether a program asks, which wants JSON back."""
    return request.headers.get("Content-Type", "").startswith("application/json")


def is_foreign(request: Request) -> bool:
    """Whether another site's page submits this form."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("Host")


async def sent(request: Request) -> dict[str, Any]:
    """The fields of a small form or JSON object; anything else counts as empty."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LARGEST_BODY:
            return {}
    try:
        if is_json(request):
            found = json.loads(content)
            return found if isinstance(found, dict) else {}
        return {name: values[-1] for name, values in parse_qs(content.decode(), keep_blank_values=True).items()}
    except (ValueError, RecursionError):
        return {}
