"""批量导入: a file is read and looked at first; then its people are entered, a few at a time."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.staffing.access import require
from lutong.domains.staffing.actions.members import enrol
from lutong.domains.staffing.models import ImportBatch, Member
from lutong.domains.staffing.rules import Person, faults_of
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
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


def run_import(*, actor: Actor, batch_id: uuid.UUID, now: dt.datetime) -> ImportBatch:
    """Enter the next twenty people; each is a transaction of his own, so a fault stops nobody else. Raises NotFound."""
    court_id = require(actor, Duty.MEMBERS)
    for _ in range(AT_ONCE):
        if not _enter_next(actor=actor, court_id=court_id, batch_id=batch_id, now=now):
            break
    return _finished(actor=actor, court_id=court_id, batch_id=batch_id, now=now)


@action
def _enter_next(*, actor: Actor, court_id: int, batch_id: uuid.UUID, now: dt.datetime) -> bool:
    batch = _locked(court_id, batch_id)
    row = next((row for row in batch.rows if row["state"] == "ready"), None)
    if row is None:
        return False
    try:
        enrol(actor=actor, person=_person(row["person"]), now=now, source="import")
    except Refusal as refusal:
        row["state"], row["fault"] = "fault", "；".join(refusal.fields.values()) or refusal.message
    else:
        row["state"] = "done"
        batch.done += 1
    batch.started_at = batch.started_at or now
    batch.save()
    return True


@action
def _finished(*, actor: Actor, court_id: int, batch_id: uuid.UUID, now: dt.datetime) -> ImportBatch:
    batch = _locked(court_id, batch_id)
    if batch.finished_at is None and not any(row["state"] == "ready" for row in batch.rows):
        batch.finished_at = now
        batch.save(update_fields=["finished_at"])
        record(
            actor=actor, court_id=court_id, action="staffing.finish_import", subject=batch.filename[:60], now=now,
            entered=batch.done, rows=len(batch.rows),
        )  # fmt: skip
    return batch


def _locked(court_id: int, batch_id: uuid.UUID) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().filter(court_id=court_id, id=batch_id).first()
    if batch is None:
        raise NotFound("没有这次导入")
    return batch


def _person(kept: dict[str, Any]) -> Person:
    return Person(**(kept | {"roles": tuple(kept["roles"])}))
