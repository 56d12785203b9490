"""What the fees room does on its own: bill when a case goes to trial, and make lost notices good."""

import datetime as dt
import uuid
from typing import Any

from procrastinate.contrib.django import app

from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.cases.events import MovedToTrial
from lutong.domains.fees import actions, queries
from lutong.domains.fees.events import BillPaid
from lutong.domains.identity.queries import list_staffed_courts
from lutong.kernel import clock
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, system

PATIENCE = dt.timedelta(seconds=20)  # younger orders are polled by the page that opened them


def bill_on_trial(event: MovedToTrial) -> None:
    """A case goes to trial: its acceptance fee is billed in the same transaction, by the court's system."""
    actions.issue_bill(actor=system(event.court_id), court_id=event.court_id, case_id=event.case_id, now=event.now)


def begin_trial_when_paid(event: BillPaid) -> None:
    """The money has arrived: the trial begins, in the transaction that books it."""
    _begin_trial(event.court_id, event.case_id, event.now)


def begin_trial_without_fee(*, court_id: int, payload: dict[str, Any], now: dt.datetime) -> None:
    """Topic fees.nothing_due: a case of a kind that pays nothing needs no payment to begin."""
    _begin_trial(court_id, uuid.UUID(payload["case_id"]), now)


@action
def _enter_trial(*, actor: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> None:
    """Unless the court meanwhile ended the case: money that came too late is booked all the same."""
    case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    if case.stage == "fee_due":
        cases.take_step(actor=actor, court_id=court_id, case_id=case_id, step="begin_trial", now=now)


def _begin_trial(court_id: int, case_id: uuid.UUID, now: dt.datetime) -> None:
    _enter_trial(actor=system(court_id), court_id=court_id, case_id=case_id, now=now)


def sweep(*, now: dt.datetime) -> int:
    """Ask the gateway about every order that still waits, and let overdue bills lapse; answers how many were asked."""
    asked = 0
    for court_id in list_staffed_courts():
        actor = system(court_id)
        for order in queries.open_orders(actor=actor, court_id=court_id, opened_before=now - PATIENCE):
            actions.refresh_order(actor=actor, court_id=court_id, order_id=order.id, now=now)
            asked += 1
        actions.lapse_overdue(actor=actor, court_id=court_id, now=now)
    return asked


@app.periodic(cron="* * * * *")
@app.task(name="fees.sweep", queue="timers", queueing_lock="fees.sweep", pass_context=False)
def sweep_every_minute(timestamp: int) -> None:  # procrastinate tells when it was due
    """The worker's clock; `sweep` is the work."""
    sweep(now=clock.now())
