"""送达 from registration to the trial: who gets what, when it counts, and what begins to run."""

import datetime as dt

import pytest

from lutong.domains.cases import actions as cases
from lutong.domains.dossier.models import Document
from lutong.domains.eservice import actions, queries
from lutong.domains.eservice.tests.conftest import GU, NOW, STRANGER, ZHOU, Suit, begin_trial, open_suit, staff, work
from lutong.domains.fees import queries as fee_queries
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

TODAY = dt.date(2026, 11, 21)


def test_the_plaintiffs_counsel_gets_the_papers_of_registration_and_of_the_fee(suit: Suit) -> None:
    work()
    assert sorted(suit.inbox(ZHOU)) == ["举证通知书", "交纳诉讼费用通知书", "受理案件通知书"]
    assert {d.title: suit.kinds(d) for d in suit.deliveries("plaintiff")}["受理案件通知书"] == ["acceptance_notice"]


def test_registration_and_trial_in_either_order_ask_for_evidence_once(suit: Suit) -> None:
    from lutong.domains.eservice import tasks

    cases.take_step(actor=suit.system, **suit.ids, step="begin_trial", now=NOW)
    told = {"court_id": suit.court_id, "payload": {"case_id": str(suit.case_id)}, "now": NOW}
    for handler in (tasks.trial_began, tasks.case_opened, tasks.trial_began):
        handler(**told)
    assert sorted(suit.inbox(ZHOU)) == ["举证通知书", "受理案件通知书"]


def test_arrival_at_a_confirmed_address_is_service_and_sets_the_fee_running(suit: Suit) -> None:
    work()
    served = suit.deliveries("plaintiff")
    assert {(d.effective_on, d.rule, d.state) for d in served} == {(TODAY, "electronic_confirmed", "sent")}
    bill = fee_queries.bill_of(actor=suit.recorder, **suit.ids)
    assert bill is not None and bill.due_on == dt.date(2026, 11, 30)  # the 28th is a Saturday
    assert bill.due_steps[0]["law"]
    assert suit.deadlines(ZHOU.person_id)["fee"] == bill.due_on
    assert {"fee", "evidence"} <= suit.desk_of(ZHOU)


def test_handlers_that_run_thrice_leave_what_one_run_leaves(committed_db: object) -> None:
    once, thrice = open_suit(), open_suit()
    work(times=3)
    assert len(once.deliveries()) == len(thrice.deliveries()) == 3
    with reading(once.system):
        made = Document.objects.filter(**thrice.ids, kind__in=["acceptance_notice", "evidence_notice", "fee_notice"])
        assert made.count() == 3


def test_a_handler_without_keys_would_be_caught(suit: Suit) -> None:
    """The control: serving by hand under a fresh key each time does leave two."""
    paper = [suit.file("other", "告知书.pdf")]
    for key in ("a", "b"):
        actions.serve(
            actor=suit.recorder, **suit.ids, party_id=suit.party("plaintiff").id, document_ids=paper, title="告知书",
            mode="electronic", facts={}, key=key, now=NOW,
        )  # fmt: skip
    assert suit.inbox(ZHOU) == ["告知书", "告知书"]


def test_each_effect_leaves_a_proof(suit: Suit) -> None:
    work()
    proofs = {d.proof_document_id for d in suit.deliveries("plaintiff")}
    assert None not in proofs and len(proofs) == 3


def test_mediation_comes_first_and_evidence_is_asked_for_at_trial(committed_db: object) -> None:
    suit = open_suit(mediation=True)
    work()
    assert suit.inbox(ZHOU) == ["受理案件通知书"]
    cases.take_step(actor=suit.recorder, **suit.ids, step="bill", now=NOW)
    work()
    begin_trial(suit)
    assert sorted(suit.inbox(ZHOU)) == ["举证通知书", "交纳诉讼费用通知书", "受理案件通知书"]


