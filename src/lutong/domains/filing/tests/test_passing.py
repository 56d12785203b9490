"""变更执业机构: a draft stays with its lawyer, or a colleague of the firm that was left takes it over, whole."""

import uuid

import pytest
from django.db import ProgrammingError, connection, transaction

from lutong.domains.audit.models import LawyerEvent
from lutong.domains.delegation.queries import grants_of_draft
from lutong.domains.delegation.tests import world as people
from lutong.domains.dossier.models import Upload
from lutong.domains.dossier.queries import list_uploads
from lutong.domains.filing import actions, queries
from lutong.domains.filing.content import Agent, FilingContent
from lutong.domains.filing.models import Draft, DraftHandover
from lutong.domains.filing.passing import passed_on
from lutong.domains.filing.tests import world
from lutong.domains.identity.events import FirmChanged
from lutong.domains.identity.models import Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.kernel.events import announce

pytestmark = pytest.mark.django_db
NEW, NEW_USCC = "上海和川律师事务所", "31310000MD0002"


def move(firm: str = NEW, uscc: str = NEW_USCC) -> None:
    """周岚 goes to another firm."""
    was = Lawyer.objects.get(lawyer_id=people.ZHOU)
    Lawyer.objects.filter(lawyer_id=people.ZHOU).update(firm_name=firm, firm_uscc=uscc)
    announce(FirmChanged(people.ZHOU, "周岚", was.firm_uscc, was.firm_name, uscc, firm, clock.now()))


@pytest.fixture
def zhou() -> Actor:
    people.enrol()
    return people.zhou()


@pytest.fixture
def luo(zhou: Actor) -> Actor:
    return people.cases.lawyer(people.LUO)


@pytest.fixture
def draft(zhou: Actor) -> Draft:
    """A draft that passes every check, whose lawyer then changes firm."""
    made = world.ready(zhou)
    move()
    return made


def rows(actor: Actor) -> list[DraftHandover]:
    return [one.row for one in queries.list_draft_handovers(actor=actor)]


def offer(zhou: Actor, *drafts: Draft, to: int = people.LUO) -> uuid.UUID:
    """Ask a colleague to take these drafts (or all); answers the id of the first offer."""
    wanted = {draft.id for draft in drafts}
    chosen = [row.id for row in rows(zhou) if not wanted or row.draft_id in wanted]
    actions.pass_drafts(actor=zhou, handover_ids=chosen, taker_id=to, now=clock.now())
    return chosen[0]


def take(actor: Actor, offer_id: uuid.UUID, *, cleared: bool = False) -> Draft:
    return actions.take_draft(actor=actor, offer_id=offer_id, cleared=cleared, now=clock.now())


def seen(actor: Actor) -> set[uuid.UUID]:
    """The drafts that PostgreSQL alone lets through."""
    with reading(actor), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM filing_draft")
        return {row[0] for row in cursor.fetchall()}


def test_who_takes_a_draft_has_it_whole_and_who_gave_it_has_it_no_more(zhou: Actor, luo: Actor, draft: Draft) -> None:
    assistant = people.engage(people.LIN)  # of the new firm, as far as the platform knows
    actions.entrust_draft(
        actor=zhou, draft_id=draft.id, assistantship_id=assistant.id, now=clock.now(),
        terms=people.actions.Terms(capabilities=["prepare_filing"]),
    )  # fmt: skip
    purpose = queries.purpose_of(draft.id)
    files = {u.id for u in list_uploads(actor=zhou, purpose=purpose)}
    before = queries.get_draft(actor=zhou, draft_id=draft.id)
    taken = take(luo, offer(zhou))

    assert (taken.id, taken.lawyer_id, taken.version) == (draft.id, people.LUO, before.version + 1)
    kept = {"parties", "claims", "facts", "reasons", "court_id", "cause_id", "evidence", "refund_account"}
    assert {k: taken.content[k] for k in kept} == {k: before.content[k] for k in kept}
    found = list_uploads(actor=luo, purpose=purpose)
    assert {u.id for u in found} == files
    assert {u.uploader for u in found} == {"周岚 律师"}
    assert list_uploads(actor=zhou, purpose=purpose) == []
    with pytest.raises(NotFound):
        queries.get_draft(actor=zhou, draft_id=draft.id)
    assert (seen(zhou), seen(luo)) == (set(), {draft.id})
    assert queries.list_drafts(actor=people.acting(people.LIN)) == []
    assert grants_of_draft(actor=zhou, draft_id=draft.id) == []
    trail = set(LawyerEvent.objects.filter(subject=str(draft.id)).values_list("lawyer_id", "action", "actor_id"))
    assert {
        (people.ZHOU, "filing.pass_draft", people.ZHOU), (people.LUO, "filing.take_draft", people.LUO),
        (people.ZHOU, "filing.draft_taken", people.ZHOU),
    } <= trail  # fmt: skip
    assert Notice.objects.filter(lawyer_id=people.ZHOU, title__startswith=f"{luo.name}律师已接手草稿").exists()


