"""Timers of the filing desk."""

import datetime as dt
import uuid
from typing import Any

from procrastinate.contrib.django import app

from lutong.domains.filing.actions import papers
from lutong.domains.filing.actions.clock import flag_overdue
from lutong.domains.identity.queries import list_staffed_courts
from lutong.kernel import clock
from lutong.kernel.actor import system


@app.periodic(cron="5 * * * *")
@app.task(name="filing.watch_clocks", queue="timers", queueing_lock="filing.watch_clocks")
def watch_clocks(timestamp: int) -> None:
    """Every hour: tell the desk and its head of every filing whose seven days have run out undecided."""
    for court_id in list_staffed_courts():
        flag_overdue(actor=system(court_id), court_id=court_id, now=clock.now())


def make_papers(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """After a submission or a correction: the papers that the platform makes for the lawyer."""
    papers.make_papers(court_id=court_id, filing_id=uuid.UUID(payload["filing_id"]), round_no=payload["round"], now=now)
