"""What other domains may want to hear of a hearing. Announced in the transaction of the act."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class HearingScheduled:
    """A hearing was fixed: the parties must be summoned (民事诉讼法第一百三十九条)."""

    actor: Actor
    court_id: int
    case_id: uuid.UUID
    hearing_id: uuid.UUID
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class HearingMoved:
    """A hearing was fixed anew: a new time, place or way; `version` counts."""

    actor: Actor
    court_id: int
    case_id: uuid.UUID
    hearing_id: uuid.UUID
    version: int
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class HearingCancelled:
    """A hearing will not take place; `reason` is what the court tells the parties."""

    actor: Actor
    court_id: int
    case_id: uuid.UUID
    hearing_id: uuid.UUID
    reason: str
    now: dt.datetime
