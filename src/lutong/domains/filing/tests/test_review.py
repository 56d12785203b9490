"""审核: the queue by legal clock, the clerk's marks, and the one complete correction notice."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from lutong.domains.audit.models import CourtEvent
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.exchange.models import CourtOutbox
from lutong.domains.filing import actions, queries
from lutong.domains.filing.actions import clock, review
from lutong.domains.filing.models import Correction, Filing, Review
from lutong.domains.filing.queries import desk
from lutong.domains.filing.queries.judging import examine_filing, filings_alike
from lutong.domains.filing.tests import desk_world as at_desk
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.desk_world import ASK, LATER
from lutong.domains.filing.tests.world import NOW
from lutong.domains.notices.models import Notice
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
DEFECT = {"ZT-03": {"verdict": "defect", "note": "请补充被告的身份证号码"}}


@pytest.fixture
def zhou() -> Actor:
    return world.lawyer()


@pytest.fixture
def clerk() -> Actor:
    return at_desk.staff("D-clerk-1")


@pytest.fixture
def colleague() -> Actor:
    return at_desk.staff("D-clerk-2", name="贺闻")


@pytest.fixture
def filing(zhou: Actor) -> Filing:
    return at_desk.waiting(zhou)


def queue(actor: Actor, tab: str = "waiting", *, today: dt.date = TODAY, **narrowed: Any) -> list[str]:
    wanted = desk.QueueFilter(tab=tab, **narrowed)
    return [filing.receipt_no for filing in desk.list_queue(actor=actor, wanted=wanted, today=today)]


def mark(actor: Actor, filing: Filing, marks: dict[str, dict[str, str]], version: int = 0) -> Review:
    return review.save_marks(actor=actor, filing_id=filing.id, version=version, marks=marks, now=LATER)


def notices(key: str) -> list[int]:
    return sorted(Notice.objects.filter(key__startswith=key).values_list("lawyer_id", flat=True))


def events(action: str) -> list[dict[str, Any]]:
    court_id = world.court_id()
    rows = CourtEvent.objects.filter(court_id=court_id, action=action).order_by("at", "id")
    return at_desk.seen_by_court(lambda: [dict(row.facts) for row in rows])


def corrected(zhou: Actor, filing: Filing) -> Filing:
    """The lawyer answers the notice as it stands."""
    draft = queries.get_draft(actor=zhou, draft_id=filing.draft_id)
    return actions.correct(actor=zhou, draft_id=draft.id, version=draft.version, now=LATER + DAY)


def test_the_queue_goes_by_the_legal_clock_and_each_tab_holds_its_own(zhou: Actor, clerk: Actor) -> None:
    late, soon, asked = (at_desk.waiting(zhou, n, at=NOW + n * DAY) for n in (4, 0, 1))
    assert queue(clerk) == [soon.receipt_no, asked.receipt_no, late.receipt_no]
    at_desk.ask(clerk, asked)
    assert queue(clerk) == [soon.receipt_no, late.receipt_no]
    assert queue(clerk, "returned") == [asked.receipt_no]
    corrected(zhou, asked)
    assert queue(clerk, "corrected") == [asked.receipt_no]
    assert queue(clerk, "overdue") == []
    assert queue(clerk, "overdue", today=soon.review_due_on + DAY) == [soon.receipt_no]
    counted = {key: count for key, _, count in desk.count_tabs(actor=clerk, today=soon.review_due_on + DAY)}
    assert counted == {"waiting": 3, "corrected": 1, "returned": 0, "overdue": 1, "done": 0}


def test_the_last_day_of_the_period_is_not_overdue_yet(clerk: Actor, filing: Filing) -> None:
    assert queue(clerk, "overdue", today=filing.review_due_on) == []


def test_the_queue_is_narrowed_by_name_number_and_clerk(zhou: Actor, clerk: Actor, filing: Filing) -> None:
    other = at_desk.waiting(zhou, 1)
    review.claim(actor=clerk, filing_id=other.id, now=LATER)
    assert queue(clerk, text="程屿舟") == [filing.receipt_no, other.receipt_no]
    assert queue(clerk, text=filing.receipt_no) == [filing.receipt_no]
    assert queue(clerk, text="没有这个人") == []
    assert queue(clerk, mine=True) == [other.receipt_no]


def test_the_queue_is_read_page_by_page_without_loss(zhou: Actor, clerk: Actor) -> None:
    made = [at_desk.waiting(zhou, n).receipt_no for n in range(4)]
    seen: list[str] = []
    after = None
    while rows := desk.list_queue(actor=clerk, wanted=desk.QueueFilter(), today=TODAY, after=after, limit=3):
        seen += [row.receipt_no for row in rows]
        after = (rows[-1].review_due_on, rows[-1].id)
    assert seen == made


def test_a_clerk_takes_a_filing_and_a_colleague_may_take_over_on_record(
    clerk: Actor, colleague: Actor, filing: Filing
) -> None:
    first = desk.next_unclaimed(actor=clerk)
    assert first is not None
    assert first.id == filing.id
    assert review.claim(actor=clerk, filing_id=filing.id, now=LATER).clerk_name == "孟书宁"
    assert desk.next_unclaimed(actor=colleague) is None
    assert review.claim(actor=colleague, filing_id=filing.id, now=LATER).clerk_id == colleague.person_id
    assert [event["before"] for event in events("filing.claim")] == ["", "孟书宁"]


def test_taking_the_same_filing_twice_is_one_act(clerk: Actor, filing: Filing) -> None:
    versions = {review.claim(actor=clerk, filing_id=filing.id, now=LATER).version for _ in range(2)}
    assert len(versions) == 1
    assert len(events("filing.claim")) == 1


def test_marks_are_kept_and_a_clerks_own_quick_marks_follow_one_another(clerk: Actor, filing: Filing) -> None:
    mark(clerk, filing, DEFECT)
    saved = mark(clerk, filing, DEFECT | {"ZT-04": {"verdict": "pass", "note": ""}})  # the page still knows version 0
    assert saved.version == 2
    kept = desk.get_review(actor=clerk, filing=filing)
    assert kept is not None
    assert kept.marks["ZT-03"] == DEFECT["ZT-03"]
    assert kept.marks["ZT-04"]["verdict"] == "pass"


def test_two_clerks_on_one_file_do_not_overwrite_one_another(clerk: Actor, colleague: Actor, filing: Filing) -> None:
    mark(clerk, filing, DEFECT)
    with pytest.raises(Conflict, match="孟书宁") as refused:
        mark(colleague, filing, {"ZT-03": {"verdict": "pass", "note": ""}})
    assert refused.value.facts == {"version": 1, "marks": DEFECT}
    taken_over = mark(colleague, filing, {"ZT-03": {"verdict": "pass", "note": ""}}, version=1)
    assert (taken_over.version, taken_over.clerk_name) == (2, "贺闻")


@pytest.mark.parametrize("marks", [{"XX-99": {"verdict": "pass"}}, {"ZT-03": {"verdict": "maybe"}}])
def test_marks_outside_the_list_are_refused(marks: dict[str, dict[str, str]], clerk: Actor, filing: Filing) -> None:
    with pytest.raises(Invalid):
        mark(clerk, filing, marks)


def test_nothing_is_marked_while_the_lawyer_corrects(clerk: Actor, filing: Filing) -> None:
    at_desk.ask(clerk, filing)
    with pytest.raises(Conflict, match="不能再标记"):
        mark(clerk, filing, DEFECT)


def test_a_correction_notice_reaches_the_lawyer_with_its_day(zhou: Actor, clerk: Actor, filing: Filing) -> None:
    notice = at_desk.ask(clerk, filing, days=10)
    assert (notice.round, notice.due_on, notice.issued_by) == (1, dt.date(2026, 11, 30), "孟书宁")
    draft = queries.get_draft(actor=zhou, draft_id=filing.draft_id)
    assert (draft.state, draft.due_on, draft.note) == ("returned", notice.due_on, "法院告知补正 1 项")
    assert notices(f"correction:{notice.id}") == [zhou.person_id]
    assert events("filing.return") == [{"items": ["ZT-03"], "round": 1}]
    out = CourtOutbox.objects.filter(court_id=filing.court_id, topic="filing.returned")
    assert at_desk.seen_by_court(out.count) == 1


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([], ""),
        ([ASK, {"code": "SS-01", "note": "  "}], "SS-01-note"),
        ([{"code": "XX-99", "note": "没有这一项"}], ""),
    ],
)
def test_an_incomplete_notice_is_refused_whole(
    items: list[dict[str, object]], field: str, clerk: Actor, filing: Filing
) -> None:
    with pytest.raises(Invalid) as refused:
        review.issue_correction(
            actor=clerk, filing_id=filing.id, version=filing.version, items=items, days=7, second_reason="", now=LATER
        )
    assert not field or field in refused.value.fields
    assert at_desk.fresh(filing).state == "submitted"


@pytest.mark.parametrize("days", [0, 31, -1])
def test_the_period_for_mending_has_bounds(days: int, clerk: Actor, filing: Filing) -> None:
    with pytest.raises(Invalid) as refused:
        at_desk.ask(clerk, filing, days=days)
    assert "days" in refused.value.fields


def test_what_the_machine_found_stays_named_and_the_item_opens_what_it_is_about(clerk: Actor, filing: Filing) -> None:
    found = {"code": "AY-01", "note": "请选到最末一级案由", "fields": ["cause_id", "court_id"]}
    notice = at_desk.ask(clerk, filing, ASK, found)
    opened = {item["code"]: item["fields"] for item in notice.items}
    assert opened == {"ZT-03": ["parties.1"], "AY-01": ["cause_id", "cause_name", "contract_on"]}


def test_the_lawyer_may_change_the_named_item_and_nothing_else(zhou: Actor, clerk: Actor, filing: Filing) -> None:
    at_desk.ask(clerk, filing)
    draft = queries.get_draft(actor=zhou, draft_id=filing.draft_id)
    assert queries.list_opened_fields(actor=zhou, draft=draft) == ["parties.1"]
    parties = [dict(party) for party in draft.content["parties"]]
    parties[0]["name"], parties[1]["phone"] = "换了原告", "13900010002"
    saved = actions.save_step(
        actor=zhou, draft_id=draft.id, version=draft.version, step="parties", content_patch={"parties": parties},
        now=LATER,
    )  # fmt: skip
    assert [(p["name"], p["phone"]) for p in saved.content["parties"]] == [
        ("苏晚晴", "13812345678"), ("程屿舟", "13900010002"),
    ]  # fmt: skip


def test_after_the_answer_the_clock_begins_anew_and_the_notice_is_answered(
    zhou: Actor, clerk: Actor, filing: Filing
) -> None:
    at_desk.ask(clerk, filing)
    back = corrected(zhou, filing)
    assert (filing.review_due_on, back.clock_from) == (dt.date(2026, 11, 27), dt.date(2026, 11, 21))
    assert (back.round, back.review_due_on) == (2, dt.date(2026, 11, 30))  # the seventh day is a Saturday
    answered = desk.list_corrections(actor=clerk, court_id=filing.court_id, filing_id=filing.id)
    assert [notice.answered_at for notice in answered] == [LATER + DAY]
    assert desk.get_review(actor=clerk, filing=back) is None, "a new round begins with an empty list"


def test_a_corrected_cause_becomes_the_cause_of_the_filing(zhou: Actor, clerk: Actor, filing: Filing) -> None:
    at_desk.ask(clerk, filing, {"code": "AY-01", "note": "案由应为买卖合同纠纷"})
    draft = queries.get_draft(actor=zhou, draft_id=filing.draft_id)
    cause = world.search_causes(text="买卖合同纠纷")
    sale = next(c for c in cause if not c.has_children)
    actions.save_step(
        actor=zhou, draft_id=draft.id, version=draft.version, step="court", now=LATER,
        content_patch={**{k: draft.content[k] for k in ("court_id", "contract_on")}, "cause_id": str(sale.id)},
    )  # fmt: skip
    back = corrected(zhou, filing)
    assert (back.cause_id, back.cause_name) == (sale.id, sale.name)
    assert sale.name in back.title
    assert queries.get_draft(actor=zhou, draft_id=draft.id).cause_name == sale.name


def test_a_second_notice_needs_a_reason(zhou: Actor, clerk: Actor, filing: Filing) -> None:
    at_desk.ask(clerk, filing)
    corrected(zhou, filing)
    with pytest.raises(Invalid) as refused:
        at_desk.ask(clerk, filing, reason="   ")
    assert "second_reason" in refused.value.fields
    assert at_desk.fresh(filing).state == "submitted"
    second = at_desk.ask(clerk, filing, reason="补正后新提交的委托书缺少签名")
    assert (second.round, second.second_reason) == (2, "补正后新提交的委托书缺少签名")


def test_a_page_of_yesterday_decides_nothing(clerk: Actor, colleague: Actor, filing: Filing) -> None:
    review.claim(actor=colleague, filing_id=filing.id, now=LATER)
    with pytest.raises(Conflict, match="刷新"):
        review.issue_correction(
            actor=clerk, filing_id=filing.id, version=filing.version, items=[dict(ASK)], days=7, second_reason="",
            now=LATER,
        )  # fmt: skip


def test_an_overdue_filing_is_told_once_to_clerks_president_and_lawyer(
    zhou: Actor, clerk: Actor, colleague: Actor, filing: Filing
) -> None:
    president = at_desk.staff("D-president", Role.PRESIDENT)
    at_desk.staff("D-judge", Role.JUDGE)
    at_desk.waiting(zhou, 1, at=NOW + 5 * DAY)  # this one still has time
    court = system(filing.court_id)
    in_time = dt.datetime.combine(filing.review_due_on, dt.time(15, 59), dt.UTC)  # 23:59 in Beijing
    assert clock.flag_overdue(actor=court, court_id=filing.court_id, now=in_time) == 0
    for hours, count in ((0, 1), (1, 0), (30, 0)):
        now = in_time + dt.timedelta(minutes=1, hours=hours)
        assert clock.flag_overdue(actor=court, court_id=filing.court_id, now=now) == count
    told = sorted(actor.person_id for actor in (zhou, clerk, colleague, president))
    assert notices("overdue:") == told
    assert events("filing.flag_overdue") == [{"count": 1, "receipts": [filing.receipt_no]}]


OUTSIDERS = ("lawyer", "other_lawyer", "other_court")


def outsider(kind: str) -> Actor:
    if kind == "other_court":
        return at_desk.staff("D-elsewhere", court_id=get_court_by_code(code="沪0115").id)
    return world.lawyer(0 if kind == "lawyer" else 1)


@pytest.mark.parametrize("kind", OUTSIDERS)
def test_for_outsiders_the_desk_does_not_exist(kind: str, filing: Filing) -> None:
    actor = outsider(kind)
    with pytest.raises(NotFound):
        desk.get_filing(actor=actor, filing_id=filing.id)
    with pytest.raises(NotFound):
        review.claim(actor=actor, filing_id=filing.id, now=LATER)
    with pytest.raises(NotFound):
        mark(actor, filing, DEFECT)
    with pytest.raises(NotFound):
        at_desk.ask(actor, filing)
    assert queue(actor) == []
    assert at_desk.fresh(filing).version == filing.version


def test_the_president_reads_but_does_not_review(filing: Filing) -> None:
    actor = at_desk.staff("D-president", Role.PRESIDENT)
    assert queue(actor) == [filing.receipt_no]
    for refused in (
        lambda: review.claim(actor=actor, filing_id=filing.id, now=LATER),
        lambda: mark(actor, filing, DEFECT),
        lambda: at_desk.ask(actor, filing),
    ):
        with pytest.raises(NotAllowed, match="不能"):
            refused()


@pytest.mark.parametrize("role", [Role.JUDGE, Role.RECORDER, Role.FINANCE, Role.ARCHIVIST, Role.HALL])
def test_for_colleagues_of_other_offices_there_is_no_filing(role: Role, filing: Filing) -> None:
    actor = at_desk.staff(f"D-{role}", role)
    assert queue(actor) == []
    for refused in (
        lambda: review.claim(actor=actor, filing_id=filing.id, now=LATER),
        lambda: mark(actor, filing, DEFECT),
        lambda: at_desk.ask(actor, filing),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            refused()


def test_the_second_lock_alone_hides_marks_from_lawyers_and_everything_from_others(
    zhou: Actor, clerk: Actor, filing: Filing
) -> None:
    mark(clerk, filing, DEFECT)
    at_desk.ask(clerk, filing)

    def seen(actor: Actor) -> tuple[int, int, int]:
        with reading(actor):
            tables = (Filing, Review, Correction)
            return tuple(t.objects.filter(court_id=filing.court_id).count() for t in tables)  # type: ignore[return-value]

    assert seen(clerk) == (1, 1, 1)
    assert seen(zhou) == (1, 0, 1)
    assert seen(outsider("other_lawyer")) == (0, 0, 0)
    assert seen(outsider("other_court")) == (0, 0, 0)


def test_a_second_filing_between_the_same_parties_is_told_to_the_clerk(zhou: Actor, clerk: Actor) -> None:
    first, second = at_desk.waiting(zhou), at_desk.waiting(zhou, 1)
    report = at_desk.seen_by_court(lambda: examine_filing(actor=clerk, filing=second, today=TODAY))
    told = [item for _, items in report.groups for item in items if item.code == "CF-01"]
    assert first.receipt_no in str(told)


def looked_up(plan: str) -> str:
    """What a plan finds by an index; the rest it filters row by row."""
    return " ".join(line for line in plan.splitlines() if "Index Cond" in line)


def test_the_search_for_similar_filings_is_one_look_into_an_index(zhou: Actor) -> None:
    filing = at_desk.waiting(zhou)
    with reading(system(filing.court_id)), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of one row is read whole, whatever indexes it has
        found = looked_up(filings_alike(filing).explain())
        assert all(column in found for column in ("court_id", "cause_id", "plaintiffs", "defendants"))
        by_title = Filing.objects.filter(court_id=filing.court_id, title=filing.title)
        assert "title" not in looked_up(by_title.explain()), "planted: no index serves it"
