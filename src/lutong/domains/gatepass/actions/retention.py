"""Who came through which door is forgotten when it is no longer needed (个人信息保护法第十九条)."""

import datetime as dt

from lutong.domains.audit.actions import record
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.database import fetch_one
from lutong.kernel.holidays import DAY
from lutong.kernel.parameters import parameter_on


@action
def forget_old_scans(*, actor: Actor, court_id: int, now: dt.datetime) -> int:
    """Delete a court's scans, slips and pseudonyms older than the parameter; answers how many scans.

    The application role cannot delete scans. The function gatepass_forget can, but nothing younger than 30 days.
    """
    kept = parameter_on(key="gatepass.scan_retention", on=beijing_date(now)).count
    before = now - kept * DAY
    row = fetch_one("SELECT gatepass_forget(%(court)s, %(before)s)", {"court": court_id, "before": before})
    gone = int(row[0]) if row else 0
    if gone:
        record(actor=actor, court_id=court_id, action="gatepass.forget", subject="", now=now, count=gone, days=kept)
    return gone
