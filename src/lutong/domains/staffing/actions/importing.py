"""批量导入: a file is read and looked at first; then the worker enters its people, twenty in a transaction."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.exchange.actions import put_out
from lutong.domains.identity.queries import posts_in
from lutong.domains.notices.actions import tell
from lutong.domains.staffing.access import require
from lutong.domains.staffing.actions.members import enrol
from lutong.domains.staffing.models import ImportBatch, Member
from lutong.domains.staffing.rules import Person, faults_of
from lutong.domains.staffing.states import IMPORT, ImportState
from lutong.kernel.acting import action, reading
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound, Refusal

AT_ONCE = 20


@action
def keep_import(*, actor: Actor, filename: str, people: Sequence[Person], now: dt.datetime) -> ImportBatch:
    """Keep the lines of a file with what is wrong with each; nobody is entered yet. Raises NotFound."""
    court_id = require(actor, Duty.MEMBERS)
    known = set(Member.objects.filter(court_id=court_id).values_list("staff_no", flat=True))
    seen: set[str] = set()
    rows = []
    for person in people:
        fault = "；".join(faults_of(person).values())
        if not fault and person.staff_no in known:
            fault = "这个工号已经在本院名单里"
        if not fault and person.staff_no in seen:
            fault = "文件里前面已有这个工号"
        seen.add(person.staff_no)
        rows.append({"person": asdict(person), "fault": fault, "state": "fault" if fault else "ready"})
    batch = ImportBatch.objects.create(
        court_id=court_id, filename=filename[:120], made_by=actor.person_id, made_at=now, rows=rows
    )
    record(
        actor=actor, court_id=court_id, action="staffing.keep_import", subject=filename[:60], now=now, rows=len(rows),
        faults=sum(1 for row in rows if row["fault"]),
    )  # fmt: skip
    return batch


@action
def start_import(*, actor: Actor, batch_id: uuid.UUID, now: dt.datetime) -> ImportBatch:
    """登记, or go on after a stop: the worker enters the people from now on. Raises NotFound, Conflict."""
    batch = _move(actor, batch_id, "start")
    batch.started_by, batch.starter_name, batch.started_at = actor.person_id, actor.name, batch.started_at or now
    batch.save()
    put_out(court_id=batch.court_id, topic="staffing.import", payload={"id": str(batch.id)}, now=now)
    ready = sum(row["state"] == "ready" for row in batch.rows)
    record(
        actor=actor, court_id=batch.court_id, action="staffing.start_import", subject=batch.filename[:60], now=now,
        ready=ready,
    )  # fmt: skip
    return batch


@action
def cancel_import(*, actor: Actor, batch_id: uuid.UUID, now: dt.datetime) -> ImportBatch:
    """停止: who is entered stays entered, the rest waits. Raises NotFound, Conflict when it is over."""
    batch = _move(actor, batch_id, "cancel")
    batch.save()
    record(
        actor=actor, court_id=batch.court_id, action="staffing.cancel_import", subject=batch.filename[:60], now=now,
        entered=batch.done,
    )  # fmt: skip
    return batch


@action
def take_faults(*, actor: Actor, batch_id: uuid.UUID, now: dt.datetime) -> list[tuple[Person, str]]:
    """导出问题行: the lines that were not entered, each with what is wrong with it. Raises NotFound."""
    batch = _locked(actor, batch_id)
    rows = [(_person(row["person"]), row["fault"]) for row in batch.rows if row["state"] == "fault"]
    record(
        actor=actor, court_id=batch.court_id, action="staffing.take_faults", subject=batch.filename[:60], now=now,
        rows=len(rows),
    )  # fmt: skip
    return rows


def starter_of(*, court_id: int, batch_id: uuid.UUID) -> Actor | None:
    """In whose name the worker enters an import; None when it does not run, or he has lost his post."""
    with reading(Actor(0, Role.SYSADMIN, "律通系统", court_id)):
        batch = ImportBatch.objects.filter(court_id=court_id, id=batch_id, state=ImportState.RUNNING).first()
        if batch is None or batch.started_by is None:
            return None
        posts = posts_in(court_id=court_id, person_ids=[batch.started_by])
    if not any(post.role == Role.SYSADMIN for post in posts):
        return None
    return Actor(batch.started_by, Role.SYSADMIN, batch.starter_name, court_id)


@action
def enter_next(*, actor: Actor, batch_id: uuid.UUID, now: dt.datetime) -> bool:
    """Enter the next twenty people in one transaction, each in a savepoint of his own; answers whether more wait.

    A fault stops nobody else. What is entered and what is noted of it stand or fall together, so it may be called
    again at any moment. Raises NotFound.
    """
    batch = _locked(actor, batch_id)
    if batch.state != ImportState.RUNNING:
        return False
    waiting = [row for row in batch.rows if row["state"] == "ready"]
    for row in waiting[:AT_ONCE]:
        try:
            enrol(actor=actor, person=_person(row["person"]), now=now, source="import")
        except Refusal as refusal:
            row["state"], row["fault"] = "fault", "；".join(refusal.fields.values()) or refusal.message
        else:
            row["state"] = "done"
            batch.done += 1
    if len(waiting) <= AT_ONCE:
        _finish(actor, batch, now)
    batch.save()
    return len(waiting) > AT_ONCE


def _finish(actor: Actor, batch: ImportBatch, now: dt.datetime) -> None:
    batch.state = IMPORT.advance(batch.state, "finish", actor)
    batch.finished_at = now
    faults = sum(row["state"] == "fault" for row in batch.rows)
    record(
        actor=actor, court_id=batch.court_id, action="staffing.finish_import", subject=batch.filename[:60], now=now,
        entered=batch.done, rows=len(batch.rows),
    )  # fmt: skip
    tell(
        person_id=actor.person_id, key=f"import:{batch.id}:{now.isoformat()}", kind="account", now=now,
        tone="warn" if faults else "ok", title=f"批量导入完成：{batch.filename[:40]}",
        body=f"已登记 {batch.done} 人" + (f"，{faults} 行有问题，可导出后改正再传。" if faults else "。"),
        link=f"/desk/admin/members/import/{batch.id}/",
    )  # fmt: skip


def _move(actor: Actor, batch_id: uuid.UUID, step: str) -> ImportBatch:
    batch = _locked(actor, batch_id)
    batch.state = IMPORT.advance(batch.state, step, actor)
    return batch


def _locked(actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    court_id = require(actor, Duty.MEMBERS)
    batch = ImportBatch.objects.select_for_update().filter(court_id=court_id, id=batch_id).first()
    if batch is None:
        raise NotFound("没有这次导入")
    return batch


def _person(kept: dict[str, Any]) -> Person:
    return Person(**(kept | {"roles": tuple(kept["roles"])}))
