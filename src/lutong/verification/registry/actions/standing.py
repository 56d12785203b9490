"""The standing of a licence follows its history; what changes is told outward in the order of commits."""

import datetime as dt

from django.db import connection

from lutong.gateways.registry.port import EventKind, LicenceStatus, LiveMethod
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, NotFound
from lutong.verification.registry import queries
from lutong.verification.registry.actions.trail import record
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.models import Change, Licence, Person

OUTWARD = 4_207_311_001  # advisory lock: one writer of the outward feed, so that `seq` rises in the order of commits
_TERM_OVER = {LicenceStatus.ACTIVE: "停止执业期满", LicenceStatus.CANCELLED: "实习期满"}

refuse_on("one_licence_in_force", lambda: Conflict("该人员已有有效的执业证或者实习证，请先办理注销（律师法第十条）"))


def project(licence: Licence, *, cause: EventKind | None, reason: str, now: dt.datetime) -> None:
    """Write the standing of today beside the history, and tell it outward if something changed.

    `cause` is the decision just entered; None when a term ended or a decision of before took effect.
    """
    today = beijing_date(now)
    held = queries.standing_of(licence_id=licence.pk, on=today)
    if held is None:  # granted from a day to come: not in force yet
        facts = queries.facts_of(licence_id=licence.pk)
        licence.next_change_on = min(fact.effective_on for fact in facts)
        licence.save(update_fields=["next_change_on"])
        return
    old_status, old_firm = licence.status, licence.firm_id
    changed = (held.status, held.firm_id) != (old_status, old_firm)
    licence.status, licence.status_reason, licence.status_since = held.status, held.reason, held.since
    licence.firm_id, licence.next_change_on = held.firm_id or old_firm, held.next_change_on
    licence.save(update_fields=["status", "status_reason", "status_since", "firm", "next_change_on"])
    if changed or cause in (EventKind.GRANT, EventKind.CHANGE):
        _tell(licence, cause or _kind(old_status, old_firm, licence), reason, old_firm, now)


def _kind(old_status: str, old_firm: int, licence: Licence) -> EventKind:
    """What a change that came by itself is called outward."""
    if old_status == licence.status and old_firm != licence.firm_id:
        return EventKind.TRANSFER
    return {
        LicenceStatus.ACTIVE: EventKind.RESUME,
        LicenceStatus.SUSPENDED: EventKind.SUSPEND,
        LicenceStatus.REVOKED: EventKind.REVOKE,
        LicenceStatus.CANCELLED: EventKind.CANCEL,
    }[LicenceStatus(licence.status)]


def _tell(licence: Licence, kind: EventKind, reason: str, old_firm: int, now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OUTWARD])
    Change.objects.create(
        licence=licence, kind=kind, status=licence.status,
        reason=reason or licence.status_reason or _TERM_OVER.get(LicenceStatus(licence.status), kind.label),
        since=licence.status_since, old_firm_id=old_firm, new_firm_id=licence.firm_id, recorded_at=now,
    )  # fmt: skip


@action
def settle_due(*, actor: BureauActor, now: dt.datetime) -> int:
    """Let everything take effect whose day has come: ends of terms, decisions entered for today; answers how many."""
    due = Licence.objects.filter(next_change_on__lte=beijing_date(now)).order_by("id")
    licences = list(due.select_for_update(skip_locked=True)[:5000])
    for licence in licences:
        project(licence, cause=None, reason="", now=now)
    if licences:
        record(actor=actor, act="settle_due", subject="", now=now, licences=len(licences))
    return len(licences)


@action
def note_live_check(*, actor: BureauActor, number: str, method: LiveMethod, now: dt.datetime) -> None:
    """实人核验通过: the holder of this number was seen at this moment in this way. Raises NotFound."""
    licence = Licence.objects.filter(number=number).first()
    if licence is None:
        raise NotFound("名册中没有这个执业证号")
    Person.objects.filter(pk=licence.person_id).update(assured_at=now, assured_by=method)
    record(actor=actor, act="note_live_check", subject=number, now=now, method=str(method))
