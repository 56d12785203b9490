"""Runs inside the sandbox: opens one file with the parser of its kind and says what it found."""

import io
from typing import Any, BinaryIO

from lutong.gateways.examination import images, kinds, media, office, pdf
from lutong.gateways.examination.findings import Finding, Found
from lutong.gateways.sandbox.sealedfile import reader

HEAD = 1024
TAIL = 66_000  # a ZIP's end record and its longest comment

_INSPECTORS = {
    "pdf": (kinds.PDF, pdf.inspect),
    "jpg": (kinds.JPEG, images.inspect),
    "png": (kinds.PNG, images.inspect),
    "tif": (kinds.TIFF, images.inspect),
    "mp3": (kinds.MP3, media.inspect_mp3),
    "wav": (kinds.WAV, media.inspect_wav),
    "mp4": (kinds.MP4, media.inspect_mp4),
    "m4a": (kinds.M4A, media.inspect_mp4),
}


def inspect(arguments: dict[str, Any], descriptors: list[int]) -> tuple[dict[str, Any], list[bytes]]:
    """Entry of the sandbox."""
    with reader(descriptors[0], arguments) as file:
        return inspect_file(file, arguments["size"]), []


def inspect_file(file: BinaryIO, size: int) -> dict[str, Any]:
    """The answer as JSON: a refusal's code, or type, pages, warnings and picture size."""
    try:
        kind, found = _inspected(file, size)
    except Finding as finding:
        return {"refused": finding.code, "words": finding.words}
    return {
        "media_type": kind.media_type,
        "pages": found.pages,
        "warnings": found.warnings,
        "width": found.width,
        "height": found.height,
    }


def _inspected(file: BinaryIO, size: int) -> tuple[kinds.Kind, Found]:
    head = file.read(HEAD)
    word = kinds.recognised(head)
    if word == "zip":
        return office.inspect(file, size)
    if word == "cfb":
        raise Finding("encrypted" if _is_encrypted_office(file) else "old_office")
    if word not in _INSPECTORS:
        raise Finding(word, name=_guess(head) if word == "unknown_type" else "")
    kind, look = _INSPECTORS[word]
    if kind is not kinds.PDF and b"%PDF-" in head:
        raise Finding("polyglot")
    if kind.media_type.startswith("image/") and any(mark in head.lower() for mark in (b"<script", b"<html", b"<svg")):
        raise Finding("polyglot")
    if _ends_as_zip(file, size):
        raise Finding("polyglot")
    file.seek(0)
    return kind, look(file)


def _ends_as_zip(file: BinaryIO, size: int) -> bool:
    """A ZIP is read from its end, so anything may stand before one: true if an end record closes this file."""
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22 and at + 22 + int.from_bytes(record[20:22], "little") == len(tail):
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False


def _is_encrypted_office(file: BinaryIO) -> bool:
    """An encrypted DOCX is a compound file with a stream named EncryptedPackage in its directory."""
    file.seek(0)
    mark = "EncryptedPackage".encode("utf-16-le")
    before = b""
    for _ in range(64):
        block = file.read(1 << 20)
        if not block:
            return False
        if mark in before + block:
            return True
        before = block[-len(mark) :]
    return False


def _guess(head: bytes) -> str:
    """The name of a type we do not take, for the sentence only."""
    import puremagic

    try:
        best = puremagic.from_stream(io.BytesIO(head)).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""
    return f"（疑为 {best[:10].upper()}）" if best.isalnum() else ""
