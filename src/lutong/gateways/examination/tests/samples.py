"""Files made for the tests: good ones as lawyers bring them, and hostile ones."""

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable

import docx
import pikepdf
from PIL import Image

DOCX_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)
W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCUMENT = b"<w:document " + W + b"><w:body><w:p/></w:body></w:document>"


def pdf(pages: int = 2, **options: object) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return saved(document, **options)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def active_pdf(kind: str) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
    if kind == "open":
        document.Root.OpenAction = script
    elif kind == "launch":
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="calc.exe")
    elif kind == "names":
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))
    else:
        document.attachments["a.exe"] = b"MZ"
    return saved(document)


def locked_pdf(user: str = "secret") -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="owner", user=user))


def word(text: str = "民事起诉状") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def fake_word(**more: bytes) -> bytes:
    base = {"[Content_Types].xml": DOCX_TYPES, "word/document.xml": DOCUMENT}
    return zipped(base | {name.replace("__", "/"): data for name, data in more.items()})


def word_with(entries: dict[str, bytes]) -> bytes:
    return zipped({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": DOCUMENT} | entries)


def sheet() -> bytes:
    return zipped({"[Content_Types].xml": DOCX_TYPES, "xl/workbook.xml": b"<workbook/>"})


def ofd(pages: int = 3) -> bytes:
    page = b"".join(b'<ofd:Page ID="%d" BaseLoc="P/Content.xml"/>' % n for n in range(pages))
    return zipped({
        "OFD.xml": b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody>'
        b"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": b'<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>'
        + page
        + b"</ofd:Pages></ofd:Document>",
    })  # fmt: skip


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), mode: str = "RGB", frames: int = 1) -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise(size, 40).convert(mode)
    more = {"save_all": True, "append_images": [image] * (frames - 1)} if frames > 1 else {}
    image.save(out, kind, **more)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "NONE"))
        file.writeframes(bytes(8000))
    return out.getvalue()


def mp3(tag: bool = True) -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return (b"ID3\x04\0\0\0\0\x02\x01" + bytes(257) if tag else b"") + frame * 20


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def mp4(brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand + bytes(4) + b"isom") + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", bytes(500))


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb(megabytes: int = 120) -> bytes:
    return word_with({"word/media/image1.png": bytes(megabytes << 20)})


def overlapping() -> bytes:
    """Two directory entries for one body, as a quoted bomb has thousands."""
    raw = bytearray(word_with({"word/a.bin": b"A" * 5000, "word/b.bin": b"B" * 5000}))
    first = raw.find(b"PK\x01\x02")
    entries = []
    at = first
    while raw[at : at + 4] == b"PK\x01\x02":
        entries.append(at)
        name, extra, comment = struct.unpack("<HHH", raw[at + 28 : at + 34])
        at += 46 + name + extra + comment
    a, b = entries[-2], entries[-1]
    raw[b + 42 : b + 46] = raw[a + 42 : a + 46]
    return bytes(raw)


def link() -> bytes:
    out = io.BytesIO(fake_word())
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("word/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def duplicate() -> bytes:
    out = io.BytesIO(fake_word())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("WORD/document.xml", b"<other/>")
    return out.getvalue()


def locked_zip() -> bytes:
    raw = bytearray(fake_word())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := raw.find(mark, start)) >= 0:
            raw[start + at] |= 1
            start += 4
    return bytes(raw)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><l>&c;</l>'
)
XXE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TEMPLATE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    b'Type="http://x/attachedTemplate" Target="http://169.254.169.254/" TargetMode="External"/></Relationships>'
)

