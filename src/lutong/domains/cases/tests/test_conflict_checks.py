"""利益冲突检查: what is found, what is told, what is never told, and that nobody asks his way through the firm."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lutong.domains.audit.models import LawyerEvent
from lutong.domains.capacity import actions, queries
from lutong.domains.capacity.models import ConflictCheck, PartyName
from lutong.domains.capacity.rules import Hit, Relation
from lutong.domains.cases import actions as cases
from lutong.domains.cases.tests import world
from lutong.domains.identity.models import Account, Lawyer, Post
from lutong.domains.identity.tests.browser import browser as signed_in
from lutong.kernel.actor import Role, system
from lutong.kernel.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db
FIRM = "91110000CAPACITY01"


@pytest.fixture(autouse=True)
def _people() -> None:
    """周岚 and 罗清 practise in one firm, the others elsewhere."""
    world.enrol()
    Lawyer.objects.filter(lawyer_id__in=[world.ZHOU, world.LUO]).update(firm_uscc=FIRM)


def check(person_id: int, *opposing: str, clients: tuple[str, ...] = (), now: dt.datetime = world.LATER) -> Any:
    return actions.check_conflicts(actor=world.lawyer(person_id), clients=clients, opposing=opposing, now=now)


def rules(row: Any) -> list[str]:
    return [remark.rule for finding in queries.findings_of(row) for remark in finding.remarks]


def test_the_opponent_who_is_my_client_is_named_with_my_case() -> None:
    case = world.open_case()  # 周岚 for 苏晚晴 against 程屿舟
    row = check(world.ZHOU, "苏晚晴")
    (finding,) = queries.findings_of(row)
    assert finding.remarks[0].number == case.number
    assert row.conflicts == 1


def test_a_colleagues_client_is_a_conflict_and_nothing_of_his_case_is_told() -> None:
    case = world.open_case()
    row = check(world.LUO, "苏晚晴", clients=("程屿舟",))
    assert rules(row) == ["firm_present", "firm_present"]
    for foreign in (case.number, str(case.id), case.title, case.court_name, "周岚"):
        assert foreign not in str(row.content)


def test_another_firm_and_other_names_meet_nothing() -> None:
    world.open_case()
    assert rules(check(world.GU, "苏晚晴")) == []
    assert rules(check(world.LUO, "苏晚")) == []


def test_a_company_is_found_in_whatever_writing() -> None:
    parties = (world.party("plaintiff", "恒川（北京）物流有限公司"), world.party("defendant", "程屿舟"))
    world.open_case(parties=parties)
    assert rules(check(world.LUO, "恒川(北京) 物流有限责任公司")) == ["firm_present"]


def test_a_case_left_or_closed_is_told_as_a_past_one() -> None:
    case = world.open_case()
    claim = world.confirm(world.claim(case))
    assert rules(check(world.GU, "程屿舟")) == ["own_present"]
    cases.end_representation(
        actor=world.staff(), court_id=case.court_id, representation_id=claim.id, reason="当事人解除委托",
        now=world.LATER,
    )  # fmt: skip
    assert rules(check(world.GU, "程屿舟")) == ["own_past"]


def test_cases_from_before_the_index_are_found_after_the_upgrade() -> None:
    case = world.open_case()
    left = world.confirm(world.claim(case))
    cases.end_representation(
        actor=world.staff(), court_id=case.court_id, representation_id=left.id, reason="当事人解除委托", now=world.LATER
    )
    Post.objects.create(
        account=Account.objects.create_user(sign_name="IDX-1", name="立案"), court_id=case.court_id, role=Role.CLERK
    )
    PartyName.objects.filter(lawyer_id__in=[world.ZHOU, world.GU]).delete()
    assert rules(check(world.ZHOU, "苏晚晴")) == rules(check(world.GU, "程屿舟")) == [], (
        "planted: no rows, nothing found"
    )
    call_command("index_parties", stdout=io.StringIO())
    assert rules(check(world.ZHOU, "苏晚晴")) == ["own_present"]
    assert rules(check(world.GU, "程屿舟")) == ["own_past"], "he left the case"
    said = io.StringIO()
    call_command("index_parties", stdout=said)
    assert said.getvalue() == "", "nothing is left to do"


def test_the_index_is_filled_batch_by_batch() -> None:
    for _ in range(3):
        world.open_case()
    court_id = PartyName.objects.filter(lawyer_id=world.ZHOU).values_list("court_id", flat=True)[0]
    PartyName.objects.filter(lawyer_id=world.ZHOU).delete()
    after, added = None, []
    while True:
        done = cases.index_earlier_cases(
            actor=system(court_id), court_id=court_id, after=after, limit=2, now=world.LATER
        )
        added.append(done.added)
        after = done.last
        if done.looked_at < 2:
            break
    assert added == [2, 1]


def test_the_index_holds_no_name_and_differs_from_lawyer_to_lawyer() -> None:
    case = world.open_case()
    world.confirm(world.claim(case))
    digests = set(PartyName.objects.filter(lawyer_id__in=[world.ZHOU, world.GU]).values_list("digest", flat=True))
    assert len(digests) == 4  # two parties, two keys
    rows = PartyName.objects.filter(lawyer_id=world.ZHOU)
    assert not any("苏" in str(value) for row in rows.values() for value in row.values())


def test_the_thirty_first_check_of_a_minute_is_refused() -> None:
    for _ in range(30):
        check(world.LUO, "程屿舟")
    with pytest.raises(Conflict, match="每分钟最多 30 次") as refused:
        check(world.LUO, "程屿舟")
    assert refused.value.facts["retry_after"] == 60
    assert check(world.LUO, "程屿舟", now=world.LATER + dt.timedelta(seconds=61))


def test_each_check_stands_in_the_trail_without_the_names() -> None:
    check(world.LUO, "苏晚晴")
    (event,) = LawyerEvent.objects.filter(lawyer_id=world.LUO, action="capacity.check_conflicts")
    assert event.facts["names"] == 1
    assert "苏晚晴" not in str(event.facts) + event.subject


def test_a_draft_is_checked_once_for_the_same_names() -> None:
    about = uuid.uuid4()
    facts: dict[str, Any] = {"actor": world.lawyer(world.LUO), "about": about, "now": world.LATER}
    first = actions.watch(clients=["甲乙"], opposing=["程屿舟"], **facts)
    assert actions.watch(clients=["甲 乙"], opposing=["程屿舟"], **facts) == first
    assert actions.watch(clients=["甲乙"], opposing=["程"], **facts) is None  # half typed
    assert ConflictCheck.objects.filter(lawyer_id=world.LUO).count() == 1


def test_a_record_is_the_lawyers_own() -> None:
    row = check(world.LUO, "程屿舟")
    with pytest.raises(NotFound):
        queries.get_check(actor=world.lawyer(world.ZHOU), check_id=row.id)
    with pytest.raises(Invalid):
        check(world.LUO)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    names=st.lists(
        st.sampled_from(["苏晚晴", "程屿舟", "恒川物流有限公司", "金丝雀（北京）有限公司", "林某某", "canary"]),
        min_size=1, max_size=6, unique=True,
    ),
    clients=st.lists(st.sampled_from(["甲乙", "丙丁"]), max_size=2, unique=True),
)  # fmt: skip
def test_nothing_of_a_foreign_case_appears_in_any_answer(names: list[str], clients: list[str]) -> None:
    """The canary: a colleague's case whose number, title, court, cause, side and people nobody else may learn."""
    if not PartyName.objects.filter(lawyer_id=world.ZHOU).exists():
        world.open_case(
            title="金丝雀案名", cause_name="金丝雀案由", division="金丝雀庭",
            parties=(world.party("plaintiff", "金丝雀（北京）有限公司"), world.party("defendant", "林某某"),
                     world.party("third", "隐名第三人")),
        )  # fmt: skip
    (case,) = {(row.number, str(row.case_id), row.court_id) for row in PartyName.objects.filter(lawyer_id=world.ZHOU)}
    browser: Client = signed_in(world.lawyer(world.LUO))
    body = {"client_names": "\n".join(clients), "opposing_names": "\n".join(names)}
    answer = browser.post("/practice/conflicts/", body, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert ("本所其他律师在一件案件中" in text) is ("金丝雀（北京）有限公司" in names)
    for secret in (case[0], case[1], "金丝雀案名", "金丝雀案由", "金丝雀庭", "隐名第三人", "周岚"):
        assert secret not in text
    for secret in {"林某某", "金丝雀（北京）有限公司"} - set(names):
        assert secret not in text


def test_an_answer_that_told_more_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is planted: a colleague's case is taken for one's own."""
    case = world.open_case()

    def careless(**facts: Any) -> dict[str, list[Hit]]:
        rows = PartyName.objects.filter(lawyer_id=world.ZHOU)
        return {
            name: [Hit(True, Relation(r.relation), r.over, r.number, 1, str(r.case_id)) for r in rows]
            for name in facts["names"]
        }

    monkeypatch.setattr("lutong.domains.capacity.actions.checking.find_hits", careless)
    page = signed_in(world.lawyer(world.LUO)).post("/practice/conflicts/", {"opposing_names": "苏晚晴"}, follow=True)
    assert case.number in page.content.decode()


def test_programs_ask_and_read_with_a_key_of_their_own() -> None:
    world.open_case()
    browser = signed_in(world.lawyer(world.LUO))
    ask: dict[str, Any] = {"data": {"opposing_names": ["苏晚晴"]}, "content_type": "application/json"}
    assert browser.post("/api/v1/conflict-checks", **ask).status_code == 422  # no key
    first = browser.post("/api/v1/conflict-checks", headers={"Idempotency-Key": "check-0001"}, **ask)
    again = browser.post("/api/v1/conflict-checks", headers={"Idempotency-Key": "check-0001"}, **ask)
    assert first.status_code == 201
    assert first.json() == again.json()
    assert first.json()["findings"][0]["verdict"] == "possible"
    assert [one["id"] for one in browser.get("/api/v1/conflict-checks").json()["items"]] == [first.json()["id"]]
    assert browser.get(f"/api/v1/conflict-checks/{first.json()['id']}").json() == first.json()
    assert signed_in(world.lawyer(world.ZHOU)).get(f"/api/v1/conflict-checks/{first.json()['id']}").status_code == 404
