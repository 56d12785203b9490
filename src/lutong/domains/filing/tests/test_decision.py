"""登记立案、不予受理、告知向其他法院起诉: one decision, once, with everything that hangs on it."""

import re
from typing import Any

import psycopg
import pytest

from lutong.domains.audit.models import CourtEvent
from lutong.domains.cases import queries as cases
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.dossier.models import Document
from lutong.domains.exchange.models import CourtOutbox
from lutong.domains.filing.actions import decision, review
from lutong.domains.filing.models import Correction, Filing
from lutong.domains.filing.tests import desk_world as at_desk
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.desk_world import LATER
from lutong.domains.filing.tests.test_submission import at_once
from lutong.domains.notices.models import Notice
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.databases import Database


@pytest.fixture
def zhou(db: None) -> Actor:
    return world.lawyer()


@pytest.fixture
def clerk(db: None) -> Actor:
    return at_desk.staff("D-clerk-1")


@pytest.fixture
def assignment(db: None) -> decision.Assignment:
    return assigned()


@pytest.fixture
def filing(zhou: Actor) -> Filing:
    return at_desk.waiting(zhou)


def assigned() -> decision.Assignment:
    judge = at_desk.staff("D-judge", Role.JUDGE, name="许知行")
    return at_desk.assign(judge, at_desk.staff("D-recorder", Role.RECORDER, name="方蕾"))


def trail(filing: Filing, action: str) -> int:
    rows = CourtEvent.objects.filter(court_id=filing.court_id, action=action, subject=filing.receipt_no)
    return at_desk.seen_by_court(rows.count)


def outbox(filing: Filing, topic: str) -> int:
    return at_desk.seen_by_court(CourtOutbox.objects.filter(court_id=filing.court_id, topic=topic).count)


def test_registering_makes_the_case_with_number_people_papers_and_periods(
    zhou: Actor, clerk: Actor, filing: Filing, assignment: decision.Assignment
) -> None:
    done = at_desk.enter(clerk, filing, assignment)
    assert (done.state, done.decided_at) == ("registered", LATER)
    assert done.case_id is not None
    case = cases.get_case(actor=zhou, court_id=filing.court_id, case_id=done.case_id)
    assert re.fullmatch(r"（2026）京0105民初\d+号", case.number)
    assert (case.filing_id, case.amount_fen, case.cause_name) == (filing.id, 30_000_000, "民间借贷纠纷")
    place = {"court_id": filing.court_id, "case_id": case.id}
    assert [(p.side, p.name) for p in cases.parties_of(actor=zhou, **place)] == [
        ("plaintiff", "苏晚晴"), ("defendant", "程屿舟"),
    ]  # fmt: skip
    assert [(c.lawyer_id, c.name) for c in cases.counsel_of(actor=zhou, **place)] == [(zhou.person_id, "周岚")]
    assert case.stage == "fee_due", "no mediation was wanted, so the bill comes next"
    papers = Document.objects.filter(court_id=filing.court_id, filing_id=filing.id)
    assert set(at_desk.seen_by_court(lambda: list(papers.values_list("case_id", flat=True)))) == {case.id}


def test_the_lawyer_reads_the_number_in_his_list_at_once(
    zhou: Actor, clerk: Actor, filing: Filing, assignment: decision.Assignment
) -> None:
    done = at_desk.enter(clerk, filing, assignment)
    draft = at_desk.draft_of(filing)
    assert (draft.state, draft.case_id, draft.note) == ("registered", done.case_id, f"已立案 {draft.case_number}")
    told = Notice.objects.get(lawyer_id=zhou.person_id, key=f"registered:{filing.id}")
    assert (told.title, told.link) == (f"已立案：{draft.case_number}", f"/cases/{filing.court_id}/{done.case_id}/")
    assert trail(filing, "filing.register") == 1


def test_approved_first_and_numbered_later(clerk: Actor, filing: Filing, assignment: decision.Assignment) -> None:
    approved = decision.approve(actor=clerk, filing_id=filing.id, version=filing.version, now=LATER)
    assert (approved.state, at_desk.draft_of(filing).state) == ("approved", "approved")
    assert trail(filing, "filing.approve") == 1
    assert at_desk.enter(clerk, filing, assignment).state == "registered"


