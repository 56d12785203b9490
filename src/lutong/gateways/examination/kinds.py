"""The kinds of files we take, recognised by their first bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    label: str  # as in “内容其实是 JPEG 图片”
    extensions: tuple[str, ...]


PDF = Kind("application/pdf", "PDF", ("pdf",))
DOCX = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档（DOCX）", ("docx",)
)  # fmt: skip
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 表格（XLSX）", ("xlsx",))
OFD = Kind("application/ofd", "OFD 版式文件", ("ofd",))
JPEG = Kind("image/jpeg", "JPEG 图片", ("jpg", "jpeg"))
PNG = Kind("image/png", "PNG 图片", ("png",))
TIFF = Kind("image/tiff", "TIFF 图片", ("tif", "tiff"))
MP3 = Kind("audio/mpeg", "MP3 音频", ("mp3",))
WAV = Kind("audio/wav", "WAV 音频", ("wav",))
M4A = Kind("audio/mp4", "M4A 音频", ("m4a",))
MP4 = Kind("video/mp4", "MP4 视频", ("mp4",))

KINDS = (PDF, DOCX, XLSX, OFD, JPEG, PNG, TIFF, MP3, WAV, M4A, MP4)
ALLOWED_EXTENSIONS = frozenset(extension for kind in KINDS for extension in kind.extensions)

_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe",
             b"dex\n", b"L\0\0\0\x01\x14\x02\0")  # fmt: skip
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"MSCF")
_PAGES = (b"<!doctype html", b"<html", b"<svg", b"<script", b"<?php", b"<body", b"<head", b"<!doctype svg")


def recognised(head: bytes) -> str:
    """A word for what the first KiB says: a kind's first extension, `zip`, `cfb`, or the code of a refusal."""
    for magic, word in ((b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"\xff\xd8\xff", "jpg"),
                        (b"\x89PNG\r\n\x1a\n", "png"), (b"II*\0", "tif"), (b"MM\0*", "tif"), (b"ID3", "mp3"),
                        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cfb")):  # fmt: skip
        if head.startswith(magic):
            return word
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIC else "m4a" if head[8:11] == b"M4A" else "mp4"
    if head.startswith(_PROGRAMS):
        return "executable"
    if head.startswith(_ARCHIVES) or head.startswith((b"PK\x05\x06", b"PK\x07\x08")) or head[257:262] == b"ustar":
        return "archive"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6):
        return "mp3"
    return _text_or_late_pdf(head)


def _text_or_late_pdf(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"%PDF-"):
        return "pdf"
    lower = text[:512].lower()
    if lower.startswith(_PAGES) or (lower.startswith(b"<?xml") and (b"<svg" in lower or b"<html" in lower)):
        return "active_page"
    # Readers accept a PDF that begins within the first KiB: something else stands before it.
    return "polyglot" if b"%PDF-" in head else "unknown_type"
