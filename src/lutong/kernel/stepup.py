"""再次确认身份: grave acts ask who sits there, unless that was shown within the last five minutes.

`GRAVE` is the one table: act → why → article → which proof. `confirm` asks for a factor that the session's owner has
(password, code, passkey); `seen` asks for the owner himself, seen by 律师身份核验平台, because a thief may have the
factors, too. A route is guarded by `@fresh(act)`; a house test holds both together. What was typed is kept: after
the person has shown himself, the suspended request goes on where it stopped.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lutong.kernel.actor import Role
from lutong.kernel.errors import NotAllowed
from lutong.kernel.interrupted import page_before

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Any]

WAITING = "account_reauthentication_state"  # where django-allauth looks for what it shall resume
SUSPENDED = "until_seen"  # what goes on after the platform has seen the person
SEEN_AT = "seen"
LASTS = 300  # seconds that either proof holds; ACCOUNT_REAUTHENTICATION_TIMEOUT is the same
KEPT_FOR = 900  # seconds that a suspended form waits for a factor
KEPT_UNTIL_SEEN = 1800  # and for the platform: a live check by an officer takes its time
MOST_KEPT = 200_000  # characters of a form that are worth keeping in a session
MACHINE_PATHS = ("/api/", "/exchange/")


class Proof(StrEnum):
    """怎样证明是本人."""

    CONFIRM = "confirm"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Grave:
    """An act for which a session of some hours is not proof enough.

    Acts that need the person himself also say what `follows` and what to do `instead`.
    """

    label: str
    why: str
    article: str
    proof: Proof = Proof.CONFIRM
    follows: str = ""
    instead: str = ""
    built: bool = True  # False: the domain comes later and must use this name


_RULE_7 = "《人民法院在线诉讼规则》第七条第三款：开展调解、证据交换、庭审等诉讼活动，应当再次验证诉讼主体的身份"
_ACCOUNT = "《人民法院在线诉讼规则》第七条第二款：专用账号由本人妥善保管，用它所作的行为视为本人行为"
_DATA = "《个人信息保护法》第五十一条第四项：合理确定个人信息处理的操作权限"
_BUREAU = "不能录像的，可以到登记机关窗口当面核验；期限将届满的，可先持执业证到法院诉讼服务大厅窗口办理"
_COURT = "不能录像的，可以到登记机关窗口当面核验，或者到法院诉讼服务大厅当面办理"

GRAVE: dict[str, Grave] = {
    "sign_delivery": Grave("签收送达", "签收产生程序上的效果，须确认是本人", _ACCOUNT),
    "take_in_bulk": Grave("批量下载", "一次带走整卷或整份案件清单，泄露后无法收回", _DATA),
    "add_assistant": Grave("添加助理", "助理以您的名义办理，后果由您承担", "法发〔2021〕3号第十四条"),
    "confirm_mobile": Grave("确认新手机号", "新手机号可以用来登录和接收通知", _ACCOUNT),
    "change_email": Grave("更换邮箱", "邮箱用来接收通知", _ACCOUNT),
    "change_credentials": Grave("更改密码、通行密钥或动态口令", "换掉它们，就换掉了能登录的人", _ACCOUNT),
    "decide_posts": Grave("审批职务、发放登录验证码", "批准的职务让一个人看到案件，或者管理平台", _DATA),
    "issue_token": Grave("签发接口令牌", "令牌让程序代您办理", _ACCOUNT),
    "change_payee": Grave("更改收款或退费账户", "款项将付给新账户", _ACCOUNT, built=False),
    "mediate": Grave("参加在线调解", "调解协议对您的当事人有约束力", _RULE_7, built=False),
    "exchange_evidence": Grave("在线证据交换", "认可或者反驳证据的意见将记入笔录", _RULE_7, built=False),
    # The gravest: they take an account over for good, or cannot be undone; see docs/decisions/0016.
    "change_mobile": Grave(
        "更换手机号", "手机号用来登录和接收安全通知，换掉它就能把本人挡在外面", _ACCOUNT, Proof.SEEN,
        "核验后向新号码发送验证码；填对验证码，新号码即生效，原号码会收到通知，不能再用来登录", _BUREAU,
    ),
    "drop_last_factor": Grave(
        "移除最后一个可靠的第二道验证", "没有更早启用的第二道验证了，移除它就能换掉登录所需的全部凭据", _ACCOUNT,
        Proof.SEEN,
        "核验后回到移除页面，由您确认移除，接着设置新的第二道验证；别处的登录不受影响",
        f"只是换手机的，可以先添加通行密钥，7 天后移除就不再需要实人核验。{_BUREAU}",
    ),
    "lift_freeze": Grave(
        "设置新密码，解除密码停用", "有人否认过一台登录设备，密码因此停用；只有本人能重新启用", _ACCOUNT, Proof.SEEN,
        "核验后设置一个新密码，密码登录随即恢复；被停用的旧密码不能再用", f"有通行密钥的，登录不受影响。{_BUREAU}",
    ),
    "recover_account": Grave(
        "找回账号", "密码和第二道验证都不在手里，只有本人能证明是本人", _ACCOUNT, Proof.SEEN,
        "核验后重设密码和第二道验证，原来的全部作废，所有设备退出登录", _BUREAU,
    ),
    "attend_hearing": Grave(
        "参加在线庭审", "庭上陈述产生诉讼法律后果", _RULE_7, Proof.SEEN, "核验后进入法庭", _COURT, built=False,
    ),
    "sign_mediation": Grave(
        "签署调解协议", "调解协议处分当事人的实体权利", _RULE_7, Proof.SEEN, "核验后签署，协议生效", _COURT,
        built=False,
    ),
}  # fmt: skip


class StepUpRequired(NotAllowed):
    """The session is too old for a grave act; `where` is the page on which the person shows himself."""

    code = "step_up_required"


class SeenRequired(NotAllowed):
    """The person was not seen lately; `where` is the page from which he goes to the platform."""

    code = "live_check_required"


def fresh(
    act: str, *, methods: tuple[str, ...] = (), keep: bool = True, only_if: Callable[..., bool] | None = None
) -> Callable[[View[P]], View[P]]:
    """Let a grave act through when the person gave the proof that the table asks within the last five minutes.

    Stands below `signed_in`, `for_lawyers` or `scoped`. `methods` limits the guard (a form may be looked at), `only_if`
    (called like the view) to requests that really are this act; `keep` False throws the form away (it holds
    passwords). A program with a token passes an act that needs a factor, for its token was issued after this very
    check; it never passes as seen. JSON callers get 403, pages the way to show oneself.
    """
    grave = GRAVE[act]

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Any:
            guarded = not methods or request.method in methods
            if not guarded or (only_if is not None and not only_if(request, *args, **kwargs)):
                return view(request, *args, **kwargs)
            if _has_proof(request, grave):
                return view(request, *args, **kwargs)
            return _ask(request, act, keep=keep)

        inner.fresh_acts = (act, *getattr(view, "fresh_acts", ()))  # type: ignore[attr-defined]  # for the house test
        return cast("View[P]", inner)

    return wrap


def proves_itself(act: str) -> Callable[[View[P]], View[P]]:
    """Mark a view that is open to nobody signed in, and therefore asks for the proof of this act by itself."""
    assert act in GRAVE  # a name that the table lacks is a slip of the programmer

    def wrap(view: View[P]) -> View[P]:
        view.fresh_acts = (act,)  # type: ignore[attr-defined]  # read by the house test
        return view

    return wrap


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person showed himself in this session within the last five minutes, in whichever way."""
    user = request.user if request.user.is_authenticated else None
    from allauth.account.authentication import get_authentication_records  # brings models

    records = get_authentication_records(request, user)
    last = max((record["at"] for record in records if record.get("reauthenticated")), default=0)
    return bool(time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def was_seen(request: HttpRequest) -> bool:
    """Whether the platform saw the person of this session within the last five minutes."""
    seen = request.session.get(SEEN_AT) or {}
    return bool(seen.get("person") == request.user.pk and time.time() - seen.get("at", 0) < LASTS)


def note_seen(request: HttpRequest) -> None:
    """The platform has just stated that it saw the person of this session: that proves more than any factor."""
    from allauth.account.internal.flows.login import record_authentication  # brings models

    request.session[SEEN_AT] = {"person": request.user.pk, "at": time.time()}
    record_authentication(request, request.user, "seen", reauthenticated=True)


def may_be_seen(request: HttpRequest) -> bool:
    """Whether the person stands in the platform's roll; a court's staff does not, and shows a factor instead."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.role in {Role.LAWYER, Role.ASSISTANT}


def _has_proof(request: HttpRequest, grave: Grave) -> bool:
    actor = getattr(request, "actor", None)
    if actor is not None and actor.scopes is not None:  # a program's call carries neither session nor user
        return grave.proof is Proof.CONFIRM
    if not request.user.is_authenticated:  # a visitor is sent to sign in by the view
        return True
    return was_seen(request) if _needs_seen(request, grave) else is_fresh(request)


def _needs_seen(request: HttpRequest, grave: Grave) -> bool:
    return grave.proof is Proof.SEEN and may_be_seen(request)


def _ask(request: HttpRequest, act: str, *, keep: bool) -> HttpResponse:
    grave = GRAVE[act]
    seen = _needs_seen(request, grave)
    if request.path.startswith(MACHINE_PATHS) or request.content_type == "application/json":
        if seen:
            where = f"{settings.LUTONG_WEB_URL}{reverse('verification-why', args=[act])}"
            raise SeenRequired(f"{grave.label}前须完成实人核验，5 分钟内有效", where=where, why=grave.why)
        where = f"{settings.LUTONG_WEB_URL}{_where(request)}"
        raise StepUpRequired(f"{grave.label}前请再次确认身份，5 分钟内有效", where=where, why=grave.why)
    state = _suspended(request, act, keep=keep)
    if seen:
        request.session[SUSPENDED] = state
        way = reverse("verification-why", args=[act])
    else:
        request.session[WAITING] = {"callback": f"{__name__}.resume", "state": state}
        way = _where(request)
    where = f"{way}?{urlencode({'next': state['next']})}"
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _suspended(request: HttpRequest, act: str, *, keep: bool) -> dict[str, Any]:
    """The request as the session keeps it."""
    grave, path = GRAVE[act], request.get_full_path()
    kept = request.method == "POST" and keep
    form = request.POST.urlencode() if kept else ""
    comes_back = kept or grave.proof is Proof.SEEN  # to this very page; to a download nobody comes back
    return {
        "act": act, "path": path, "form": form if len(form) <= MOST_KEPT else "", "post": kept,
        "next": path if comes_back else _stands_on(request), "label": grave.label, "why": grave.why,
        "article": grave.article, "at": time.time(), "person": request.user.pk,
        "unseen": grave.proof is Proof.SEEN and not may_be_seen(request),
    }  # fmt: skip


def _where(request: HttpRequest) -> str:
    """The page of the easiest way to show oneself."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    return str(ways[0]["url"]) if ways else reverse("account_reauthenticate")


def resume(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Called by django-allauth when the person has shown himself: go on with what was suspended."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    return _go_on(request, state, wanted=wanted, kept_for=KEPT_FOR)


def resume_seen(request: HttpRequest, *, act: str, wanted: str) -> HttpResponse:
    """The platform has seen the person, who went there for `act`: go on with what was suspended for it."""
    state = request.session.pop(SUSPENDED, None)
    if state is None or state["act"] != act:
        return HttpResponseRedirect(wanted if _is_ours(request, wanted) else "/")
    return _go_on(request, state, wanted=wanted, kept_for=KEPT_UNTIL_SEEN)


def _go_on(request: HttpRequest, state: dict[str, Any], *, wanted: str, kept_for: int) -> HttpResponse:
    timely = time.time() - state["at"] < kept_for
    if wanted != state["next"] or state["person"] != request.user.pk or not timely:
        return HttpResponseRedirect(wanted if _is_ours(request, wanted) else "/")
    if not state["post"]:
        messages.info(request, f"已确认身份，5 分钟内可以继续：{state['label']}")
        return HttpResponseRedirect(state["next"])
    parts = urlsplit(state["path"])
    request.method = "POST"  # from the platform the browser comes back with a GET
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


def keeps_form(request: HttpRequest, *, act: str, wanted: str) -> bool:
    """Whether a form that was typed for this act waits until the platform has seen the person."""
    state = request.session.get(SUSPENDED) or {}
    timely = time.time() - state.get("at", 0) < KEPT_UNTIL_SEEN
    return bool(state.get("post") and (state["act"], state["next"]) == (act, wanted) and timely)


def _stands_on(request: HttpRequest) -> str:
    """The page from which a download or a dangerous form was opened: the person returns there."""
    return request.get_full_path() if request.method == "POST" else page_before(request)


def _is_ours(request: HttpRequest, url: str) -> bool:
    return bool(url) and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
