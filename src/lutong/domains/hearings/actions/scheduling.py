"""Fixing, moving, cancelling and holding a hearing."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.audit.actions import record
from lutong.domains.cases import actions as case_actions
from lutong.domains.cases import queries as cases
from lutong.domains.courts import queries as courts
from lutong.domains.hearings import events
from lutong.domains.hearings.access import require_scheduler, visible_to
from lutong.domains.hearings.actions import calendars, limits
from lutong.domains.hearings.models import Hearing
from lutong.domains.hearings.queries import clashes
from lutong.domains.hearings.states import HEARING, HearingKind, HearingState
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, NotFound
from lutong.kernel.events import announce
from lutong.kernel.periods import Step, latest_before, weekday_name

NOTICE_LAW = "民事诉讼法第一百三十九条"

# The last word when two clerks race; ordinarily `limits.refuse_if_busy` has named the busy slot before.
refuse_on("hearing_room_free", lambda: Conflict("该法庭在这一时段刚被占用，请另选法庭或时间"))
refuse_on("hearing_judge_free", lambda: Conflict("承办法官在这一时段刚有其他庭审，请另选时间"))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What was asked for, checked: the counsel of record and the clashes that their calendars show."""

    case: limits.Heard
    names: dict[int, str]
    found: list[clashes.Found]


@action
def schedule(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    kind: str,
    mode: str,
    room_id: uuid.UUID | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    clash_reason: str = "",
    now: dt.datetime,
) -> Hearing:
    """Fix a hearing. Judge and room cannot be double-booked; counsel's clashes need a reason and are recorded.

    The court may go on with a clash when the case requires it (法发〔2021〕3号第十条). Raises Invalid (times, room),
    NotAllowed (role), Conflict (stage, busy room or judge, or clashes without a reason: then the facts carry
    `clashes`, a list of ClashNote, so that the page can show them and ask).
    """
    require_scheduler(actor, court_id)
    case = cases.get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    limits.require_schedulable(case, kind)
    room = limits.check_place(court_id=court_id, kind=kind, mode=mode, room_id=room_id)
    limits.check_times(starts_at=starts_at, ends_at=ends_at, now=now)
    judge_id, judge_name = limits.judge_of(case)
    hearing = Hearing(
        court_id=court_id, case_id=case_id, kind=kind, mode=mode, room_id=room.id if room else None,
        room_name=room.name if room else "", judge_id=judge_id, judge_name=judge_name,
        during=limits.as_range(starts_at, ends_at), clash_reason=clash_reason.strip(), scheduled_by=actor.name,
        scheduler_id=actor.person_id or None, scheduled_at=now,
    )  # fmt: skip
    arranged = _arrange(actor, case, hearing)
    Hearing.objects.bulk_create([hearing], ignore_conflicts=True)  # waits for a rival instead of deadlocking with him
    if not Hearing.objects.filter(court_id=court_id, id=hearing.id).exists():
        limits.refuse_if_busy(actor, hearing)
        raise Conflict("这一时段刚被占用，请另选时间")
    _write_down(actor, arranged, hearing, now, "schedule")
    announce(events.HearingScheduled(actor, court_id, case_id, hearing.id, now))
    return hearing


@action
def reschedule(
    *,
    actor: Actor,
    court_id: int,
    hearing_id: uuid.UUID,
    version: int,
    kind: str,
    mode: str,
    room_id: uuid.UUID | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    clash_reason: str = "",
    now: dt.datetime,
) -> Hearing:
    """Fix a hearing anew. Raises as `schedule`, and Conflict when somebody else changed it meanwhile."""
    hearing = _hearing_to_change(actor, court_id, hearing_id, version, "move")
    case = cases.get_case(actor=actor, court_id=court_id, case_id=hearing.case_id, lock=True)
    limits.require_schedulable(case, kind)
    room = limits.check_place(court_id=court_id, kind=kind, mode=mode, room_id=room_id)
    limits.check_times(starts_at=starts_at, ends_at=ends_at, now=now)
    hearing.kind, hearing.mode = kind, mode
    hearing.room_id, hearing.room_name = (room.id, room.name) if room else (None, "")
    hearing.judge_id, hearing.judge_name = limits.judge_of(case)
    hearing.during, hearing.clash_reason = limits.as_range(starts_at, ends_at), clash_reason.strip()
    hearing.scheduled_by, hearing.scheduler_id, hearing.scheduled_at = actor.name, actor.person_id or None, now
    hearing.version, hearing.moves = version + 1, hearing.moves + 1
    arranged = _arrange(actor, case, hearing)
    hearing.save()
    calendars.solve(entry_id=hearing.id, lawyer_ids=arranged.names)
    _write_down(actor, arranged, hearing, now, "move")
    announce(events.HearingMoved(actor, court_id, hearing.case_id, hearing.id, hearing.version, now))
    return hearing


