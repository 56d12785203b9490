"""紧急查阅: a case that is not one's work, opened for a stated reason, told to the parties, reviewed afterwards."""

import datetime as dt
import uuid

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lutong.domains.audit.actions import record
from lutong.domains.cases.access import visible_to
from lutong.domains.cases.actions.timeline import counsel_ids
from lutong.domains.cases.models import Case, UrgentAccess
from lutong.domains.cases.rules import check_reason
from lutong.domains.cases.states import URGENT, UrgentKind, UrgentState
from lutong.domains.identity.queries import list_colleagues
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

refuse_on("urgent_access_once", lambda: Conflict("您已打开本案的紧急查阅，请直接查看"))
refuse_on("urgent_access_not_own_review", lambda: NotAllowed("不能复核自己的紧急查阅，请由他人复核"))


@action
def open_urgently(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, kind: str, reason: str, now: dt.datetime
) -> UrgentAccess:
    """Open a case of the own court for reading, for the time that the installation allows (two hours by default).

    Counsel of record are told at once. Raises NotFound, Invalid without a reason, Conflict when he sees it anyway.
    """
    if not may(actor, Duty.OPEN_URGENTLY) or actor.court_id != court_id:
        raise NotFound("没有这个案件，或您无权查看")
    told = check_reason(kind=kind, kinds=UrgentKind.values, reason=reason)
    case = Case.objects.filter(court_id=court_id, id=case_id).first()
    if case is None:
        raise NotFound("没有这个案件，或您无权查看")
    if visible_to(actor, court_id=court_id).filter(id=case_id).exists():
        raise Conflict("本案您已经可以查看，不需要紧急查阅")
    opened = UrgentAccess.objects.create(
        court_id=court_id, case_id=case_id, number=case.number, person_id=actor.person_id, person_name=actor.name,
        role=actor.role, kind=kind, reason=told,
        during=DateTimeTZRange(now, now + dt.timedelta(hours=settings.LUTONG_URGENT_HOURS)),
    )  # fmt: skip
    for person_id in counsel_ids(court_id=court_id, case_id=case_id):
        tell(
            person_id=person_id, key=f"urgent:{opened.id}", kind="cases", tone="warn", now=now,
            title=f"本案被紧急查阅：{case.number}", body=f"{actor.signature}，事由：{opened.get_kind_display()}",
            link=f"/cases/{court_id}/{case_id}/timeline/",
        )  # fmt: skip
    for leader in list_colleagues(court_id=court_id, role=Duty.REVIEW_URGENT.roles):
        tell(
            person_id=leader.person_id, key=f"urgent-review:{opened.id}", kind="cases", now=now,
            title=f"待复核的紧急查阅：{case.number}", body=f"{actor.signature}，事由：{opened.get_kind_display()}",
            link="/desk/urgent/",
        )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.open_urgently", subject=case.number, now=now, case_id=case_id,
        access=str(opened.id), kind=kind,
    )  # fmt: skip
    return opened


@action
def review_urgent(
    *, actor: Actor, court_id: int, access_id: uuid.UUID, step: str, finding: str, now: dt.datetime
) -> UrgentAccess:
    """Confirm that an opening was proper, or question it; never one's own. Raises NotFound, NotAllowed, Invalid."""
    if not may(actor, Duty.REVIEW_URGENT) or actor.court_id != court_id:
        raise NotFound("没有这次紧急查阅，或您无权查看")
    opened = UrgentAccess.objects.select_for_update().filter(court_id=court_id, id=access_id).first()
    if opened is None:
        raise NotFound("没有这次紧急查阅，或您无权查看")
    if opened.person_id == actor.person_id:
        raise NotAllowed("不能复核自己的紧急查阅，请由他人复核")
    opened.state = UrgentState(URGENT.advance(opened.state, step, actor))
    opened.finding = " ".join(finding.split())[:500]
    if opened.state == UrgentState.QUESTIONED and not opened.finding:
        raise Invalid("请写明疑问", fields={"finding": "请写明哪里不妥"})
    opened.reviewed_at, opened.reviewer_id, opened.reviewer_name = now, actor.person_id, actor.name
    opened.save(update_fields=["state", "finding", "reviewed_at", "reviewer_id", "reviewer_name"])
    if opened.state == UrgentState.QUESTIONED:
        tell(
            person_id=opened.person_id, key=f"urgent-questioned:{opened.id}:{now:%Y%m%d%H%M}", kind="cases",
            tone="warn", title=f"紧急查阅被提出疑问：{opened.number}", body=opened.finding, link="/desk/cases/",
            now=now,
        )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.review_urgent", subject=opened.number, now=now,
        case_id=opened.case_id, access=str(opened.id), state=opened.state,
    )  # fmt: skip
    return opened