def test_a_filing_under_correction_may_be_registered_first_and_its_notice_ends(
    clerk: Actor, filing: Filing, assignment: decision.Assignment
) -> None:
    at_desk.ask(clerk, filing)
    assert at_desk.enter(clerk, filing, assignment).state == "registered"
    notices = Correction.objects.filter(court_id=filing.court_id, filing_id=filing.id)
    assert at_desk.seen_by_court(lambda: [notice.answered_at for notice in notices]) == [LATER]
    assert at_desk.draft_of(filing).due_on is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"procedure": "summary"}, "procedure"), ({"judge_id": 0}, "judge_id"), ({"recorder_id": 10**15}, "judge_id")],
)
def test_without_procedure_judge_and_recorder_of_this_court_there_is_no_case(
    wrong: dict[str, Any], field: str, clerk: Actor, filing: Filing, assignment: decision.Assignment
) -> None:
    chosen = {"procedure": "simple", "judge_id": assignment.judge_id, "recorder_id": assignment.recorder_id} | wrong
    with pytest.raises(Invalid) as refused:
        at_desk.enter(clerk, filing, decision.Assignment(**chosen))
    assert field in refused.value.fields
    assert at_desk.fresh(filing).state == "submitted"


def test_a_judge_of_another_court_is_not_assigned(
    clerk: Actor, filing: Filing, assignment: decision.Assignment
) -> None:
    far = at_desk.staff("D-far", Role.JUDGE, court_id=get_court_by_code(code="沪0115").id)
    with pytest.raises(Invalid):
        at_desk.enter(
            clerk, filing, decision.Assignment(
                procedure="simple", judge_id=far.person_id, recorder_id=assignment.recorder_id)
        )  # fmt: skip


def refuse(clerk: Actor, filing: Filing, *, ground: str = "arbitration", reason: str = "合同第九条约定仲裁") -> Filing:
    return decision.refuse(
        actor=clerk, filing_id=filing.id, version=at_desk.fresh(filing).version, ground=ground, reason=reason, now=LATER
    )


def transfer(clerk: Actor, filing: Filing, to_court_id: int, reason: str = "被告住所地不在本辖区") -> Filing:
    return decision.transfer(
        actor=clerk, filing_id=filing.id, version=at_desk.fresh(filing).version, to_court_id=to_court_id,
        reason=reason, now=LATER,
    )  # fmt: skip


def test_a_refusal_names_its_ground_and_article_and_reaches_the_lawyer(
    zhou: Actor, clerk: Actor, filing: Filing
) -> None:
    done = refuse(clerk, filing)
    assert done.state == "refused"
    assert done.decision_note == "双方有有效的仲裁协议（民事诉讼法第一百二十七条第（二）项）。合同第九条约定仲裁"
    assert at_desk.draft_of(filing).note == done.decision_note
    assert Notice.objects.get(lawyer_id=zhou.person_id, key=f"refuse:{filing.id}").tone == "danger"
    assert (trail(filing, "filing.refuse"), outbox(filing, "filing.refused")) == (1, 1)


@pytest.mark.parametrize(("given", "field"), [({"ground": "no_time"}, "ground"), ({"reason": " 不行 "}, "reason")])
def test_a_refusal_without_ground_or_reason_is_refused(
    given: dict[str, str], field: str, clerk: Actor, filing: Filing
) -> None:
    with pytest.raises(Invalid) as refused:
        refuse(clerk, filing, **given)
    assert field in refused.value.fields
    assert at_desk.fresh(filing).state == "submitted"


def test_the_plaintiff_is_told_which_court_to_turn_to(clerk: Actor, filing: Filing) -> None:
    done = transfer(clerk, filing, get_court_by_code(code="沪0115").id)
    assert done.state == "transferred"
    assert done.decision_note == "请向上海市浦东新区人民法院起诉。被告住所地不在本辖区"
    assert (trail(filing, "filing.transfer"), outbox(filing, "filing.transferred")) == (1, 1)


def test_one_is_not_sent_to_the_same_court_or_to_none(clerk: Actor, filing: Filing) -> None:
    with pytest.raises(Invalid) as refused:
        transfer(clerk, filing, filing.court_id)
    assert "to_court_id" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        transfer(clerk, filing, 0)
    assert "to_court_id" in refused.value.fields
    with pytest.raises(Invalid):
        transfer(clerk, filing, get_court_by_code(code="沪0115").id, reason="")


def test_what_is_decided_stays_decided(clerk: Actor, filing: Filing, assignment: decision.Assignment) -> None:
    refuse(clerk, filing)
    for again in (
        lambda: refuse(clerk, filing),
        lambda: at_desk.enter(clerk, filing, assignment),
        lambda: at_desk.ask(clerk, filing),
        lambda: decision.approve(actor=clerk, filing_id=filing.id, version=at_desk.fresh(filing).version, now=LATER),
    ):
        with pytest.raises(Conflict, match="不予立案"):
            again()


