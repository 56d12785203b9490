"""The ZIP file of a case: originals by volume, and a list with their digests that a spreadsheet can open safely."""

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lutong.gateways.objectstore import Missing, Tampered, Vault
from lutong.gateways.objectstore.reading import blocks
from lutong.kernel.clock import BEIJING
from lutong.kernel.filenames import cleaned

HEADINGS = (
    "序号",
    "卷别",
    "种类",
    "名称",
    "原文件名",
    "包内位置",
    "页数",
    "字节",
    "SHA-256",
    "SM3",
    "提交人",
    "提交时间",
    "结果",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper as it goes in."""

    volume: str
    kind: str
    title: str
    filename: str
    pages: int | None
    size: int
    sha256: str
    sm3: str
    submitter: str
    submitted_at: dt.datetime
    object_key: str
    sealed_key: bytes
    damaged: bool = False


def write_bundle(
    file: BinaryIO, entries: Sequence[Entry], vault: Vault, *, made_at: dt.datetime, progress: Callable[[int], None]
) -> int:
    """Write the ZIP file; answer how many papers were left out because their bytes failed the proof."""
    rows: list[list[str]] = []
    left_out = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        for place, entry in enumerate(entries, 1):
            path = f"{entry.volume}/{place:03d}_{cleaned(entry.kind)}_{cleaned(entry.filename)}"
            sound = not entry.damaged and _is_sound(vault, entry)
            if sound:
                _add(bundle, path, entry, vault)
            left_out += not sound
            rows.append(_row(place, entry, path if sound else "", "已放入" if sound else "未通过完整性校验，未放入"))
            progress(place)
        bundle.writestr(_info("卷宗目录.csv", made_at), manifest(rows))
    return left_out


def manifest(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV with a byte-order mark; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    text = io.StringIO()
    out = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.writerow(HEADINGS)
    out.writerows([guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _is_sound(vault: Vault, entry: Entry) -> bool:
    digest = hashlib.sha256()
    try:
        with vault.open(entry.object_key, entry.sealed_key, entry.size) as reader:
            for part in blocks(reader, 0, entry.size):
                digest.update(part)
    except (Tampered, Missing):
        return False
    return digest.hexdigest() == entry.sha256


def _add(bundle: zipfile.ZipFile, path: str, entry: Entry, vault: Vault) -> None:
    """Stored, not deflated: scans and PDF files are packed already."""
    with (
        vault.open(entry.object_key, entry.sealed_key, entry.size) as reader,
        bundle.open(_info(path, entry.submitted_at), "w", force_zip64=entry.size > 2**31) as out,
    ):
        for part in blocks(reader, 0, entry.size):
            out.write(part)


def _info(path: str, at: dt.datetime) -> zipfile.ZipInfo:
    moment = at.astimezone(BEIJING)
    info = zipfile.ZipInfo(path, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    info.external_attr = 0o600 << 16
    return info


def _row(place: int, entry: Entry, path: str, outcome: str) -> list[str]:
    at = entry.submitted_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return [
        str(place), entry.volume, entry.kind, entry.title, entry.filename, path, str(entry.pages or ""),
        str(entry.size), entry.sha256, entry.sm3, entry.submitter, at, outcome,
    ]  # fmt: skip
