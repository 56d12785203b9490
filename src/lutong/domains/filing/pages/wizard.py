"""立案向导: nine steps, saved on every change, usable without script."""

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.capacity.actions import watch
from lutong.domains.capacity.queries import clean_names, findings_of, last_watch
from lutong.domains.delegation.queries import grants_of_draft
from lutong.domains.dossier.queries import list_uploads
from lutong.domains.filing import actions, queries
from lutong.domains.filing.checks import Report
from lutong.domains.filing.claims import reckon_claims
from lutong.domains.filing.content import STEP_LABELS, FilingContent, step_of
from lutong.domains.filing.formdata import placements, read_form
from lutong.domains.filing.merging import digest_of
from lutong.domains.filing.pages.answers import answers_of
from lutong.domains.filing.pages.conflicts import conflict_rows
from lutong.domains.filing.pages.panels import Look, file_rows, panel_of
from lutong.domains.filing.pages.rows import change_rows
from lutong.domains.filing.wizard import KEYS, neighbours, step_rows
from lutong.domains.identity.queries import get_lawyer
from lutong.kernel import clock, tickets
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Conflict, Invalid, NotFound
from lutong.kernel.faces import actor_in, for_counsel

EDITABLE = ("draft", "returned")


@require_GET
@for_counsel(Capability.PREPARE_FILING)
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where a second tab lands after signing in again: it says to go back to the first."""
    return render(request, "filing/signed_in.html", {"here": "filing"})


@for_counsel(Capability.PREPARE_FILING)
def step(request: HttpRequest, draft_id: UUID, step: str) -> HttpResponse:
    """One step. A POST saves it first and then goes where the pressed button says."""
    if step not in KEYS:
        raise NotFound("没有这一步")
    if request.method != "POST":
        draft = queries.get_draft(actor=actor_in(request), draft_id=draft_id)
        if draft.state not in EDITABLE:
            return redirect("filing-one", draft_id=draft_id)
        return _page(request, draft, step)
    go = request.POST.get("go", "next")
    try:
        saved, undo, _ = _save(request, draft_id, step, go)
    except Conflict as conflict:
        return _conflict_page(request, draft_id, step, conflict)
    return _follow(request, saved, step, go, undo)


@require_POST
@for_counsel(Capability.PREPARE_FILING)
def save(request: HttpRequest, draft_id: UUID, step: str) -> HttpResponse:
    """Autosave: the whole step, answered with what the page should now show around its fields."""
    go = request.POST.get("go", "save")
    try:
        draft, undo, focus = _save(request, draft_id, step, go)
    except Conflict as conflict:
        if "theirs" not in conflict.facts:
            return _problem(conflict)
        html = render_to_string("filing/_conflict.html", _conflict_context(draft_id, step, conflict), request)
        return _problem(conflict, html=html, version=conflict.facts["version"])
    except (Invalid, NotFound) as refusal:
        return _problem(refusal)
    return JsonResponse(_answer(request, draft, step, undo, focus, redraw=go != "save"))


@require_POST
@for_counsel(Capability.PREPARE_FILING)
def merge(request: HttpRequest, draft_id: UUID, step: str) -> HttpResponse:
    """Settle a conflict with what the person picked on the comparison."""
    if step not in KEYS:
        raise NotFound("没有这一步")
    picked = frozenset(key.removeprefix("pick:") for key, value in request.POST.items() if value == "mine")
    actor, now = actor_in(request), clock.now()
    draft = actions.merge_step(
        actor=actor, draft_id=draft_id, version=_number(request, "_version"), step=step,
        mine=_posted(request, step), take_mine=picked, now=now, writer=request.POST.get("_writer", ""),
    )  # fmt: skip
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_answer(request, draft, step, None, "", redraw=True))
    return redirect("filing-step", draft_id=draft_id, step=step)


@require_POST
@for_counsel(Capability.PREPARE_FILING)
def ticket(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """A fresh ticket for the file process, and what it already has for this draft."""
    actor = actor_in(request)
    draft = queries.get_draft(actor=actor, draft_id=draft_id)
    if draft.state not in EDITABLE:
        raise Conflict("申请已提交，不能再上传", state=draft.state)
    purpose = queries.purpose_of(draft_id)
    signed = tickets.issue_upload(tickets.UploadTicket(actor, purpose), now=clock.now())
    content = FilingContent.model_validate(draft.content)
    return JsonResponse(
        {
            "ticket": signed,
            "url": f"{settings.LUTONG_FILES_URL}/uploads",
            "uploads": file_rows(content, list_uploads(actor=actor, purpose=purpose)),
        }
    )


def _posted(request: HttpRequest, step: str) -> dict[str, Any]:
    fields = {name: request.POST.getlist(name) for name in request.POST}
    return read_form(step=step, fields=fields)


def _save(request: HttpRequest, draft_id: UUID, step: str, go: str) -> tuple[Any, dict[str, str] | None, str]:
    if step not in KEYS:
        raise NotFound("没有这一步")
    fields = {name: request.POST.getlist(name) for name in request.POST}
    patch, undo, focus = change_rows(read_form(step=step, fields=fields), go, request.POST.get("_undo", ""))
    where = placements(fields) if step == "evidence" else {}
    actor = actor_in(request)
    if "evidence:new" in where.values():
        patch, where = _new_evidence(actor, draft_id, patch, where)
    draft = actions.save_step(
        actor=actor, draft_id=draft_id, version=_number(request, "_version"), step=step, content_patch=patch,
        where=where, writer=request.POST.get("_writer", ""), base=request.POST.get("_base", ""),
        reached=_reached(step, go), now=clock.now(),
    )  # fmt: skip
    return draft, undo, focus


def _new_evidence(
    actor: Actor, draft_id: UUID, patch: dict[str, Any], where: dict[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Files put to “作为一份新证据” open a line each, named after the file."""
    names = {str(u.id): u.filename for u in list_uploads(actor=actor, purpose=queries.purpose_of(draft_id))}
    rows, places = list(patch["evidence"]), dict(where)
    for upload, place in where.items():
        if place == "evidence:new" and upload in names:
            row_id = secrets.token_hex(4)
            rows.append({"id": row_id, "name": names[upload].rsplit(".", 1)[0][:120]})
            places[upload] = f"evidence:{row_id}"
    return {**patch, "evidence": rows}, places


