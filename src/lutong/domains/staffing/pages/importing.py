"""批量导入: a file is looked at first; then its people are entered twenty at a time, with the count on the page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.pages.reading import table_of
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid, Refusal
from lutong.kernel.faces import actor_in, for_staff

MOST_BYTES = 3_000_000


@require_http_methods(["GET", "POST"])
@for_staff(Duty.MEMBERS)
def take_file(request: HttpRequest) -> HttpResponse:
    """Read a CSV or XLSX and keep it; nobody is entered before the preview is confirmed."""
    refusal = None
    if request.method == "POST":
        try:
            name, people = _people(request)
            batch = actions.keep_import(actor=actor_in(request), filename=name, people=people, now=clock.now())
        except Refusal as caught:
            refusal = caught
        else:
            return redirect("desk-import", batch_id=batch.id)
    context = {
        "refusal": refusal, "columns": queries.COLUMNS, "labels": queries.LABELS, "most": queries.MOST_ROWS,
        "here": "desk-members",
    }  # fmt: skip
    return render(request, "staffing/import.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "POST"])
@for_staff(Duty.MEMBERS)
def preview(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The lines with what is wrong with each; each POST enters the next twenty."""
    actor = actor_in(request)
    if request.method == "POST":
        batch = actions.run_import(actor=actor, batch_id=batch_id, now=clock.now())
    else:
        batch = queries.get_import(actor=actor, batch_id=batch_id)
    states = [row["state"] for row in batch.rows]
    context = {
        "batch": batch, "ready": states.count("ready"), "done": states.count("done"), "faults": states.count("fault"),
        "rows": [(row, "、".join(queries.LABELS.get(r, r) for r in row["person"]["roles"])) for row in batch.rows],
        "all": len(states), "running": request.method == "POST" and "ready" in states, "here": "desk-members",
    }  # fmt: skip
    page = "staffing/_import_rows.html" if getattr(request, "htmx", False) else "staffing/import_preview.html"
    return render(request, page, context)


def _people(request: HttpRequest) -> tuple[str, list[queries.Person]]:
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid("请选择文件", fields={"file": "请选择 CSV 或 XLSX 文件"})
    try:
        return sent.name or "名单", queries.read_rows(table_of(name=sent.name or "", data=sent.read(MOST_BYTES + 1)))
    except ValueError as error:
        raise Invalid(str(error), fields={"file": str(error)}) from None
