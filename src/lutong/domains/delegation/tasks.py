"""Timers of delegation."""

from procrastinate.contrib.django import app

from lutong.domains.delegation.actions import remind_of_reviews, verify_waiting
from lutong.kernel import clock


@app.periodic(cron="20 0 * * *")
@app.task(name="delegation.reviews", queue="timers", queueing_lock="delegation.reviews")
def watch_reviews(timestamp: int) -> None:
    """Every night: the quarterly review of assistants."""
    remind_of_reviews(now=clock.now())


@app.periodic(cron="*/3 * * * *")
@app.task(name="delegation.verify", queue="timers", queueing_lock="delegation.verify")
def verify_those_who_wait(timestamp: int) -> None:
    """Every three minutes: assistants who accepted while the registry gave no answer."""
    verify_waiting(now=clock.now())
