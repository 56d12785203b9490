"""DOCX, XLSX and OFD: ZIP files that are checked as ZIP files first, entry by entry, then as documents."""

import stat
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO, NoReturn
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from lutong.gateways.examination import kinds
from lutong.gateways.examination.findings import Finding, Found

MOST_ENTRIES = 5000
MOST_UNPACKED = 600_000_000  # bytes, all entries together
MOST_RATIO = 200  # unpacked to packed, for entries that matter
RATIO_FROM = 8_000_000  # bytes; small entries may pack as well as they like
MOST_XML = 150_000_000  # bytes of XML read for entities
_NESTED = (".zip", ".7z", ".rar", ".jar", ".gz")


def inspect(file: BinaryIO, size: int) -> tuple[kinds.Kind, Found]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            kind = _kind({entry.filename for entry in entries})
            _check_entries(entries, size, kind)
            found = Found()
            if kind is kinds.OFD:
                found.pages = _read_ofd(archive, entries)
            else:
                _read_office(archive, entries, found)
            return kind, found
    except DefusedXmlException:
        raise Finding("hostile_xml") from None
    except (zipfile.BadZipFile, zlib.error, SAXException, EOFError, NotImplementedError, ValueError, OSError, KeyError):
        raise Finding("broken") from None


def _kind(names: set[str]) -> kinds.Kind:
    if "OFD.xml" in names:
        return kinds.OFD
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return kinds.DOCX
        if "xl/workbook.xml" in names:
            return kinds.XLSX
        if any(name.startswith("ppt/") for name in names):
            raise Finding("unknown_type", name="（疑为 PPTX）")
    raise Finding("archive")


def _check_entries(entries: list[zipfile.ZipInfo], size: int, kind: kinds.Kind) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Finding("bomb")
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Finding("bad_entry")
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        # Overlapping entries are how a small file unpacks to petabytes while each ratio looks fair.
        if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
            raise Finding("bomb")
        end = entry.header_offset + 30 + entry.compress_size
        _check_entry(entry, kind)


def _check_entry(entry: zipfile.ZipInfo, kind: kinds.Kind) -> None:
    name = entry.filename
    if entry.flag_bits & 1:
        raise Finding("encrypted")
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\0" in (entry.orig_filename or ""):
        raise Finding("bad_entry")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Finding("bad_entry")
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        raise Finding("bomb")
    if name.lower().endswith(_NESTED):
        raise Finding("bomb")
    if kind is not kinds.OFD and name.lower().endswith("vbaproject.bin"):
        raise Finding("macro")


def _read_office(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], found: Found) -> None:
    content_types = _parsed(archive, "[Content_Types].xml")
    if any("macroEnabled" in value for value in content_types.values_of("ContentType")):
        raise Finding("macro")
    left = MOST_XML
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")) or entry.filename == "[Content_Types].xml":
            continue
        left -= entry.file_size
        if left < 0:
            raise Finding("bomb")
        part = _parsed(archive, entry.filename)
        if entry.filename.endswith(".rels") and _reaches_outside(part):
            found.warnings.append("文件引用了外部模板或对象；原件照存，阅看副本中不会加载。")
    found.warnings[:] = list(dict.fromkeys(found.warnings))


def _reaches_outside(part: "_Attributes") -> bool:
    """A hyperlink may point outside; a template, picture or object that does is fetched on opening."""
    return any(
        attributes.get("TargetMode") == "External" and not attributes.get("Type", "").endswith("/hyperlink")
        for attributes in part.elements.get("Relationship", ())
    )


def _read_ofd(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> int | None:
    """Count the pages of the first document; None when the file does not say."""
    for entry in entries:
        if entry.filename.endswith(".xml") and entry.file_size > MOST_XML:
            raise Finding("bomb")
    root = _parsed(archive, "OFD.xml").text.get("DocRoot", "").strip().lstrip("/")
    if not root:
        raise Finding("broken")
    pages = len(_parsed(archive, root).elements.get("Page", ()))
    if pages == 0:
        raise Finding("empty_document")
    return pages


class _Attributes(ContentHandler):
    """Collects the few elements that matter; the rest is only read past, so memory stays flat."""

    WANTED = frozenset({"Relationship", "Override", "Default", "Page", "DocRoot"})
    DEEPEST = 500

    def __init__(self) -> None:
        super().__init__()
        self.elements: dict[str, list[dict[str, str]]] = {}
        self.text: dict[str, str] = {}
        self._inside, self._depth = "", 0

    def startElement(self, name: str, attrs: "dict[str, str]") -> None:  # type: ignore[override]  # noqa: N802  # SAX's own name; stubs want AttributesImpl
        self._depth += 1
        if self._depth > self.DEEPEST:
            raise Finding("bomb")
        self._inside = name.rpartition(":")[2]
        if self._inside in self.WANTED:
            held = self.elements.setdefault(self._inside, [])
            if len(held) >= 100_000:
                raise Finding("bomb")
            held.append({key: attrs[key] for key in attrs.keys()})  # noqa: SIM118  # not a dict

    def endElement(self, _name: str) -> None:  # noqa: N802  # SAX's own name
        self._depth -= 1
        self._inside = ""

    def characters(self, content: str) -> None:
        if self._inside == "DocRoot" and len(self.text.get("DocRoot", "")) < 500:
            self.text["DocRoot"] = self.text.get("DocRoot", "") + content

    def values_of(self, attribute: str) -> list[str]:
        return [found[attribute] for held in self.elements.values() for found in held if attribute in found]


def _parsed(archive: zipfile.ZipFile, name: str) -> _Attributes:
    handler = _Attributes()
    with archive.open(name) as part:
        parser = defusedxml.sax.make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(handler)
        parser.setErrorHandler(_Strict())
        parser.parse(part)
    return handler


class _Strict:
    def error(self, exception: SAXException) -> NoReturn:
        raise exception

    def fatalError(self, exception: SAXException) -> NoReturn:  # noqa: N802  # SAX's own name
        raise exception

    def warning(self, _exception: SAXException) -> None:
        return None
