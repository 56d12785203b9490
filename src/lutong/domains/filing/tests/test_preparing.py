"""准备立案材料: an assistant fills in one draft and hands it back; confirms nothing, submits nothing."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection

from lutong.domains.audit.queries import list_draft_events
from lutong.domains.delegation import actions as delegation
from lutong.domains.delegation.queries import grants_of, grants_of_draft
from lutong.domains.delegation.tests import world as people
from lutong.domains.dossier import actions as dossier
from lutong.domains.dossier.queries import list_uploads
from lutong.domains.filing import actions, queries
from lutong.domains.filing.models import Draft
from lutong.domains.filing.signing import unsigned
from lutong.domains.filing.tests import world
from lutong.domains.identity.models import Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import CASE_CAPABILITIES, Capability
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
BOTH = "助理 林予安 代 律师 周岚"
PREPARE = delegation.Terms(capabilities=["prepare_filing"])


@pytest.fixture
def zhou() -> Actor:
    people.enrol()
    Lawyer.objects.filter(lawyer_id=people.ZHOU).update(status="active")
    return people.zhou()


@pytest.fixture
def lin(zhou: Actor) -> Actor:
    people.engage(people.LIN)
    return people.acting(people.LIN)


@pytest.fixture
def draft(zhou: Actor, lin: Actor) -> Draft:
    """A draft that passes every check and is entrusted to 林予安."""
    made = world.ready(zhou)
    entrust(zhou, made)
    return made


def entrust(zhou: Actor, draft: Draft, terms: delegation.Terms = PREPARE) -> None:
    assistants = people.assistants_of(zhou)
    actions.entrust_draft(
        actor=zhou, draft_id=draft.id, assistantship_id=assistants[0].id, terms=terms, now=clock.now()
    )


def fresh(actor: Actor, draft: Draft) -> Draft:
    return queries.get_draft(actor=actor, draft_id=draft.id)


def write(actor: Actor, draft: Draft, text: str, **more: Any) -> Draft:
    return actions.save_step(
        actor=actor, draft_id=draft.id, version=more.pop("version", None) or fresh(actor, draft).version, step="facts",
        content_patch={"facts": text, "reasons": ""}, now=clock.now(), **more,
    )  # fmt: skip


def rows_shown(actor: Actor) -> set[uuid.UUID]:
    """The drafts that PostgreSQL alone lets through."""
    with reading(actor), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM filing_draft")
        return {row[0] for row in cursor.fetchall()}


def revoke(zhou: Actor, draft: Draft) -> None:
    for grant in grants_of_draft(actor=zhou, draft_id=draft.id):
        delegation.revoke(actor=zhou, grant_id=grant.id, now=clock.now())


def test_nothing_is_seen_before_the_lawyer_names_the_draft(zhou: Actor, lin: Actor) -> None:
    named, other = world.ready(zhou), world.ready(zhou)
    assert queries.list_drafts(actor=lin) == []
    assert rows_shown(lin) == set()
    entrust(zhou, named)
    assert [d.id for d in queries.list_drafts(actor=lin)] == [named.id]
    assert rows_shown(lin) == {named.id}
    assert rows_shown(people.trainee(people.LIN)) == set(), "only while she acts for 周岚"
    assert rows_shown(zhou) == {named.id, other.id}
    assert rows_shown(people.acting(people.LIN, people.LUO)) == set()
    with pytest.raises(NotFound):
        queries.get_draft(actor=lin, draft_id=other.id)
    with pytest.raises(NotFound):
        actions.submit(actor=lin, draft_id=other.id, version=1, submit_key="another-draft", now=clock.now())


def test_she_fills_in_hands_back_and_the_lawyer_sees_who_wrote_what(zhou: Actor, lin: Actor, draft: Draft) -> None:
    write(lin, draft, "助理写的事实")
    actions.hand_back(actor=lin, draft_id=draft.id, now=clock.now())
    seen = fresh(zhou, draft)
    assert (seen.authors["facts"]["who"], seen.authors["parties"]["who"]) == (BOTH, "周岚 律师")
    assert seen.handed_back_by == BOTH
    trail = [(e.action, e.who) for e in list_draft_events(actor=zhou, draft_id=draft.id)]
    assert ("filing.save_draft", BOTH) in trail
    assert ("filing.hand_back", BOTH) in trail
    assert Notice.objects.filter(lawyer_id=people.ZHOU, link=f"/filing/{draft.id}/step/check/").exists()
    write(lin, draft, "又改了")
    assert fresh(zhou, draft).handed_back_at is None, "who writes on is not done"


def send_back(actor: Actor, draft: Draft, remark: str = "第二项请求请写明利息起算日") -> Draft:
    return actions.return_draft(actor=actor, draft_id=draft.id, remark=remark, now=clock.now())


def test_sent_back_with_a_remark_she_mends_it_and_hands_it_back_again(zhou: Actor, lin: Actor, draft: Draft) -> None:
    with pytest.raises(Conflict, match="没有交审阅"):
        send_back(zhou, draft)
    actions.hand_back(actor=lin, draft_id=draft.id, now=clock.now())
    with pytest.raises(NotAllowed, match="律师本人"):
        send_back(lin, draft)
    for remark in ("", "  \n", "改" * 1001):
        with pytest.raises(Invalid, match="写明需要修改什么"):
            send_back(zhou, draft, remark)
    send_back(zhou, draft)
    with pytest.raises(Conflict, match="已经退回"):
        send_back(zhou, draft)
    assert Notice.objects.filter(lawyer_id=people.LIN, title__startswith="周岚律师退回修改").count() == 1
    for path in ("step/facts/", "helpers/"):
        assert "写明利息起算日" in browser(lin).get(f"/filing/{draft.id}/{path}").content.decode()
    assert "退回修改：第二项请求" in browser(lin).get("/filing/").content.decode()
    write(lin, draft, "改好的事实")
    assert fresh(lin, draft).returned_at is not None, "until she hands it back"
    actions.hand_back(actor=lin, draft_id=draft.id, now=clock.now())
    seen = fresh(zhou, draft)
    assert (seen.returned_at, seen.handed_back_by, seen.remark) == (None, BOTH, "第二项请求请写明利息起算日")
    trail = [(e.action, e.who) for e in list_draft_events(actor=zhou, draft_id=draft.id)]
    assert trail.count(("filing.return_draft", "周岚")) == 1
    assert trail.count(("filing.hand_back", BOTH)) == 2


def test_a_draft_goes_back_only_to_somebody_who_prepares_it(zhou: Actor, lin: Actor, draft: Draft) -> None:
    actions.hand_back(actor=lin, draft_id=draft.id, now=clock.now())
    with pytest.raises(NotFound):
        send_back(world.lawyer(5), draft)
    client = browser(zhou)
    assert "退回修改</button>" in client.get(f"/filing/{draft.id}/step/check/").content.decode()
    empty = client.post(f"/filing/{draft.id}/send-back/", {"remark": " "})
    assert (empty.status_code, "请写明需要修改什么" in empty.content.decode()) == (422, True)
    revoke(zhou, draft)
    kept = client.post(f"/filing/{draft.id}/send-back/", {"remark": "请补证据"})
    assert (kept.status_code, "没有助理在准备" in kept.content.decode()) == (409, True)
    assert "请补证据</textarea>" in kept.content.decode(), "what was typed is still there"
    world.submit(zhou, draft, now=clock.now())
    with pytest.raises(Conflict, match="已提交"):
        send_back(zhou, draft)


def test_only_the_lawyer_submits_and_the_grant_ends_with_it(zhou: Actor, lin: Actor, draft: Draft) -> None:
    with pytest.raises(NotAllowed, match="由律师本人提交"):
        actions.submit(
            actor=lin, draft_id=draft.id, version=draft.version, submit_key="by-an-assistant", now=clock.now()
        )
    world.submit(zhou, draft, now=clock.now())
    assert (queries.list_drafts(actor=lin), rows_shown(lin)) == ([], set())
    assert grants_of(actor=lin, principal_id=people.ZHOU, now=clock.now()) == []
    with pytest.raises(NotFound):
        write(lin, draft, "之后", version=1)
    with pytest.raises(NotFound):
        actions.correct(actor=lin, draft_id=draft.id, version=1, now=clock.now())
    with pytest.raises(NotFound):
        actions.withdraw(actor=lin, draft_id=draft.id, now=clock.now())
    with pytest.raises(Conflict, match="已提交"):
        entrust(zhou, draft)


def test_a_power_taken_back_is_gone_at_once_for_rows_files_and_tickets(zhou: Actor, lin: Actor, draft: Draft) -> None:
    purpose = queries.purpose_of(draft.id)
    begun = begin(lin, purpose)
    revoke(zhou, draft)
    assert rows_shown(lin) == set()
    assert list_uploads(actor=lin, purpose=purpose) == []
    with pytest.raises(NotFound):
        begin(lin, purpose)
    with pytest.raises(NotFound):
        dossier.discard_upload(actor=lin, upload_id=begun, now=clock.now())
    with pytest.raises(NotFound):
        write(lin, draft, "之后", version=1)
    with pytest.raises(NotFound):
        actions.hand_back(actor=lin, draft_id=draft.id, now=clock.now())
    assert [u.id for u in list_uploads(actor=zhou, purpose=purpose) if u.id == begun] == [begun], "the file stays"


def begin(actor: Actor, purpose: str) -> uuid.UUID:
    made = dossier.begin_upload(
        actor=actor, purpose=purpose, slot="", filename="银行流水.pdf", size=9, object_key=uuid.uuid4().hex,
        sealed_key=b"k", now=clock.now(),
    )  # fmt: skip
    return uuid.UUID(str(made.id))


def test_what_she_uploads_belongs_to_the_draft_and_bears_both_names(zhou: Actor, lin: Actor, draft: Draft) -> None:
    purpose = queries.purpose_of(draft.id)
    begun = begin(lin, purpose)
    both = [{u.id: u.uploader for u in list_uploads(actor=who, purpose=purpose)} for who in (zhou, lin)]
    assert both[0] == both[1]
    assert both[0][begun] == BOTH
    other = world.ready(zhou)
    assert list_uploads(actor=lin, purpose=queries.purpose_of(other.id)) == []
    with pytest.raises(NotFound):
        begin(lin, queries.purpose_of(other.id))


def test_two_people_at_one_step_learn_who_changed_it_and_nothing_is_lost(zhou: Actor, lin: Actor, draft: Draft) -> None:
    write(lin, draft, "助理的事实", version=draft.version)
    with pytest.raises(Conflict, match=f"{BOTH}已在别的窗口或设备上改过") as refused:
        write(zhou, draft, "律师的事实", version=draft.version)
    facts: Any = refused.value.facts
    assert (facts["mine"]["facts"], facts["theirs"]["facts"], facts["by"]) == ("律师的事实", "助理的事实", BOTH)
    page = browser(zhou).post(
        f"/filing/{draft.id}/step/facts/", {"facts": "律师的事实", "_version": draft.version, "go": "next"}
    )
    assert page.status_code == 409
    assert f"{BOTH}也改过" in page.content.decode()


def test_what_the_lawyer_confirms_himself_an_assistant_cannot_tick(zhou: Actor, lin: Actor) -> None:
    blank = actions.start_draft(actor=zhou, now=clock.now())
    entrust(zhou, blank)
    address = {"party_id": "p1", "recipient": "周岚", "electronic": True, "mobile": "13912345678",
               "consent_judgment_e_service": True, "agreed": True}  # fmt: skip
    steps = {"mediation": {"mediation_told": True, "mediation_will": "no"}, "address": {"service_addresses": [address]}}
    for step, patch in steps.items():
        saved = actions.save_step(
            actor=lin, draft_id=blank.id, version=fresh(lin, blank).version, step=step, content_patch=patch,
            now=clock.now(),
        )  # fmt: skip
    row = saved.content["service_addresses"][0]
    assert (row["mobile"], saved.content["mediation_will"]) == ("13912345678", "no")
    assert not any(
        [row["agreed"], row["electronic"], row["consent_judgment_e_service"], saved.content["mediation_told"]]
    )


def test_an_address_changed_after_it_was_confirmed_is_confirmed_no_more() -> None:
    row = {"party_id": "p1", "mobile": "1", "electronic": True, "agreed": True, "consent_judgment_e_service": True}
    old = {"service_addresses": [row], "mediation_told": True}
    assert unsigned({**old, "service_addresses": [row | {"agreed": False}]}, old=old) == old
    changed = unsigned({**old, "service_addresses": [row | {"mobile": "2"}]}, old=old)["service_addresses"][0]
    assert (changed["agreed"], changed["consent_judgment_e_service"], changed["electronic"]) == (False, False, True)


def test_the_grant_is_never_passed_on_and_names_only_what_belongs_to_a_draft(
    zhou: Actor, lin: Actor, draft: Draft
) -> None:
    assistantship = people.assistants_of(zhou)[0].id
    with pytest.raises(NotAllowed, match="不能再授权"):
        actions.entrust_draft(
            actor=lin, draft_id=draft.id, assistantship_id=assistantship, terms=PREPARE, now=clock.now()
        )
    for capability in CASE_CAPABILITIES:
        with pytest.raises(Invalid, match="没有这种权限"):
            entrust(zhou, draft, delegation.Terms(capabilities=[capability.value], expressly=[capability.value]))
    with pytest.raises(Invalid, match="至少选择一项"):
        entrust(zhou, draft, delegation.Terms(capabilities=[]))
    for work in (actions.delete_draft, actions.duplicate_draft):
        with pytest.raises(NotAllowed, match="由律师本人办理"):
            work(actor=lin, draft_id=draft.id, now=clock.now())
    stranger = world.lawyer(5)
    with pytest.raises(NotFound):
        actions.entrust_draft(
            actor=stranger, draft_id=draft.id, assistantship_id=assistantship, terms=PREPARE, now=clock.now()
        )


@pytest.mark.parametrize("when", ["later", "over"])
def test_a_grant_holds_only_in_its_days(when: str, zhou: Actor, lin: Actor, draft: Draft) -> None:
    today = clock.beijing_date(clock.now())
    if when == "later":
        days = delegation.Terms(capabilities=["prepare_filing"], starts_on=today + dt.timedelta(days=2))
        entrust(zhou, draft, days)
    else:
        grant = grants_of_draft(actor=zhou, draft_id=draft.id)[0]
        grant.starts_at, grant.ends_at = clock.now() - dt.timedelta(days=2), clock.now() - dt.timedelta(minutes=1)
        grant.save()
    assert (queries.list_drafts(actor=lin), rows_shown(lin)) == ([], set())


def test_who_ends_the_assistant_or_throws_the_draft_away_ends_the_grant(zhou: Actor, lin: Actor, draft: Draft) -> None:
    actions.delete_draft(actor=zhou, draft_id=draft.id, now=clock.now())
    actions.restore_draft(actor=zhou, draft_id=draft.id, now=clock.now())
    assert queries.list_drafts(actor=lin) == []
    entrust(zhou, draft)
    assert len(queries.list_drafts(actor=lin)) == 1
    delegation.end_assistant(actor=zhou, assistantship_id=people.assistants_of(zhou)[0].id, now=clock.now())
    assert (queries.list_drafts(actor=lin), rows_shown(lin)) == ([], set())


def test_a_case_of_hers_opens_no_draft_and_a_draft_no_case(zhou: Actor, lin: Actor, draft: Draft) -> None:
    case = people.cases.open_case()
    from lutong.domains.cases import queries as cases

    with pytest.raises(NotFound):
        cases.get_case(actor=lin, court_id=case.court_id, case_id=case.id)
    revoke(zhou, draft)
    people.allow(people.assistants_of(zhou)[0], case, Capability.SUBMIT_MATERIAL)
    assert queries.list_drafts(actor=lin) == []


def test_her_pages_show_the_draft_its_check_list_and_no_button_that_is_not_hers(
    zhou: Actor, lin: Actor, draft: Draft
) -> None:
    client = browser(lin)
    listed = client.get("/filing/").content.decode()
    assert str(draft.id) in listed
    assert "申请立案</button>" not in listed
    check = client.get(f"/filing/{draft.id}/step/check/").content.decode()
    assert "交律师审阅" in check
    assert "提交立案申请" not in check
    assert "审核清单" in check
    assert "由律师本人确认" in client.get(f"/filing/{draft.id}/step/address/").content.decode()
    told = client.post(f"/filing/{draft.id}/submit/", {"_version": draft.version, "submit_key": "0123456789"})
    assert (told.status_code, "由律师本人提交" in told.content.decode()) == (403, True)
    assert client.post(f"/filing/{draft.id}/hand-back/").status_code == 302
    assert "已交审阅" in browser(zhou).get("/filing/").content.decode()
    assert client.post(f"/filing/{draft.id}/helpers/entrust/").status_code == 404
    other = world.ready(zhou)
    for path in ("", "step/check/", "helpers/"):
        assert client.get(f"/filing/{other.id}/{path}").status_code == 404
    assert client.post(f"/filing/{other.id}/submit/").status_code == 404


def test_the_lawyer_grants_and_revokes_on_a_page_made_of_the_enum(zhou: Actor, lin: Actor) -> None:
    draft, client = world.ready(zhou), browser(zhou)
    page = client.get(f"/filing/{draft.id}/helpers/").content.decode()
    assert Capability.PREPARE_FILING.help in page
    assert Capability.PAY.help not in page
    asked = {"assistant": str(people.assistants_of(zhou)[0].id), "capabilities": "prepare_filing", "ends_on": "昨天"}
    refused = client.post(f"/filing/{draft.id}/helpers/entrust/", asked)
    assert (refused.status_code, "请填日期" in refused.content.decode()) == (422, True)
    assert client.post(f"/filing/{draft.id}/helpers/entrust/", asked | {"ends_on": ""}).status_code == 302
    assert browser(lin).get(f"/filing/{draft.id}/helpers/").status_code == 200
    assert str(draft.id) in browser(lin).get("/assisting/").content.decode()
    assert "立案草稿" in client.get("/assistants/").content.decode()
    revoke(zhou, draft)
    assert browser(lin).get(f"/filing/{draft.id}/helpers/").status_code == 404


def test_the_api_follows_the_same_rule(zhou: Actor, lin: Actor, draft: Draft) -> None:
    client, base = browser(lin), f"/api/v1/filing/drafts/{draft.id}"
    assert [one["id"] for one in client.get("/api/v1/filing/drafts").json()["items"]] == [str(draft.id)]
    for path in ("", "/check", "/materials", "/grounds"):
        assert client.get(base + path).status_code == 200, path
    assert client.post(f"{base}/ticket").status_code == 200
    saved = client.patch(
        f"{base}/steps/facts", {"content": {"facts": "接口写的"}}, content_type="application/json",
        headers={"If-Match": f'"{draft.version}"'},
    )  # fmt: skip
    assert saved.json()["content"]["facts"] == "接口写的"
    submitted = client.post(f"{base}/submit", headers={"If-Match": '"1"', "Idempotency-Key": "0123456789abcdef"})
    assert submitted.status_code == 403
    assert client.post(f"{base}/hand-back").json()["handed_back_by"] == BOTH
    assert client.delete(base).status_code == 404
    revoke(zhou, draft)
    assert client.get(base).status_code == 404
