"""案件空间 list: the lawyer's cases before all courts."""

import csv
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lutong.domains.cases.actions import note_export
from lutong.domains.cases.queries import CaseFilter, list_my_cases
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.faces import actor_in, for_counsel, for_lawyers, fresh, pack_cursor, unpack_cursor
from lutong.kernel.money import Fen

PAGE = 20
EXPORT_MOST = 5000
STAGES = (
    ("", "全部"), ("mediation", "先行调解中"), ("fee_due", "待交费"), ("trial", "审理中"), ("decided", "已裁判"),
    ("closed", "已结案"),
)  # fmt: skip
SIDES = (("", "代理哪一方：全部"), ("plaintiff", "代理原告"), ("defendant", "代理被告"), ("third", "代理第三人"))


def _wanted(request: HttpRequest) -> CaseFilter:
    return CaseFilter(
        stage=request.GET.get("stage", "")[:20], side=request.GET.get("side", "")[:10],
        text=request.GET.get("q", "")[:80],
    )  # fmt: skip


@require_GET
@for_counsel(Capability.READ_CASE)
def index(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    before = unpack_cursor(request.GET.get("before"))
    rows = list_my_cases(actor=actor_in(request), wanted=wanted, before=before, limit=PAGE + 1)
    more = pack_cursor(rows[PAGE - 1].filed_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "rows": rows[:PAGE], "more": more, "wanted": wanted, "stages": STAGES, "sides": SIDES, "here": "cases",
        "first": before is None, "now": clock.now(), "narrowed": bool(wanted.stage or wanted.side or wanted.text),
        "query": urlencode({"stage": wanted.stage, "side": wanted.side, "q": wanted.text}),
    }  # fmt: skip
    return render(request, "casespace/list.html", context)


@require_GET
@for_lawyers
@fresh("take_in_bulk")
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a CSV that spreadsheet programs open without running anything; the lawyer's trail notes it."""
    actor = actor_in(request)
    rows = list_my_cases(actor=actor, wanted=_wanted(request), limit=EXPORT_MOST)
    note_export(actor=actor, count=len(rows), now=clock.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cases.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(
        ["案号", "法院", "案名", "案由", "阶段", "代理一方", "委托人", "承办法官", "标的额（元）", "立案时间"]
    )
    labels = dict(STAGES)
    for row in rows:
        table.writerow([_harmless(cell) for cell in (
            row.number, row.court_name, row.title, row.cause_name, labels.get(row.stage, row.stage),
            dict(SIDES).get(row.side, ""), row.party_name, row.judge_name,
            str(Fen(row.amount_fen)) if row.amount_fen is not None else "", f"{clock.beijing_date(row.filed_at)}",
        )])  # fmt: skip
    return response


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, full-width signs included."""
    return f"'{cell}" if cell[:1] in tuple("=+-@＝＋－＠\t\r") else cell