def _reached(step: str, go: str) -> str:
    """The step that the person goes on to; only moving on counts as having been through."""
    if go in ("next", "on"):
        return KEYS[min(KEYS.index(step) + 1, len(KEYS) - 1)]
    return step


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _follow(request: HttpRequest, draft: Any, step: str, go: str, undo: dict[str, str] | None) -> HttpResponse:
    verb, _, rest = go.partition(":")
    if step in ("parties", "agents"):
        _watch(actor_in(request), draft)
    opened = queries.list_opened_fields(actor=actor_in(request), draft=draft)
    before, after = neighbours(step, opened)
    if verb == "exit":
        return redirect("filing")
    if verb == "back" and before:
        return redirect("filing-step", draft_id=draft.id, step=before)
    if verb == "step" and rest in KEYS:
        return redirect("filing-step", draft_id=draft.id, step=rest)
    if verb == "on" or (verb == "next" and not _errors_here(request, draft, step)):
        return redirect("filing-step", draft_id=draft.id, step=after or "check")
    return _page(request, draft, step, look=verb == "next", undo=undo)


def _errors_here(request: HttpRequest, draft: Any, step: str) -> int:
    now = clock.now()
    content = FilingContent.model_validate(draft.content)
    report = queries.examine_draft(
        actor=actor_in(request), draft_id=draft.id, content=content, today=clock.beijing_date(now)
    )
    return report.errors_by_step[step]