def test_nothing_begins_to_run_in_a_case_that_is_already_settled(committed_db: object) -> None:
    settled, going_on = open_suit(mediation=True), open_suit(mediation=True)
    cases.take_step(actor=settled.recorder, **settled.ids, step="settle", facts={"note": "双方再无争议"}, now=NOW)
    work()
    assert settled.inbox(ZHOU).count("举证通知书") == 0
    for suit in (settled, going_on):
        actions.serve(
            actor=suit.recorder, **suit.ids, party_id=suit.party("plaintiff").id, title="举证通知书",
            document_ids=[suit.file("evidence_notice", "举证通知书.pdf")], mode="electronic",
            facts={}, key=f"x:{suit.case_id}", now=NOW,
        )  # fmt: skip
    assert settled.deadlines(ZHOU.person_id) == {} and "evidence" in going_on.deadlines(ZHOU.person_id)


def test_an_unrepresented_defendant_waits_for_the_recorder(suit: Suit) -> None:
    work()
    begin_trial(suit)
    (waiting,) = suit.deliveries("defendant")
    assert (waiting.state, waiting.mode, waiting.effective_on) == ("waiting", "", None)
    assert suit.kinds(waiting) == ["complaint", "evidence", "response_notice", "evidence_notice"]
    assert queries.count_waiting(actor=suit.recorder, court_id=suit.court_id) == 1


def test_post_takes_effect_on_the_day_of_receipt_and_starts_the_answer(suit: Suit) -> None:
    work()
    begin_trial(suit)
    (waiting,) = suit.deliveries("defendant")
    ask = {"actor": suit.recorder, "court_id": suit.court_id, "delivery_id": waiting.id, "mode": "post",
           "note": "EMS 1234567890123", "receipt_upload_id": None}  # fmt: skip
    sent = actions.record_service(**ask, facts={}, now=NOW)
    assert (sent.state, sent.effective_on) == ("sent", None)
    later = NOW + dt.timedelta(days=4)
    done = actions.record_service(**ask, facts={"received_on": dt.date(2026, 11, 24)}, now=later)
    assert (done.state, done.effective_on, done.rule) == ("signed", dt.date(2026, 11, 24), "post_received")
    periods = suit.deadlines()
    assert periods["answer"] == periods["jurisdiction_objection"] == dt.date(2026, 12, 9)


def test_returned_mail_is_no_service_without_the_partys_fault(suit: Suit) -> None:
    work()
    begin_trial(suit)
    (waiting,) = suit.deliveries("defendant")
    ask = {"actor": suit.recorder, "court_id": suit.court_id, "delivery_id": waiting.id, "mode": "post", "note": "",
           "receipt_upload_id": None}  # fmt: skip
    later = NOW + dt.timedelta(days=4)
    back = actions.record_service(**ask, facts={"returned_on": dt.date(2026, 11, 24)}, now=later)
    assert back.effective_on is None
    reason = queries.why_not_served(actor=suit.recorder, delivery=back)
    assert reason is not None and "改用其他方式" in reason.reason
    fault = actions.record_service(
        **ask, facts={"returned_on": dt.date(2026, 11, 24), "address_fault": True}, now=later
    )
    assert fault.rule == "post_returned_wrong_address"


def test_publication_is_refused_in_summary_procedure(committed_db: object) -> None:
    suit = open_suit(procedure="simple")
    work()
    begin_trial(suit)
    (waiting,) = suit.deliveries("defendant")
    with pytest.raises(Conflict, match="不适用公告送达"):
        actions.record_service(
            actor=suit.recorder, court_id=suit.court_id, delivery_id=waiting.id, mode="public",
            facts={"announced_on": TODAY}, note="", receipt_upload_id=None, now=NOW,
        )  # fmt: skip
    assert suit.deliveries("defendant")[0].state == "waiting"


