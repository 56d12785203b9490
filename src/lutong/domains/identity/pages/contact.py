"""更换手机号、更换邮箱."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lutong.domains.identity import actions, queries
from lutong.domains.identity.pages.door import paused
from lutong.kernel import clock
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, fresh, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
@fresh("confirm_mobile", methods=("POST",))
def mobile(request: HttpRequest) -> HttpResponse:
    """GET: the form; POST: the code that came to the new number."""
    if request.method == "GET":
        return _mobile(request)
    try:
        number = actions.confirm_mobile(actor=actor_in(request), code=request.POST.get("code", ""), now=clock.now())
    except Refusal as refusal:
        return _mobile(request, refusal)
    messages.success(request, f"手机号已更换，尾号 {number[-4:]}；已通知原号码")
    return redirect("account")


@require_http_methods(["GET", "POST"])
@signed_in
@fresh("change_mobile", methods=("POST",))
def mobile_code(request: HttpRequest) -> HttpResponse:
    """获取验证码: send it to the new number. GET: back from a live check that took longer than the form was kept."""
    if request.method == "GET":
        return redirect("account-mobile")
    try:
        made = actions.send_mobile_code(
            actor=actor_in(request), mobile=request.POST.get("mobile", "")[:40], now=clock.now()
        )
    except Refusal as refusal:
        return _mobile(request, refusal, typed=request.POST.get("mobile", "")[:40])
    if not made.is_admitted:
        return paused(request, made, what="message")
    messages.success(request, "验证码已发出，10 分钟内有效。收不到的，请检查号码，或换一个没有在律通使用的号码")
    return redirect("account-mobile")


@require_http_methods(["GET", "POST"])
@signed_in
@fresh("change_email", methods=("POST",))
def email(request: HttpRequest) -> HttpResponse:
    """更换邮箱."""
    actor, refusal = actor_in(request), None
    if request.method == "POST":
        try:
            actions.change_email(actor=actor, email=request.POST.get("email", "")[:300], now=clock.now())
            messages.success(request, "邮箱已保存")
            return redirect("account")
        except Refusal as refused:
            refusal = refused
    typed = request.POST.get("email") if refusal else queries.get_account(actor=actor).email
    context = {"here": "account", "refusal": refusal, "typed": typed}
    return render(request, "identity/email.html", context, status=refusal.status if refusal else 200)


def _mobile(request: HttpRequest, refusal: Refusal | None = None, typed: str = "") -> HttpResponse:
    actor = actor_in(request)
    context = {
        "here": "account", "account": queries.get_account(actor=actor), "refusal": refusal, "typed": typed,
        "waiting": queries.get_new_mobile(actor=actor, now=clock.now()),
    }  # fmt: skip
    return render(request, "identity/mobile.html", context, status=refusal.status if refusal else 200)