def test_what_only_the_agent_himself_can_give_is_asked_of_the_taker(zhou: Actor, luo: Actor, draft: Draft) -> None:
    taken = take(luo, offer(zhou))
    agent = taken.content["agents"][0]
    assert (agent["lawyer_id"], agent["name"], agent["firm"]) == (str(people.LUO), luo.name, people.FIRM)
    assert not {"authority:a1", "firm_letter:a1"} & taken.content["files"].keys()
    assert {"complaint", "identity:p1"} <= taken.content["files"].keys()
    assert (taken.content["mediation_told"], taken.content["service_addresses"][0]["agreed"]) == (False, False)
    with pytest.raises(Invalid) as refused:
        world.submit(luo, taken, now=clock.now())
    assert {"files.authority:a1", "files.firm_letter:a1", "mediation_told"} <= refused.value.fields.keys()


def test_a_taker_who_is_an_agent_already_takes_no_second_place() -> None:
    content = FilingContent(
        agents=[Agent(id="a1", lawyer_id="1", name="周岚"), Agent(id="a2", name="罗致远", licence_no=" 2 ")],
        files={"authority:a1": ["u1"], "authority:a2": ["u2"]},
    )
    new = passed_on(content, giver_id=1, taker=Agent(lawyer_id="2", name="罗致远", licence_no="2", firm="衡准"))
    assert [(a.id, a.lawyer_id, a.firm) for a in new.agents] == [("a2", "2", "衡准")]
    assert new.files == {"authority:a2": ["u2"]}


def test_the_database_shows_the_draft_to_the_taker_only_while_it_is_offered(
    zhou: Actor, luo: Actor, draft: Draft
) -> None:
    other = world.ready(zhou)
    assert seen(luo) == set()
    offered = offer(zhou, draft)
    assert (seen(luo), seen(people.cases.lawyer(people.GU))) == ({draft.id}, set())
    assert seen(people.acting(people.LUO, people.GU)) == set(), "not while he assists somebody"
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), reading(luo):
        Draft.objects.filter(lawyer_id=people.ZHOU, id=draft.id).update(title="改过")
    with reading(luo):
        assert Draft.objects.filter(lawyer_id=people.ZHOU, id=other.id).delete()[0] == 0
    with pytest.raises(NotFound):
        queries.get_draft(actor=luo, draft_id=draft.id)  # the first lock: he has not taken it yet
    actions.keep_drafts(actor=zhou, handover_ids=[offered], now=clock.now())
    assert seen(luo) == set()


def test_until_it_is_taken_the_giver_goes_on_and_may_submit_or_think_again(
    zhou: Actor, luo: Actor, draft: Draft
) -> None:
    offered = offer(zhou)
    actions.keep_drafts(actor=zhou, handover_ids=[offered], now=clock.now())
    with pytest.raises(Conflict, match="不能再接手"):
        take(luo, offered)
    assert Notice.objects.filter(lawyer_id=people.LUO, title__startswith="周岚律师不再移交草稿").exists()
    offer(zhou)
    world.submit(zhou, draft, now=clock.now())
    with pytest.raises(Conflict, match="不能再接手"):
        take(luo, offered)
    assert rows(zhou) == []
    with pytest.raises(Conflict, match="刚刚提交、删除或者移交"):
        actions.keep_drafts(actor=zhou, handover_ids=[offered], now=clock.now())


def test_a_draft_thrown_away_is_offered_to_nobody(zhou: Actor, luo: Actor, draft: Draft) -> None:
    offered = offer(zhou)
    actions.delete_draft(actor=zhou, draft_id=draft.id, now=clock.now())
    assert (seen(luo), queries.list_draft_offers(actor=luo)) == (set(), [])
    actions.restore_draft(actor=zhou, draft_id=draft.id, now=clock.now())
    assert rows(zhou)[0].state == "open"
    with pytest.raises(Conflict, match="不能再接手"):
        take(luo, offered)


def test_only_lawyers_of_the_firm_that_was_left_are_asked_and_may_take(zhou: Actor, luo: Actor, draft: Draft) -> None:
    for stranger in (people.GU, people.LIN, people.ZHOU, 1, 0):
        with pytest.raises(Invalid, match="原律师事务所"):
            offer(zhou, to=stranger)
    with pytest.raises(NotFound):
        actions.pass_drafts(actor=luo, handover_ids=[rows(zhou)[0].id], taker_id=people.LUO, now=clock.now())
    offered = offer(zhou)
    for stranger in (people.cases.lawyer(people.GU), zhou, people.trainee(people.LIN)):
        with pytest.raises(NotFound):
            take(stranger, offered)
    Lawyer.objects.filter(lawyer_id=people.LUO).update(firm_uscc="31110000MD0099")
    with pytest.raises(NotAllowed, match="只有北京衡准律师事务所的执业律师"):
        take(luo, offered)
    Lawyer.objects.filter(lawyer_id=people.LUO).update(status="suspended", status_label="停止执业")
    with pytest.raises(NotAllowed, match="停止执业"):
        take(luo, offered)
    assert seen(zhou) == {draft.id}


