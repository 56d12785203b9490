"""PDF: opens without a password, has pages, and what in it is active."""

from typing import Any, BinaryIO

import pikepdf

from lutong.gateways.examination.findings import Finding, Found

MOST_PAGES = 5000
END_WITHIN = 4096  # bytes; senders pad, but do not pad more
_ACTIVE_NAMES = ("/JavaScript", "/EmbeddedFiles")


def inspect(file: BinaryIO) -> Found:
    if not _has_end(file):
        raise Finding("broken")  # qpdf would repair it, and the pages that were cut off would go unnoticed
    try:
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as document:
            return _inspect(document)
    except pikepdf.PasswordError:
        raise Finding("encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError):
        raise Finding("broken") from None


def _inspect(document: pikepdf.Pdf) -> Found:
    pages = len(document.pages)
    if pages == 0:
        raise Finding("empty_document")
    if pages > MOST_PAGES:
        raise Finding("too_many_pages", limit=str(MOST_PAGES))
    if document.get_warnings() and document.Root.Pages.get("/Count") != pages:
        raise Finding("broken")
    for index in (0, pages - 1):
        if document.pages[index].obj.get("/MediaBox") is None and not _inherits(document.pages[index].obj):
            raise Finding("broken")
    found = Found(pages=pages)
    if document.is_encrypted:
        found.warnings.append("文件限制了打印或编辑，但可以阅看。")
    if _is_active(document.Root):
        found.warnings.append("文件含有脚本、自动动作或附件；原件照存，阅看副本中已去除。")
    if document.get_warnings():
        found.warnings.append("文件结构有轻微损坏，已能阅看；建议重新导出。")
    return found


def _has_end(file: BinaryIO) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - END_WITHIN))
    tail = file.read(END_WITHIN)
    file.seek(0)
    return b"%%EOF" in tail


def _inherits(page: Any) -> bool:
    """MediaBox may stand on any ancestor; a loop of parents ends the search."""
    for _ in range(50):
        page = page.get("/Parent")
        if page is None:
            return False
        if page.get("/MediaBox") is not None:
            return True
    return False


def _is_active(root: Any) -> bool:
    opening = root.get("/OpenAction")
    # Opening at a certain page is an array and harmless; an action is a dictionary.
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") not in ("/GoTo", None):
        return True
    names = root.get("/Names")
    return "/AA" in root or (isinstance(names, pikepdf.Dictionary) and any(name in names for name in _ACTIVE_NAMES))