@pytest.mark.parametrize("day", [TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1), dt.date(2020, 1, 1)])
def test_a_day_that_cannot_be_is_refused_at_its_field(suit: Suit, day: dt.date) -> None:
    work()
    begin_trial(suit)
    (waiting,) = suit.deliveries("defendant")
    with pytest.raises(Invalid) as refusal:
        actions.record_service(
            actor=suit.recorder, court_id=suit.court_id, delivery_id=waiting.id, mode="counter",
            facts={"signed_on": day}, note="", receipt_upload_id=None, now=NOW,
        )  # fmt: skip
    assert "signed_on" in refusal.value.fields


def test_counsel_who_joins_gets_all_that_waited(suit: Suit) -> None:
    work()
    begin_trial(suit)
    suit.join(GU, "defendant")
    work()
    work()
    assert suit.inbox(GU) == ["应诉通知书、举证通知书、起诉状副本及证据"]
    assert [d.state for d in suit.deliveries("defendant")] == ["withdrawn", "sent"]
    assert {"answer", "jurisdiction_objection", "evidence"} <= suit.desk_of(GU)


def test_counsel_present_from_the_start_is_served_at_trial(suit: Suit) -> None:
    work()
    suit.join(GU, "defendant")
    begin_trial(suit)
    assert suit.inbox(GU) == ["应诉通知书、举证通知书、起诉状副本及证据"]


def test_an_unconfirmed_address_counts_from_reading_or_signing_only(committed_db: object) -> None:
    suit = open_suit(address={"electronic": False})
    work()
    delivery = suit.deliveries("plaintiff")[0]
    assert delivery.effective_on is None
    later = NOW + dt.timedelta(days=2)
    read = actions.mark_read(actor=ZHOU, court_id=suit.court_id, delivery_id=delivery.id, now=later)
    assert (read.effective_on, read.rule) == (dt.date(2026, 11, 23), "electronic_read")


def test_signing_moves_the_tab_and_not_the_day(suit: Suit) -> None:
    work()
    later = NOW + dt.timedelta(days=3)
    assert actions.sign_all(actor=ZHOU, now=later) == 3
    assert actions.sign_all(actor=ZHOU, now=later) == 0
    assert suit.inbox(ZHOU) == []
    assert len(suit.inbox(ZHOU, "signed")) == 3
    assert {d.effective_on for d in suit.deliveries("plaintiff")} == {TODAY}


def test_one_side_never_sees_the_others_deliveries(suit: Suit) -> None:
    work()
    suit.join(GU, "defendant")
    mine = suit.deliveries("plaintiff")[0]
    for other in (GU, STRANGER):
        with pytest.raises(NotFound):
            queries.get_delivery(actor=other, court_id=suit.court_id, delivery_id=mine.id)
        with pytest.raises(NotFound):
            actions.sign(actor=other, court_id=suit.court_id, delivery_id=mine.id, now=NOW)
    with reading(GU):  # the second lock
        from lutong.domains.eservice.models import Delivery

        assert not Delivery.objects.filter(court_id=suit.court_id).exists()


def test_only_the_court_serves_and_records(suit: Suit) -> None:
    work()
    with pytest.raises(NotAllowed):
        actions.serve(
            actor=ZHOU, **suit.ids, party_id=suit.party("defendant").id, document_ids=[], title="告知书",
            mode="electronic", facts={}, key=f"x:{suit.case_id}", now=NOW,
        )  # fmt: skip
    mine = suit.deliveries("plaintiff")[0]
    with pytest.raises(NotAllowed):
        actions.fail(actor=ZHOU, court_id=suit.court_id, delivery_id=mine.id, reason="不想签收", now=NOW)


