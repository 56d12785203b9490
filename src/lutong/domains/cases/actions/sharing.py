"""助理的案件访问权: what counsel of record lets an assistant do in a case, and how it ends at once."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lutong.domains.audit.actions import record
from lutong.domains.cases.models import Case, CaseAccess, Representation
from lutong.kernel.acting import action, as_actor
from lutong.kernel.actor import Actor, system
from lutong.kernel.capabilities import Capability
from lutong.kernel.database import fetch_one
from lutong.kernel.errors import Conflict, NotAllowed

CAPACITY = "assistant"


@action
def open_to_assistant(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    person_id: int,
    capabilities: Collection[Capability],
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    now: dt.datetime,
) -> Case:
    """Counsel lets a person do these acts for him in one case; what stood before is replaced (意见第十四条第一款).

    Never transitive: only counsel of record himself may give, and no more than he holds. Raises NotAllowed when the
    actor is not counsel of record now, Conflict when the person is counsel of another side.
    """
    with as_actor(system(court_id)):  # counsel sees the case; whether the assistant is on another side, the court does
        case = _case_of(actor, court_id, case_id)
        _refuse_other_side(court_id, case_id, lawyer_id=actor.person_id, person_id=person_id, now=now)
        at = _close(court_id, case_id, person_id=person_id, lawyer_id=actor.person_id, now=now)
        CaseAccess.objects.create(
            court_id=court_id, case_id=case_id, person_id=person_id, for_id=actor.person_id, capacity=CAPACITY,
            capabilities=sorted({c.value for c in capabilities} | {Capability.READ_CASE.value}),
            during=DateTimeTZRange(max(starts_at, at) if starts_at > now else at, ends_at),
        )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.open_to_assistant", subject=case.number, now=now, case_id=case_id,
        person=person_id, capabilities=sorted(c.value for c in capabilities),
    )  # fmt: skip
    return case


@action
def close_to_assistant(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, lawyer_id: int, person_id: int, now: dt.datetime
) -> None:
    """The assistant's access to the case ends at once: in every process, with his next request."""
    with as_actor(system(court_id)):  # also when counsel or assistant can no longer see the case himself
        _close(court_id, case_id, person_id=person_id, lawyer_id=lawyer_id, now=now)
        record(
            actor=actor, court_id=court_id, action="cases.close_to_assistant", subject="助理授权终止", now=now,
            case_id=case_id, person=person_id, lawyer=lawyer_id,
        )  # fmt: skip


def _case_of(actor: Actor, court_id: int, case_id: uuid.UUID) -> Case:
    counsel = Representation.objects.filter(
        court_id=court_id, case_id=case_id, lawyer_id=actor.person_id, state="confirmed"
    )
    case = Case.objects.filter(court_id=court_id, id=case_id).first()
    if not actor.is_lawyer or case is None or not counsel.exists():
        raise NotAllowed("只有本案经核实的诉讼代理人本人可以指定助理")
    return case


def _refuse_other_side(court_id: int, case_id: uuid.UUID, *, lawyer_id: int, person_id: int, now: dt.datetime) -> None:
    """Nobody serves both sides of a case, not as an assistant either (律师法第三十九条)."""
    standing = Representation.objects.filter(court_id=court_id, case_id=case_id, state__in=["claimed", "confirmed"])
    sides = {r.lawyer_id: r.party.side for r in standing.select_related("party")}
    held = CaseAccess.objects.filter(court_id=court_id, case_id=case_id, person_id=person_id, for_id__gt=0)
    principals = [a.for_id for a in held if not a.during.isempty and (a.during.upper is None or a.during.upper > now)]
    others = {sides[i] for i in (person_id, *principals) if i in sides} - {sides.get(lawyer_id)}
    if others:
        raise Conflict("这名人员在本案代理或者协助对方当事人，不能担任您的助理（律师法第三十九条）")


def _close(court_id: int, case_id: uuid.UUID, *, person_id: int, lawyer_id: int, now: dt.datetime) -> dt.datetime:
    """End all that is running or to come. Answers the instant: never after the database's own clock, which decides."""
    row = fetch_one("SELECT least(%(now)s::timestamptz, now())", {"now": now})
    at: dt.datetime = row[0] if row else now
    held = CaseAccess.objects.filter(court_id=court_id, case_id=case_id, person_id=person_id, for_id=lawyer_id)
    for access in held.select_for_update().order_by("id"):
        lower, upper = access.during.lower, access.during.upper
        if access.during.isempty or (upper is not None and upper <= at):
            continue
        access.during = DateTimeTZRange(lower, at) if lower is None or lower < at else DateTimeTZRange(empty=True)
        access.save(update_fields=["during"])
    return at
