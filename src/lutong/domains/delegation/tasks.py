"""Timers of delegation."""

from procrastinate.contrib.django import app

from lutong.domains.delegation.actions import remind_of_reviews
from lutong.kernel import clock


@app.periodic(cron="20 0 * * *")
@app.task(name="delegation.reviews", queue="timers", queueing_lock="delegation.reviews")
def watch_reviews(timestamp: int) -> None:
    """Every night: the quarterly review of assistants."""
    remind_of_reviews(now=clock.now())
