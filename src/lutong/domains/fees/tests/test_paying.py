"""支付: over real HTTP against the stand-in of 微信支付, calm and misbehaving."""

import datetime as dt
import threading
import time

import httpx
import pytest
from django.conf import settings

from lutong.domains.fees import actions, tasks
from lutong.domains.fees.actions import Booking
from lutong.domains.fees.models import Bill, PaymentOrder
from lutong.domains.fees.tests.conftest import (
    DEFENDANTS_COUNSEL,
    PLAINTIFFS_COUNSEL,
    STRANGER,
    Counter,
    Dispute,
    staff,
)
from lutong.gateways.payments.stand_in.notices import FORGERIES
from lutong.gateways.tests.serving import until
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import system
from lutong.kernel.errors import Conflict, NotAllowed, NotFound


def booked(dispute: Dispute) -> tuple[str, list[str], int]:
    """What a booking leaves: the bill's state, the orders' states, and how many times it was announced."""
    from lutong.domains.exchange.models import CourtOutbox

    announced = CourtOutbox.objects.filter(court_id=dispute.court_id, topic="fees.paid").count()
    return dispute.now_bill().state, sorted(o.state for o in dispute.orders()), announced


ONCE = ("paid", ["paid"], 1)


def test_a_payment_is_booked_and_the_trial_begins(dispute: Dispute, counter: Counter) -> None:
    from lutong.domains.cases.queries import get_case

    order = dispute.open()
    assert order.code_url.startswith(counter.address)
    counter.pay(order)
    until(dispute.booked_at_least, "the notice is booked")
    assert booked(dispute) == ONCE
    assert dispute.now_bill().transaction_id.startswith("4200")
    case = get_case(actor=dispute.staff, court_id=dispute.court_id, case_id=dispute.case_id)
    assert case.stage == "trial"


def test_asking_twice_gives_the_same_code(dispute: Dispute, counter: Counter) -> None:
    assert dispute.open().code_url == dispute.open().code_url
    assert len(dispute.orders()) == 1


def test_fifteen_copies_of_a_notice_book_once(dispute: Dispute, counter: Counter) -> None:
    counter.control(copies=15)
    counter.pay(dispute.open())
    until(lambda: dispute.booked_at_least() and counter.settled(), "all copies have arrived")
    assert booked(dispute) == ONCE
    assert [n.outcome for n in dispute.notices()] == ["booked"]


def test_a_lost_notice_is_made_good_by_the_page_and_by_the_sweep(dispute: Dispute, counter: Counter) -> None:
    counter.control(lose=True)
    order = dispute.open()
    counter.pay(order)
    outcome = actions.refresh_order(
        actor=PLAINTIFFS_COUNSEL, court_id=dispute.court_id, order_id=order.id, now=clock.now()
    )
    assert outcome is Booking.BOOKED
    assert booked(dispute) == ONCE


def test_the_sweep_books_what_nobody_looked_at(dispute: Dispute, counter: Counter) -> None:
    staff(dispute.court_id)
    counter.control(lose=True)
    counter.pay(dispute.open())
    assert tasks.sweep(now=clock.now() + dt.timedelta(minutes=2)) == 1
    assert booked(dispute) == ONCE


def test_a_notice_after_the_page_already_asked_changes_nothing(dispute: Dispute, counter: Counter) -> None:
    counter.control(delay_seconds=0.6)
    order = dispute.open()
    counter.pay(order)
    actions.refresh_order(actor=PLAINTIFFS_COUNSEL, court_id=dispute.court_id, order_id=order.id, now=clock.now())
    until(lambda: counter.settled() and len(dispute.notices()) == 2, "the late notice has arrived")
    assert booked(dispute) == ONCE
    assert sorted(n.outcome for n in dispute.notices()) == ["already_booked", "booked"]


@pytest.mark.parametrize("kind", sorted(FORGERIES))
def test_a_forged_notice_changes_nothing(dispute: Dispute, counter: Counter, kind: str) -> None:
    order = dispute.open()
    counter.forge(order, kind)
    until(counter.settled, "the forgery was carried out")
    assert booked(dispute) == ("due", ["open"], 0)
    assert all(n.outcome == "mismatch" for n in dispute.notices())
    counter.pay(order)  # and the true payment is still booked
    until(dispute.booked_at_least, "the true notice is booked")
    assert booked(dispute) == ONCE


