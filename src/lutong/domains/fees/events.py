"""What the fees room announces to whoever listens in site/wiring.py."""

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BillPaid:
    """The money of a bill has arrived and is booked."""

    court_id: int
    case_id: uuid.UUID
    bill_id: uuid.UUID
    now: dt.datetime
