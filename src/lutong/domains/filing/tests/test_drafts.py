"""立案草稿: saved as typed, never overwritten silently, nobody else's."""

import datetime as dt
import uuid
from typing import Any

import pytest

from lutong.domains.filing import actions, queries
from lutong.domains.filing.content import FilingContent
from lutong.domains.filing.models import Draft
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.world import NOW
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhou() -> Actor:
    return world.lawyer()


@pytest.fixture
def draft(zhou: Actor) -> Draft:
    return actions.start_draft(actor=zhou, now=NOW)


def save(actor: Actor, draft: Draft, step: str = "facts", *, version: int | None = None, **more: Any) -> Draft:
    patch = more.pop("patch", {"facts": "某年某月某日借款", "reasons": ""})
    return actions.save_step(
        actor=actor, draft_id=draft.id, version=draft.version if version is None else version, step=step,
        content_patch=patch, now=NOW, **more,
    )  # fmt: skip


def test_a_new_draft_names_the_lawyer_as_the_plaintiffs_agent(draft: Draft) -> None:
    content = FilingContent.model_validate(draft.content)
    assert [(a.party_id, a.name, a.licence_no) for a in content.agents] == [("p1", "周岚", world.LICENCE)]


def test_only_a_lawyer_begins_a_draft() -> None:
    with pytest.raises(NotAllowed):
        actions.start_draft(actor=Actor(1, Role.CLERK, "孟书宁", 105), now=NOW)


def test_wrong_values_are_kept_as_typed(zhou: Actor, draft: Draft) -> None:
    saved = save(zhou, draft, "claims", patch={"claims": [{"kind": "principal", "amount": "8000元整"}]})
    assert saved.content["claims"][0]["amount"] == "8000元整"
    assert saved.content["claims"][0]["id"]  # a row gets an id of its own


def test_a_stale_revision_is_refused_with_both_versions(zhou: Actor, draft: Draft) -> None:
    save(zhou, draft, patch={"facts": "窗口甲", "reasons": ""})
    with pytest.raises(Conflict) as refused:
        save(zhou, draft, version=1, patch={"facts": "窗口乙", "reasons": ""})
    mine: Any = refused.value.facts["mine"]
    theirs: Any = refused.value.facts["theirs"]
    assert (mine["facts"], theirs["facts"], refused.value.facts["version"]) == ("窗口乙", "窗口甲", 2)
    assert queries.get_draft(actor=zhou, draft_id=draft.id).content["facts"] == "窗口甲"


def test_a_repeated_save_whose_answer_was_lost_is_no_conflict(zhou: Actor, draft: Draft) -> None:
    save(zhou, draft, writer="tab-1")
    assert save(zhou, draft, version=1, writer="tab-1").version == 2
    later = save(zhou, draft, version=1, writer="tab-1", patch={"facts": "又写了一句", "reasons": ""})
    assert (later.version, later.content["facts"]) == (3, "又写了一句")


def test_two_windows_on_different_steps_do_not_disturb_each_other(zhou: Actor, draft: Draft) -> None:
    from lutong.domains.filing.merging import digest_of

    base = digest_of(draft.content, step="mediation")
    save(zhou, draft)
    patch = {"mediation_will": "no", "mediation_told": True}
    saved = save(zhou, draft, "mediation", version=1, base=base, patch=patch)
    assert (saved.content["facts"], saved.content["mediation_will"]) == ("某年某月某日借款", "no")


def test_a_settled_conflict_takes_what_was_picked_and_leaves_the_rest(zhou: Actor, draft: Draft) -> None:
    save(zhou, draft, patch={"facts": "服务器的事实", "reasons": "服务器的理由"})
    settled = actions.merge_step(
        actor=zhou, draft_id=draft.id, version=2, step="facts", mine={"facts": "我的事实", "reasons": "我的理由"},
        take_mine=frozenset({"facts"}), now=NOW,
    )  # fmt: skip
    assert (settled.content["facts"], settled.content["reasons"]) == ("我的事实", "服务器的理由")


