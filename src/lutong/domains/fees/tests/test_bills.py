"""交费通知: reckoned once, halved by procedure, due from service, lapsed when late."""

import datetime as dt

import pytest

from lutong.domains.fees import actions, queries
from lutong.domains.fees.tests.conftest import DEFENDANTS_COUNSEL, STRANGER, Dispute, make_dispute
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import system
from lutong.kernel.errors import NotFound

TODAY = dt.date(2026, 11, 21)
NOW = clock.beijing(TODAY, 10)


@pytest.mark.parametrize(
    ("procedure", "amount_fen", "cause", "fee_fen"),
    [
        ("ordinary", 1_000_000, "民间借贷纠纷", 5_000),
        ("ordinary", 10_000_000, "民间借贷纠纷", 230_000),
        ("simple", 10_000_000, "民间借贷纠纷", 115_000),
        ("small", 10_000_000, "民间借贷纠纷", 115_000),
        ("simple", None, "劳动争议", 500),
        ("ordinary", None, "返还原物纠纷", 5_000),
    ],
)
def test_the_bill_follows_the_tariff(
    committed_db: object, procedure: str, amount_fen: int | None, cause: str, fee_fen: int
) -> None:
    bill = make_dispute(procedure=procedure, amount_fen=amount_fen, cause=cause).bill
    assert bill.amount_fen == fee_fen
    assert bill.due_on is None
    assert bill.quote["laws"] and bill.quote["lines"]


def test_a_case_is_billed_once(dispute: Dispute) -> None:
    again = actions.issue_bill(
        actor=system(dispute.court_id), court_id=dispute.court_id, case_id=dispute.case_id, now=NOW
    )
    assert again is not None and again.id == dispute.bill.id


def test_the_last_day_is_set_by_the_first_service(dispute: Dispute) -> None:
    for day in (dt.date(2026, 11, 30), dt.date(2026, 12, 9)):
        bill = actions.set_due(
            actor=system(dispute.court_id), court_id=dispute.court_id, bill_id=dispute.bill.id, due_on=day,
            steps=[{"text": "七日", "law": "诉讼费用交纳办法第二十二条第一款"}], now=NOW,
        )  # fmt: skip
    assert bill.due_on == dt.date(2026, 11, 30)


def test_an_overdue_bill_lapses_the_day_after_and_tells_the_bench(dispute: Dispute) -> None:
    from lutong.domains.notices.models import Notice

    ours = system(dispute.court_id)
    actions.set_due(actor=ours, court_id=dispute.court_id, bill_id=dispute.bill.id, due_on=TODAY, steps=[], now=NOW)
    assert actions.lapse_overdue(actor=ours, court_id=dispute.court_id, now=NOW) == 0
    tomorrow = NOW + dt.timedelta(days=1)
    assert actions.lapse_overdue(actor=ours, court_id=dispute.court_id, now=tomorrow) == 1
    assert actions.lapse_overdue(actor=ours, court_id=dispute.court_id, now=tomorrow) == 0
    assert dispute.now_bill().state == "lapsed"
    assert Notice.objects.filter(lawyer_id=7100, kind="fees").count() == 1


def test_a_stranger_finds_no_bill_and_both_sides_do(dispute: Dispute) -> None:
    where = {"court_id": dispute.court_id, "bill_id": dispute.bill.id}
    assert queries.get_bill(actor=DEFENDANTS_COUNSEL, **where).id == dispute.bill.id
    with pytest.raises(NotFound):
        queries.get_bill(actor=STRANGER, **where)


def test_row_security_hides_a_bill_that_a_query_forgot_to_guard(dispute: Dispute) -> None:
    from lutong.domains.fees.models import Bill

    with reading(STRANGER):
        assert not Bill.objects.filter(court_id=dispute.court_id).exists()
    with reading(DEFENDANTS_COUNSEL):
        assert Bill.objects.filter(court_id=dispute.court_id).exists()


def test_the_desk_pages_by_keyset_and_searches(committed_db: object) -> None:
    made = [make_dispute() for _ in range(3)]
    staff, court_id = made[0].staff, made[0].court_id
    first = queries.list_bills(actor=staff, court_id=court_id, limit=2)
    rest = queries.list_bills(actor=staff, court_id=court_id, limit=2, before=(first[-1].issued_at, first[-1].id))
    assert [b.id for b in (*first, *rest)] == [d.bill.id for d in reversed(made)]
    found = queries.list_bills(actor=staff, court_id=court_id, text=made[1].bill.notice_no)
    assert [b.id for b in found] == [made[1].bill.id]
