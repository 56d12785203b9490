"""签收: counsel opens and signs what was served on him."""

import datetime as dt
import re
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions import require_power
from lutong.domains.dossier.actions import note_look
from lutong.domains.dossier.queries import get_document
from lutong.domains.eservice import access
from lutong.domains.eservice.actions.effect import project, take_effect
from lutong.domains.eservice.models import Delivery, LawyerDelivery
from lutong.domains.eservice.queries import get_delivery, items_of
from lutong.domains.eservice.states import DELIVERY, DeliveryState
from lutong.domains.identity.actions import licensed
from lutong.gateways.objectstore import vault
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotFound

MOST_AT_ONCE = 100
LARGEST_ZIP = 40_000_000  # more belongs to the file process


@action
def mark_read(*, actor: Actor, court_id: int, delivery_id: uuid.UUID, now: dt.datetime) -> Delivery:
    """Note the first opening. To an unconfirmed address it lets service be presumed (在线诉讼规则第三十一条第二款)."""
    delivery = _mine(actor, court_id, delivery_id)
    if delivery.read_at is None and actor.is_counsel:
        delivery.read_at = now
        delivery.save(update_fields=["read_at"])
        _note(actor, delivery, "eservice.mark_read", now)
        take_effect(actor=actor, delivery=delivery, now=now)
        project(delivery)
    return delivery


@licensed("sign_service")
@action
def sign(*, actor: Actor, court_id: int, delivery_id: uuid.UUID, now: dt.datetime) -> Delivery:
    """签收. Signing acknowledges receipt; at a confirmed address the day of service stays that of arrival.

    Signing twice changes nothing. Law: 民事诉讼法第九十条第二款, 在线诉讼规则第三十一条.
    """
    delivery = _mine(actor, court_id, delivery_id)
    if delivery.state == DeliveryState.SIGNED:
        return delivery
    delivery.state = DELIVERY.advance(delivery.state, "sign", actor)
    require_power(actor=actor, court_id=court_id, case_id=delivery.case_id, act="sign_service", now=now)
    delivery.signed_at, delivery.read_at = now, delivery.read_at or now
    delivery.save(update_fields=["state", "signed_at", "read_at"])
    _note(actor, delivery, "eservice.sign", now)
    take_effect(actor=actor, delivery=delivery, now=now)
    project(delivery)
    return delivery


def sign_all(*, actor: Actor, now: dt.datetime) -> int:
    """Sign whatever waits in the actor's inbox, in whichever courts, each in a transaction of its own; how many."""
    waiting = LawyerDelivery.objects.filter(lawyer_id=actor.person_id, state=DeliveryState.SENT)
    rows = list(waiting.order_by("sent_at", "id").values_list("court_id", "id")[:MOST_AT_ONCE])
    for court_id, delivery_id in rows:
        sign(actor=actor, court_id=court_id, delivery_id=delivery_id, now=now)
    return len(rows)


def take_papers(
    *, actor: Actor, court_id: int, delivery_id: uuid.UUID, now: dt.datetime
) -> tuple[str, list[tuple[str, bytes]]]:
    """The papers of a delivery as (file name, bytes), and a name for the whole; each is written into the trail.

    The bytes are read after the transaction. Conflict when they are too many for one answer.
    """
    delivery = get_delivery(actor=actor, court_id=court_id, delivery_id=delivery_id)
    items = items_of(actor=actor, delivery=delivery)
    papers = [get_document(actor=actor, court_id=court_id, document_id=i.document_id) for i in items]
    if sum(p.size for p in papers) > LARGEST_ZIP:
        raise Conflict("文件较大，请逐份下载，或在案件的电子卷宗页打包下载")
    for paper in papers:
        note_look(actor=actor, court_id=court_id, document_id=paper.id, how="download", now=now)
    files = [
        (f"{place:02d}_{_plain(p.filename)}", vault().read(p.object_key, bytes(p.sealed_key), p.size))
        for place, p in enumerate(papers, 1)
    ]
    return f"{_plain(delivery.title)[:60]}.zip", files


def _plain(name: str) -> str:
    """A file name without what would lead out of the archive."""
    return re.sub(r"[\\/:*?\"<>|\x00-\x1f]", "_", name)


def _mine(actor: Actor, court_id: int, delivery_id: uuid.UUID) -> Delivery:
    found = access.visible_to(actor, court_id=court_id).filter(id=delivery_id).select_for_update().first()
    if found is None:
        get_delivery(actor=actor, court_id=court_id, delivery_id=delivery_id)  # names what an assistant lacks
        raise NotFound("没有这次送达，或您无权查看")
    return found


def _note(actor: Actor, delivery: Delivery, act: str, now: dt.datetime) -> None:
    record(
        actor=actor, court_id=delivery.court_id, case_id=delivery.case_id, action=act, subject=delivery.title,
        now=now, delivery=str(delivery.id),
    )  # fmt: skip
