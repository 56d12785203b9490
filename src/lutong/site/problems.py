"""A refusal as `application/problem+json` (RFC 9457): one shape for the API, for scripts and for the door."""

import logging
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)
MACHINE_PATHS = ("/api/", "/exchange/", "/scim/", "/v1/", "/feed/")


def wants_problem(request: HttpRequest) -> bool:
    """Programs get JSON; people get a page."""
    return request.path.startswith(MACHINE_PATHS) or request.content_type == "application/json"


def store_away(error: Exception) -> str:
    """What people read while the database cannot be reached; operators find the reason in the log."""
    first_line = next(iter(str(error).splitlines()), "")  # the lines after it may hold values of rows
    log.error("database unavailable: %s: %s", type(error).__name__, first_line)
    return "数据库暂时不可用，请稍后重试；已保存的内容不会丢失"


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
