"""The clock of the gates' log."""

from procrastinate.contrib.django import app

from lutong.domains.gatepass import actions
from lutong.domains.identity.queries import list_staffed_courts
from lutong.kernel import clock
from lutong.kernel.actor import system


@app.periodic(cron="23 19 * * *")  # 03:23 in Beijing
@app.task(name="gatepass.forget", queue="timers", queueing_lock="gatepass.forget", pass_context=False)
def forget_every_night(timestamp: int) -> None:
    """Each court forgets what its retention no longer allows."""
    for court_id in list_staffed_courts():
        actions.forget_old_scans(actor=system(court_id), court_id=court_id, now=clock.now())
