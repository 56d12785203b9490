"""The first question of a day lets everything take effect whose day has come."""

import datetime as dt

from django.db import connection

from lutong.kernel.clock import beijing_date
from lutong.verification.registry import actions
from lutong.verification.registry.actors import service

_settled: dict[str, dt.date] = {}  # database → the day for which this process has settled


def settled(now: dt.datetime) -> None:
    """Settle once a day and process: a decision entered later today for today takes effect at once anyway."""
    name, today = str(connection.settings_dict["NAME"]), beijing_date(now)
    if _settled.get(name) == today:
        return
    while actions.settle_due(actor=service(), now=now):
        pass
    _settled[name] = today