def _page(
    request: HttpRequest, draft: Any, step: str, *, look: bool = False, undo: dict[str, str] | None = None
) -> HttpResponse:
    look = look or request.GET.get("look") == "1"
    context = _context(request, draft, step, look=look, undo=undo)
    return render(request, "filing/wizard.html", context)


def _context(
    request: HttpRequest, draft: Any, step: str, *, look: bool, undo: dict[str, str] | None = None
) -> dict[str, Any]:
    actor, today = actor_in(request), clock.beijing_date(clock.now())
    content = FilingContent.model_validate(draft.content)
    report = queries.examine_draft(actor=actor, draft_id=draft.id, content=content, today=today)
    opened = queries.list_opened_fields(actor=actor, draft=draft)
    claims = reckon_claims(content, today=today)
    uploads = list_uploads(actor=actor, purpose=queries.purpose_of(draft.id))
    before, after = neighbours(step, opened)
    look = look or (draft.step in KEYS and KEYS.index(draft.step) > KEYS.index(step)) or step == "check"
    panel = panel_of(
        step, Look(content, today, claims, uploads, _asked(request), get_lawyer(lawyer_id=actor.lawyer_id))
    )
    waiting = sum(u.state in ("receiving", "refused") for u in uploads)
    context = {
        "draft": draft, "step": step, "label": STEP_LABELS[step], "number": KEYS.index(step) + 1, "content": content,
        "report": report, "errors": _shown(report, step) if look else {}, "look": look,
        "summary": _summary(report, step) if look else (), "opened": opened, "undo": undo, "here": "filing",
        "before": before, "next": after, "next_label": STEP_LABELS.get(after, ""), "body": f"filing/steps/{step}.html",
        "objections": [o for o in report.objections if not o.refuses] if step in ("agents", "check") else [],
        "conflicts": _conflicts(actor, draft, content) if step in ("parties", "agents", "check") else [],
        "may_sign": actor.is_lawyer, "author": draft.authors.get(step),
        "helpers": len(grants_of_draft(actor=actor, draft_id=draft.id)) if draft.state == "draft" else 0,
        "base": digest_of(draft.content, step=step), "subtitle": _subtitle(content),
        "steps": step_rows(
            content=content, report=report, reached=draft.step, current=step, opened=opened, warnings=waiting,
            looked=look,
        ),
    }  # fmt: skip
    if step == "check":
        context |= {
            "answers": answers_of(content, claims, uploads, today, opened), "manual": len(report.manual),
            "submit_key": secrets.token_urlsafe(24),
        }  # fmt: skip
    return context | panel


def _watch(actor: Actor, draft: Any) -> None:
    """利益冲突检查 of the parties as they stand now; made once for the same names."""
    clients, opposing = FilingContent.model_validate(draft.content).sides_of(actor.lawyer_id)
    watch(actor=actor, about=draft.id, clients=clients, opposing=opposing, now=clock.now())


def _conflicts(actor: Actor, draft: Any, content: FilingContent) -> list[Any]:
    """What the last check of exactly these parties found; nothing while it was not made."""
    clients, opposing = (clean_names(side) for side in content.sides_of(actor.lawyer_id))
    check = last_watch(actor=actor, about=draft.id, clients=clients, opposing=opposing)
    return [finding for finding in findings_of(check) if finding.remarks] if check is not None else []


def _asked(request: HttpRequest) -> dict[str, str]:
    """What was searched or browsed on the first step: from the address, or from the pressed button."""
    asked = {key: request.GET[key][:40] for key in ("court_q", "cause_q", "province", "cause") if key in request.GET}
    verb, _, rest = request.POST.get("go", "").partition(":")
    if verb == "find":
        asked |= {key: request.POST.get(key, "")[:40] for key in ("court_q", "cause_q")}
    if verb in ("province", "cause"):
        asked[verb] = rest[:40]
    return asked