# Name → (bytes, what must come of it): a refusal's code, or None where any clear refusal will do.
HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "locked.pdf": (locked_pdf, "encrypted"),
    "truncated.pdf": (lambda: pdf(30)[:700], "broken"),
    "only-header.pdf": (lambda: b"%PDF-1.7\n", "broken"),
    "noise.pdf": (lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40, "broken"),
    "no-pages.pdf": (lambda: pdf(0), "empty_document"),
    "exe.pdf": (lambda: b"MZ\x90\0" + bytes(500), "executable"),
    "elf.jpg": (lambda: b"\x7fELF" + bytes(500), "executable"),
    "shell.docx": (lambda: b"#!/bin/sh\nrm -rf /\n", "executable"),
    "class.png": (lambda: b"\xca\xfe\xba\xbe" + bytes(99), "executable"),
    "shortcut.pdf": (lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(99), "executable"),
    "page.pdf": (lambda: b"<html><script>alert(1)</script></html>", "active_page"),
    "bom-page.pdf": (lambda: b"\xef\xbb\xbf \n<!DOCTYPE HTML><p>", "active_page"),
    "drawing.png": (lambda: SVG, "active_page"),
    "xml-drawing.png": (lambda: b'<?xml version="1.0"?>' + SVG, "active_page"),
    "php.jpg": (lambda: b"<?php system($_GET['c']);", "active_page"),
    "archive.docx": (lambda: zipped({"a.txt": b"a"}), "archive"),
    "empty.docx": (lambda: b"PK\x05\x06" + bytes(18), "archive"),
    "rar.pdf": (lambda: b"Rar!\x1a\x07\0" + bytes(99), "archive"),
    "seven.pdf": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "archive"),
    "gzip.pdf": (lambda: b"\x1f\x8b\x08" + bytes(99), "archive"),
    "tar.pdf": (lambda: bytes(257) + b"ustar\0" + bytes(300), "archive"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "old_office"),
    "locked.docx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "locked-entries.docx": (locked_zip, "encrypted"),
    "photo.heic": (lambda: box(b"ftyp", b"heic" + bytes(8)), "heic"),
    "pdf-then-zip.pdf": (lambda: pdf() + fake_word(), "polyglot"),
    "jpeg-then-zip.jpg": (lambda: picture() + zipped({"a": b"b"}), "polyglot"),
    "zip-comment.png": (lambda: picture("PNG") + zipped({"a": b"b"}), "polyglot"),
    "gif-then-pdf.pdf": (lambda: b"GIF89a" + bytes(20) + pdf(), "polyglot"),
    "jpeg-with-pdf.jpg": (lambda: picture()[:20] + b"%PDF-1.4" + picture()[20:], "polyglot"),
    "jpeg-with-script.jpg": (lambda: b"\xff\xd8\xff\xfe\0\x20<script>alert(1)</script>" + picture()[2:], "polyglot"),
    "bomb.docx": (bomb, "bomb"),
    "overlap.docx": (overlapping, "bomb"),
    "many.docx": (lambda: word_with({f"word/{n}": b"" for n in range(5100)}), "bomb"),
    "nested.docx": (lambda: word_with({"word/inner.zip": zipped({"a": b"b"})}), "bomb"),
    "deep.docx": (lambda: word_with({"word/deep.xml": b"<a>" * 5000 + b"</a>" * 5000}), "bomb"),
    "traversal.docx": (lambda: word_with({"../../etc/cron.d/x": b"x"}), "bad_entry"),
    "absolute.docx": (lambda: word_with({"/etc/passwd": b"x"}), "bad_entry"),
    "backslash.docx": (lambda: word_with({"..\\..\\x": b"x"}), "bad_entry"),
    "drive.docx": (lambda: word_with({"C:/x": b"x"}), "bad_entry"),
    "link.docx": (link, "bad_entry"),
    "duplicate.docx": (duplicate, "bad_entry"),
    "macro.docx": (lambda: word_with({"word/vbaProject.bin": b"x"}), "macro"),
    "macro-type.docx": (
        lambda: zipped({"[Content_Types].xml": DOCX_TYPES.replace(b"openxmlformats-officedocument.wordprocessingml",
                                                                  b"ms-word.macroEnabled"),
                        "word/document.xml": DOCUMENT}), "macro"),
    "laughs.docx": (lambda: word_with({"word/settings.xml": LAUGHS}), "hostile_xml"),
    "xxe.docx": (lambda: word_with({"docProps/app.xml": XXE}), "hostile_xml"),
    "xxe.ofd": (lambda: zipped({"OFD.xml": XXE}), "hostile_xml"),
    "bad-xml.docx": (lambda: word_with({"word/settings.xml": b"<a><b></a>"}), "broken"),
    "truncated.docx": (lambda: word()[:-200], "broken"),
    "damaged.docx": (lambda: word()[:200] + bytes(3000) + word()[3200:], None),
    "no-root.ofd": (lambda: zipped({"OFD.xml": b"<OFD/>"}), "broken"),
    "empty.ofd": (lambda: ofd(0), "empty_document"),
    "pixels.png": (lambda: png_claiming(60_000, 60_000), "too_many_pixels"),
    "short.png": (lambda: png_claiming(3000, 3000), "broken"),
    "truncated.png": (lambda: picture("PNG")[:-3000], "broken"),
    "truncated.jpg": (lambda: picture(size=(2000, 2000))[:9000], "broken"),
    "noise.jpg": (lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "broken"),
    "noise.tif": (lambda: b"II*\0\x08\0\0\0" + b"\xff" * 500, "broken"),
    "loop.tif": (lambda: b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + bytes(50), "broken"),
    "cut.mp4": (lambda: mp4()[:-50], "broken"),
    "no-moov.mp4": (lambda: box(b"ftyp", b"isom" + bytes(8)) + box(b"mdat", bytes(90)), "broken"),
    "zero-boxes.mp4": (lambda: box(b"ftyp", b"isom" + bytes(8)) + bytes(4000), "broken"),
    "fake.mp3": (lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(2000), "broken"),
    "fake.wav": (lambda: b"RIFF\x10\0\0\0WAVEjunk" + bytes(50), "broken"),
    "text.txt": (lambda: "你好".encode() * 50, "unknown_type"),
    "zeros.pdf": (lambda: bytes(5000), "unknown_type"),
    "nul.pdf": (lambda: b"\0", "unknown_type"),
}  # fmt: skip

