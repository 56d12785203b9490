"""A court, cases with counsel on both sides, and real files in the real store."""

import datetime as dt
import io
import uuid
from dataclasses import dataclass

import docx
import pikepdf
import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from PIL import Image, ImageDraw

from lutong.domains.cases.models import Case, CaseAccess
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.dossier import actions
from lutong.domains.dossier.models import Document, Upload
from lutong.gateways.objectstore import vault
from lutong.kernel import clock
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.ids import uuid7

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
PDF = "application/pdf"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ZHOU = Actor(9001, Role.LAWYER, "周岚")  # counsel of the plaintiff
GU = Actor(9002, Role.LAWYER, "顾衡")  # counsel of the defendant
STRANGER = Actor(9003, Role.LAWYER, "杜若")


@dataclass(frozen=True)
class World:
    """One court with one case, and another court beside it."""

    court_id: int
    elsewhere: int
    case_id: uuid.UUID
    filing_id: uuid.UUID

    @property
    def recorder(self) -> Actor:
        return Actor(7002, Role.RECORDER, "方蕾", self.court_id)

    @property
    def clerk(self) -> Actor:
        return Actor(7003, Role.CLERK, "孟书宁", self.court_id)

    @property
    def other_court(self) -> Actor:
        return Actor(7900, Role.RECORDER, "苏见青", self.elsewhere)


@pytest.fixture
def world(db: None) -> World:
    """A case opened from a filing of 周岚; 顾衡 is counsel of record on the other side."""
    court = get_court_by_code(code="京0105").id
    filing_id = uuid7()
    with as_actor(system(court)):
        case = Case.objects.create(
            court_id=court, number="（2026）京0105民初98001号", year=2026, type_code="民初", serial=98001,
            filing_id=filing_id, court_name="北京市朝阳区人民法院", cause_id=1, cause_name="民间借贷纠纷",
            title="苏晚晴 诉 程屿舟", stage="trial", procedure="ordinary", received_on=dt.date(2026, 11, 13),
            registered_at=NOW, judge_id=7001, judge_name="许知行", recorder_id=7002, recorder_name="方蕾",
        )  # fmt: skip
        for counsel, capacity in ((ZHOU, "counsel:plaintiff"), (GU, "counsel:defendant")):
            CaseAccess.objects.create(
                court_id=court, case_id=case.id, person_id=counsel.person_id, capacity=capacity,
                during=DateTimeTZRange(NOW - dt.timedelta(days=30), None),
            )  # fmt: skip
    return World(court, get_court_by_code(code="沪0115").id, case.id, filing_id)


def upload(actor: Actor, data: bytes, media_type: str, filename: str) -> Upload:
    """A finished upload whose bytes lie in the store."""
    kept = vault().put(data)
    with as_actor(actor):
        return Upload.objects.create(
            lawyer_id=actor.person_id, purpose="test", filename=filename, declared_size=kept.size, offset=kept.size,
            sha256=kept.sha256, sm3=kept.sm3, media_type=media_type, state="stored", object_key=kept.object_key,
            sealed_key=kept.sealed_key, created_at=NOW, finished_at=NOW, expires_at=NOW + dt.timedelta(days=2),
        )  # fmt: skip


def put(
    world: World,
    actor: Actor,
    data: bytes,
    media_type: str = PDF,
    filename: str = "材料.pdf",
    *,
    kind: str = "evidence",
    volume: str = "main",
    place: int = 1,
    filed: bool = False,
) -> Document:
    """A document of the case, or of its filing while that waits to be registered."""
    item = actions.TakeIn(
        upload_id=upload(actor, data, media_type, filename).id, kind=kind, place=place, volume=volume
    )  # fmt: skip
    home = {"filing_id": world.filing_id} if filed else {"case_id": world.case_id}
    return actions.take_in(actor=actor, court_id=world.court_id, items=[item], now=NOW, **home)[0]


def pdf(pages: int = 2, *, script: bool = False) -> bytes:
    """A PDF of A4 pages, each with its own words; `script` makes it act when it is opened."""
    with pikepdf.new() as document:
        for number in range(1, pages + 1):
            page = document.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(
                Font=pikepdf.Dictionary(
                    F=pikepdf.Dictionary(
                        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                    )
                )
            )
            page.Contents = document.make_stream(f"BT /F 40 Tf 60 700 Td (Page {number}) Tj ET".encode())
        if script:
            document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def jpeg() -> bytes:
    """A photographed page, landscape."""
    picture = Image.new("RGB", (1600, 1000), "#f5efe2")
    ImageDraw.Draw(picture).text((200, 200), "IOU 300,000", fill="black", font_size=80)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def word() -> bytes:
    """A complaint of one page."""
    document = docx.Document()
    document.add_heading("民事起诉状", 0)
    document.add_paragraph("原告：苏晚晴。诉讼请求：判令被告返还借款本金300,000元。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def now() -> dt.datetime:
    return clock.now()
