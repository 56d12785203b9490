"""What the live check announces."""

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDecided:
    """A live check ended with a decision; `level` is empty unless it was passed."""

    check_id: uuid.UUID
    person_id: int
    number: str
    passed: bool
    level: str
    decided_at: dt.datetime
