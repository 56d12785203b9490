"""消息: the list of what a person was told."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.notices import actions, queries
from lutong.kernel import clock
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, pack_cursor, signed_in, unpack_cursor

PAGE = 30


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    before = unpack_cursor(request.GET.get("before"))
    rows = queries.list_notices(actor=actor_in(request), before=before, limit=PAGE + 1)
    more = pack_cursor(rows[PAGE - 1].at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    return render(request, "notices/index.html", {"rows": rows[:PAGE], "more": more, "here": "notices"})


@require_POST
@signed_in
def read(request: HttpRequest) -> HttpResponse:
    actions.mark_read(actor=actor_in(request), notice_id=None, now=clock.now())
    return redirect("notices")


@require_GET
@signed_in
def follow(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Open what a notice is about, and tick it off."""
    notice = queries.get_notice(actor=actor_in(request), notice_id=notice_id)
    if notice is None:
        raise NotFound("没有这条消息")
    actions.mark_read(actor=actor_in(request), notice_id=notice_id, now=clock.now())
    return redirect(notice.link or "notices")
