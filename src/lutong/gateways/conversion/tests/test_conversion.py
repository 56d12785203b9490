"""What is read in the browser: made from every kind of original, without what is active in it."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from lutong.gateways.conversion import Converter, office
from lutong.gateways.conversion.converter import BROKEN_VIEW, DOCX, NO_VIEW, View
from lutong.gateways.examination.tests import samples
from lutong.gateways.objectstore import KeyRing, LocalStore, Vault
from lutong.gateways.sandbox import SealedFile, fetched

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    made = Converter()
    yield made
    made.close()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(LocalStore(tmp_path), KeyRing({"k": b"k" * 32}))


def sealed(vault: Vault, data: bytes) -> SealedFile:
    stored = vault.put(data)
    with fetched(vault, stored.object_key, stored.sealed_key) as file:
        return file


def view(converter: Converter, vault: Vault, data: bytes, media_type: str = "application/pdf") -> View:
    return converter.view(sealed(vault, data), media_type, now=NOW)


def busy_pdf() -> bytes:
    """Every active thing that we know, in one file."""
    document = pikepdf.new()
    page = document.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
    document.Root.OpenAction = document.make_indirect(script)
    document.Root.AA = pikepdf.Dictionary(WC=script)
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))
    document.attachments["virus.exe"] = b"MZ"
    page.AA = pikepdf.Dictionary(O=script)
    launch = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]),
        A=pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="cmd.exe"),
    )  # fmt: skip
    film = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/RichMedia"), Rect=pikepdf.Array([0] * 4))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]),
        A=pikepdf.Dictionary(S=pikepdf.Name("/URI"), URI="https://example.com"),
    )  # fmt: skip
    page.Annots = pikepdf.Array([launch, document.make_indirect(film), link])
    field = pikepdf.Dictionary(T="f", FT=pikepdf.Name.Tx, AA=pikepdf.Dictionary(K=script))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([document.make_indirect(field)]), XFA="<xfa/>")
    return samples.saved(document)


def tokens(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFiles", b"/RichMedia", b"/AA", b"/XFA", b"/EF", b"virus.exe")


def test_nothing_active_is_left_in_the_view(converter: Converter, vault: Vault) -> None:
    original = busy_pdf()
    assert all(token in tokens(original) for token in ACTIVE), "the control: all of it is in the original"
    made = view(converter, vault, original)
    assert made.pdf is not None
    assert [token for token in ACTIVE if token in tokens(made.pdf)] == []
    assert b"https://example.com" in tokens(made.pdf), "a plain link stays"
    assert made.pages == 1


def test_a_harmless_pdf_is_its_own_view(converter: Converter, vault: Vault) -> None:
    assert view(converter, vault, samples.pdf(3)) == View(same=True, pages=3)


def test_a_view_of_a_restricted_pdf_is_open(converter: Converter, vault: Vault) -> None:
    made = view(converter, vault, samples.locked_pdf(user=""))
    assert made.pdf is not None
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        assert not document.is_encrypted


@pytest.mark.parametrize(
    ("kind", "mode", "frames"),
    [("JPEG", "RGB", 1), ("JPEG", "CMYK", 1), ("PNG", "RGBA", 1), ("PNG", "1", 1), ("PNG", "P", 1), ("TIFF", "RGB", 3)],
)
def test_pictures_become_pages(converter: Converter, vault: Vault, kind: str, mode: str, frames: int) -> None:
    made = view(converter, vault, samples.picture(kind, mode=mode, frames=frames), f"image/{kind.lower()}")
    assert made.pdf is not None
    document = pypdfium2.PdfDocument(made.pdf)
    assert (len(document), made.pages) == (frames, frames)
    assert round(document[0].get_size()[0]) == 595


def test_a_plain_photo_keeps_its_own_bytes(converter: Converter, vault: Vault) -> None:
    photo = samples.picture()
    made = view(converter, vault, photo, "image/jpeg")
    assert made.pdf is not None
    assert photo in made.pdf


def test_a_photo_held_sideways_is_turned(converter: Converter, vault: Vault) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200), "red").save(out, "JPEG", exif=exif)
    made = view(converter, vault, out.getvalue(), "image/jpeg")
    assert made.pdf is not None
    width, height = pypdfium2.PdfDocument(made.pdf)[0].get_size()
    assert height > width


def test_pages_become_pictures_in_two_sizes(converter: Converter, vault: Vault) -> None:
    pictures = converter.pictures(sealed(vault, samples.pdf(8)))
    assert [picture.number for picture in pictures] == list(range(1, 9))
    for picture in pictures:
        assert picture.page is not None
        assert picture.thumb is not None
        page, thumb = Image.open(io.BytesIO(picture.page)), Image.open(io.BytesIO(picture.thumb))
        assert (page.format, page.size) == ("WEBP", (picture.width, picture.height))
        assert abs(page.width - 1400) <= 1
        assert thumb.width == 240
    assert [p.number for p in converter.pictures(sealed(vault, samples.pdf(8)), first=3, count=2)] == [3, 4]


def test_a_file_that_cannot_be_drawn_is_told_and_nothing_falls_over(converter: Converter, vault: Vault) -> None:
    noise = b"%PDF-1.7\n" + bytes(range(256)) * 30
    assert view(converter, vault, noise) == BROKEN_VIEW
    assert converter.pictures(sealed(vault, noise)) == []
    assert view(converter, vault, samples.picture()[:500], "image/jpeg") == BROKEN_VIEW


def test_kinds_without_a_view_are_told(converter: Converter, vault: Vault) -> None:
    assert view(converter, vault, samples.sheet(), "application/vnd.ms-excel") == NO_VIEW
    assert NO_VIEW.note.endswith("请下载原件查看。")


def test_originals_never_change(converter: Converter, vault: Vault) -> None:
    stored = vault.put(busy_pdf())
    before = vault.read(stored.object_key, stored.sealed_key)
    with fetched(vault, stored.object_key, stored.sealed_key) as file:
        converter.view(file, "application/pdf", now=NOW)
        converter.pictures(file)
    assert vault.read(stored.object_key, stored.sealed_key) == before


@pytest.mark.needs_apt
def test_word_documents_are_converted_together(vault: Vault) -> None:
    if not office.is_installed():
        pytest.skip("LibreOffice is not installed (Debian package libreoffice-writer-nogui)")
    good = [sealed(vault, samples.word(text)) for text in ("民事起诉状", "证据目录")]
    bad = sealed(vault, samples.fake_word()[:100])
    made = office.to_pdf([*good, bad])
    words = [pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded().strip() if pdf else None for pdf in made]
    assert words[:2] == ["民事起诉状", "证据目录"]


def test_without_an_office_the_words_are_shown(
    converter: Converter, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_program", lambda: None)
    made = view(converter, vault, samples.word("事实与理由：#panic() *原文*"), DOCX)
    assert made.pdf is not None
    text = pypdfium2.PdfDocument(made.pdf)[0].get_textpage().get_text_bounded()
    assert "#panic()" in text
    assert "文字预览，版式以原件为准" in text
    assert made.note == "文字预览，版式以原件为准；可下载原件查看。"
