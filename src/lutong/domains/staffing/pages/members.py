"""人员与职务: the system administrator's desk."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.staffing import actions, queries
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal
from lutong.kernel.faces import actor_in, for_staff, whole_number

PAGE = 50
STATES = (("", "全部"), ("active", "在岗"), ("disabled", "已停用"))


@require_GET
@for_staff(Duty.MEMBERS)
def index(request: HttpRequest) -> HttpResponse:
    """The people of the court, by number."""
    text, role, state = (request.GET.get(field, "").strip()[:60] for field in ("q", "role", "state"))
    rows = queries.list_members(
        actor=actor_in(request), text=text, role=role, state=state, after=request.GET.get("after", "")[:32],
        limit=PAGE + 1,
    )  # fmt: skip
    more = rows[PAGE - 1].member.staff_no if len(rows) > PAGE else ""
    context = {
        "rows": rows[:PAGE], "more": more, "q": text, "role": role, "state": state, "labels": queries.LABELS,
        "states": STATES, "here": "desk-members",
    }  # fmt: skip
    return render(request, "staffing/members.html", context)


@require_http_methods(["GET", "POST"])
@for_staff(Duty.MEMBERS)
def enrol(request: HttpRequest) -> HttpResponse:
    """The form of a new member."""
    refusal = None
    if request.method == "POST":
        try:
            member = actions.enrol(actor=actor_in(request), person=_person(request), now=clock.now())
        except Refusal as caught:
            refusal = caught
        else:
            messages.success(request, f"已登记{member.name}，职务已提交安全管理员审批")
            return redirect("desk-member", member_id=member.id)
    context = {
        "refusal": refusal, "typed": request.POST, "roles": request.POST.getlist("roles"), "labels": queries.LABELS,
        "here": "desk-members",
    }  # fmt: skip
    return render(request, "staffing/enrol.html", context, status=refusal.status if refusal else 200)


@require_GET
@for_staff(Duty.MEMBERS)
def show(request: HttpRequest, member_id: UUID) -> HttpResponse:
    return _show(request, member_id)


@require_POST
@for_staff(Duty.MEMBERS)
def act(request: HttpRequest, member_id: UUID, step: str) -> HttpResponse:
    """One of the acts upon a member; a refusal is shown above his page. A link is shown once."""
    handler = _ACTS.get(step)
    if handler is None:
        raise NotFound("没有这一步")
    try:
        done = handler(request, member_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, member_id, refusal=refusal)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done)
    return redirect("desk-member", member_id=member_id)


@require_GET
@for_staff(Duty.MEMBERS)
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, harmless to spreadsheet programs."""
    rows = actions.take_export(actor=actor_in(request), now=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="members.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow([*queries.COLUMNS, "状态"])
    for row in rows:
        posts = "、".join(label for _, label, _ in row.posts)
        cells = (row.member.staff_no, row.member.name, row.member.mobile, row.member.department, posts,
                 "在岗" if row.member.active else "已停用")  # fmt: skip
        table.writerow([queries.harmless(cell) for cell in cells])
    return response


def _show(request: HttpRequest, member_id: UUID, *, refusal: Refusal | None = None, link: str = "") -> HttpResponse:
    actor = actor_in(request)
    row = queries.get_member(actor=actor, member_id=member_id)
    past = queries.list_proposals(actor=actor, person_id=row.member.person_id, limit=20)
    context: dict[str, Any] = {
        "row": row, "member": row.member, "refusal": refusal, "link": link, "labels": queries.LABELS,
        "history": [(one, queries.LABELS.get(one.role, one.role)) for one in past], "typed": request.POST,
        "here": "desk-members",
    }  # fmt: skip
    response = render(request, "staffing/member.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _person(request: HttpRequest) -> Any:
    staff_no, name, mobile, department = (
        request.POST.get(field, "").strip()[:100] for field in ("staff_no", "name", "mobile", "department")
    )
    return queries.Person(staff_no, name, mobile, department, tuple(request.POST.getlist("roles")[:10]))


def _propose(request: HttpRequest, member_id: UUID) -> str:
    actions.propose(
        actor=actor_in(request), member_id=member_id, role=request.POST.get("role", "")[:20],
        department=request.POST.get("department", "").strip()[:60], now=clock.now(),
    )  # fmt: skip
    return "已提交安全管理员审批"


def _withdraw(request: HttpRequest, member_id: UUID) -> str:
    try:
        proposal_id = UUID(request.POST.get("proposal", ""))
    except ValueError:
        raise NotFound("没有这项授权申请") from None
    actions.withdraw(actor=actor_in(request), proposal_id=proposal_id, now=clock.now())
    return "已撤回"


def _change(request: HttpRequest, member_id: UUID) -> str:
    person = _person(request)
    actions.change(
        actor=actor_in(request), member_id=member_id, version=whole_number(request.POST.get("version")),
        name=person.name, mobile=person.mobile, department=person.department, now=clock.now(),
    )  # fmt: skip
    return "已更新"


def _end_post(request: HttpRequest, member_id: UUID) -> str:
    waiting = actions.end_post(
        actor=actor_in(request), member_id=member_id, role=request.POST.get("role", "")[:20], now=clock.now()
    )
    return "管理职务的结束已提交安全管理员审批" if waiting else "职务已结束，立即生效"


def _disable(request: HttpRequest, member_id: UUID) -> str:
    actions.disable(actor=actor_in(request), member_id=member_id, now=clock.now())
    return "已停用，所有登录会话已结束"


def _enable(request: HttpRequest, member_id: UUID) -> str:
    actions.enable(actor=actor_in(request), member_id=member_id, now=clock.now())
    return "已恢复，职务需要重新提出"


def _link(request: HttpRequest, member_id: UUID) -> HttpResponse:
    _, word = actions.give_link(
        actor=actor_in(request), member_id=member_id, again=request.POST.get("again") == "1", now=clock.now()
    )
    return _show(request, member_id, link=request.build_absolute_uri(reverse("account-invitation", args=[word])))


_ACTS: dict[str, Any] = {
    "propose": _propose, "withdraw": _withdraw, "change": _change, "end-post": _end_post, "disable": _disable,
    "enable": _enable, "link": _link,
}  # fmt: skip
