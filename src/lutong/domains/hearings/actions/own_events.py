"""自行添加的日程: what the lawyer enters himself. A court that schedules sees only 已占用."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.audit.actions import record_own
from lutong.domains.courts import queries as courts
from lutong.domains.dossier.queries import get_upload
from lutong.domains.exchange.actions import answer_once
from lutong.domains.hearings.actions import calendars
from lutong.domains.hearings.actions.limits import LONGEST, check_length
from lutong.domains.hearings.models import LawyerHearing
from lutong.domains.hearings.queries import clashes
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

OWN = "own"
FARTHEST = dt.timedelta(days=1830)
BACKWARDS = dt.timedelta(days=366)


@action
def add_own_event(
    *,
    actor: Actor,
    title: str,
    place: str,
    city: str,
    mode: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    proof_id: uuid.UUID | None = None,
) -> LawyerHearing:
    """Enter an event of one's own (arbitration, prosecutor, journey) and find what it clashes with.

    `city` may be empty: then only overlaps are judged. `proof_id` is an upload of the lawyer's (a summons, a
    notice) that no court sees unless he hands it in. Raises Invalid.
    """
    _require_lawyer(actor)
    event = LawyerHearing(lawyer_id=actor.person_id, kind=OWN, scheduled_at=now)
    _fill(event, title, place, city, mode, starts_at, ends_at, now)
    _attach(actor, event, proof_id)
    calendars.lock([actor.person_id])
    event.save(force_insert=True)
    _look_for_clashes(event, now)
    record_own(actor=actor, action="hearings.add_own_event", subject=str(event.id), now=now)
    return event


@action
def add_own_event_once(*, actor: Actor, key: str, facts: dict[str, Any], now: dt.datetime) -> LawyerHearing:
    """`add_own_event` for programs: the same Idempotency-Key gives the same event again.

    Raises Invalid without a usable key, Conflict when the key came with other facts.
    """

    def work() -> tuple[int, dict[str, Any]]:
        return 201, {"id": str(add_own_event(actor=actor, **facts, now=now).id)}

    _, body, _ = answer_once(actor=actor, key=key, request_body=facts, work=work, now=now)
    return LawyerHearing.objects.get(lawyer_id=actor.person_id, id=uuid.UUID(body["id"]))


@action
def change_own_event(
    *,
    actor: Actor,
    event_id: uuid.UUID,
    version: int,
    title: str,
    place: str,
    city: str,
    mode: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    proof_id: uuid.UUID | None = None,
) -> LawyerHearing:
    """Change an event of one's own; clashes are reckoned anew. Without `proof_id` a proof given before is let go.

    Raises Invalid, Conflict (another tab was faster).
    """
    calendars.lock([actor.person_id])
    event = _own_event(actor, event_id, version)
    _fill(event, title, place, city, mode, starts_at, ends_at, now)
    _attach(actor, event, proof_id)
    event.version, event.scheduled_at = version + 1, now
    event.save()
    calendars.solve(entry_id=event.id, lawyer_ids=[actor.person_id])
    _look_for_clashes(event, now)
    record_own(actor=actor, action="hearings.change_own_event", subject=str(event.id), now=now)
    return event


@action
def remove_own_event(*, actor: Actor, event_id: uuid.UUID, version: int, now: dt.datetime) -> None:
    """Remove an event of one's own; its clashes are solved."""
    calendars.lock([actor.person_id])
    event = _own_event(actor, event_id, version)
    calendars.withdraw(hearing_id=event.id, lawyer_ids=[actor.person_id])
    record_own(actor=actor, action="hearings.remove_own_event", subject=str(event.id), now=now)


def _require_lawyer(actor: Actor) -> None:
    if not actor.is_lawyer:
        raise NotAllowed("只有律师可以自行添加日程")


def _own_event(actor: Actor, event_id: uuid.UUID, version: int) -> LawyerHearing:
    event = LawyerHearing.objects.filter(lawyer_id=actor.person_id, id=event_id, kind=OWN, active=True).first()
    if event is None:
        raise NotFound("没有这项日程，可能已被删除")
    if event.version != version:
        raise Conflict("这项日程已在别处改动，请刷新页面核对后再保存", version=event.version)
    return event


def _fill(
    event: LawyerHearing, title: str, place: str, city: str, mode: str,
    starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime,
) -> None:  # fmt: skip
    event.title, event.place = title.strip(), place.strip()
    if not event.title:
        raise Invalid("请填写日程名称", fields={"title": "请填写，例如“仲裁开庭”"})
    check_length(event.title, "title", 120)
    check_length(event.place, "place", 120)
    if mode not in ("onsite", "online"):
        raise Invalid("请选择线下或线上", fields={"mode": "请选择线下或线上"})
    if ends_at <= starts_at:
        raise Invalid("结束时间应晚于开始时间", fields={"ends": "应晚于开始时间"})
    if ends_at - starts_at > LONGEST:
        raise Invalid("一项日程最长 12 小时，更长的请分几项添加", fields={"ends": "最长 12 小时"})
    if not now - BACKWARDS <= starts_at <= now + FARTHEST:
        raise Invalid("日期过早或过远，请检查年份", fields={"day": "请检查年份"})
    event.mode, event.starts_at, event.ends_at = mode, starts_at, ends_at
    _place(event, city.strip())


def _attach(actor: Actor, event: LawyerHearing, proof_id: uuid.UUID | None) -> None:
    event.proof_id, event.proof_name = None, ""
    if proof_id is None:
        return
    upload = get_upload(actor=actor, upload_id=proof_id)
    if upload.state != "stored":
        raise Invalid("凭证还没有上传完", fields={"proof": "请等待上传完成，或移除后再保存"})
    event.proof_id, event.proof_name = upload.id, upload.filename


def _place(event: LawyerHearing, city: str) -> None:
    """Take the coordinates of a city from the courts that sit in it."""
    event.city, event.latitude, event.longitude = "", None, None
    if not city:
        return
    check_length(city, "city", 40)
    court = next((c for c in courts.search_courts(text=city, limit=20) if city in (c.city or c.province)), None)
    if court is None:
        raise Invalid(
            "没有找到这个城市", fields={"city": "请填地级市名称，例如“天津市”；不填则只核对时间是否重叠"}
        )  # fmt: skip
    event.city, event.latitude, event.longitude = court.city or court.province, court.latitude, court.longitude


def _look_for_clashes(event: LawyerHearing, now: dt.datetime) -> None:
    found = clashes.search(lawyer_ids=[event.lawyer_id], wanted=clashes.engagement_of(event))
    calendars.record_clashes(entry_id=event.id, court_id=None, found=found, reason="", now=now)
