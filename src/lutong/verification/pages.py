"""Pages of the service itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lutong.site.problems import problem, wants_problem

TOPICS = {"privacy": "隐私与数据", "source": "源代码与许可"}


def home(request: HttpRequest) -> HttpResponse:
    """What this service is, and the doors of those who come here."""
    return render(request, "home.html")


def about(request: HttpRequest, topic: str) -> HttpResponse:
    """What the footer promises."""
    if topic not in TOPICS:
        raise Http404
    return render(request, f"about/{topic}.html", {"title": TOPICS[topic]})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form outlived its session: nothing was done."""
    if wants_problem(request):
        return problem(403, "not_allowed", "缺少 CSRF 校验头，请刷新页面后重试")
    message = "页面已过期，请返回上一页刷新后重试；没有作任何变更"
    return render(request, "error.html", {"status": 403, "message": message}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or not for this person."""
    if wants_problem(request):
        return problem(404, "not_found", "没有这个资源，或您无权查看")
    return render(request, "error.html", {"status": 404, "message": "没有这个页面，或您无权查看"}, status=404)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process can serve; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")