def test_a_conflict_of_interest_is_shown_and_the_firm_has_to_clear_it(zhou: Actor, luo: Actor, draft: Draft) -> None:
    case = people.cases.open_case()  # in it 罗致远 comes to act for 程屿舟, whom the draft sues
    people.cases.confirm(people.cases.claim(case, people.LUO, party_name="程屿舟"))
    offered = offer(zhou)
    with pytest.raises(Conflict, match="利益冲突检查有提示"):
        take(luo, offered)
    assert seen(zhou) == {draft.id}
    page = browser(luo).post(f"/filing/offers/{offered}/take/")
    assert (page.status_code, case.number in page.content.decode()) == (409, True)
    assert browser(luo).post(f"/filing/offers/{offered}/take/", {"cleared": "yes"}).status_code == 302
    assert seen(luo) == {draft.id}


def test_a_file_on_its_way_is_not_lost_between_two_hands(zhou: Actor, luo: Actor, draft: Draft) -> None:
    waiting = world.upload(zhou, draft, "录音.mp3", state="receiving")
    offered = offer(zhou)
    with pytest.raises(Conflict, match="还有文件没有传完"):
        take(luo, offered)
    Upload.objects.filter(lawyer_id=people.ZHOU, id=waiting).update(state="stored")
    assert waiting in {str(u.id) for u in list_uploads(actor=luo, purpose=queries.purpose_of(take(luo, offered).id))}


def test_who_declines_gives_the_choice_back_and_may_be_asked_again(zhou: Actor, luo: Actor, draft: Draft) -> None:
    offered = offer(zhou)
    actions.decline_draft(actor=luo, offer_id=offered, now=clock.now())
    assert (rows(zhou)[0].state, rows(zhou)[0].taker_id, seen(luo)) == ("open", None, set())
    with pytest.raises(Conflict, match="已谢绝"):
        actions.decline_draft(actor=luo, offer_id=offered, now=clock.now())
    assert take(luo, offer(zhou)).id == draft.id


def test_many_drafts_are_settled_at_once_all_or_none(zhou: Actor, luo: Actor) -> None:
    drafts = [world.ready(zhou) for _ in range(3)]
    move()
    client, ids = browser(zhou), [str(row.id) for row in rows(zhou)]
    assert client.post("/filing/handover/", {"drafts": ids, "choice": "pass", "taker": people.LUO}).status_code == 302
    assert len(queries.list_draft_offers(actor=luo)) == 3
    assert Notice.objects.filter(lawyer_id=people.LUO, title="周岚律师请您接手 3 份立案草稿").count() == 1
    world.submit(zhou, drafts[0], now=clock.now())
    client.post("/filing/handover/", {"drafts": ids, "choice": "keep"})
    assert "刷新页面后再选" in client.get("/assistants/handover/").content.decode()
    assert len(queries.list_draft_offers(actor=luo)) == 2
    for broken in ({}, {"drafts": "x"}, {"drafts": ids[1:], "choice": "pass", "taker": "9" * 40}):
        assert client.post("/filing/handover/", broken).status_code == 302
    assert client.post("/filing/handover/", {"drafts": str(uuid.uuid4())}).status_code == 404


def test_another_change_of_firm_asks_anew_for_what_was_kept_and_leaves_the_rest(zhou: Actor) -> None:
    kept, waiting = world.ready(zhou), world.ready(zhou)
    move()
    actions.keep_drafts(actor=zhou, handover_ids=[r.id for r in rows(zhou) if r.draft_id == kept.id], now=clock.now())
    move("广州明溪律师事务所", "31440000MD0003")
    firms = {row.draft_id: (row.state, row.old_firm_name) for row in rows(zhou)}
    assert firms == {kept.id: ("open", NEW), waiting.id: ("open", people.FIRM)}


def test_the_pages_lead_from_the_offer_to_the_taken_draft(zhou: Actor, luo: Actor, draft: Draft) -> None:
    offered = offer(zhou)
    client = browser(luo)
    assert f"/filing/offers/{offered}/" in client.get("/assistants/handover/").content.decode()
    page = client.get(f"/filing/offers/{offered}/").content.decode()
    assert "利益冲突检查" in page
    assert "苏晚晴诉程屿舟" in page
    assert client.post(f"/filing/offers/{offered}/take/").headers["Location"] == f"/filing/{draft.id}/step/agents/"
    assert client.post(f"/filing/offers/{offered}/take/").status_code == 302, "pressed twice"
    assert "您已接手" in client.get(f"/filing/offers/{offered}/").content.decode()
    assert client.post(f"/filing/offers/{offered}/decline/").status_code == 409
    shown = browser(zhou).get("/assistants/handover/").content.decode()
    assert "草稿和文件已由" in shown
    assert browser(zhou).get(f"/filing/{draft.id}/").status_code == 404