def test_a_hearing_moved_summons_anew_and_moves_the_date(suit: Suit) -> None:
    from lutong.domains.eservice import tasks

    work()
    fixed = {"case_id": str(suit.case_id), "hearing_id": "0198c0de-0000-7000-8000-000000000001", "version": 1,
             "on": "2026-12-03", "when": "2026年12月3日 09:30至11:30", "place": "第十九法庭", "kind": "开庭",
             "online": False}  # fmt: skip
    for _ in range(2):
        tasks.hearing_scheduled(court_id=suit.court_id, payload=fixed, now=NOW)
    moved = fixed | {"version": 2, "on": "2026-12-10", "when": "2026年12月10日 14:00至16:00"}
    tasks.hearing_scheduled(court_id=suit.court_id, payload=moved, now=NOW)
    assert [t for t in suit.inbox(ZHOU) if "传票" in t] == ["传票（开庭时间变更）", "传票"]
    summons = suit.deliveries("plaintiff")[-1]
    assert [d.due_on for d in queries.consequences(actor=ZHOU, delivery=summons)] == [dt.date(2026, 12, 10)]
    assert [d.state for d in suit.deliveries("defendant")] == ["withdrawn", "waiting"]
    tasks.hearing_cancelled(court_id=suit.court_id, payload=moved | {"reason": "法官出差"}, now=NOW)
    assert "取消开庭通知书" in suit.inbox(ZHOU)


def test_a_judgment_needs_consent_to_electronic_service(committed_db: object) -> None:
    suit = open_suit(address={"electronic": True, "consent_judgment_e_service": False})
    paper = [suit.file("judgment", "民事判决书.pdf")]
    with pytest.raises(Conflict, match="未同意电子送达裁判文书"):
        actions.serve(
            actor=suit.recorder, **suit.ids, party_id=suit.party("plaintiff").id, document_ids=paper,
            title="民事判决书", mode="electronic", facts={}, key="j", now=NOW,
        )  # fmt: skip


def test_the_case_closes_the_day_after_the_last_appeal_period(suit: Suit) -> None:
    from lutong.domains.eservice import tasks

    staff(suit.court_id)
    work()
    begin_trial(suit)
    suit.join(GU, "defendant")
    work()
    cases.take_step(
        actor=suit.recorder, **suit.ids, step="decide", now=NOW,
        facts={"outcome": "judgment", "decided_on": TODAY, "note": "支持"},
    )  # fmt: skip
    paper = [suit.file("judgment", "民事判决书.pdf")]
    days = {"plaintiff": NOW, "defendant": NOW + dt.timedelta(days=2)}
    for side, now in days.items():
        assert queries.finality_of(actor=suit.recorder, **suit.ids).effective_on is None
        actions.serve(
            actor=suit.recorder, **suit.ids, party_id=suit.party(side).id, document_ids=paper, title="民事判决书",
            mode="electronic", facts={}, key=f"judgment:{side}", now=now,
        )  # fmt: skip
    assert suit.deadlines(ZHOU.person_id)["appeal"] == dt.date(2026, 12, 7)  # the 6th is a Sunday
    assert suit.deadlines(GU.person_id)["appeal"] == dt.date(2026, 12, 8)
    assert tasks.close_final_cases(now=clock.beijing(dt.date(2026, 12, 8), 23)) == 0
    with pytest.raises(Conflict, match="最早 2026-12-09"):
        actions.close_if_final(actor=suit.recorder, **suit.ids, now=clock.beijing(dt.date(2026, 12, 8), 23))
    assert tasks.close_final_cases(now=clock.beijing(dt.date(2026, 12, 9), 0, 5)) == 1
    case = suit.case()
    assert (case.stage, case.effective_on) == ("closed", dt.date(2026, 12, 9))


def test_the_receipt_of_a_payment_is_filed_and_shown_on_the_bill(suit: Suit) -> None:
    from lutong.domains.eservice import tasks
    from lutong.domains.fees.models import Bill

    work()
    bill = fee_queries.bill_of(actor=suit.recorder, **suit.ids)
    assert bill is not None
    with reading(suit.system):
        Bill.objects.filter(court_id=suit.court_id, id=bill.id).update(state="paid", paid_at=NOW, transaction_id="4200")
    for _ in range(2):
        tasks.fee_paid(court_id=suit.court_id, payload={"case_id": str(suit.case_id), "bill_id": str(bill.id)}, now=NOW)
    bill = fee_queries.bill_of(actor=ZHOU, **suit.ids)
    assert bill is not None and bill.receipt_document_id is not None
