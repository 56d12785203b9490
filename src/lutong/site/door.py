"""The door of both products: a store that is down, unusable input, and refusals turned into pages."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from lutong.kernel.errors import Refusal
from lutong.kernel.sealed import Unreadable
from lutong.site.problems import problem, store_away, wants_problem

Handler = Callable[[HttpRequest], HttpResponse]
RETRY_AFTER_SECONDS = "10"
log = logging.getLogger(__name__)


def store_down(get_response: Handler) -> Handler:
    """A database that cannot be reached is said as 503 with Retry-After, never as 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            return get_response(request)
        except (OperationalError, InterfaceError) as error:
            return _unavailable(request, error)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _unavailable(request, error) if isinstance(error, OperationalError | InterfaceError) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def clean_input(get_response: Handler) -> Handler:
    """PostgreSQL cannot store NUL and no field needs it: such a request is refused at the door."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            unusable = "\x00" in request.path or _has_nul(request.GET) or _has_nul(_form(request))
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return _say(request, 413, "too_large", "一次提交的内容太多，没有保存。请精简，或者把长的内容作为附件上传")
        if unusable:
            return _say(request, 422, "invalid", "内容含有不可用的控制字符，请删除后再试")
        return get_response(request)

    return middleware


def refusals(get_response: Handler) -> Handler:
    """A refusal that a page did not show above its form becomes a page of its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return _no_such_method(request, response) if response.status_code == 405 else response

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError):
            return _say(request, 422, "invalid", "内容超出可以保存的范围，请检查数字、日期和长度")
        if isinstance(error, RecursionError) and _while_reading_json(error):
            return _say(request, 422, "invalid", "内容的层次太深，无法读取")
        if isinstance(error, Unreadable):
            log.error("sealed value cannot be opened: %s", error)
            return _say(request, 503, "sealed", "部分内容暂时无法解密，请平台管理员核对密钥设置；内容没有丢失")
        if not isinstance(error, Refusal):
            return None
        return _say(request, error.status, error.code, error.message, fields=error.fields, **error.facts)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def _no_such_method(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
    if wants_problem(request):
        response = problem(405, "method_not_allowed", f"不支持 {request.method}，可用：{bare['Allow']}")
    else:  # an address of a form, opened by a bookmark, the history or after signing in
        response = _say(request, 405, "method_not_allowed", "这个地址只用来提交表单，请从原来的页面重新打开")
    response["Allow"] = bare["Allow"]
    return response


def _while_reading_json(error: RecursionError) -> bool:
    """Whether somebody's brackets were too deep; a recursion of our own stays a fault of ours."""
    *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
    return frame.f_globals.get("__name__") == "json.decoder"


def _form(request: HttpRequest) -> Any:
    is_form = request.method == "POST" and request.content_type != "application/json"
    return request.POST if is_form else QueryDict()


def _has_nul(data: Any) -> bool:
    return any("\x00" in key or any("\x00" in value for value in values) for key, values in data.lists())


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    response = _say(request, 503, "unavailable", store_away(error))
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _say(request: HttpRequest, status: int, code: str, message: str, **facts: Any) -> HttpResponse:
    if wants_problem(request):
        return problem(status, code, message, **facts)
    if not hasattr(request, "actor"):
        request.actor = None  # type: ignore[attr-defined]
    return render(request, "error.html", {"status": status, "message": message, "bare": status == 503}, status=status)