@pytest.mark.parametrize("stranger", ["lawyer", "clerk"])
def test_other_peoples_drafts_do_not_exist(stranger: str, draft: Draft) -> None:
    other = world.lawyer(1) if stranger == "lawyer" else Actor(77, Role.CLERK, "孟书宁", world.court_id())
    with pytest.raises(NotFound):
        queries.get_draft(actor=other, draft_id=draft.id)
    with pytest.raises(NotFound):
        save(other, draft)
    with pytest.raises(NotFound):
        actions.delete_draft(actor=other, draft_id=draft.id, now=NOW)
    with pytest.raises(NotFound):
        actions.duplicate_draft(actor=other, draft_id=draft.id, now=NOW)
    assert queries.list_drafts(actor=other) == []


def test_a_deleted_draft_comes_back_within_thirty_days_and_not_later(zhou: Actor, draft: Draft) -> None:
    actions.delete_draft(actor=zhou, draft_id=draft.id, now=NOW)
    assert queries.list_drafts(actor=zhou) == []
    with pytest.raises(NotFound):
        actions.restore_draft(actor=zhou, draft_id=draft.id, now=NOW + dt.timedelta(days=30, seconds=1))
    actions.restore_draft(actor=zhou, draft_id=draft.id, now=NOW + dt.timedelta(days=29))
    assert [d.id for d in queries.list_drafts(actor=zhou)] == [draft.id]


def test_a_duplicate_leaves_files_and_consents_behind(zhou: Actor) -> None:
    source = world.ready(zhou)
    copy = actions.duplicate_draft(actor=zhou, draft_id=source.id, now=NOW)
    content = FilingContent.model_validate(copy.content)
    assert (content.files, content.evidence[0].upload_ids, content.mediation_told) == ({}, [], False)
    assert not content.service_addresses[0].agreed
    assert (content.parties[0].name, copy.version, copy.state) == ("苏晚晴", 1, "draft")


def test_too_long_and_too_many_is_said_and_changes_nothing(zhou: Actor, draft: Draft) -> None:
    for step, patch in (
        ("facts", {"facts": "长" * 10_000_000, "reasons": ""}),
        ("parties", {"parties": [{"name": "某"}] * 1000}),
        ("parties", {"parties": "不是列表"}),
    ):
        with pytest.raises(Invalid, match="请"):
            save(zhou, draft, step, patch=patch)
    assert queries.get_draft(actor=zhou, draft_id=draft.id).version == 1


def test_an_unknown_step_is_not_found(zhou: Actor, draft: Draft) -> None:
    with pytest.raises(NotFound):
        save(zhou, draft, "nonsense")


def test_the_list_turns_pages_by_time_and_finds_by_name(zhou: Actor) -> None:
    made = [actions.start_draft(actor=zhou, now=NOW + dt.timedelta(minutes=n)) for n in range(5)]
    first = queries.list_drafts(actor=zhou, limit=3)
    rest = queries.list_drafts(actor=zhou, before=(first[-1].updated_at, first[-1].id), limit=3)
    assert [d.id for d in first + rest] == [d.id for d in reversed(made)]
    named = save(zhou, made[0], "parties", patch={"parties": [{"side": "plaintiff", "name": "苏晚晴"}]})
    assert [d.id for d in queries.list_drafts(actor=zhou, text="苏晚晴")] == [named.id]
    with pytest.raises(NotFound):
        queries.list_drafts(actor=zhou, tab="nonsense")


def test_a_court_that_does_not_exist_is_held_but_has_no_name(zhou: Actor, draft: Draft) -> None:
    saved = save(zhou, draft, "court", patch={"court_id": 32_000, "cause_id": "99999999"})
    assert (saved.content["court_id"], saved.court_name, saved.court_id) == (32_000, "", None)
    report = queries.examine_draft(
        actor=zhou, draft_id=draft.id, content=FilingContent.model_validate(saved.content), today=NOW.date()
    )
    assert {"court_id", "cause_id"} <= report.field_errors.keys()


def test_an_unknown_draft_is_not_found(zhou: Actor) -> None:
    with pytest.raises(NotFound):
        queries.get_draft(actor=zhou, draft_id=uuid.uuid4())
