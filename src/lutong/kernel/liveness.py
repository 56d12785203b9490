"""实人再核验: the gravest acts need the person himself, seen by 律师身份核验平台 within the last five minutes.

`stepup` asks for a factor that the session's owner has; this asks for the owner. `LIVE_ACTS` is the one table.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lutong.kernel.errors import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Any]
SESSION_KEY = "live"
LASTS = 300  # seconds


@dataclass(frozen=True, slots=True)
class LiveAct:
    """An act for which a password and a second factor are not proof enough."""

    label: str
    why: str
    article: str
    built: bool = True  # False: the domain comes later and must use this name


_RULE_7 = "《人民法院在线诉讼规则》第七条第三款：开展调解、证据交换、庭审等诉讼活动，应当再次验证诉讼主体的身份"
_RULE_7_2 = "《人民法院在线诉讼规则》第七条第二款：专用账号由本人妥善保管，用它所作的行为视为本人行为"
LIVE_ACTS: dict[str, LiveAct] = {
    "recover_account": LiveAct("找回账号", "密码和第二道验证都不在手里，只有本人能证明是本人", _RULE_7_2),
    "prove_oneself": LiveAct("确认是本人", "您要求在办理前留下实人核验的记录", _RULE_7),
    "attend_hearing": LiveAct("参加在线庭审", "庭上陈述产生诉讼法律后果", _RULE_7, built=False),
    "sign_mediation": LiveAct("签署调解协议", "调解协议处分当事人的实体权利", _RULE_7, built=False),
}  # fmt: skip


class LiveRequired(NotAllowed):
    """The person was not seen lately; `where` is the page from which he goes to the platform."""

    code = "live_check_required"


def require_live(request: HttpRequest, act: str) -> None:
    """Raise LiveRequired unless the person of this session was seen within the last five minutes."""
    if not was_seen(request):
        raise LiveRequired(f"{LIVE_ACTS[act].label}前须完成实人核验，5 分钟内有效", where=_where(request, act))


def seen_live(act: str) -> Callable[[View[P]], View[P]]:
    """Let an act through when the person was seen within five minutes; else send him, and back to this address."""
    assert act in LIVE_ACTS  # a name that the table lacks is a slip of the programmer

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not was_seen(request):
                return HttpResponseRedirect(_where(request, act))
            return cast(HttpResponse, view(request, *args, **kwargs))

        inner.live_act = act  # type: ignore[attr-defined]  # read by the house test
        return cast("View[P]", inner)

    return wrap


def was_seen(request: HttpRequest) -> bool:
    """Whether the person of this session was seen within the last five minutes."""
    seen = request.session.get(SESSION_KEY) or {}
    return bool(seen.get("person") == request.user.pk and time.time() - seen.get("at", 0) < LASTS)


def note_seen(request: HttpRequest) -> None:
    """The platform has just stated that the person of this session was seen."""
    request.session[SESSION_KEY] = {"person": request.user.pk, "at": time.time()}


def _where(request: HttpRequest, act: str) -> str:
    back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    return f"{reverse('verification-why', args=[act])}?{urlencode({'next': back})}"
