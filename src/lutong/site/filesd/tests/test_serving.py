"""Bytes handed out: right, in ranges, only with a ticket, never damaged."""

import datetime as dt
import hashlib
import os
import re
from dataclasses import replace

import httpx
import pytest

from lutong.gateways.objectstore.sealing import CHUNK
from lutong.kernel.tickets import ReadTicket, issue_read
from lutong.site.filesd.tests.conftest import ORIGIN, FileProcess

DATA = os.urandom(5 * CHUNK + 321)


@pytest.fixture(scope="module")
def stored(files: FileProcess) -> ReadTicket:
    kept = files.vault.put(DATA)
    return ReadTicket(kept.object_key, kept.sealed_key, kept.size, "application/pdf", "起诉状 “终稿”.pdf", 7001)


def address(files: FileProcess, ticket: ReadTicket, ago: float = 0) -> str:
    return f"{files.url}/f/{issue_read(ticket, now=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=ago))}"


def test_the_whole_file_comes_with_safe_headers(files: FileProcess, stored: ReadTicket) -> None:
    answer = httpx.get(address(files, stored), headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.content) == (200, DATA)
    fields = answer.headers
    assert fields["content-type"] == "application/pdf"
    assert fields["x-content-type-options"] == "nosniff"
    assert fields["content-security-policy"] == "sandbox; default-src 'none'"
    assert fields["cache-control"] == "private, no-store"
    assert fields["access-control-allow-origin"] == ORIGIN
    assert fields["content-disposition"].startswith("inline; filename=")
    assert "filename*=UTF-8''%E8%B5%B7%E8%AF%89%E7%8A%B6" in fields["content-disposition"]
    assert fields["content-length"] == str(len(DATA))


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-70000", 100, 70_001),
        (f"bytes={CHUNK - 1}-{CHUNK}", CHUNK - 1, CHUNK + 1),
        ("bytes=327000-", 327_000, len(DATA)),
        ("bytes=-500", len(DATA) - 500, len(DATA)),
        ("bytes=0-99999999999", 0, len(DATA)),
    ],
)
def test_ranges_are_exact(files: FileProcess, stored: ReadTicket, asked: str, start: int, stop: int) -> None:
    answer = httpx.get(address(files, stored), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(DATA)}"
    assert answer.content == DATA[start:stop]


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "lines=1-2", "bytes=9-3", "bytes=-", "nonsense"])
def test_other_ranges_give_the_whole(files: FileProcess, stored: ReadTicket, asked: str) -> None:
    answer = httpx.get(address(files, stored), headers={"Range": asked})
    assert (answer.status_code, len(answer.content)) == (200, len(DATA))


def test_a_range_beyond_the_end_is_416(files: FileProcess, stored: ReadTicket) -> None:
    answer = httpx.get(address(files, stored), headers={"Range": f"bytes={len(DATA)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(DATA)}")


def test_tickets_are_short_lived_and_ours(files: FileProcess, stored: ReadTicket) -> None:
    good = address(files, stored)
    for wrong in (address(files, stored, ago=301), good[:-1], good + "x", f"{files.url}/f/x", f"{files.url}/f/%00"):
        answer = httpx.get(wrong)
        assert answer.status_code == 403
        assert answer.json()["title"].startswith("链接无效或已过期")


def test_damaged_and_missing_objects_are_answers_without_a_byte(files: FileProcess) -> None:
    kept = files.vault.put(DATA)
    ticket = ReadTicket(kept.object_key, kept.sealed_key, kept.size, "application/pdf", "a.pdf", 7001)
    path = files.home / "store" / kept.object_key
    raw = bytearray(path.read_bytes())
    raw[500] ^= 1
    path.write_bytes(raw)
    answer = httpx.get(address(files, ticket))
    assert (answer.status_code, answer.json()["code"]) == (409, "damaged")
    path.unlink()
    assert httpx.get(address(files, ticket)).status_code == 404


def test_bytes_that_are_sound_but_not_those_of_the_document_are_refused_whole_and_in_ranges(
    files: FileProcess, stored: ReadTicket
) -> None:
    right, wrong = hashlib.sha256(DATA).hexdigest(), hashlib.sha256(b"another").hexdigest()
    assert httpx.get(address(files, replace(stored, sha256=right))).content == DATA
    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=-9"}):
        answer = httpx.get(address(files, replace(stored, sha256=wrong)), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "damaged")


@pytest.mark.parametrize(
    "name",
    ["a\r\nSet-Cookie: x=1.pdf", "../../etc/passwd", 'x"; filename="y.exe', "\u202efdp.exe", "a;b.pdf", "甲乙.pdf"],
)
def test_a_hostile_name_stays_inside_its_header(files: FileProcess, stored: ReadTicket, name: str) -> None:
    answer = httpx.get(address(files, replace(stored, name=name, disposition="attachment")))
    said = answer.headers["content-disposition"]
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._ -]+\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", said)


def test_head_tells_the_size(files: FileProcess, stored: ReadTicket) -> None:
    answer = httpx.head(address(files, stored))
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(len(DATA)))
