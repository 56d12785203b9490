"""首次登录: the page of whoever holds a link. He brings the code, and sets his password himself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lutong.domains.staffing import actions, queries
from lutong.kernel import clock
from lutong.kernel.errors import Invalid, NotFound, Refusal


@require_http_methods(["GET", "POST"])
def redeem(request: HttpRequest, word: str) -> HttpResponse:
    """A dead link says so; a wrong code or a weak password keeps the page."""
    refusal, now = None, clock.now()
    if request.method == "POST":
        try:
            code = request.POST.get("code", "")[:20]
            number = actions.redeem(word=word, code=code, password=typed_password(request), now=now)
        except NotFound:
            raise
        except Refusal as caught:
            refusal = caught
        else:
            messages.success(request, f"密码已设置，请用工号 {number} 登录，并绑定动态口令")
            return redirect("account_login")
    found = queries.find_invitation(word=word, now=now)
    if found is None:
        raise NotFound("这个链接不存在、已使用或已过期，请联系本院系统管理员重新发放")
    context = {"invitation": found, "refusal": refusal}
    response = render(request, "staffing/invitation.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def typed_password(request: HttpRequest) -> str:
    """The new password, typed twice the same. Raises Invalid."""
    first, second = request.POST.get("password", "")[:200], request.POST.get("again", "")[:200]
    if first != second:
        raise Invalid("两次输入的密码不同", fields={"again": "请再输入一次相同的密码"})
    return first