def test_a_page_of_yesterday_decides_nothing(clerk: Actor, filing: Filing, assignment: decision.Assignment) -> None:
    review.claim(actor=clerk, filing_id=filing.id, now=LATER)
    shown: dict[str, Any] = {"actor": clerk, "filing_id": filing.id, "version": filing.version, "now": LATER}
    for late in (
        lambda: decision.approve(**shown),
        lambda: decision.register(**shown, assignment=assignment),
        lambda: decision.refuse(**shown, ground="arbitration", reason="合同第九条约定仲裁"),
        lambda: decision.transfer(**shown, to_court_id=get_court_by_code(code="沪0115").id, reason="被告住所地不在"),
    ):
        with pytest.raises(Conflict, match="刷新"):
            late()
    assert at_desk.fresh(filing).state == "submitted"


def everything(actor: Actor, filing: Filing, assignment: decision.Assignment) -> tuple[Any, ...]:
    elsewhere = get_court_by_code(code="沪0115").id
    return (
        lambda: decision.approve(actor=actor, filing_id=filing.id, version=filing.version, now=LATER),
        lambda: at_desk.enter(actor, filing, assignment),
        lambda: refuse(actor, filing),
        lambda: transfer(actor, filing, elsewhere),
    )


def test_only_clerks_of_this_very_court_decide(filing: Filing, assignment: decision.Assignment, zhou: Actor) -> None:
    elsewhere = at_desk.staff("D-elsewhere", court_id=get_court_by_code(code="沪0115").id)
    for actor in (zhou, world.lawyer(1), elsewhere):
        for act in everything(actor, filing, assignment):
            with pytest.raises(NotFound):
                act()
    for act in everything(at_desk.staff("D-president", Role.PRESIDENT), filing, assignment):
        with pytest.raises(NotAllowed, match=Role.PRESIDENT.label):
            act()
    for role in (Role.JUDGE, Role.RECORDER):
        for act in everything(at_desk.staff(f"D-{role}", role), filing, assignment):
            with pytest.raises((NotFound, NotAllowed)):
                act()
    assert at_desk.fresh(filing).version == filing.version


def owned(database: Database, statement: str) -> list[Any]:
    """Read as the owner, whom no policy hides anything from."""
    with psycopg.connect(**database.conninfo("lutong_owner")) as owner:
        return [row[0] for row in owner.execute(statement).fetchall()]  # type: ignore[call-overload]


def serial(number: str) -> int:
    return int(re.sub(r".*民初(\d+)号", r"\1", number))


def test_eight_clerks_who_register_at_once_make_one_case(committed_db: Database) -> None:
    filing, chosen = at_desk.waiting(world.lawyer()), assigned()
    clerks = [at_desk.staff(f"D-clerk-{n}") for n in range(8)]
    found = at_once(8, lambda n: decision.register(
        actor=clerks[n], filing_id=filing.id, version=filing.version, assignment=chosen, now=LATER))  # fmt: skip
    won = [one for one in found if isinstance(one, Filing)]
    assert len(won) == 1, found
    assert all(isinstance(one, Conflict) for one in found if one is not won[0]), found
    assert len(owned(committed_db, "SELECT number FROM cases_case")) == 1


def test_case_numbers_have_no_gap_and_no_double_under_eight_clerks(committed_db: Database) -> None:
    zhou, chosen = world.lawyer(), assigned()
    filings = [at_desk.waiting(zhou, n) for n in range(8)]
    clerks = [at_desk.staff(f"D-clerk-{n}") for n in range(8)]
    nobody = decision.Assignment(procedure="simple", judge_id=0, recorder_id=0)  # rolls back: takes no number
    at_once(8, lambda n: at_desk.enter(clerks[n], filings[n], nobody if n % 2 else chosen))
    at_once(4, lambda n: at_desk.enter(clerks[n], filings[2 * n + 1], chosen))
    numbers = sorted(serial(number) for number in owned(committed_db, "SELECT number FROM cases_case"))
    assert numbers == list(range(numbers[0], numbers[0] + 8))


def test_the_control_without_the_lock_lets_two_clerks_in(
    committed_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above would notice: without the row lock more than one clerk passes the state and the version."""
    filing, chosen = at_desk.waiting(world.lawyer()), assigned()
    clerks = [at_desk.staff(f"D-clerk-{n}") for n in range(4)]
    locked = decision.get_filing
    monkeypatch.setattr(
        decision, "get_filing", lambda *, actor, filing_id, lock=False: locked(actor=actor, filing_id=filing_id)
    )
    with psycopg.connect(**committed_db.conninfo("lutong_owner")) as owner:
        for (name,) in owner.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'cases_case'::regclass AND contype = 'u'"
        ).fetchall():
            owner.execute(f'ALTER TABLE cases_case DROP CONSTRAINT "{name}" CASCADE')  # type: ignore[arg-type]
    at_once(4, lambda n: decision.register(
        actor=clerks[n], filing_id=filing.id, version=filing.version, assignment=chosen, now=LATER))  # fmt: skip
    assert len(owned(committed_db, "SELECT number FROM cases_case")) > 1
