"""登记立案: what stands after a case has been opened."""

import datetime as dt

import pytest

from lutong.domains.audit.models import CourtEvent
from lutong.domains.cases import queries
from lutong.domains.cases.models import Case, LawyerCase, NumberCounter
from lutong.domains.cases.tests import world
from lutong.domains.notices.models import Notice
from lutong.kernel.acting import reading
from lutong.kernel.errors import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people() -> None:
    world.enrol()


def test_a_case_without_mediation_waits_for_its_fee() -> None:
    case = world.open_case()
    assert (case.stage, case.mediation_due_on) == ("fee_due", None)
    assert case.trial_due_on == dt.date(2027, 5, 20)  # six months from the day after registration


def test_consent_to_mediation_starts_its_clock_and_bills_nothing() -> None:
    case = world.open_case(mediation_agreed=True)
    assert case.stage == "mediation"
    assert case.mediation_due_on == dt.date(2026, 12, 7)  # 15 days end on Saturday 5 December, so on Monday
    (deadline,) = queries.my_deadlines(actor=world.lawyer(world.ZHOU))
    assert (deadline.kind, deadline.due_on) == ("mediation", case.mediation_due_on)


def test_the_number_is_that_of_the_law() -> None:
    case = world.open_case()
    assert case.number == f"（2026）京0105民初{case.serial}号"


def test_the_year_is_that_of_the_receipt_not_of_the_registration() -> None:
    case = world.open_case(received_on=dt.date(2025, 12, 31))
    assert case.number.startswith("（2025）")


def test_each_type_and_year_counts_for_itself() -> None:
    assert [world.open_case().serial for _ in range(3)] == [1, 2, 3]
    assert world.open_case(type_code="行初").serial == 1
    assert world.open_case(received_on=dt.date(2025, 12, 31)).serial == 1


def test_counsel_has_the_case_in_his_list_at_once_and_staff_are_told() -> None:
    case = world.open_case()
    (row,) = queries.list_my_cases(actor=world.lawyer(world.ZHOU), wanted=queries.CaseFilter())
    assert (row.id, row.stage, row.side, row.party_name) == (case.id, "fee_due", "plaintiff", "苏晚晴")
    told = set(Notice.objects.filter(kind="cases").values_list("lawyer_id", flat=True))
    assert {world.JUDGE, world.RECORDER, world.ZHOU} <= told


def test_a_filing_becomes_a_case_once() -> None:
    case = world.open_case()
    with pytest.raises(Conflict, match="已经登记立案"):
        world.open_case(filing_id=case.filing_id)
    with reading(world.staff()):
        assert Case.objects.filter(court_id=case.court_id).count() == 1
        assert NumberCounter.objects.get(court_id=case.court_id).last == 1


def test_counsel_without_an_account_is_of_record_but_sees_nothing() -> None:
    stranger = world.actions.NewCounsel(
        party_ref="defendant1", lawyer_id=0, name="未注册律师", licence_no="1", firm="某所", powers="general",
        special_powers=(),
    )  # fmt: skip
    case = world.open_case(counsel=(stranger,))
    assert queries.counsel_of(actor=world.staff(), court_id=case.court_id, case_id=case.id) == []
    assert LawyerCase.objects.filter(id=case.id).count() == 0


def test_opening_is_in_the_trail() -> None:
    case = world.open_case()
    with reading(world.staff()):
        trail = CourtEvent.objects.filter(court_id=case.court_id, case_id=case.id).values_list("action", flat=True)
        assert {"cases.open", "cases.bill"} <= set(trail)


def test_the_timeline_tells_registration_and_the_fee() -> None:
    case = world.open_case()
    told = queries.timeline_of(actor=world.lawyer(world.ZHOU), court_id=case.court_id, case_id=case.id)
    assert {"登记立案", "转审理并通知交费"} <= {milestone.title for milestone in told}
