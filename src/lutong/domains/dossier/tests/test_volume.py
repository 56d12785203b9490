"""The volume shows everything of record, and says so when it does not."""

from typing import Any

import pytest

from lutong.domains.dossier import actions, queries
from lutong.domains.dossier.models import Document
from lutong.domains.dossier.queries import volumes as shelf
from lutong.domains.dossier.tests.conftest import GU, NOW, STRANGER, ZHOU, World, pdf, put
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import system
from lutong.kernel.errors import Invalid, NotFound


def shown(world: World, actor: Any, limit: int = 100) -> list[str]:
    titles, after = [], ""
    while True:
        part = queries.volume(actor=actor, court_id=world.court_id, case_id=world.case_id, after=after, limit=limit)
        titles += [paper.title for group in part.groups for paper in group.papers]
        after = part.more
        if not after:
            return titles


def fill(world: World) -> list[Document]:
    papers = [put(world, ZHOU, pdf(1), filename="起诉状.pdf", kind="complaint", place=1, filed=True)]
    papers += [put(world, GU, pdf(1), filename=f"证据{n}.pdf", place=2) for n in range(5)]
    papers += [put(world, world.recorder, pdf(1), filename="评议笔录.pdf", kind="transcript", volume="sub", place=9)]
    actions.attach_to_case(
        actor=system(world.court_id), court_id=world.court_id, filing_id=world.filing_id, case_id=world.case_id, now=NOW
    )
    return papers


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_stretches_of_any_length_show_each_paper_once_though_places_repeat(world: World, limit: int) -> None:
    fill(world)
    assert sorted(shown(world, ZHOU, limit)) == sorted(["起诉状.pdf", *(f"证据{n}.pdf" for n in range(5))])
    assert len(shown(world, world.recorder, limit)) == 7


def test_the_volume_of_a_case_that_is_not_his_does_not_exist(world: World) -> None:
    fill(world)
    with pytest.raises(NotFound):
        queries.volume(actor=STRANGER, court_id=world.court_id, case_id=world.case_id)


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "bnVsbA", "W10", "é", "WzFlOTksICJ4Il0"])
def test_a_cursor_that_is_not_ours_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(Invalid, match="翻页"):
        queries.volume(actor=ZHOU, court_id=world.court_id, case_id=world.case_id, after=cursor)


def check(world: World, actor: Any) -> queries.Completeness:
    return queries.check_complete(actor=actor, court_id=world.court_id, case_id=world.case_id)


def test_counsel_and_court_are_each_shown_all_that_is_theirs_to_see(world: World) -> None:
    fill(world)
    assert (check(world, ZHOU).complete, check(world, ZHOU).shown) == (True, 6)
    assert (check(world, world.recorder).complete, check(world, world.recorder).shown) == (True, 7)


def test_a_filter_that_hides_a_paper_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = fill(world)
    honest = shelf.visible_to
    monkeypatch.setattr(shelf, "visible_to", lambda actor, *, court_id: honest(actor, court_id=court_id).exclude(
        id=papers[2].id))  # fmt: skip
    assert check(world, ZHOU).hidden == (papers[2].id,)
    assert check(world, world.recorder).hidden == (papers[2].id,)


def test_a_filter_that_shows_the_sub_volume_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = fill(world)
    monkeypatch.setattr(shelf, "visible_to", lambda actor, *, court_id: Document.objects.filter(court_id=court_id))
    with as_actor(system(world.court_id)):
        Document.objects.filter(court_id=world.court_id, id=papers[-1].id).update(submitted_by=ZHOU.person_id)
    assert check(world, ZHOU).foreign == (papers[-1].id,)


def test_a_row_taken_out_of_its_case_is_found_by_the_trail(world: World) -> None:
    papers = fill(world)
    with as_actor(system(world.court_id)):
        Document.objects.filter(court_id=world.court_id, id=papers[0].id).update(case_id=None)
    assert check(world, GU).hidden == (papers[0].id,)


def test_a_hidden_paper_is_told_to_judge_and_recorder_once(world: World) -> None:
    from lutong.domains.notices.queries import list_notices

    papers = fill(world)
    for _ in range(3):
        actions.report_hidden(
            actor=ZHOU, court_id=world.court_id, case_id=world.case_id, documents=[papers[0].id], now=NOW
        )
    assert len(list_notices(actor=world.recorder, before=None, limit=10)) == 1


def test_court_papers_go_to_the_volume_of_their_kind(world: World) -> None:
    from lutong.domains.dossier.tests.conftest import upload

    one = upload(world.recorder, pdf(1), "application/pdf", "合议笔录.pdf")
    made = actions.add_court_papers(
        actor=world.recorder, court_id=world.court_id, case_id=world.case_id, uploads=[one.id], kind="internal_note",
        title="", now=NOW,
    )  # fmt: skip
    assert [(p.volume, p.state, p.title) for p in made] == [("sub", "in_dossier", "合议笔录.pdf")]
    assert check(world, ZHOU).complete
    other = upload(world.recorder, pdf(1), "application/pdf", "x.pdf")
    with pytest.raises(Invalid, match="副卷"):
        actions.add_court_papers(
            actor=world.recorder, court_id=world.court_id, case_id=world.case_id, uploads=[other.id],
            kind="internal_note", title="", volume="main", now=NOW,
        )  # fmt: skip
