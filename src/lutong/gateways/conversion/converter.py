"""View copies and page images. All parsing happens in the sandbox; LibreOffice runs in a process of its own."""

import datetime as dt
import os
from dataclasses import dataclass
from typing import Any

from lutong.gateways import typesetting
from lutong.gateways.conversion import office
from lutong.gateways.sandbox import Answer, Crashed, Sandbox, SealedFile

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
IMAGES = frozenset({"image/jpeg", "image/png", "image/tiff"})
SECONDS = 60  # of one call into the sandbox
MEMORY_MB = 1536
LARGEST_VIEW_MB = 256
BATCH = 6  # pages rendered in one child

_WORK = "lutong.gateways.conversion.work"
_TEXT_ONLY = "文字预览，版式以原件为准"


@dataclass(frozen=True, slots=True)
class View:
    """How a document is read. Either `same` (the original is a harmless PDF), or `pdf`, or neither.

    `note` is a sentence for the reader where the view is less than the original.
    """

    pdf: bytes | None = None
    same: bool = False
    pages: int | None = None
    note: str = ""


NO_VIEW = View(note="此类文件不能在线阅看，请下载原件查看。")
BROKEN_VIEW = View(note="阅看副本未能生成，请下载原件查看。")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as WebP in two sizes; `page` None: this page could not be drawn."""

    number: int  # from 1
    width: int
    height: int
    thumb: bytes | None
    page: bytes | None


class Converter:
    """Safe for many threads; close it at the end."""

    def __init__(self) -> None:
        self._sandbox = Sandbox(_WORK)

    def close(self) -> None:
        self._sandbox.close()

    def view(self, source: SealedFile, media_type: str, *, now: dt.datetime) -> View:
        """The view of an original. Never raises for what is in the file; takes seconds for DOCX."""
        if media_type == PDF:
            return self._view("harmless_pdf", source)
        if media_type in IMAGES:
            return self._view("pdf_of_images", source)
        if media_type == DOCX:
            made = office.to_pdf([source])[0]
            if made is not None:
                return View(pdf=made)
            return self._text_of_docx(source, now)
        return NO_VIEW

    def sizes(self, pdf: SealedFile) -> list[tuple[float, float]]:
        """Width and height of every page in points, as it is shown; empty when the file cannot be read."""
        try:
            return [(float(width), float(height)) for width, height in self._call("sizes", pdf, {}).value]
        except (Crashed, ValueError, TypeError):
            return []

    def pictures(self, pdf: SealedFile, *, first: int = 1, count: int | None = None) -> list[Picture]:
        """Thumbnail (240 px) and page (1,400 px wide) of each page from `first` on."""
        try:
            pages = int(self._call("page_count", pdf, {}).value)
        except Crashed:
            return []
        last = pages if count is None else min(pages, first + count - 1)
        made: list[Picture] = []
        for start in range(first, last + 1, BATCH):
            numbers = list(range(start, min(last, start + BATCH - 1) + 1))
            made += self._drawn(pdf, numbers)
        return made

    def _drawn(self, pdf: SealedFile, numbers: list[int]) -> list[Picture]:
        """Draw together; if the child dies, one by one, so that one bad page spoils only itself."""
        try:
            answer = self._call("draw", pdf, {"numbers": numbers})
            sizes = [(int(width), int(height)) for width, height in answer.value]
            return [
                Picture(number, *sizes[i], thumb=answer.blobs[2 * i], page=answer.blobs[2 * i + 1])
                for i, number in enumerate(numbers)
            ]
        except (Crashed, ValueError, TypeError, IndexError):
            if len(numbers) == 1:
                return [Picture(numbers[0], 0, 0, None, None)]
            return [picture for number in numbers for picture in self._drawn(pdf, [number])]

    def _view(self, function: str, source: SealedFile) -> View:
        try:
            answer = self._call(function, source, {})
        except Crashed:
            return BROKEN_VIEW
        pages = int(answer.value["pages"])
        if answer.value["same"]:
            return View(same=True, pages=pages)
        return View(pdf=answer.blobs[0], pages=pages)

    def _text_of_docx(self, source: SealedFile, now: dt.datetime) -> View:
        """Without LibreOffice the words are set plainly, and the page says so."""
        try:
            blocks = self._call("docx_blocks", source, {}).value
        except Crashed:
            return NO_VIEW
        pdf = typesetting.render("paper", {"mark": _TEXT_ONLY, "blocks": blocks}, now=now)
        return View(pdf=pdf, note=f"{_TEXT_ONLY}；可下载原件查看。")

    def _call(self, function: str, source: SealedFile, more: dict[str, Any]) -> Answer:
        descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return self._sandbox.call(
                f"{_WORK}:{function}", source.arguments() | more, files=(descriptor,), seconds=SECONDS,
                memory_mb=MEMORY_MB, answer_mb=LARGEST_VIEW_MB,
            )  # fmt: skip
        finally:
            os.close(descriptor)
