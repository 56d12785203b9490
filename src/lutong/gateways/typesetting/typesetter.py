"""Typst, kept warm: fonts are read once, after that a paper takes some milliseconds."""

import datetime as dt
import functools
import json
import re
import threading
import unicodedata
from pathlib import Path
from typing import Any

import typst

PACKAGE = Path(__file__).resolve().parents[2]  # templates import one another by absolute path from here
TEMPLATES = Path(__file__).resolve().parent / "templates"
FONTS = PACKAGE / "fonts"  # filled by the installer on machines without a Chinese typeface
FAMILIES = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans SC", "Noto Sans CJK SC")
GETA = "〓"  # the printers' mark for a character that no typeface has
REPLACEMENTS = 20  # distinct missing characters that are replaced before PDF/A is given up

_KEPT = {"\n", "\t"}
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, direction overrides, halves, private and unassigned
_MISSING = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_lock = threading.Lock()


class TypesettingError(Exception):
    """The template itself is at fault; data can never cause this."""


def render(template: str, data: dict[str, Any], *, now: dt.datetime, templates: Path = TEMPLATES) -> bytes:
    """Set a template (file name without ending) of the directory `templates` with JSON-like `data`.

    The same template, data and `now` give the same bytes. A character that no typeface has is set as 〓.
    """
    path = (templates / f"{template}.typ").resolve()
    if not path.is_relative_to(PACKAGE) or not path.is_file():
        raise TypesettingError(f"no template {template}")
    text = json.dumps(_clean(data), ensure_ascii=False, default=str)
    for _ in range(REPLACEMENTS):
        try:
            return _compile(path, text, now, ["a-2b"])
        except typst.TypstError as error:
            missing = _MISSING.search(str(error))
            if missing is None:
                raise TypesettingError(str(error)) from error
            text = _without(text, missing.group(1))
    return _compile(path, text, now, [])


def fonts_found() -> bool:
    """Whether this machine has one of the typefaces for Chinese papers; the doctor asks."""
    found = typst.Fonts(include_embedded_fonts=False, font_paths=_font_paths()).families()
    return any(family in found for family in FAMILIES)


def _compile(path: Path, text: str, now: dt.datetime, standards: list[str]) -> bytes:
    with _lock:
        pdf = _compiler(PACKAGE).compile(
            str(path), format="pdf", sys_inputs={"data": text}, pdf_standards=standards, timestamp=int(now.timestamp())
        )
    return bytes(pdf)


@functools.cache
def _compiler(root: Path) -> Any:
    return typst.Compiler(root=str(root), font_paths=_font_paths())


def _font_paths() -> list[str]:
    return [str(FONTS)] if FONTS.is_dir() else []


def _clean(value: Any) -> Any:
    """Drop what cannot be printed or would turn the direction of a line."""
    if isinstance(value, str):
        plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
        return "".join(c for c in plain if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    if isinstance(value, dict):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _without(text: str, named: str) -> str:
    """Replace the characters that typst names, written as themselves or as `\\u{…}`."""
    characters = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m.group(1), 16)), named)
    for character in set(characters) - {GETA, '"', "\\"}:
        text = text.replace(character, GETA)
    return text
