"""View copies, page images and ZIP files, made by the real tools from real files in the real store."""

import csv
import datetime as dt
import io
import shutil
import zipfile
from typing import Any

import pikepdf
import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from PIL import Image

from lutong.domains.dossier import actions, bundling, queries, tasks
from lutong.domains.dossier.models import Bundle, Document, PageImage
from lutong.domains.dossier.tests.conftest import DOCX, GU, JPEG, NOW, STRANGER, ZHOU, World, jpeg, now, pdf, put, word
from lutong.domains.exchange.models import CourtOutbox
from lutong.domains.notices.queries import list_notices
from lutong.gateways.objectstore import vault
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import system
from lutong.kernel.errors import Conflict, NotFound
from lutong.kernel.tickets import read_read
from lutong.site.wiring import TOPICS


def work(world: World, times: int = 1) -> None:
    """Deliver everything in the outbox of the court, `times` times each, until nothing new appears."""
    done: set[Any] = set()
    while True:
        with as_actor(system(world.court_id)):
            rows = [r for r in CourtOutbox.objects.filter(court_id=world.court_id).order_by("id") if r.id not in done]
        if not rows:
            return
        for row in rows:
            done.add(row.id)
            for handler in TOPICS.get(row.topic, ()):
                for _ in range(times):
                    handler(court_id=world.court_id, payload=row.payload, now=now())


def fresh(document: Document) -> Document:
    return queries.get_document(actor=system(document.court_id), court_id=document.court_id, document_id=document.id)


def images(document: Document) -> list[PageImage]:
    return queries.list_pages(
        actor=system(document.court_id), court_id=document.court_id, document_id=document.id
    )  # fmt: skip


def bytes_of(ticket: str) -> bytes:
    read = read_read(ticket)
    return vault().read(read.object_key, read.sealed_key, read.size)


@pytest.mark.parametrize(
    ("make", "media_type", "name", "pages"),
    [
        (lambda: pdf(3), "application/pdf", "流水.pdf", 3),
        (jpeg, JPEG, "借条.jpg", 1),
        pytest.param(
            word, DOCX, "起诉状.docx", 1,
            marks=pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice on this machine"),
        ),
    ],
    ids=["pdf", "jpg", "docx"],
)  # fmt: skip
def test_every_page_becomes_two_pictures(world: World, make: Any, media_type: str, name: str, pages: int) -> None:
    document = put(world, ZHOU, make(), media_type, name)
    work(world)
    document = fresh(document)
    assert (document.view_state, document.pages) == ("ready", pages)
    assert sum(row[0] for row in document.shapes) == pages
    assert [(i.number, i.size) for i in images(document)] == [
        (n, size) for n in range(1, pages + 1) for size in ("page", "thumb")
    ]
    ticket = actions.open_page(
        actor=GU, court_id=world.court_id, document_id=document.id, number=pages, size="page", now=now()
    )
    picture = Image.open(io.BytesIO(bytes_of(ticket)))
    assert (picture.format, picture.width) == ("WEBP", 1400)
    thumb = actions.open_page(
        actor=GU, court_id=world.court_id, document_id=document.id, number=1, size="thumb", now=now()
    )
    assert Image.open(io.BytesIO(bytes_of(thumb))).width == 240


def test_every_job_delivered_twice_has_its_effect_once(world: World) -> None:
    document = put(world, ZHOU, jpeg(), JPEG, "借条.jpg")
    work(world, times=2)
    assert len(images(document)) == 2
    with as_actor(system(world.court_id)):
        topics = list(CourtOutbox.objects.filter(court_id=world.court_id).values_list("topic", flat=True))
    assert topics.count("dossier.view") == 1
    assert topics.count("dossier.pages") == 1


def test_a_harmless_pdf_is_read_itself_and_an_active_one_only_as_a_copy_without_its_script(world: World) -> None:
    calm, active = put(world, ZHOU, pdf(1)), put(world, ZHOU, pdf(1, script=True))
    work(world)
    calm, active = fresh(calm), fresh(active)
    assert calm.view_key == calm.object_key
    assert active.view_key != active.object_key
    view = vault().read(active.view_key, bytes(active.view_sealed_key))
    assert "/OpenAction" not in pikepdf.open(io.BytesIO(view)).Root
    original = vault().read(active.object_key, bytes(active.sealed_key))
    assert "/OpenAction" in pikepdf.open(io.BytesIO(original)).Root


def test_pages_after_the_sixtieth_are_made_when_somebody_turns_to_them(world: World) -> None:
    document = put(world, ZHOU, pdf(65))
    work(world)
    assert queries.pages_made(actor=ZHOU, court_id=world.court_id, document_id=document.id)[0] == set(range(1, 61))
    for _ in range(3):
        actions.want_pages(actor=GU, court_id=world.court_id, document_id=document.id, number=64, now=NOW)
    work(world)
    assert queries.pages_made(actor=ZHOU, court_id=world.court_id, document_id=document.id)[0] == set(range(1, 66))


