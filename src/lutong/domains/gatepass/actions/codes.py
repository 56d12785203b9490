"""出示一码通: the lawyer asks for a code; each lives 30 seconds and passes once (意见第四条)."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.audit.actions import record
from lutong.domains.gatepass.models import Holder
from lutong.domains.gatepass.queries import Pass, resolve_place
from lutong.domains.gatepass.queries.holders import gate_keys, holder_id
from lutong.domains.gatepass.rules import LIFE, REFRESH_EVERY, Form, GateCode, Purpose, write
from lutong.domains.identity.actions import require_licence
from lutong.domains.identity.queries import get_lawyer
from lutong.gateways.crypto.port import Algorithm
from lutong.kernel.acting import action, as_actor
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Invalid, NotAllowed

OLDEST_STANDING = dt.timedelta(hours=24)  # a standing older than this is asked anew; changes come by the feed at once
NOTED_EVERY = dt.timedelta(minutes=10)  # one line in the trail for a code that stays on the screen


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code and what stands beside it; `refresh_after` seconds later the page asks for the next one."""

    text: str
    label: str
    issued_at: dt.datetime
    until: dt.datetime
    refresh_after: int


def issue_code(*, actor: Actor, court_id: int, purpose: str, place: uuid.UUID, now: dt.datetime) -> IssuedCode:
    """A fresh code of the actor for one place. Not an action itself: it may ask the registry first.

    Raises NotAllowed while the licence is not in force, NotFound and Conflict as `resolve_place`.
    """
    if purpose.upper() not in Purpose.__members__ or purpose != purpose.lower():
        raise Invalid("不支持的用途", fields={"purpose": "请选择进入法院、参加庭审或诉讼服务大厅"})
    _require_standing(actor, now)
    wanted, code = _prepare(actor=actor, court_id=court_id, purpose=Purpose[purpose.upper()], place=place, now=now)
    return IssuedCode(
        text=write(code, gate_keys().signer(Algorithm.ED25519).sign), label=wanted.label,
        issued_at=dt.datetime.fromtimestamp(code.issued, dt.UTC), until=dt.datetime.fromtimestamp(code.until, dt.UTC),
        refresh_after=REFRESH_EVERY,
    )  # fmt: skip


def _require_standing(actor: Actor, now: dt.datetime) -> None:
    if not actor.is_lawyer:
        raise NotAllowed("一码通只签发给律师本人，助理请凭本人有效证件在安检处登记")
    lawyer = get_lawyer(lawyer_id=actor.person_id)
    if lawyer is None or now - lawyer.checked_at > OLDEST_STANDING:
        require_licence(actor=actor, act="show_gate_code", now=now)
    elif lawyer.status != "active":
        raise NotAllowed(
            f"执业状态为“{lawyer.status_label}”，不能签发一码通。{lawyer.status_reason}", remedy=lawyer.remedy
        )


@action
def _prepare(
    *, actor: Actor, court_id: int, purpose: Purpose, place: uuid.UUID, now: dt.datetime
) -> tuple[Pass, GateCode]:
    wanted = resolve_place(actor=actor, court_id=court_id, purpose=purpose, place=place, now=now)
    lawyer = get_lawyer(lawyer_id=actor.person_id)
    assert lawyer is not None  # _require_standing looked
    holder = note_holder(
        court_id=court_id, licence_no=lawyer.licence_no, lawyer_id=actor.person_id, name=lawyer.name,
        firm=lawyer.firm_name, shown_for=str(place), now=now,
    )  # fmt: skip
    if holder.is_news:
        record(
            actor=actor, court_id=court_id, action="gatepass.show_code", subject=wanted.label, now=now,
            case_id=wanted.case_id, purpose=purpose.word, place=str(place),
        )  # fmt: skip
    return wanted, new_code(wanted, holder.id, Form.SCREEN, LIFE, now)


def new_code(wanted: Pass, holder: uuid.UUID, form: Form, life: int, now: dt.datetime) -> GateCode:
    """A code that nobody has seen; its id has 122 random bits."""
    return GateCode(
        kid=gate_keys().signer(Algorithm.ED25519).kid, form=form, purpose=wanted.purpose, court_id=wanted.court_id,
        place=wanted.place, holder=holder, code_id=uuid.uuid4(), issued=int(now.timestamp()), life=life,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noted:
    """The pseudonym, and whether the court sees it here for the first time in a while."""

    id: uuid.UUID
    is_news: bool


def note_holder(
    *, court_id: int, licence_no: str, lawyer_id: int | None, name: str, firm: str, shown_for: str, now: dt.datetime
) -> Noted:
    """Let the court's gates know who stands behind a pseudonym."""
    holder = holder_id(court_id=court_id, licence_no=licence_no)
    # As the court: the row may stem from the counter, when this lawyer had no account and could not see it.
    with as_actor(system(court_id)):
        known = Holder.objects.filter(court_id=court_id, id=holder).first()
        is_news = known is None or known.shown_for != shown_for or now - known.seen_at > NOTED_EVERY
        if is_news:
            Holder.objects.bulk_create(
                [Holder(court_id=court_id, id=holder, lawyer_id=lawyer_id, licence_no=licence_no, name=name, firm=firm,
                        seen_at=now, shown_for=shown_for)],
                update_conflicts=True, unique_fields=["court_id", "id"],
                update_fields=["lawyer_id", "name", "firm", "seen_at", "shown_for"],
            )  # fmt: skip
    return Noted(holder, is_news)
