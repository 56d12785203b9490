"""批量导入: a file is looked at first; then the worker enters its people, and the page shows how far it is."""

import csv
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.pages.reading import table_of
from lutong.kernel import clock
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, carry_out, for_staff, fresh, shown

MOST_BYTES = 3_000_000
STEPS = {"start": actions.start_import, "cancel": actions.cancel_import}


@require_http_methods(["GET", "POST"])
@for_staff(Duty.MEMBERS)
def take_file(request: HttpRequest) -> HttpResponse:
    """Read a CSV or XLSX and keep it; nobody is entered before the preview is confirmed."""
    if request.method == "GET":
        return _ask(request)
    kept: list[UUID] = []

    def keep() -> str:
        name, people = _people(request)
        kept.append(actions.keep_import(actor=actor_in(request), filename=name, people=people, now=clock.now()).id)
        return ""

    return carry_out(
        request,
        work=keep,
        again=lambda refusal: _ask(request, refusal),
        then=lambda: reverse("desk-import", args=kept),
    )


def _ask(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "columns": queries.COLUMNS, "labels": queries.LABELS, "most": queries.MOST_ROWS,
        "past": queries.list_imports(actor=actor_in(request)),
        "here": "desk-members",
    }  # fmt: skip
    return shown(request, "staffing/import.html", context, refusal)


@require_GET
@for_staff(Duty.MEMBERS)
def preview(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The lines with what is wrong with each; while the worker enters them, how far it is."""
    return _show(request, batch_id)


@require_POST
@for_staff(Duty.MEMBERS)
def act(request: HttpRequest, batch_id: UUID, step: str) -> HttpResponse:
    """登记, 继续, 停止."""
    if step not in STEPS:
        raise NotFound("没有这一步")

    def do() -> str:
        STEPS[step](actor=actor_in(request), batch_id=batch_id, now=clock.now())
        return ""

    return carry_out(
        request,
        work=do,
        again=lambda refusal: _show(request, batch_id, refusal=refusal),
        then=lambda: reverse("desk-import", args=[batch_id]),
    )


@require_GET
@for_staff(Duty.MEMBERS)
@fresh("take_in_bulk")
def faults(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The lines that were not entered, as a file that can be corrected and sent again."""
    rows = actions.take_faults(actor=actor_in(request), batch_id=batch_id, now=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="faults.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow([*queries.COLUMNS, "问题"])
    for person, fault in rows:
        posts = "、".join(queries.LABELS.get(role, role) for role in person.roles)
        cells = (person.staff_no, person.name, person.mobile, person.department, posts, fault)
        table.writerow([queries.harmless(cell) for cell in cells])
    return response


def _show(request: HttpRequest, batch_id: UUID, *, refusal: Refusal | None = None) -> HttpResponse:
    batch = queries.get_import(actor=actor_in(request), batch_id=batch_id)
    states = [row["state"] for row in batch.rows]
    rows = sorted(batch.rows, key=lambda row: row["state"] != "fault")
    context = {
        "batch": batch, "ready": states.count("ready"), "done": states.count("done"), "faults": states.count("fault"),
        "rows": [(row, "、".join(queries.LABELS.get(r, r) for r in row["person"]["roles"])) for row in rows],
        "all": len(states), "running": batch.state == "running", "here": "desk-members",
    }  # fmt: skip
    page = "staffing/_import.html" if getattr(request, "htmx", False) else "staffing/import_preview.html"
    return shown(request, page, context, refusal)


def _people(request: HttpRequest) -> tuple[str, list[queries.Person]]:
    sent = request.FILES.get("file")
    if sent is None:
        raise Invalid("请选择文件", fields={"file": "请选择 CSV 或 XLSX 文件"})
    try:
        return sent.name or "名单", queries.read_rows(table_of(name=sent.name or "", data=sent.read(MOST_BYTES + 1)))
    except ValueError as error:
        raise Invalid(str(error), fields={"file": str(error)}) from None