@action
def cancel(
    *, actor: Actor, court_id: int, hearing_id: uuid.UUID, version: int, reason: str, now: dt.datetime
) -> Hearing:
    """Take a hearing off the calendars. The reason is told to counsel. Raises Invalid without one."""
    hearing = _hearing_to_change(actor, court_id, hearing_id, version, "cancel")
    note = limits.required_note(reason, "reason", "请写明取消的原因，系统会告知双方律师")
    names = _counsel(actor, court_id, hearing.case_id)
    calendars.lock(names)
    _close(hearing, "cancel", actor, note)
    calendars.withdraw(hearing_id=hearing.id, lawyer_ids=names)
    title = f"取消{hearing.get_kind_display()}"
    when = calendars.minute(hearing.during.lower)
    for lawyer_id in names:
        tell(
            person_id=lawyer_id, key=f"hearing:{hearing.id}:cancelled", kind="hearing", tone="warn",
            title=f"{title}：{when}", body=note, link=_case_link(hearing), now=now,
        )  # fmt: skip
    case_actions.add_milestone(
        actor=actor, court_id=court_id, case_id=hearing.case_id, kind="hearing_cancelled", title=title,
        detail=f"原定 {when}。{note}", now=now,
    )  # fmt: skip
    case_actions.settle_deadline(
        actor=actor, court_id=court_id, case_id=hearing.case_id, kind="hearing", source=f"hearing:{hearing.id}",
        state="void", now=now,
    )  # fmt: skip
    _note_next(actor, hearing, now)
    _record(actor, hearing, "cancel", now)
    announce(events.HearingCancelled(actor, court_id, hearing.case_id, hearing.id, note, now))
    return hearing


@action
def hold(
    *, actor: Actor, court_id: int, hearing_id: uuid.UUID, version: int, note: str = "", now: dt.datetime
) -> Hearing:
    """Note that a hearing took place. Raises Conflict before its time."""
    hearing = _hearing_to_change(actor, court_id, hearing_id, version, "hold")
    if hearing.during.lower > now:
        raise Conflict("还没有到开庭时间，不能记为已开庭；不再开庭的请取消排期")
    _close(hearing, "hold", actor, note.strip()[:500])
    calendars.solve(entry_id=hearing.id, lawyer_ids=_counsel(actor, court_id, hearing.case_id))
    case_actions.add_milestone(
        actor=actor, court_id=court_id, case_id=hearing.case_id, kind="hearing_held",
        title=f"已{hearing.get_kind_display()}" if hearing.kind == HearingKind.TRIAL else hearing.get_kind_display(),
        detail=calendars.minute(hearing.during.lower), now=now,
    )  # fmt: skip
    case_actions.settle_deadline(
        actor=actor, court_id=court_id, case_id=hearing.case_id, kind="hearing", source=f"hearing:{hearing.id}",
        state="met", now=now,
    )  # fmt: skip
    _note_next(actor, hearing, now)
    _record(actor, hearing, "hold", now)
    return hearing


def _hearing_to_change(actor: Actor, court_id: int, hearing_id: uuid.UUID, version: int, step: str) -> Hearing:
    """Fetch, permission, lock and revision in one; the lifecycle says whether the step is open."""
    require_scheduler(actor, court_id)
    hearing = visible_to(actor, court_id).select_for_update().filter(id=hearing_id).first()
    if hearing is None:
        raise NotFound("没有这场庭审，或您无权查看")
    cases.require_handling(actor=actor, court_id=court_id, case_id=hearing.case_id)
    HEARING.advance(hearing.state, step, actor)
    if hearing.version != version:
        raise Conflict("这场庭审刚被他人改动，请刷新页面核对后再办理", version=hearing.version)
    return hearing


def _close(hearing: Hearing, step: str, actor: Actor, note: str) -> None:
    hearing.state = HearingState(HEARING.advance(hearing.state, step, actor))
    hearing.closed_note, hearing.version = note, hearing.version + 1
    hearing.save()


def _counsel(actor: Actor, court_id: int, case_id: uuid.UUID) -> dict[int, str]:
    return {c.lawyer_id: c.name for c in cases.counsel_of(actor=actor, court_id=court_id, case_id=case_id)}


