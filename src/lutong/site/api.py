"""`/api/v1`: the lawyer's part of the platform for the mini program and for the firm's own software.

Assembled here, spoken in each domain's `api`. Every operation answers with JSON or with a problem.
"""

import logging
import math
from typing import Any

import orjson
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from lutong.domains.capacity.api import router as capacity
from lutong.domains.cases.api import router as cases
from lutong.domains.courts.api import router as courts
from lutong.domains.dossier.api import router as dossier
from lutong.domains.eservice.api import router as eservice
from lutong.domains.fees.api import router as fees
from lutong.domains.filing.api import router as filing
from lutong.domains.gatepass.api import router as gatepass
from lutong.domains.hearings.api import router as hearings
from lutong.kernel.errors import Refusal
from lutong.site.api_access import BrowserSession, Rate, Token
from lutong.site.api_words import sentences
from lutong.site.problems import problem, store_away

log = logging.getLogger(__name__)

ABOUT = """律通 API 第一版。身份：浏览器会话（写操作须带 CSRF 头），或“账号与安全”页签发的接口令牌
（`Authorization: Bearer lt_…`，按权限范围限制）。错误一律为 `application/problem+json`：`type` 供程序判断，
`title` 供人阅读，`fields` 指出字段。创建类 POST 须带 `Idempotency-Key`；可编辑的内容带 `version`，
不一致时答 409。超过频次答 429 并给出 `Retry-After`。时间为带时区的 ISO 8601，金额以分为单位的整数。"""


class OrjsonRenderer(BaseRenderer):
    """Fast, and exact for dates and UUIDs."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


class StrictParser(Parser):
    """JSON with neither NUL, which PostgreSQL cannot store, nor halves of characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = orjson.loads(request.body)
        if b"\\u0000" in request.body and _has_nul(body):
            raise ValueError("NUL")  # django-ninja answers whatever is raised here with 400
        return body


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    facts: dict[str, Any] = refusal.facts
    return problem(refusal.status, refusal.code, refusal.message, fields=refusal.fields, **facts)


def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = sentences(error.errors)
    first = next(iter(fields.items()), ("", "请检查各字段"))
    return problem(422, "invalid", f"内容不符合要求：{first[0]} {first[1]}", fields=fields)


def _unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    return problem(422, "invalid", "内容超出可以保存的范围，请检查数字、日期和长度")


def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    wait = max(1, math.ceil(error.wait or 1))
    return problem(429, "too_many_requests", f"请求过于频繁，请 {wait} 秒后再试", retry_after=wait)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        response = problem(401, "not_signed_in", "请先登录，或提供有效的接口令牌")
        response["WWW-Authenticate"] = 'Bearer realm="lutong"'
        return response
    if error.status_code == 403:
        return problem(403, "not_allowed", "缺少 CSRF 校验头，请刷新页面后重试，或改用接口令牌")
    return problem(error.status_code, "invalid", "请求正文不是合法的 UTF-8 JSON，或含有不可用的控制字符")


def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not_found", "没有这个资源，或您无权查看")


def _store_down(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(503, "unavailable", store_away(error), retry_after=10)


def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("unhandled error at %s", request.path, exc_info=error)
    return problem(500, "internal", "平台内部错误，已记录；请稍后重试")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_nul(part) for part in value)


HANDLERS: dict[type[Exception], Any] = {
    Refusal: _refused,
    ValidationError: _unfit,
    DataError: _unstorable,
    Throttled: _too_many,
    HttpError: _http,
    Http404: _missing,
    OperationalError: _store_down,
    InterfaceError: _store_down,
    Exception: _our_fault,
}


def build(*routers: Router, namespace: str = "api") -> NinjaAPI:
    """An API with our door, our refusals and these routers."""
    built = NinjaAPI(
        title="律通 API",
        version="1",
        description=ABOUT,
        urls_namespace=namespace,
        docs_url=None,
        auth=[Token(), BrowserSession()],
        throttle=[Rate()],
        renderer=OrjsonRenderer(),
        parser=StrictParser(),
    )
    for router in routers:
        built.add_router("", router)
    for error, handler in HANDLERS.items():
        built.add_exception_handler(error, handler)
    return built


api = build(courts, capacity, cases, dossier, eservice, fees, filing, gatepass, hearings)