def test_a_forger_is_answered_401_and_a_broken_body_too(dispute: Dispute, counter: Counter) -> None:
    door = f"{settings.LUTONG_WEB_URL}/fees/notice/wechat/{dispute.court_id}"
    for body in (b"", b"{}", b"\x00\xff", b"[" * 5000, '{"id":"甲"}'.encode()):
        answer = httpx.post(door, content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (401, "FAIL")
    assert httpx.get(door).status_code == 405
    assert httpx.post(f"{settings.LUTONG_WEB_URL}/fees/notice/wechat/99999999999", content=b"{}").status_code == 404


def test_a_replayed_notice_books_nothing_again(dispute: Dispute, counter: Counter) -> None:
    counter.pay(dispute.open())
    until(dispute.booked_at_least, "the notice is booked")
    mine = [n for n in counter.letters() if n["state"] == "delivered"]
    for letter in mine[:3]:
        counter.resend(letter.get("notice_id") or letter["id"])
    until(counter.settled, "the replay was carried out")
    assert booked(dispute) == ONCE


def test_a_silent_gateway_takes_nothing_and_the_retry_works(dispute: Dispute, counter: Counter) -> None:
    counter.control(api="error")
    with pytest.raises(Conflict, match="没有回应，还没有扣款"):
        dispute.open()
    counter.control(api="normal")
    assert dispute.open().code_url
    assert len(dispute.orders()) == 1


def test_an_expired_order_is_closed_there_before_a_new_one_opens(dispute: Dispute, counter: Counter) -> None:
    old = dispute.open()
    new = dispute.open(now=clock.now() + dt.timedelta(minutes=31))
    assert new.id != old.id
    assert sorted(o.state for o in dispute.orders()) == ["closed", "open"]
    counter.pay(old)
    time.sleep(0.3)
    assert booked(dispute)[0] == "due"


def test_an_expired_order_that_was_paid_in_time_is_booked_instead(dispute: Dispute, counter: Counter) -> None:
    counter.control(lose=True)
    counter.pay(dispute.open())
    with pytest.raises(Conflict, match="已经到账"):
        dispute.open(now=clock.now() + dt.timedelta(minutes=31))
    assert booked(dispute) == ONCE


def test_a_second_payment_of_one_bill_is_marked_superfluous(dispute: Dispute, counter: Counter) -> None:
    counter.control(lose=True)
    first = dispute.open()
    counter.pay(first)
    with reading(system(dispute.court_id)):  # as if another order had been open and paid as well
        PaymentOrder.objects.filter(court_id=dispute.court_id, id=first.id).update(state="closed")
    second = dispute.open()
    counter.pay(second)
    with reading(system(dispute.court_id)):
        PaymentOrder.objects.filter(court_id=dispute.court_id, id=second.id).update(state="open")
    ask = {"actor": system(dispute.court_id), "court_id": dispute.court_id}
    assert actions.refresh_order(**ask, order_id=second.id, now=clock.now()) is Booking.BOOKED
    counter.control(lose=False)
    for letter in counter.letters():
        if letter["out_trade_no"] == first.out_trade_no:
            counter.resend(letter.get("notice_id") or letter["id"])
    until(lambda: "superfluous" in {o.state for o in dispute.orders()}, "the second payment is marked")
    assert booked(dispute) == ("paid", ["paid", "superfluous"], 1)


def test_only_the_paying_side_may_open_an_order(dispute: Dispute, counter: Counter) -> None:
    with pytest.raises(NotAllowed, match="由原告预交"):
        dispute.open(DEFENDANTS_COUNSEL)
    with pytest.raises(NotAllowed):
        dispute.open(dispute.staff)
    with pytest.raises(NotFound):
        dispute.open(STRANGER)
    assert dispute.orders() == []


def test_two_counsel_at_once_get_one_order(dispute: Dispute, counter: Counter) -> None:
    codes: list[str] = []

    def ask() -> None:
        from django.db import connection

        try:
            codes.append(dispute.open().code_url)
        finally:
            connection.close()

    _together([ask] * 6)
    assert len(codes) == 6 and len(set(codes)) == 1
    assert len(dispute.orders()) == 1


def test_eight_threads_with_one_notice_book_once(dispute: Dispute, counter: Counter) -> None:
    outcomes = _race(dispute, counter, _book_properly)
    assert outcomes.count(Booking.BOOKED) == 1
    assert booked(dispute) == ONCE


def test_the_race_finds_a_booking_without_lock_and_uniqueness(
    dispute: Dispute, counter: Counter, committed_db: object
) -> None:
    """The control: the naive order of look, then write, in a copy without the constraints, books more than once."""
    outcomes = _race(dispute, counter, _book_naively)
    assert outcomes.count(Booking.BOOKED) > 1
    assert booked(dispute)[2] > 1


def _race(dispute: Dispute, counter: Counter, book: object) -> list[Booking]:
    counter.control(lose=True)
    order = dispute.open()
    counter.pay(order)
    outcomes: list[Booking] = []

    def one() -> None:
        from django.db import connection

        try:
            outcomes.append(book(dispute, order))  # type: ignore[operator]
        finally:
            connection.close()

    _together([one] * 8)
    return outcomes


def _book_properly(dispute: Dispute, order: PaymentOrder) -> Booking:
    return actions.refresh_order(
        actor=system(dispute.court_id), court_id=dispute.court_id, order_id=order.id, now=clock.now()
    )


_gate = threading.Barrier(8)


def _book_naively(dispute: Dispute, order: PaymentOrder) -> Booking:
    """Look first, write later, nothing locked: what the booking would be without its lock."""
    from lutong.domains.exchange.actions import put_out

    with reading(system(dispute.court_id)):
        paid = Bill.objects.filter(court_id=dispute.court_id, id=dispute.bill.id, state="paid").exists()
    _gate.wait(20)
    if paid:
        return Booking.ALREADY
    with reading(system(dispute.court_id)):
        Bill.objects.filter(court_id=dispute.court_id, id=dispute.bill.id).update(state="paid")
        put_out(court_id=dispute.court_id, topic="fees.paid", payload={}, now=clock.now())
    return Booking.BOOKED


def _together(work: list[object]) -> None:
    threads = [threading.Thread(target=one) for one in work]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
