"""What a wish for a hearing must satisfy before anything is written; each refusal names its field."""

import datetime as dt
import uuid
from typing import Protocol

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lutong.domains.hearings.models import Courtroom, Hearing
from lutong.domains.hearings.queries.desk import busy_at
from lutong.domains.hearings.states import HearingKind
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing_date
from lutong.kernel.errors import Conflict, Invalid

MODES = {"onsite": "线下", "online": "线上"}
SHORTEST = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=12)
FARTHEST = dt.timedelta(days=730)
OPENING, CLOSING = dt.time(7), dt.time(22)


class Heard(Protocol):
    """What scheduling needs to know of a case."""

    number: str
    title: str
    procedure: str
    stage: str
    judge_id: int | None
    judge_name: str


def require_schedulable(case: Heard, kind: str) -> None:
    """A case is heard while it is tried; a judgment may be pronounced after it was decided. Raises Conflict."""
    open_stages = {"trial", "decided"} if kind == HearingKind.PRONOUNCE else {"trial"}
    if case.stage not in open_stages:
        raise Conflict("案件尚未进入审理或已经办结，不能排期；待交费的案件在费用到账后自动进入审理", stage=case.stage)
    if case.judge_id is None:
        raise Conflict("尚未确定承办法官，请先在案件页分案，再排期")


def judge_of(case: Heard) -> tuple[int, str]:
    """The judge who hears the case. Raises Conflict while there is none."""
    if case.judge_id is None:
        raise Conflict("尚未确定承办法官，请先在案件页分案，再排期")
    return case.judge_id, case.judge_name


def check_place(*, court_id: int, kind: str, mode: str, room_id: uuid.UUID | None) -> Courtroom | None:
    """The room of a hearing on site, None for one online. Raises Invalid."""
    if kind not in HearingKind.values:
        raise Invalid("请选择庭审种类", fields={"kind": "请从列表中选择"})
    if mode not in MODES:
        raise Invalid("请选择开庭方式：线下或线上", fields={"mode": "请选择线下或线上"})
    if mode == "online":
        return None
    room = Courtroom.objects.filter(court_id=court_id, id=room_id).first() if room_id else None
    if room is None:
        raise Invalid("线下开庭请选择法庭", fields={"room_id": "请选择本院的法庭"})
    return room


def check_times(*, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> None:
    """A hearing lies in the future, within one Beijing day, and lasts 15 minutes to 12 hours. Raises Invalid."""
    if starts_at <= now:
        raise Invalid("开庭时间应晚于现在", fields={"day": "请选择今后的日期和时间"})
    if starts_at > now + FARTHEST:
        raise Invalid("开庭日期过远，请检查年份", fields={"day": "请选择两年以内的日期"})
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise Invalid("时长应为 15 分钟至 12 小时", fields={"minutes": "应为 15 分钟至 12 小时"})
    first, last = starts_at.astimezone(BEIJING), ends_at.astimezone(BEIJING)
    if beijing_date(starts_at) != beijing_date(ends_at) or first.time() < OPENING or last.time() > CLOSING:
        raise Invalid("开庭应在同一日 07:00 至 22:00 之间", fields={"starts": "请选择 07:00 至 22:00 之间的时间"})


def refuse_if_busy(actor: Actor, hearing: Hearing) -> None:
    """Name the slot in which the judge or the room is taken, without a word on the other case. Raises Conflict."""
    sentence = busy_at(
        actor=actor, court_id=hearing.court_id, judge_id=hearing.judge_id, room_id=hearing.room_id,
        starts_at=hearing.during.lower, ends_at=hearing.during.upper, hearing_id=hearing.id,
    )  # fmt: skip
    if sentence:
        raise Conflict(sentence)


def as_range(starts_at: dt.datetime, ends_at: dt.datetime) -> DateTimeTZRange:
    """Half-open: a hearing may begin at the minute at which the one before ends."""
    return DateTimeTZRange(starts_at, ends_at, "[)")


def required_note(text: str, field: str, sentence: str) -> str:
    """A text that must be given. Raises Invalid."""
    note = text.strip()
    if not note:
        raise Invalid(sentence, fields={field: sentence})
    check_length(note, field, 500)
    return note


def check_length(text: str, field: str, most: int) -> None:
    """Raises Invalid when a text is longer than its column."""
    if len(text) > most:
        raise Invalid(f"内容过长，请控制在 {most} 字以内", fields={field: f"最多 {most} 字，现有 {len(text)} 字"})
