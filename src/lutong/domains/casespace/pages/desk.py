"""案件办理: the court's desk for a case, for judges, 书记员, presidents and the filing desk."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases import actions
from lutong.domains.cases import queries as cases
from lutong.domains.casespace import panels
from lutong.domains.casespace.gathering import gather
from lutong.domains.eservice.queries import finality_of
from lutong.domains.filing.queries.desk import QueueFilter, list_queue
from lutong.domains.identity.queries import list_colleagues
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import JUDGES, Duty, may
from lutong.kernel.errors import Invalid, NotFound, Refusal
from lutong.kernel.faces import actor_in, carry_out, for_staff, pack_cursor, shown, unpack_cursor, whole_number

PAGE = 20
STAGES = (
    ("", "全部"), ("registered", "已立案"), ("mediation", "先行调解中"), ("fee_due", "待交费"), ("trial", "审理中"),
    ("decided", "已裁判"), ("closed", "已结案"),
)  # fmt: skip
# Whose cases the list shows, in the words of its reader.
SCOPES = {
    Role.CLERK: "移送审判庭之前的案件", Role.RECORDER: "由我记录的案件", Role.JUDGE: "由我承办或参加合议的案件",
    Role.PRESIDING: "由我承办或参加合议的案件", Role.PRESIDENT: "本院全部案件",
    Role.ARCHIVIST: "已结案、可以归档的案件", Role.MEDIATOR: "委派给我、正在调解的案件",
}  # fmt: skip
# Where the first case of an empty list comes from.
COMES = {
    Role.CLERK: "立案申请登记立案后列在这里，转审理后移交承办人。",
    Role.RECORDER: "立案庭登记立案并确定您为书记员后列在这里。",
    Role.JUDGE: "立案庭登记立案并分给您后列在这里。",
    Role.PRESIDING: "立案庭登记立案并分到本庭后列在这里。",
    Role.PRESIDENT: "立案庭登记立案后列在这里。",
    Role.ARCHIVIST: "案件结案后列在这里，可以查看和整理归档。",
    Role.MEDIATOR: "承办法官、书记员或者立案庭委派给您后列在这里，并发消息告诉您。",
}
PLANNED = ("mediation", "fee_due", "trial")


@require_GET
@for_staff(Duty.CASES)
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_in(request)
    presides = actor.role is Role.PRESIDING
    wanted = cases.CaseFilter(
        stage=request.GET.get("stage", "")[:20], text=request.GET.get("q", "")[:80],
        mine=presides and request.GET.get("all") != "1",
    )  # fmt: skip
    before = unpack_cursor(request.GET.get("before"))
    rows = cases.list_court_cases(actor=actor, wanted=wanted, before=before, limit=PAGE + 1)
    more = pack_cursor(rows[PAGE - 1].registered_at.isoformat(), rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "rows": rows[:PAGE], "more": more, "wanted": wanted, "stages": STAGES, "presides": presides,
        "scope": SCOPES[actor.role], "comes": COMES[actor.role],
        "may_review": may(actor, Duty.FILINGS), "may_open": may(actor, Duty.OPEN_URGENTLY),
        "today": clock.beijing_date(clock.now()), "here": "desk-cases",
    }  # fmt: skip
    return render(request, "casespace/desk/list.html", context)


@require_GET
@for_staff(Duty.CASES)
def search(request: HttpRequest) -> HttpResponse:
    """收件号、案号、当事人 within the court."""
    actor, text = actor_in(request), request.GET.get("q", "").strip()[:80]
    today = clock.beijing_date(clock.now())
    found_cases: list[Any] = []
    found_filings: list[Any] = []
    if text:
        found_cases = cases.list_court_cases(actor=actor, wanted=cases.CaseFilter(text=text), limit=PAGE)
        found_filings = [
            *list_queue(actor=actor, wanted=QueueFilter(text=text), today=today, limit=PAGE),
            *list_queue(actor=actor, wanted=QueueFilter(tab="done", text=text), today=today, limit=PAGE),
        ]
    context = {
        "cases": found_cases, "filings": found_filings, "q": text, "here": "desk-cases",
        "elsewhere": cases.find_elsewhere(actor=actor, number=cases.plain_number(text)) if text else None,
        "may_filings": may(actor, Duty.FILINGS),
    }  # fmt: skip
    return render(request, "casespace/desk/search.html", context)


@require_GET
@for_staff(Duty.CASES)
def show(request: HttpRequest, case_id: UUID, tab: str = "overview") -> HttpResponse:
    return _show(request, case_id, tab)


@require_POST
@for_staff(Duty.CASES)
def act(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    """One of the court's steps; a refusal is shown above the form with what was typed."""
    handler = _ACTS.get(step)
    if handler is None:
        raise NotFound("没有这一步")
    return carry_out(
        request,
        work=lambda: str(handler(request, case_id)),
        again=lambda refusal: _show(request, case_id, "overview", refusal, step),
        then=lambda: _next(request, case_id),
    )


