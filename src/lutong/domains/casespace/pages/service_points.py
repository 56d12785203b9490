"""Where staff without a case list work: 12368, the hall; and the page of who has no desk here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from lutong.domains.cases import actions
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Refusal
from lutong.kernel.faces import actor_in, for_staff


@require_http_methods(["GET", "POST"])
@for_staff(Duty.LOOKUP)
def look_up(request: HttpRequest) -> HttpResponse:
    """进度查询: number, licence and reason in; the stage out. Asked by POST, so that no address keeps a number."""
    refusal, status, asked = None, None, False
    if request.method == "POST":
        try:
            status = actions.look_up_status(
                actor=actor_in(request), number=request.POST.get("number", ""),
                licence_no=request.POST.get("licence_no", ""), reason=request.POST.get("reason", ""), now=clock.now(),
            )  # fmt: skip
            asked = True
        except Refusal as caught:
            refusal = caught
    context = {"found": status, "asked": asked, "typed": request.POST, "refusal": refusal, "here": "desk-lookup"}
    return render(request, "casespace/desk/lookup.html", context, status=refusal.status if refusal else 200)


@require_GET
@for_staff(Duty.HALL)
def hall(request: HttpRequest) -> HttpResponse:
    """服务大厅: what the hall can do for who stands before it."""
    return render(request, "casespace/desk/hall.html", {"here": "desk-hall"})