def _shown(report: Report, step: str) -> dict[str, str]:
    errors = {path: text for path, text in report.field_errors.items() if step_of(path) == step}
    missing = [text for path, text in errors.items() if path.startswith("files.")]
    return errors | ({"files": "；".join(missing)} if missing else {})


def _summary(report: Report, step: str) -> tuple[tuple[str, str], ...]:
    if step == "check":
        return report.summary
    here = [(path, text) for path, text in report.summary if step_of(path) == step]
    return tuple(("files" if path.startswith("files.") else path, text) for path, text in here)


def _subtitle(content: FilingContent) -> str:
    sides = [
        (label, [party.name.strip() for party in content.side(side) if party.name.strip()])
        for label, side in (("原告", "plaintiff"), ("被告", "defendant"))
    ]
    words = [f"{label} {'、'.join(names[:2])}" for label, names in sides if names]
    return " · ".join([content.court_name or "尚未选择法院", *words])


def _answer(
    request: HttpRequest, draft: Any, step: str, undo: dict[str, str] | None, focus: str, *, redraw: bool
) -> dict[str, Any]:
    """What the page needs after a save; its fields are left alone unless rows have changed."""
    context = _context(request, draft, step, look=False, undo=undo)
    errors = _shown(context["report"], step)
    answer = {
        "version": draft.version, "base": context["base"],
        "saved_at": f"{draft.updated_at.astimezone(clock.BEIJING):%H:%M:%S}",
        "title": context["content"].cause_name or "新的立案申请", "subtitle": context["subtitle"], "errors": errors,
        "notes": _notes(context), "steps": render_to_string("filing/_steps.html", context, request),
        "side": render_to_string(context["side"], context, request),
    }  # fmt: skip
    if redraw:
        answer |= {"body": render_to_string(context["body"], context, request), "focus": focus}
    return answer


def _notes(context: dict[str, Any]) -> dict[str, str]:
    """Derived texts beside fields: sums, formulas, warnings, birth dates."""
    notes = {}
    for place, (_, row) in enumerate(context.get("claims", [])):
        notes[f"claims.{place}.sum"] = f"{row.value:,.2f} 元" if row.value is not None else ""
        notes[f"claims.{place}.calc"] = f"{row.formula}（首尾两日都计）" if row.formula else ""
        notes[f"claims.{place}.warn"] = row.warn
    for place, party in enumerate(context.get("parties", [])):
        notes[f"parties.{place}.derived"] = party["told"] or "性别和出生日期由号码得出"
    return notes


def _conflict_context(draft_id: UUID, step: str, conflict: Conflict) -> dict[str, Any]:
    mine: Any = conflict.facts["mine"]
    theirs: Any = conflict.facts["theirs"]
    return {
        "rows": conflict_rows(mine, theirs), "draft_id": draft_id, "step": step, "label": STEP_LABELS[step],
        "version": conflict.facts["version"], "by": conflict.facts.get("by", ""),
        "at": _instant(conflict.facts.get("at")),
    }  # fmt: skip


def _instant(text: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _conflict_page(request: HttpRequest, draft_id: UUID, step: str, conflict: Conflict) -> HttpResponse:
    if "theirs" not in conflict.facts:
        raise conflict
    hidden = [
        (name, value) for name in request.POST if not name.startswith("_") and name not in ("go", "csrfmiddlewaretoken")
        for value in request.POST.getlist(name)
    ]  # fmt: skip
    context = _conflict_context(draft_id, step, conflict) | {"hidden": hidden, "here": "filing"}
    return render(request, "filing/conflict.html", context, status=409)


def _problem(refusal: Any, **more: Any) -> HttpResponse:
    body = {"title": refusal.message, "status": refusal.status, "code": refusal.code, "fields": refusal.fields, **more}
    return JsonResponse(
        body, status=refusal.status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
