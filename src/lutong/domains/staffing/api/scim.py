"""/scim/v2/: a court's personnel system keeps its people here, with the court's own token.

Shapes and rules of SCIM come from scim2-models. Ordinary posts take effect at once; administrators' posts are
proposed and wait for the decision of a security administrator who did not issue the token.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    EnterpriseUser,
    ETag,
    Filter,
    Patch,
    ServiceProviderConfig,
    Sort,
    User,
)

from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.api import shapes
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotFound, Refusal

MOST = 200
TYPE = "application/scim+json"
Person = User[EnterpriseUser]
View = Callable[..., HttpResponse]


def wire(*methods: str) -> Callable[[View], View]:
    """An address of the wire: token, method, and every refusal in the shape of SCIM."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            word = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            known = actions.program_of(word=word[:120], now=clock.now())
            if known is None:
                answer = shapes.fault(401, "缺少有效的人事接口令牌")
                answer["WWW-Authenticate"] = 'Bearer realm="scim"'
                return answer
            if request.method not in methods:
                answer = shapes.fault(405, f"不支持 {request.method}")
                answer["Allow"] = ", ".join(methods)
                return answer
            try:
                return view(request, *known, *args, **kwargs)
            except ValidationError as error:
                where = ".".join(str(part) for part in error.errors()[0]["loc"])
                return shapes.fault(400, f"内容不合 SCIM 模式：{where}", "invalidSyntax")
            except Refusal as refusal:
                return _refused(refusal)

        return inner

    return wrap


@wire("GET")
def service_provider_config(request: HttpRequest, actor: Actor, issuer: int) -> HttpResponse:
    """What this service can do."""
    config = ServiceProviderConfig(
        patch=Patch(supported=True), bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST), change_password=ChangePassword(supported=False),
        sort=Sort(supported=False), etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(type="oauthbearertoken", name="Bearer", description="安全管理员签发的人事接口令牌")
        ],
    )  # fmt: skip
    return shapes.answer(config.model_dump())


@wire("GET")
def resource_types(request: HttpRequest, actor: Actor, issuer: int) -> HttpResponse:
    """Users and Groups."""
    return shapes.answer(
        shapes.listed([shapes.resource_type("User", "Users"), shapes.resource_type("Group", "Groups")])
    )


@wire("GET", "POST")
def users(request: HttpRequest, actor: Actor, issuer: int) -> HttpResponse:
    """List (filter userName or externalId eq), or create."""
    if request.method == "GET":
        start, count = shapes.window(request.GET, MOST)
        rows, total = queries.page_of_members(
            actor=actor, wanted=shapes.wanted(request.GET.get("filter", "")), start=start, count=count
        )
        return shapes.answer(shapes.listed([shapes.user(row) for row in rows], total=total, start=start))
    sent = Person.model_validate(_body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    told = shapes.told(sent)
    member = actions.provision(actor=actor, issuer=issuer, told=told, now=clock.now())
    return _one(actor, str(member.id), 201)


@wire("GET", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, actor: Actor, issuer: int, user_id: str) -> HttpResponse:
    """One person: read, replace, patch `active` and the plain attributes; DELETE deactivates, nothing is erased."""
    row = queries.find_member(actor=actor, member_id=shapes.row_id(user_id))
    if request.method == "GET":
        return _one(actor, user_id, 200)
    if (held := request.headers.get("If-Match")) and held not in ("*", shapes.version(row.member)):
        return shapes.fault(412, "这个人员刚有变化，请重新读取")
    now = clock.now()
    if request.method == "DELETE":
        if row.member.active:
            actions.disable(actor=actor, member_id=row.member.id, now=now)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        sent = shapes.patched(row, _body(request))
    else:
        sent = Person.model_validate(_body(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    actions.reprovision(actor=actor, issuer=issuer, member_id=row.member.id, told=shapes.told(sent), now=now)
    return _one(actor, user_id, 200)


@wire("GET")
def groups(request: HttpRequest, actor: Actor, issuer: int) -> HttpResponse:
    """The posts as groups."""
    held = queries.holders(actor=actor)
    return shapes.answer(shapes.listed([shapes.group(role, held.get(role, [])) for role in queries.LABELS]))


@wire("GET")
def group(request: HttpRequest, actor: Actor, issuer: int, group_id: str) -> HttpResponse:
    """One post with who holds it."""
    if group_id not in queries.LABELS:
        raise NotFound("没有这个职务")
    return shapes.answer(shapes.group(group_id, queries.holders(actor=actor).get(group_id, [])))


def _one(actor: Actor, user_id: str, status: int) -> HttpResponse:
    row = queries.find_member(actor=actor, member_id=shapes.row_id(user_id))
    answer = shapes.answer(shapes.user(row), status)
    answer["ETag"] = shapes.version(row.member)
    answer["Location"] = f"/scim/v2/Users/{row.member.id}"
    return answer


def _body(request: HttpRequest) -> Any:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Invalid("请求不是 JSON") from None
    if not isinstance(body, dict) or "\\u0000" in json.dumps(body):
        raise Invalid("请求应为一个 JSON 对象，且不含控制字符")
    return body


def _refused(refusal: Refusal) -> HttpResponse:
    words = "；".join(refusal.fields.values()) or refusal.message
    if isinstance(refusal, Conflict):
        return shapes.fault(409, words, "uniqueness")
    if isinstance(refusal, Invalid):
        return shapes.fault(400, words, "invalidValue")
    return shapes.fault(refusal.status, words)