BENIGN: dict[str, tuple[Callable[[], bytes], int | None]] = {
    "起诉状.pdf": (pdf, 2),
    "空白前缀.pdf": (lambda: b"\n" + pdf(), 2),
    "旧版本.pdf": (lambda: pdf(3, min_version="1.3", force_version="1.3"), 3),
    "线性化.pdf": (lambda: pdf(5, linearize=True), 5),
    "对象流.pdf": (lambda: pdf(9, object_stream_mode=pikepdf.ObjectStreamMode.generate), 9),
    "八百页.pdf": (lambda: pdf(800), 800),
    "限制打印.pdf": (lambda: locked_pdf(user=""), 2),
    "有脚本.pdf": (lambda: active_pdf("open"), 1),
    "有附件.pdf": (lambda: active_pdf("file"), 1),
    "起诉状.docx": (word, None),
    "长文.docx": (lambda: word("事实与理由。" * 20_000), None),
    "外链模板.docx": (lambda: word_with({"word/_rels/settings.xml.rels": TEMPLATE}), None),
    "流水.xlsx": (sheet, None),
    "文书.ofd": (ofd, 3),
    "借条.jpg": (picture, 1),
    "借条.JPEG": (lambda: picture(size=(3000, 2200)), 1),
    "灰度.jpg": (lambda: picture(mode="L"), 1),
    "印刷.jpg": (lambda: picture(mode="CMYK"), 1),
    "截图.png": (lambda: picture("PNG"), 1),
    "透明.png": (lambda: picture("PNG", mode="RGBA"), 1),
    "调色板.png": (lambda: picture("PNG", mode="P"), 1),
    "黑白.png": (lambda: picture("PNG", mode="1"), 1),
    "扫描.tif": (lambda: picture("TIFF"), 1),
    "多页.tiff": (lambda: picture("TIFF", frames=4), 4),
    "录音.wav": (sound, None),
    "录音.mp3": (mp3, None),
    "无标签.mp3": (lambda: mp3(tag=False), None),
    "录像.mp4": (mp4, None),
    "通话.m4a": (lambda: mp4(b"M4A "), None),
}