def _arrange(actor: Actor, case: limits.Heard, hearing: Hearing) -> Arrangement:
    """Lock counsel's calendars, search them, and refuse while something stands against it."""
    names = _counsel(actor, hearing.court_id, hearing.case_id)
    calendars.lock(names)
    limits.refuse_if_busy(actor, hearing)
    found = clashes.search(lawyer_ids=names, wanted=calendars.wanted_of(hearing))
    if found and not hearing.clash_reason:
        notes = clashes.notes_for_court(found, names)
        raise Conflict(
            "代理律师在这一时段有冲突，请另选时间；确需按此时间开庭的，请写明理由",
            fields={"clash_reason": "请写明仍按此时间开庭的理由"}, clashes=notes,
        )  # fmt: skip
    if hearing.clash_reason:
        limits.check_length(hearing.clash_reason, "clash_reason", 500)
    if not found:
        hearing.clash_reason = ""
    return Arrangement(case, names, found)


def _write_down(actor: Actor, arranged: Arrangement, hearing: Hearing, now: dt.datetime, what: str) -> None:
    """Everything that follows from a fixed time: calendars, clashes, notices, timeline, deadline, trail."""
    names, when = arranged.names, calendars.minute(hearing.during.lower)
    calendars.project(
        hearing=hearing, number=arranged.case.number, case_title=arranged.case.title, lawyer_ids=names
    )  # fmt: skip
    calendars.record_clashes(
        entry_id=hearing.id, court_id=hearing.court_id, found=arranged.found, reason=hearing.clash_reason, now=now
    )
    court = courts.get_court(court_id=hearing.court_id)
    where = f"{court.short_name} {hearing.room_name or '线上'}"
    title = hearing.get_kind_display() if what == "schedule" else f"{hearing.get_kind_display()}改期"
    for lawyer_id in names:
        tell(
            person_id=lawyer_id, key=f"hearing:{hearing.id}:{hearing.version}", kind="hearing",
            title=f"{title}：{when} {where}", body=f"{arranged.case.number} {arranged.case.title}",
            link=_case_link(hearing), now=now,
        )  # fmt: skip
    calendars.warn_of_clashes(
        entry_id=hearing.id, when=when, mark=str(hearing.version), found=arranged.found, names=names, now=now,
        court_name=court.short_name,
    )  # fmt: skip
    case_actions.add_milestone(
        actor=actor, court_id=hearing.court_id, case_id=hearing.case_id, kind="hearing",
        title=f"排定{title}" if what == "schedule" else title, detail=f"{when} {where}", now=now,
    )  # fmt: skip
    _set_deadline(actor, hearing, where, now)
    _note_next(actor, hearing, now)
    _record(actor, hearing, what, now, clashes=len(arranged.found))


def _set_deadline(actor: Actor, hearing: Hearing, where: str, now: dt.datetime) -> None:
    day = beijing_date(hearing.during.lower)
    told_by = latest_before(event_on=day, days=3)
    case_actions.set_deadline(
        actor=actor, court_id=hearing.court_id, case_id=hearing.case_id, kind="hearing",
        title=f"{hearing.get_kind_display()} {calendars.minute(hearing.during.lower)[6:]}", due_on=day, law=NOTICE_LAW,
        steps=[
            Step(f"法院排定 {day.isoformat()}（{weekday_name(day)}）{hearing.get_kind_display()}，{where}"),
            Step(f"通知应在开庭三日前，即 {told_by.isoformat()} 前送达", NOTICE_LAW),
        ],
        source=f"hearing:{hearing.id}", now=now,
    )  # fmt: skip


def _note_next(actor: Actor, hearing: Hearing, now: dt.datetime) -> None:
    """The lawyers' case lists show when the case is heard next."""
    coming = Hearing.objects.filter(
        court_id=hearing.court_id, case_id=hearing.case_id, state=HearingState.SCHEDULED, during__endswith__gt=now
    ).order_by("during")
    first = coming.first()
    case_actions.note_next_hearing(
        actor=actor, court_id=hearing.court_id, case_id=hearing.case_id,
        starts_at=first.during.lower if first else None, now=now,
    )  # fmt: skip


def _record(actor: Actor, hearing: Hearing, what: str, now: dt.datetime, clashes: int = 0) -> None:
    record(
        actor=actor, court_id=hearing.court_id, case_id=hearing.case_id, action=f"hearings.{what}",
        subject=str(hearing.id), now=now, version=hearing.version, starts_at=hearing.during.lower.isoformat(),
        state=str(hearing.state), clashes=clashes,
    )  # fmt: skip


def _case_link(hearing: Hearing) -> str:
    return f"/cases/{hearing.court_id}/{hearing.case_id}/schedule/"
