"""记录送达: what the 书记员 did at the counter, by post, by leaving or by publication."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases.queries import require_handling
from lutong.domains.dossier import actions as dossier
from lutong.domains.dossier.queries import list_documents
from lutong.domains.eservice import access
from lutong.domains.eservice.actions.effect import project, take_effect
from lutong.domains.eservice.models import Delivery
from lutong.domains.eservice.queries import items_of
from lutong.domains.eservice.rules import SIGNERS
from lutong.domains.eservice.states import COURT, DATES, DELIVERY, FLAGS, DeliveryState, Mode
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

LONGEST_NOTE = 500


@action
def record_service(
    *,
    actor: Actor,
    court_id: int,
    delivery_id: uuid.UUID,
    mode: str,
    facts: dict[str, Any],
    note: str,
    receipt_upload_id: uuid.UUID | None,
    now: dt.datetime,
) -> Delivery:
    """Record how and when papers were served other than electronically; the rules say whether that is service.

    `facts` holds the dates and flags of `DATES` and `FLAGS`; without any date the papers count as sent and under
    way. Raises Invalid (a date before sending or in the future), Conflict (a mode the law forbids here).

    Law: 民事诉讼法第八十七条至第九十五条.
    """
    delivery = _for_staff(actor, court_id, delivery_id)
    if mode not in DATES:
        raise Invalid("请选择送达方式", fields={"mode": "请选择当面、邮寄、留置或者公告"})
    if delivery.recipient_id is not None or delivery.state not in {DeliveryState.WAITING, DeliveryState.SENT}:
        raise Conflict("这次送达不能再登记方式，请另行发起一次送达", state=delivery.state)
    if delivery.state == DeliveryState.WAITING:
        delivery.state = DELIVERY.advance(delivery.state, "send", actor)
        delivery.sent_at, delivery.sent_by = now, str(actor)[:60]
    delivery.mode = mode
    made_on = _newest_paper(actor, delivery)
    delivery.facts = delivery.facts | _told(Mode(mode), facts, made_on, now) | {"note": note.strip()[:LONGEST_NOTE]}
    if receipt_upload_id is not None:
        item = dossier.TakeIn(
            upload_id=receipt_upload_id, kind="service_receipt", title=f"送达回证：{delivery.title}"[:255]
        )
        taken = dossier.take_in(actor=actor, court_id=court_id, case_id=delivery.case_id, items=[item], now=now)
        delivery.facts = delivery.facts | {"receipt_document_id": str(taken[0].id)}
    delivery.save()
    reason = take_effect(actor=actor, delivery=delivery, now=now)
    if reason is not None and reason.forbidden:
        raise Conflict(f"{reason.reason}（{reason.law}）")
    if reason is None:
        delivery.state, delivery.signed_at = DELIVERY.advance(delivery.state, "sign", actor), now
        delivery.save(update_fields=["state", "signed_at"])
    record(
        actor=actor, court_id=court_id, case_id=delivery.case_id, action="eservice.record_service",
        subject=delivery.title, now=now, delivery=str(delivery_id), mode=mode, state=delivery.state,
    )  # fmt: skip
    return delivery


@action
def fail(*, actor: Actor, court_id: int, delivery_id: uuid.UUID, reason: str, now: dt.datetime) -> Delivery:
    """记为送达失败: the papers did not reach the addressee; another delivery must follow."""
    delivery = _for_staff(actor, court_id, delivery_id)
    if len(reason.strip()) < 4:
        raise Invalid("请写明送达失败的原因", fields={"reason": "至少 4 个字"})
    if delivery.effective_on is not None:
        raise Conflict("这次送达已经生效，不能记为失败", effective_on=delivery.effective_on.isoformat())
    delivery.state = DELIVERY.advance(delivery.state, "fail", actor)
    delivery.facts = delivery.facts | {"failure": reason.strip()[:LONGEST_NOTE]}
    delivery.save(update_fields=["state", "facts"])
    project(delivery)
    if delivery.recipient_id is not None:
        tell(
            person_id=delivery.recipient_id, key=f"delivery-failed:{delivery.id}", kind="eservice", tone="warn",
            title=f"送达未成功：{delivery.title}", body="法院将以其他方式再次送达",
            link=f"/service/{court_id}/{delivery.id}/", now=now,
        )  # fmt: skip
    record(
        actor=actor, court_id=court_id, case_id=delivery.case_id, action="eservice.fail", subject=delivery.title,
        now=now, delivery=str(delivery_id),
    )  # fmt: skip
    return delivery


def _told(mode: Mode, facts: dict[str, Any], made_on: dt.date, now: dt.datetime) -> dict[str, Any]:
    """The dates and flags that this mode knows, checked."""
    told: dict[str, Any] = {name: bool(facts.get(name)) for name in FLAGS[mode]}
    for name in DATES[mode]:
        day = facts.get(name)
        if day is None:
            continue
        if not isinstance(day, dt.date) or day > beijing_date(now):
            raise Invalid("送达日期不对", fields={name: "请填今天或者以前的日期"})
        if day < made_on:
            raise Invalid("送达日期不对", fields={name: f"文书 {made_on} 才形成，不能更早送达"})
        told[name] = day.isoformat()
    signer = str(facts.get("signer") or "party")
    if signer not in SIGNERS:
        raise Invalid("请写明签收人与受送达人的关系", fields={"signer": "请选择"})
    return told | {"signer": signer}


def _newest_paper(actor: Actor, delivery: Delivery) -> dt.date:
    """The Beijing day on which the last of the papers came to be: nothing is served before it exists."""
    wanted = {item.document_id for item in items_of(actor=actor, delivery=delivery)}
    papers = list_documents(actor=actor, court_id=delivery.court_id, case_id=delivery.case_id)
    return max(beijing_date(p.submitted_at) for p in papers if p.id in wanted)


def _for_staff(actor: Actor, court_id: int, delivery_id: uuid.UUID) -> Delivery:
    found = access.visible_to(actor, court_id=court_id).filter(id=delivery_id).select_for_update().first()
    if found is None:
        raise NotFound("没有这次送达，或您无权查看")
    if actor.role not in COURT:
        raise NotAllowed("只有立案庭、书记员和法官可以登记送达")
    require_handling(actor=actor, court_id=court_id, case_id=found.case_id)
    return found
