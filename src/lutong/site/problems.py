"""A refusal as `application/problem+json` (RFC 9457): one shape for the API, for scripts and for the door."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

MEDIA_TYPE = "application/problem+json"
MACHINE_PATHS = ("/api/", "/exchange/", "/v1/", "/feed/")


def wants_problem(request: HttpRequest) -> bool:
    """Programs get JSON; people get a page."""
    return request.path.startswith(MACHINE_PATHS) or request.content_type == "application/json"


def problem(
    status: int,
    code: str,
    title: str,
    *,
    fields: dict[str, str] | None = None,
    retry_after: int | None = None,
    **facts: Any,
) -> HttpResponse:
    """The answer to a refused request.

    `type` is stable and for programs, `title` is a Chinese sentence for people, `fields` says where
    (name of the field → sentence), other members are facts of the refusal.
    """
    body: dict[str, Any] = {"type": f"urn:lutong:{code}", "title": title, "status": status, **facts}
    if fields:
        body["fields"] = fields
    response = HttpResponse(orjson.dumps(body, default=str), status=status, content_type=MEDIA_TYPE)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