def test_a_format_that_cannot_be_shown_says_so_and_stays_to_be_downloaded(world: World) -> None:
    document = put(world, ZHOU, b"ID3" + bytes(2000), "audio/mpeg", "通话录音.mp3")
    work(world)
    document = fresh(document)
    assert document.view_state == "none"
    assert "下载原件" in document.view_reason
    ticket = actions.open_file(
        actor=GU, court_id=world.court_id, document_id=document.id, copy="original", how="download", now=now()
    )
    assert len(bytes_of(ticket)) == 2003


def swap_bytes(one: Document, other: Document) -> None:
    """What a person with the database could do: let one row point to the sealed bytes of another."""
    with as_actor(system(one.court_id)):
        Document.objects.filter(court_id=one.court_id, id=one.id).update(
            object_key=other.object_key, sealed_key=other.sealed_key, size=other.size
        )


def test_swapped_bytes_are_refused_told_and_never_shown(world: World) -> None:
    true, forged = put(world, ZHOU, pdf(1)), put(world, ZHOU, pdf(2))
    swap_bytes(true, forged)
    work(world)
    document = fresh(true)
    assert document.damaged_at is not None
    assert images(document) == []
    for copy in ("original", "view"):
        with pytest.raises(Conflict, match="完整性"):
            actions.open_file(
                actor=GU, court_id=world.court_id, document_id=true.id, copy=copy, how="download", now=now()
            )
    told = [n.title for n in list_notices(actor=ZHOU, before=None, limit=10)]
    assert len([t for t in told if "完整性" in t]) == 1
    assert fresh(forged).damaged_at is None


def test_a_damaged_view_copy_is_made_anew_because_the_original_is_sound(world: World) -> None:
    document = put(world, ZHOU, jpeg(), JPEG, "借条.jpg")
    work(world)
    first = fresh(document).view_key
    actions.report_damage(
        actor=system(world.court_id), court_id=world.court_id, document_id=document.id, part="view", now=NOW
    )
    assert images(document) == []
    work(world)
    assert fresh(document).view_key not in ("", first)
    assert len(images(document)) == 2


def order(world: World, actor: Any = ZHOU) -> Bundle:
    return actions.order_bundle(
        actor=actor, court_id=world.court_id, case_id=world.case_id, number="（2026）京0105民初98001号", now=now()
    )


def test_the_bundle_holds_what_its_requester_may_see_with_a_list_of_digests(world: World) -> None:
    put(world, ZHOU, b"first", "audio/mpeg", "../../=cmd|' /C calc'!A0.mp3")
    put(world, world.recorder, pdf(1), filename="评议.pdf", kind="internal_note", volume="sub")
    damaged = put(world, GU, pdf(1), filename="坏.pdf", place=3)
    swap_bytes(damaged, put(world, GU, pdf(2), filename="好.pdf", place=4))
    bundle = order(world)
    assert order(world).id == bundle.id
    work(world, times=2)
    data = bytes_of(actions.open_bundle(actor=ZHOU, court_id=world.court_id, bundle_id=bundle.id, now=now()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        rows = list(csv.reader(io.StringIO(archive.read("卷宗目录.csv").decode("utf-8-sig"))))
        assert archive.testzip() is None
    assert [n for n in names if ".." in n or n.startswith("/") or "评议" in n or "坏" in n] == []
    assert len(names) == 3
    assert [row[-1] for row in rows[1:]] == ["已放入", "未通过完整性校验，未放入", "已放入"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    for stranger in (GU, STRANGER, world.recorder):
        with pytest.raises(NotFound):
            actions.open_bundle(actor=stranger, court_id=world.court_id, bundle_id=bundle.id, now=now())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "  =1"])
def test_a_formula_in_a_list_is_disarmed(cell: str) -> None:
    assert bundling.guarded(cell) == f"'{cell}"
    assert bundling.guarded("证据一") == "证据一"


def test_who_lost_the_case_since_gets_no_bundle(world: World) -> None:
    from lutong.domains.cases.models import CaseAccess

    put(world, GU, pdf(1))
    bundle = order(world)
    with as_actor(system(world.court_id)):
        CaseAccess.objects.filter(court_id=world.court_id, person_id=ZHOU.person_id).update(
            during=DateTimeTZRange(NOW - dt.timedelta(days=30), NOW - dt.timedelta(days=1))
        )
    tasks.make_bundle(court_id=world.court_id, payload={"id": str(bundle.id)}, now=now())
    with as_actor(system(world.court_id)):
        assert Bundle.objects.get(court_id=world.court_id, id=bundle.id).state == "failed"
    with pytest.raises(NotFound):
        order(world)
