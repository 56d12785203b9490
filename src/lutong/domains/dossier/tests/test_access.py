"""Who sees which paper, by every way that leads to one."""

import uuid
from collections.abc import Callable

import pytest

from lutong.domains.audit.models import CourtEvent
from lutong.domains.dossier import actions, queries
from lutong.domains.dossier.models import Document, PageImage
from lutong.domains.dossier.tests.conftest import GU, NOW, STRANGER, ZHOU, World, pdf, put
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Conflict, NotAllowed, NotFound

Door = Callable[[Actor, Document], object]

DOORS: dict[str, Door] = {
    "read": lambda a, d: queries.get_document(actor=a, court_id=d.court_id, document_id=d.id),
    "look": lambda a, d: actions.note_look(actor=a, court_id=d.court_id, document_id=d.id, how="view", now=NOW),
    "page": lambda a, d: actions.open_page(
        actor=a, court_id=d.court_id, document_id=d.id, number=1, size="page", now=NOW
    ),
    "original": lambda a, d: actions.open_file(
        actor=a, court_id=d.court_id, document_id=d.id, copy="original", how="download", now=NOW
    ),
    "want": lambda a, d: actions.want_pages(actor=a, court_id=d.court_id, document_id=d.id, number=1, now=NOW),
}


def sees(actor: Actor, document: Document, door: str) -> bool:
    try:
        DOORS[door](actor, document)
    except NotFound as refusal:
        assert refusal.message == "没有这份材料，或您无权查看"
        return False
    return True


def with_page(document: Document) -> Document:
    with as_actor(system(document.court_id)):
        PageImage.objects.create(
            court_id=document.court_id, document_id=document.id, case_id=document.case_id, volume=document.volume,
            submitted_by=document.submitted_by, number=1, size="page", width=10, height=10, length=1,
            object_key="aa/aa", sealed_key=b"k",
        )  # fmt: skip
    return document


@pytest.mark.parametrize("door", DOORS)
def test_a_paper_of_the_main_volume_opens_to_both_counsel_and_the_court_and_to_nobody_else(
    world: World, door: str
) -> None:
    paper = with_page(put(world, GU, pdf()))
    seen = {a.name: sees(a, paper, door) for a in (ZHOU, GU, STRANGER, world.recorder, world.clerk, world.other_court)}
    # The filing desk has handed the case over: its trial is under way.
    assert seen == {"周岚": True, "顾衡": True, "杜若": False, "方蕾": True, "孟书宁": False, "苏见青": False}


@pytest.mark.parametrize("door", DOORS)
def test_a_paper_of_the_sub_volume_opens_to_the_court_alone(world: World, door: str) -> None:
    paper = with_page(put(world, world.recorder, pdf(), kind="internal_note", volume="sub"))
    assert [sees(a, paper, door) for a in (ZHOU, GU, STRANGER, world.other_court)] == [False] * 4
    assert sees(world.recorder, paper, door)


@pytest.mark.parametrize("door", DOORS)
def test_papers_of_a_filing_open_to_who_filed_them_but_not_to_the_other_side(world: World, door: str) -> None:
    paper = with_page(put(world, ZHOU, pdf(), filed=True))
    assert [sees(a, paper, door) for a in (ZHOU, GU, STRANGER)] == [True, False, False]


def test_after_registration_pictures_follow_the_papers_into_the_case(world: World) -> None:
    paper = with_page(put(world, ZHOU, pdf(), filed=True))
    assert not sees(GU, paper, "page")
    actions.attach_to_case(
        actor=system(world.court_id), court_id=world.court_id, filing_id=world.filing_id, case_id=world.case_id, now=NOW
    )
    assert sees(GU, paper, "page")


def test_a_paper_moved_to_the_sub_volume_closes_its_pictures_too(world: World) -> None:
    paper = with_page(put(world, world.recorder, pdf(), kind="transcript"))
    assert sees(GU, paper, "page")
    actions.reorder(actor=world.recorder, court_id=world.court_id, document_id=paper.id, volume="sub", place=1, now=NOW)
    assert not sees(GU, paper, "page")
    with as_actor(GU):
        assert not PageImage.objects.filter(court_id=world.court_id, document_id=paper.id).exists()


def test_what_a_party_submitted_cannot_be_hidden_in_the_sub_volume(world: World) -> None:
    paper = put(world, GU, pdf())
    with pytest.raises(Conflict, match="代理人有权查阅"):
        actions.reorder(
            actor=world.recorder, court_id=world.court_id, document_id=paper.id, volume="sub", place=1, now=NOW
        )


@pytest.mark.parametrize(("who", "refusal"), [("clerk", NotAllowed), ("other_court", NotFound), ("lawyer", NotFound)])
def test_only_recorder_and_judge_put_a_volume_in_order(world: World, who: str, refusal: type[Exception]) -> None:
    paper = put(world, GU, pdf())
    actor = ZHOU if who == "lawyer" else getattr(world, who)
    with pytest.raises(refusal):
        actions.arrange(
            actor=actor, court_id=world.court_id, case_id=world.case_id, order=[(paper.id, "main")], now=NOW
        )


def test_an_order_made_without_a_new_paper_is_refused(world: World) -> None:
    first = put(world, GU, pdf())
    put(world, GU, pdf(), place=2)
    with pytest.raises(Conflict, match="刷新页面"):
        actions.arrange(
            actor=world.recorder, court_id=world.court_id, case_id=world.case_id, order=[(first.id, "main")], now=NOW
        )


def test_an_unknown_document_answers_as_a_forbidden_one(world: World) -> None:
    paper = put(world, GU, pdf())
    answers = set()
    for document_id in (paper.id, uuid.uuid4()):
        with pytest.raises(NotFound) as refusal:
            queries.get_document(actor=STRANGER, court_id=world.court_id, document_id=document_id)
        answers.add(refusal.value.message)
    assert len(answers) == 1


def looks(world: World, how: str) -> int:
    with as_actor(world.recorder):
        return CourtEvent.objects.filter(court_id=world.court_id, action=f"dossier.{how}").count()


def test_scrolling_writes_one_line_for_each_stretch_of_pages(world: World) -> None:
    paper = put(world, GU, pdf())
    with as_actor(system(world.court_id)):
        Document.objects.filter(court_id=world.court_id, id=paper.id).update(pages=45)
        PageImage.objects.bulk_create(
            PageImage(
                court_id=world.court_id, document_id=paper.id, case_id=world.case_id, submitted_by=GU.person_id,
                number=n, size="page", width=1, height=1, length=1, object_key="aa/aa", sealed_key=b"k",
            )
            for n in range(1, 46)
        )  # fmt: skip
    for number in (*range(1, 46), *range(1, 46)):
        actions.open_page(
            actor=ZHOU, court_id=world.court_id, document_id=paper.id, number=number, size="page", now=NOW
        )
    assert looks(world, "view") == 3
    actions.open_page(actor=GU, court_id=world.court_id, document_id=paper.id, number=1, size="page", now=NOW)
    assert looks(world, "view") == 4


def test_every_download_is_written_down(world: World) -> None:
    paper = put(world, GU, pdf())
    for _ in range(3):
        DOORS["original"](ZHOU, paper)
    assert looks(world, "download") == 3