@require_POST
@for_staff(Duty.KEEP_MEDIATION_NOTES)
def write_note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A note of the mediator; what was typed stays when it is refused."""
    return carry_out(
        request,
        work=lambda: _write_note(request, case_id),
        again=lambda refusal: _show(request, case_id, "notes", refusal),
        then=lambda: reverse("desk-case-tab", args=[case_id, "notes"]),
    )


def _show(
    request: HttpRequest, case_id: UUID, tab: str, refusal: Refusal | None = None, open_form: str = ""
) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    if tab not in panels.desk_tabs(actor):
        raise NotFound("没有这个页面")
    facts = gather(actor=actor, court_id=actor.court_id or 0, case_id=case_id, now=now)
    context: dict[str, Any] = {
        "case": facts.case, "tab": tab, "here": "desk-cases", "today": clock.beijing_date(now),
        "panel": f"casespace/_{tab}.html", "typed": request.POST,
        "urgent_until": cases.urgent_until(actor=actor, court_id=actor.court_id or 0, case_id=case_id),
    }  # fmt: skip
    context |= panels.head(facts) | panels.shared(facts) | panels.PANELS[tab](facts, request.GET)
    if tab == "overview" and cases.handles(actor=actor, court_id=actor.court_id or 0, case_id=case_id):
        context |= _forms(actor, facts.case, request.POST, open_form)
    return shown(request, "casespace/desk/case.html", context, refusal)


def _forms(actor: Actor, case: Any, typed: QueryDict, open_form: str) -> dict[str, Any]:
    """What the step forms choose from, and what was typed when a step was refused."""
    planned, steps = open_form == "plan", {s.name: s for s in cases.open_steps(actor=actor, case=case)}
    seated = [person["person_id"] for person in case.panel]
    return {
        "open": open_form, "typed": typed, "steps": steps,
        "finality": finality_of(actor=actor, court_id=case.court_id, case_id=case.id) if "close" in steps else None,
        "may_allot": case.stage != "closed" and may(actor, Duty.ALLOT),
        "may_plan": case.stage in PLANNED and may(actor, Duty.TRY),
        "may_mediate": may(actor, Duty.TRY),
        "may_appoint": case.stage == "mediation" and may(actor, Duty.APPOINT_MEDIATOR),
        "mediators": list_colleagues(court_id=case.court_id, role=Role.MEDIATOR),
        "judges": list_colleagues(court_id=case.court_id, role=JUDGES),
        "recorders": list_colleagues(court_id=case.court_id, role=Role.RECORDER),
        "outcomes": cases.OUTCOMES, "procedures": cases.PROCEDURES,
        "chosen_procedure": typed.get("procedure") if planned else case.procedure,
        "chosen_panel": [whole_number(v) for v in typed.getlist("panel")] if planned else seated,
        "presiding": whole_number(typed.get("presiding")) if planned else next(iter(seated), 0),
        "evidence_day": case.evidence_due_on.isoformat() if case.evidence_due_on else "",
    }  # fmt: skip


def _step(step: str, done: str, facts: Any = None) -> Any:
    def handler(request: HttpRequest, case_id: UUID) -> str:
        actor = actor_in(request)
        actions.take_step(
            actor=actor, court_id=actor.court_id or 0, case_id=case_id, step=step,
            version=whole_number(request.POST.get("version")), facts=facts(request.POST) if facts else {},
            now=clock.now(),
        )  # fmt: skip
        return done

    return handler


def _next(request: HttpRequest, case_id: UUID) -> str:
    actor = actor_in(request)
    if not cases.holds(actor=actor, court_id=actor.court_id or 0, case_id=case_id):
        return reverse("desk-cases")  # he has just handed it over
    return reverse("desk-case", args=[case_id])


def _write_note(request: HttpRequest, case_id: UUID) -> str:
    actor = actor_in(request)
    actions.write_note(
        actor=actor, court_id=actor.court_id or 0, case_id=case_id, text=request.POST.get("text", ""), now=clock.now()
    )
    return "已记下，只有您能看到"


def _allot(request: HttpRequest, case_id: UUID) -> str:
    actor = actor_in(request)
    actions.allot(
        actor=actor, court_id=actor.court_id or 0, case_id=case_id, version=whole_number(request.POST.get("version")),
        judge_id=whole_number(request.POST.get("judge_id")), recorder_id=whole_number(request.POST.get("recorder_id")),
        now=clock.now(),
    )  # fmt: skip
    return "已变更承办人"


def _appoint(request: HttpRequest, case_id: UUID) -> str:
    actor = actor_in(request)
    actions.appoint_mediator(
        actor=actor, court_id=actor.court_id or 0, case_id=case_id, version=whole_number(request.POST.get("version")),
        mediator_id=whole_number(request.POST.get("mediator_id")), now=clock.now(),
    )  # fmt: skip
    return "已委派调解员，他现在可以看到本案"


def _plan(request: HttpRequest, case_id: UUID) -> str:
    actor, data = actor_in(request), request.POST
    chosen = [whole_number(value) for value in data.getlist("panel")]
    names = {c.person_id: c.name for c in list_colleagues(court_id=actor.court_id or 0, role=JUDGES)}
    presiding = whole_number(data.get("presiding"))
    known = sorted((person_id for person_id in chosen if person_id in names), key=lambda i: i != presiding)
    first = "审判长" if len(known) > 1 else "审判员"
    panel = [
        {"person_id": person_id, "name": names[person_id], "role": first if place == 0 else "审判员"}
        for place, person_id in enumerate(known)
    ]
    actions.set_plan(
        actor=actor, court_id=actor.court_id or 0, case_id=case_id, version=whole_number(data.get("version")),
        procedure=data.get("procedure", ""), panel=panel, evidence_due_on=_day(data, "evidence_due_on", "举证期限"),
        now=clock.now(),
    )  # fmt: skip
    return "已确定审理程序、审判组织和举证期限"


def _extend(request: HttpRequest, case_id: UUID) -> str:
    actor = actor_in(request)
    if request.POST.get("agreed") != "1":
        raise Invalid("各方当事人都同意，才能延长调解期限；请勾选确认", fields={"agreed": "请勾选各方均已同意"})
    actions.extend_mediation(actor=actor, court_id=actor.court_id or 0, case_id=case_id, now=clock.now())
    return "已延长调解期限 30 日"


def _outcome(data: QueryDict) -> dict[str, Any]:
    return {
        "outcome": data.get("outcome", ""), "decided_on": _day(data, "decided_on", "裁判日期"),
        "note": data.get("note", "")[:1000],
    }  # fmt: skip


def _note(data: QueryDict) -> dict[str, Any]:
    return {"note": data.get("note", "")[:1000]}


def _day(data: QueryDict, field: str, label: str) -> dt.date | None:
    text = data.get(field, "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{label}：请填日期，例如 2026-11-21", fields={field: "请填日期，例如 2026-11-21"}) from None


_ACTS: dict[str, Any] = {
    "allot": _allot, "appoint": _appoint, "plan": _plan, "extend": _extend,
    "settle": _step("settle", "已记为调解成功并结案", _note),
    "bill": _step("bill", "已转审理，交费通知正在送达"),
    "deem-withdrawn": _step("deem_withdrawn", "已按撤诉处理"),
    "decide": _step("decide", "已录入裁判结果，请上传裁判文书并送达", _outcome),
    "close": _step("close", "已结案"),
}  # fmt: skip
