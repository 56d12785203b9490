"""Pages of the site itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lutong.kernel.interrupted import is_from_our_page, keep
from lutong.site.problems import problem, wants_problem

TOPICS = {"accessibility": "无障碍说明", "privacy": "隐私与数据", "source": "源代码与许可"}


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form outlived its session: nothing was done, and the way back keeps what was typed."""
    if is_from_our_page(request) and not wants_problem(request) and keep(request):
        return redirect("account-go-on")  # signed in again meanwhile, in another tab
    message = "页面已过期，请返回上一页刷新后重试；已保存的内容不会丢失"
    if wants_problem(request):
        return problem(403, "not_allowed", "缺少 CSRF 校验头，请刷新页面后重试，或改用接口令牌")
    return render(request, "error.html", {"status": 403, "message": message}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or not for this person."""
    if wants_problem(request):
        return problem(404, "not_found", "没有这个资源，或您无权查看")
    return render(request, "error.html", {"status": 404, "message": "没有这个页面，或您无权查看"}, status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Sign-in and second factor, tried too often."""
    words = {
        "status": 429,
        "message": "操作过于频繁",
        "remedy": "为保护账号安全，请 5 分钟后再试。已保存的内容不会丢失。",
    }
    response = render(request, "error.html", words, status=429)
    response["Retry-After"] = "300"
    return response


def about(request: HttpRequest, topic: str) -> HttpResponse:
    """What the footer promises: accessibility, privacy, source."""
    if topic not in TOPICS:
        raise Http404
    return render(request, f"about/{topic}.html", {"title": TOPICS[topic]})


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process can serve; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")
