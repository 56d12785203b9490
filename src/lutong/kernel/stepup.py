"""再次确认身份: grave acts ask who sits there, unless that was shown within the last five minutes.

`GRAVE` is the one table: act → why → article. A route is guarded by `@fresh(act)`; a house test holds both together.
What was typed is kept: after the person has shown himself, the suspended request goes on where it stopped.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lutong.kernel.errors import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Any]

WAITING = "account_reauthentication_state"  # where django-allauth looks for what it shall resume
KEPT_FOR = 900  # seconds that a suspended form waits
MOST_KEPT = 200_000  # characters of a form that are worth keeping in a session
MACHINE_PATHS = ("/api/", "/exchange/")


@dataclass(frozen=True, slots=True)
class Grave:
    """An act for which a session of some hours is not proof enough."""

    label: str
    why: str
    article: str
    built: bool = True  # False: the domain comes later and must use this name


_RULE_7 = "《人民法院在线诉讼规则》第七条第三款：开展调解、证据交换、庭审等诉讼活动，应当再次验证诉讼主体的身份"
_ACCOUNT = "《人民法院在线诉讼规则》第七条第二款：专用账号由本人妥善保管，用它所作的行为视为本人行为"
_DATA = "《个人信息保护法》第五十一条第四项：合理确定个人信息处理的操作权限"

GRAVE: dict[str, Grave] = {
    "sign_delivery": Grave("签收送达", "签收产生程序上的效果，须确认是本人", _ACCOUNT),
    "take_in_bulk": Grave("批量下载", "一次带走整卷或整份案件清单，泄露后无法收回", _DATA),
    "add_assistant": Grave("添加助理", "助理以您的名义办理，后果由您承担", "法发〔2021〕3号第十四条"),
    "change_mobile": Grave("更换手机号", "手机号用来找回账号和接收通知", _ACCOUNT),
    "change_email": Grave("更换邮箱", "邮箱用来接收通知", _ACCOUNT),
    "change_credentials": Grave("更改密码、通行密钥或动态口令", "换掉它们，就换掉了能登录的人", _ACCOUNT),
    "decide_posts": Grave("审批职务、发放登录验证码", "批准的职务让一个人看到案件，或者管理平台", _DATA),
    "issue_token": Grave("签发接口令牌", "令牌让程序代您办理", _ACCOUNT),
    "change_payee": Grave("更改收款或退费账户", "款项将付给新账户", _ACCOUNT, built=False),
    "mediate": Grave("参加在线调解", "调解协议对您的当事人有约束力", _RULE_7, built=False),
    "exchange_evidence": Grave("在线证据交换", "认可或者反驳证据的意见将记入笔录", _RULE_7, built=False),
    "attend_hearing": Grave("参加在线庭审", "庭上陈述产生诉讼法律后果", _RULE_7, built=False),
}  # fmt: skip


class StepUpRequired(NotAllowed):
    """The session is too old for a grave act; `where` is the page on which the person shows himself."""

    code = "step_up_required"


def fresh(act: str, *, methods: tuple[str, ...] = (), keep: bool = True) -> Callable[[View[P]], View[P]]:
    """Let a grave act through when the person signed in or confirmed himself within the last five minutes.

    Stands below `signed_in`, `for_lawyers` or `scoped`. `methods` limits the guard (a form may be looked at), `keep`
    False throws the form away (it holds passwords). A program with a token passes: its token was issued after
    this very check and carries the scope. JSON callers get 403 `step_up_required`, pages the way to confirm.
    """
    grave = GRAVE[act]

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Any:
            guarded = not methods or request.method in methods
            if not guarded or _by_token(request):  # a program's call carries neither session nor user
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated or is_fresh(request):  # a visitor is sent to sign in by the view
                return view(request, *args, **kwargs)
            return _ask(request, grave, keep=keep)

        inner.fresh_act = act  # type: ignore[attr-defined]  # read by the house test
        return cast("View[P]", inner)

    return wrap


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person showed himself in this session within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    user = request.user if request.user.is_authenticated else None
    from allauth.account.authentication import get_authentication_records  # brings models

    records = get_authentication_records(request, user)
    last = max((record["at"] for record in records if record.get("reauthenticated")), default=0)
    return bool(time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def _by_token(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.scopes is not None


def _ask(request: HttpRequest, grave: Grave, *, keep: bool) -> HttpResponse:
    if request.path.startswith(MACHINE_PATHS) or request.content_type == "application/json":
        where = f"{settings.LUTONG_WEB_URL}{_where(request)}"
        raise StepUpRequired(f"{grave.label}前请再次确认身份，5 分钟内有效", where=where, why=grave.why)
    path = request.get_full_path()
    form = request.POST.urlencode() if request.method == "POST" and keep else ""
    if len(form) > MOST_KEPT:
        form = ""
    back = path if request.method == "POST" and keep else _page_before(request)
    request.session[WAITING] = {
        "callback": f"{__name__}.resume",
        "state": {
            "path": path, "form": form, "post": request.method == "POST" and keep, "next": back, "label": grave.label,
            "why": grave.why, "article": grave.article, "at": time.time(), "person": request.user.pk,
        },
    }  # fmt: skip
    where = f"{_where(request)}?{urlencode({'next': back})}"
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _where(request: HttpRequest) -> str:
    """The page of the easiest way to show oneself."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    return str(ways[0]["url"]) if ways else reverse("account_reauthenticate")


def resume(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Called by django-allauth when the person has shown himself: go on with what was suspended."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    timely = time.time() - state["at"] < KEPT_FOR
    if wanted != state["next"] or state["person"] != request.user.pk or not timely:
        return HttpResponseRedirect(wanted if _is_ours(request, wanted) else "/")
    if not state["post"]:
        messages.info(request, f"已确认身份，5 分钟内可以继续：{state['label']}")
        return HttpResponseRedirect(state["next"])
    parts = urlsplit(state["path"])
    request.GET, request.POST = QueryDict(parts.query), QueryDict(state["form"])
    request.path = request.path_info = parts.path
    found = resolve(parts.path)
    request.resolver_match = found
    return cast(HttpResponse, found.func(request, *found.args, **found.kwargs))


def waiting_for(request: HttpRequest) -> dict[str, Any]:
    """What the person is about to do, for the page that asks him: label, why, article; empty when nothing waits."""
    held = request.session.get(WAITING) or {}
    state: dict[str, Any] = held.get("state") or {}
    asked = request.GET.get("next") or request.POST.get("next")
    return state if "why" in state and state.get("next") == asked else {}


def _page_before(request: HttpRequest) -> str:
    """The page from which a download or a dangerous form was opened: the person returns there."""
    if request.method == "POST":
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    if not _is_ours(request, before):
        return "/"
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_ours(request: HttpRequest, url: str) -> bool:
    return bool(url) and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
