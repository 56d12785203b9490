"""先行调解 by a 调解员: who mediates, and what he writes down for himself."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions.progress import check_version, keep
from lutong.domains.cases.actions.timeline import add_milestone
from lutong.domains.cases.models import Case, MediatorNote
from lutong.domains.cases.queries import get_case
from lutong.domains.cases.states import Stage
from lutong.domains.identity.queries import get_colleague
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

LONGEST_NOTE = 5000


@action
def appoint_mediator(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, version: int, mediator_id: int, now: dt.datetime
) -> Case:
    """委派调解员: he then sees the case as long as it is in mediation. Raises NotAllowed, Conflict, Invalid."""
    if not may(actor, Duty.APPOINT_MEDIATOR):
        raise NotAllowed(f"{actor.role.label}不能委派调解员，请联系承办法官、书记员或立案庭")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    check_version(case, version)
    if case.stage != Stage.MEDIATION:
        raise Conflict(f"案件{case.get_stage_display()}，不在先行调解中，不能委派调解员", state=case.stage)
    mediator = get_colleague(court_id=court_id, person_id=mediator_id, role=Role.MEDIATOR)
    if mediator is None:
        raise Invalid("请选择本院在册的调解员", fields={"mediator_id": "请选择"})
    case.mediator_id, case.mediator_name = mediator.person_id, mediator.name
    keep(case, "mediator_id", "mediator_name")
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="mediator", title="委派调解员", now=now,
        detail=f"调解员 {mediator.name}",
    )  # fmt: skip
    tell(
        person_id=mediator.person_id, key=f"mediator:{case.id}:{case.version}", kind="cases", now=now,
        title=f"委派调解：{case.number}", body=case.title, link=f"/desk/cases/{case.id}/",
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.appoint_mediator", subject=case.number, now=now, case_id=case.id,
        mediator=mediator.person_id,
    )  # fmt: skip
    return case


@action
def write_note(*, actor: Actor, court_id: int, case_id: uuid.UUID, text: str, now: dt.datetime) -> MediatorNote:
    """Keep a note on a case that the actor mediates; nobody else reads it. Raises NotFound, NotAllowed, Invalid."""
    if not may(actor, Duty.KEEP_MEDIATION_NOTES):
        raise NotAllowed("调解笔记由调解员记录")
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    if not 1 <= len(text.strip()) <= LONGEST_NOTE:
        raise Invalid("请填写笔记", fields={"text": f"请写 1 至 {LONGEST_NOTE} 字"})
    note = MediatorNote.objects.create(
        court_id=court_id, case_id=case.id, author_id=actor.person_id, at=now, content={"text": text.strip()}
    )
    record(
        actor=actor, court_id=court_id, action="cases.write_mediation_note", subject=case.number, now=now,
        case_id=case.id, note=str(note.id),
    )  # fmt: skip
    return note
