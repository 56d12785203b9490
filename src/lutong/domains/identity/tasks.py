"""What identity does on its own: send short messages that wait, forget what no longer counts."""

from procrastinate.contrib.django import app

from lutong.domains.identity import actions
from lutong.kernel import clock


@app.periodic(cron="* * * * *")
@app.task(name="identity.messages", queue="timers", queueing_lock="identity.messages", pass_context=False)
def messages(timestamp: int) -> int:
    """Every minute: hand waiting short messages to the carrier."""
    return actions.send_waiting(now=clock.now())


@app.periodic(cron="35 3 * * *")
@app.task(name="identity.tries", queue="timers", queueing_lock="identity.tries", pass_context=False)
def tries(timestamp: int) -> int:
    """Every night: forget who tried what, and pauses of last year."""
    now = clock.now()
    return actions.forget_tries(now=now) + actions.forget_pauses(now=now)


@app.periodic(cron="45 3 * * *")
@app.task(name="identity.standings", queue="timers", queueing_lock="identity.standings", pass_context=False)
def standings(timestamp: int) -> int:
    """Every night: forget people without account whose slips are over."""
    return actions.forget_standings(now=clock.now())
