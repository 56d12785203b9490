"""任职回避与亲属申报: one form, every version kept."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lutong.domains.capacity import actions, queries
from lutong.domains.capacity.queries import BODIES, RELATIONS, Declared, FormerPost, Relative
from lutong.domains.courts.queries import CourtInfo, search_courts
from lutong.kernel import clock
from lutong.kernel.errors import Conflict, Invalid, Refusal
from lutong.kernel.faces import actor_in, for_lawyers, whole_number

BLANK_ROWS = 2
MOST_ROWS = 20


@require_http_methods(["GET", "POST"])
@for_lawyers
def declaration(request: HttpRequest) -> HttpResponse:
    """The newest version to read and to change; a refusal leaves everything typed in its place."""
    if request.method == "GET":
        return _form(request)
    data = request.POST
    try:
        declared = _declared(data)
        actions.declare(
            actor=actor_in(request), declared=declared, version=whole_number(data.get("version")),
            confirmed=data.get("confirmed") == "1", now=clock.now(),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _form(request, refusal)
    messages.success(request, "申报已保存，今后的代理资格检查以此为准")
    return redirect("declaration")


@require_GET
@for_lawyers
def court(request: HttpRequest) -> HttpResponse:
    """The court that is meant, told while it is typed."""
    text = next((str(value) for key, value in request.GET.items() if key.endswith(".court")), "")[:60].strip()
    found = _court(text) if text else None
    return render(request, "capacity/_court.html", {"found": found, "text": text, "like": _like(text)})


def _form(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_in(request)
    newest = queries.newest_declaration(actor=actor)
    declared = queries.declared_in(newest)
    today = clock.beijing_date(clock.now())
    typed = request.POST if refusal else None
    context: dict[str, Any] = {
        "here": "account", "refusal": refusal, "newest": newest, "declared": declared,
        "version": typed.get("version", "") if typed else (newest.version if newest else 0),
        "posts": _typed_rows(typed, "posts", ("body", "court", "left_on")) if typed else _post_rows(declared),
        "relatives": _typed_rows(typed, "relatives", ("relation", "court")) if typed else _relative_rows(declared),
        "sits": typed.get("sits") == "1" if typed else bool(declared.committee),
        "committee": typed.get("committee", "") if typed else declared.committee,
        "bodies": BODIES, "relations": RELATIONS,
        "history": [(one, queries.declared_in(one)) for one in queries.list_declarations(actor=actor)],
        "until": queries.closed_until(declared=declared, today=today),
        "closed": sorted({p.name for p in declared.posts if p.court_id} | {r.court_name for r in declared.relatives}),
    }  # fmt: skip
    return render(request, "capacity/declaration.html", context, status=refusal.status if refusal else 200)


def _post_rows(declared: Declared) -> list[dict[str, str]]:
    rows = [{"body": p.body, "court": p.name, "left_on": p.left_on.isoformat()} for p in declared.posts]
    return rows + [{} for _ in range(BLANK_ROWS)]


def _relative_rows(declared: Declared) -> list[dict[str, str]]:
    rows = [{"relation": r.relation, "court": r.court_name} for r in declared.relatives]
    return rows + [{} for _ in range(BLANK_ROWS)]


def _typed_rows(data: QueryDict, table: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    rows = [{field: data.get(f"{table}.{place}.{field}", "")[:120] for field in fields} for place in range(MOST_ROWS)]
    filled = max((place + 1 for place, row in enumerate(rows) if any(row.values())), default=0)
    return rows[: filled + BLANK_ROWS]


def _declared(data: QueryDict) -> Declared:
    """What was typed; a row without a court is an empty row. Raises Invalid with every field at once."""
    faults: dict[str, str] = {}
    posts, relatives = [], []
    for place, row in enumerate(_typed_rows(data, "posts", ("body", "court", "left_on"))):
        if row["court"].strip() or row["left_on"].strip():
            posts.append(_post(place, row, faults))
    for place, row in enumerate(_typed_rows(data, "relatives", ("relation", "court"))):
        if row["court"].strip():
            found = _known_court(f"relatives.{place}.court", row["court"], faults)
            relatives.append(Relative(row["relation"], found.id, found.name) if found else None)
    committee = data.get("committee", "").strip()[:60] if data.get("sits") == "1" else ""
    if data.get("sits") == "1" and not committee:
        faults["committee"] = "请填写人大常委会的名称"
    if faults:
        raise Invalid("请改正标出的项目", fields=faults)
    return Declared(tuple(p for p in posts if p), tuple(r for r in relatives if r), committee)


def _post(place: int, row: dict[str, str], faults: dict[str, str]) -> FormerPost | None:
    path, body, name = f"posts.{place}", row["body"], row["court"].strip()
    found = None
    if body == "procuratorate":
        if len(name) < 4:
            faults[f"{path}.court"] = "请填写人民检察院全称"
    else:
        found = _known_court(f"{path}.court", name, faults)
    try:
        left_on = dt.date.fromisoformat(row["left_on"].strip())
    except ValueError:
        faults[f"{path}.left_on"] = "请填写离任日期，例如 2024-06-30"
        return None
    return FormerPost(body, found.id if found else None, found.name if found else name, left_on)


def _known_court(field: str, text: str, faults: dict[str, str]) -> CourtInfo | None:
    found = _court(text)
    if found is None:
        like = _like(text)
        faults[field] = "没有认出法院，请填写全称" + (f"，例如 {like[0].name}" if like else "")
    return found


def _court(text: str) -> CourtInfo | None:
    wanted = text.strip()
    return next((c for c in _like(wanted) if wanted in (c.name, c.short_name, c.code)), None)


def _like(text: str) -> list[CourtInfo]:
    return search_courts(text=text[:40], limit=3) if text.strip() else []
