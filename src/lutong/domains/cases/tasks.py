"""Timers of running cases."""

from procrastinate.contrib.django import app

from lutong.domains.cases.actions import end_expired_mediations
from lutong.domains.identity.queries import list_staffed_courts
from lutong.kernel import clock
from lutong.kernel.actor import system


@app.periodic(cron="15 0 * * *")
@app.task(name="cases.watch_mediations", queue="timers", queueing_lock="cases.watch_mediations")
def watch_mediations(timestamp: int) -> None:
    """Every night: a mediation whose period has run out without success goes to trial."""
    for court_id in list_staffed_courts():
        end_expired_mediations(actor=system(court_id), court_id=court_id, now=clock.now())
