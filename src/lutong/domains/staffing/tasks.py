"""What staffing does on its own: enter the people of an import."""

import datetime as dt
from typing import Any
from uuid import UUID

from lutong.domains.staffing import actions
from lutong.kernel import clock


def enter_import(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic staffing.import: until everybody is entered, or somebody stops it. Stopped in the middle, it goes on."""
    batch_id = UUID(payload["id"])
    while actor := actions.starter_of(court_id=court_id, batch_id=batch_id):
        if not actions.enter_next(actor=actor, batch_id=batch_id, now=clock.now()):
            return
