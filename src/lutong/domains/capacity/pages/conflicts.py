"""利益冲突检查: ask, read the answer, print the record."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lutong.domains.capacity import actions, queries
from lutong.kernel import clock
from lutong.kernel.errors import Conflict, Invalid, Refusal
from lutong.kernel.faces import actor_in, for_lawyers, pack_cursor, unpack_cursor

PAGE = 20


@require_http_methods(["GET", "POST"])
@for_lawyers
def index(request: HttpRequest) -> HttpResponse:
    """The form and the checks so far; one name a line."""
    if request.method == "GET":
        return _form(request)
    try:
        check = actions.check_conflicts(
            actor=actor_in(request), clients=request.POST.get("client_names", "")[:4_000].splitlines(),
            opposing=request.POST.get("opposing_names", "")[:4_000].splitlines(), now=clock.now(),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _form(request, refusal)
    return redirect("conflict", check_id=check.id)


@require_GET
@for_lawyers
def show(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """One record, as it was answered then."""
    check = queries.get_check(actor=actor_in(request), check_id=check_id)
    context = {
        "here": "filing", "check": check, "findings": queries.findings_of(check), "asked": queries.ASKED,
        "verdicts": queries.VERDICTS, "lawyer": check.content["lawyer"], "firm": check.content["firm"],
        "licence_no": check.content["licence_no"],
    }  # fmt: skip
    return render(request, "capacity/conflict.html", context)


def _form(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    before = unpack_cursor(request.GET.get("before"))
    rows = queries.list_checks(actor=actor_in(request), before=before, limit=PAGE + 1)
    more = pack_cursor(rows[PAGE - 1].made_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "here": "filing", "refusal": refusal, "typed": request.POST, "more": more, "first": before is None,
        "rows": [(row, _names(row.content)) for row in rows[:PAGE]],
    }  # fmt: skip
    status = refusal.status if refusal else 200
    response = render(request, "capacity/conflicts.html", context, status=status)
    if refusal and "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def _names(content: dict[str, list[dict[str, str]]]) -> str:
    """Whom a check was about, in one line: 苏晚晴 对 程屿舟."""
    sides = [[one["name"] for one in content["findings"] if one["asked"] == side] for side in ("client", "opposing")]
    return " 对 ".join("、".join(side) for side in sides if side)
