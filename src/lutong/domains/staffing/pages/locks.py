"""登录暂停、密码停用: the security administrator sees who is kept out, and lets people in again with a reason."""

import csv
import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.staffing import actions, queries
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff, fresh, whole_number

COLUMNS = ("工号", "姓名", "输错", "范围", "开始", "结束", "来源地址数", "状态", "解除人", "解除时间", "理由")


@require_GET
@for_staff(Duty.SESSIONS)
def index(request: HttpRequest) -> HttpResponse:
    return _index(request)


@require_POST
@for_staff(Duty.SESSIONS)
def lift(request: HttpRequest, pause_id: int) -> HttpResponse:
    """解除一次暂停."""
    try:
        name = actions.lift_pause(
            actor=actor_in(request), pause_id=pause_id, person_id=whole_number(request.POST.get("person")),
            reason=request.POST.get("reason", ""), now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _index(request, refusal=refusal, at=pause_id)
    messages.success(request, f"已解除，{name}现在可以再试；已告知本人并留痕")
    return redirect("desk-locks")


@require_POST
@for_staff(Duty.SESSIONS)
@fresh("decide_posts")
def lift_freeze(request: HttpRequest, person_id: int) -> HttpResponse:
    """解除密码停用: the code that the employee needs is shown once, and handed over in person."""
    try:
        handed = actions.lift_freeze(
            actor=actor_in(request), person_id=person_id, reason=request.POST.get("reason", ""), now=clock.now()
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _index(request, refusal=refusal, at=f"f{person_id}")
    return _index(request, handed=handed)


@require_GET
@for_staff(Duty.SESSIONS)
@fresh("take_in_bulk")
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV, harmless to spreadsheet programs."""
    rows = actions.take_locks(actor=actor_in(request), text=_text(request), now=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="locks.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(COLUMNS)
    for one in rows:
        scope = "本人用过的浏览器" if one.own_browser else "账号"
        since, until, lifted = (_minute(at) for at in (one.since, one.until, one.lifted_at))
        cells = (one.staff_no, one.name, one.what, scope, since, until, str(one.sources), one.state, one.lifter_name,
                 lifted, one.reason)  # fmt: skip
        table.writerow([queries.harmless(cell) for cell in cells])
    return response


def _index(
    request: HttpRequest, *, refusal: Refusal | None = None, at: int | str = 0, handed: Any = None
) -> HttpResponse:
    text, actor, now = _text(request), actor_in(request), clock.now()
    locks = queries.list_locks(actor=actor, text=text, now=now)
    context = {
        "standing": [lock for lock in locks if lock.is_standing],
        "past": [lock for lock in locks if not lock.is_standing],
        "frozen": queries.list_frozen(actor=actor, now=now), "lifts": queries.list_lifts(actor=actor),
        "handed": handed, "q": text, "refusal": refusal,
        "at": at, "typed": request.POST, "me": actor.person_id, "here": "desk-sessions",
    }  # fmt: skip
    response = render(request, "staffing/locks.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _minute(at: dt.datetime | None) -> str:
    return f"{at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}" if at else ""


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:60]
