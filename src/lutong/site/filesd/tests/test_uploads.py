"""Uploads against the real file process: whole, cut, killed, doubled, hostile."""

import base64
import datetime as dt
import hashlib
import io
import os
import signal
import socket
import struct
import threading
import time
import uuid

import httpx
import psutil
import pytest

from lutong.gateways.examination.tests.samples import BENIGN, box, fake_word, locked_pdf, pdf, picture
from lutong.gateways.objectstore import digests_of
from lutong.kernel import tickets
from lutong.site.filesd.tests.conftest import LAWYER, ORIGIN, OTHER, FileProcess, headers, ticket, tus_client

PATCH = {"Content-Type": "application/offset+octet-stream"}


def film(size: int) -> bytes:
    """An MP4 of the wanted size: the cheapest large file that passes the examination."""
    start = box(b"ftyp", b"isom" + bytes(4) + b"isom") + box(b"moov", bytes(100))
    return start + struct.pack(">I4s", size - len(start), b"mdat") + os.urandom(size - len(start) - 8)


def meta(name: str, slot: str = "evidence") -> str:
    pairs = {"filename": name, "slot": slot}
    return ",".join(
        f"{key} {base64.b64encode(text.encode('utf-8', 'surrogatepass')).decode()}" for key, text in pairs.items()
    )


def create(files: FileProcess, size: int, name: str = "证据.mp4", **more: str) -> httpx.Response:
    return httpx.post(
        files.uploads, headers=headers(Upload_Length=str(size), **({"Upload_Metadata": meta(name)} | more))
    )  # fmt: skip


def begun(files: FileProcess, size: int, name: str = "证据.mp4") -> str:
    answer = create(files, size, name)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


def patch(url: str, offset: int, data: bytes, **more: str) -> httpx.Response:
    return httpx.patch(url, headers=headers(Upload_Offset=str(offset), **more) | PATCH, content=data, timeout=60)


def offset_of(url: str) -> int:
    return int(httpx.head(url, headers=headers(), timeout=60).headers["upload-offset"])


def state_of(url: str) -> dict[str, object]:
    found: dict[str, object] = httpx.get(url, headers=headers()).json()
    return found


def upload(files: FileProcess, data: bytes, name: str) -> httpx.Response:
    return patch(begun(files, len(data), name), 0, data)


def test_a_real_tus_client_uploads_in_pieces(files: FileProcess) -> None:
    data = film(3_000_001)
    uploader = tus_client(files).uploader(
        file_stream=io.BytesIO(data), chunk_size=700_000, metadata={"filename": "庭审录像.mp4", "slot": "evidence"}
    )
    uploader.upload()
    state = state_of(uploader.url)
    digests = digests_of(data)
    assert (state["state"], state["filename"], state["slot"]) == ("stored", "庭审录像.mp4", "evidence")
    assert (state["sha256"], state["sm3"]) == (digests.sha256, digests.sm3)
    assert state["media_type"] == "video/mp4"
    assert list((files.home / "uploads").glob(f"*{state['id']}*")) == [], "the spool keeps nothing of it"


def test_a_real_tus_client_with_checksums_uploads(files: FileProcess) -> None:
    data = film(900_000)
    uploader = tus_client(files).uploader(
        file_stream=io.BytesIO(data), chunk_size=300_000, metadata={"filename": "a.mp4"}, upload_checksum=True
    )
    uploader.upload()
    assert state_of(uploader.url)["sha256"] == hashlib.sha256(data).hexdigest()


def test_killed_in_mid_upload_it_goes_on_where_it_was(files: FileProcess) -> None:
    data = film(24_000_000)
    url = begun(files, len(data))
    acknowledged = 5_000_003
    assert patch(url, 0, data[:acknowledged]).status_code == 204
    for _ in range(2):
        sender = threading.Thread(target=_send_slowly, args=(files, url, acknowledged, data[acknowledged:]))
        sender.start()
        time.sleep(0.4)
        files.stop(signal.SIGKILL)
        sender.join()
        files.start()
        before, acknowledged = acknowledged, offset_of(url)
        assert acknowledged >= before, "nothing acknowledged is lost"
    assert acknowledged > 5_000_003, "and what came after is kept, too"
    uploader = tus_client(files).uploader(file_stream=io.BytesIO(data), url=url, chunk_size=8_000_000)
    assert uploader.offset == acknowledged
    uploader.upload()
    state = state_of(url)
    assert (state["state"], state["sha256"]) == ("stored", hashlib.sha256(data).hexdigest())


def _send_slowly(files: FileProcess, url: str, offset: int, data: bytes) -> None:
    line = _open_patch(files, url, offset, len(data))
    try:
        for start in range(0, len(data), 200_000):
            line.sendall(data[start : start + 200_000])
            time.sleep(0.02)
    except OSError:
        pass
    finally:
        line.close()


def _open_patch(files: FileProcess, url: str, offset: int, length: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", files.port))
    fields = headers(Upload_Offset=str(offset), Content_Length=str(length), Host="x") | PATCH
    text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    line.sendall(f"PATCH {url.removeprefix(files.url)} HTTP/1.1\r\n{text}\r\n".encode())
    return line


def test_a_broken_connection_loses_nothing_that_arrived(files: FileProcess) -> None:
    data = film(2_000_000)
    url = begun(files, len(data))
    line = _open_patch(files, url, 0, len(data))
    line.sendall(data[:1_234_567])
    time.sleep(0.3)
    line.close()
    time.sleep(0.2)
    assert offset_of(url) == 1_234_567
    assert patch(url, 1_234_567, data[1_234_567:]).status_code == 204
    assert state_of(url)["sha256"] == hashlib.sha256(data).hexdigest()


def test_two_writers_of_one_upload_do_not_mix(files: FileProcess) -> None:
    data = film(1_000_000)
    url = begun(files, len(data))
    line = _open_patch(files, url, 0, len(data))
    line.sendall(data[:300_000])
    time.sleep(0.3)
    second = patch(url, 0, data)
    assert second.status_code == 423
    assert second.json()["code"] == "locked"
    line.sendall(data[300_000:])
    assert b" 204 " in line.recv(1000)
    line.close()
    assert state_of(url)["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_silent_writer_gives_way_to_the_one_who_came_back(files: FileProcess) -> None:
    data = film(1_000_000)
    url = begun(files, len(data))
    line = _open_patch(files, url, 0, len(data))
    line.sendall(data[:300_000])
    time.sleep(2.3)
    assert offset_of(url) == 300_000
    assert patch(url, 300_000, data[300_000:]).status_code == 204
    line.close()
    assert state_of(url)["state"] == "stored"


def test_a_wrong_offset_is_a_conflict_that_tells_the_right_one(files: FileProcess) -> None:
    url = begun(files, 1000)
    answer = patch(url, 5, b"x")
    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "0")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_damaged_piece_is_refused_and_nothing_of_it_kept(files: FileProcess) -> None:
    data = film(300_000)
    url = begun(files, len(data))
    good = base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert patch(url, 0, data[:-1] + b"?", Upload_Checksum=f"sha256 {good}").status_code == 460
    assert offset_of(url) == 0
    assert patch(url, 0, data, Upload_Checksum="crc32 abc").status_code == 400
    assert patch(url, 0, data, Upload_Checksum=f"sha256 {good}").status_code == 204


def test_more_than_announced_is_refused(files: FileProcess) -> None:
    url = begun(files, 1000)
    assert patch(url, 0, b"x" * 1001).status_code == 413

    def chunked() -> "object":
        yield b"x" * 600
        yield b"x" * 600

    answer = httpx.patch(url, headers=headers(Upload_Offset="0") | PATCH, content=chunked())  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert answer.json()["title"].startswith("收到的数据多于声明的大小")


@pytest.mark.parametrize(
    ("name", "size", "status", "code"),
    [
        ("a.pdf", 500_000_001, 413, "too_large"),
        ("a.pdf", 0, 422, "empty"),
        ("木马.exe", 100, 415, "type_not_allowed"),
        ("页面.svg", 100, 415, "type_not_allowed"),
    ],
)
def test_limits_are_told_before_a_byte_is_sent(
    files: FileProcess, name: str, size: int, status: int, code: str
) -> None:
    answer = create(files, size, name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["title"].endswith("。")


def test_a_locked_pdf_is_refused_at_once_and_destroyed(files: FileProcess) -> None:
    data = locked_pdf()
    url = begun(files, len(data), "房产抵押合同.pdf")
    answer = patch(url, 0, data)
    assert answer.status_code == 422
    assert answer.json()["title"] == "未接收：文件设有打开密码，法院无法阅看和归卷。"
    assert answer.json()["way_out"].startswith("请用 PDF")
    state = state_of(url)
    assert state["state"] == "refused"
    assert httpx.head(url, headers=headers()).status_code == 410
    assert list((files.home / "uploads").glob(f"*{state['id']}*")) == []


def test_a_picture_named_pdf_is_taken_with_a_warning(files: FileProcess) -> None:
    data = picture()
    url = begun(files, len(data), "授权委托书.pdf")
    assert patch(url, 0, data).status_code == 204
    state = state_of(url)
    assert (state["media_type"], state["warnings"]) == (
        "image/jpeg",
        ["扩展名是 .pdf，内容其实是 JPEG 图片。"],
    )


def test_good_files_of_every_kind_are_stored(files: FileProcess) -> None:
    failed = {
        name: answer.text
        for name, (make, _) in BENIGN.items()
        if (answer := upload(files, make(), name)).status_code != 204
    }
    assert failed == {}


HOSTILE_NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Windows\\起诉状.pdf": "起诉状.pdf",
    "a\0b\r\nc.pdf": "abc.pdf",
    "合同\u202efdp.exe\u202c.pdf": "合同fdp.exe.pdf",
    "\u200b\u200f.pdf": "pdf",
    "": "未命名文件",
    "...": "未命名文件",
    "\ud800.pdf": None,
    "<script>alert(1)</script>.pdf": "script_.pdf",
    "长" * 10_000 + ".pdf": "长" * 115 + "….pdf",
}


def test_hostile_names_are_cleaned_and_never_paths(files: FileProcess) -> None:
    data = pdf()
    for raw, shown in HOSTILE_NAMES.items():
        url = begun(files, len(data), raw)
        assert patch(url, 0, data).status_code == 204
        name = state_of(url)["filename"]
        assert shown is None or name == shown, raw[:40]
        assert not set(str(name)) & set("/\\\0\r\n\u202e")
    stray = [p for p in files.home.rglob("*") if "passwd" in p.name or "起诉状" in p.name]
    assert stray == []


def test_without_a_ticket_nothing_goes(files: FileProcess) -> None:
    data = pdf()
    url = begun(files, len(data))
    expired = tickets.issue_upload(
        tickets.UploadTicket(LAWYER, "filing:1"), now=dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    )
    read = tickets.issue_read(
        tickets.ReadTicket("k", b"w", 1, "application/pdf", "n", LAWYER.person_id), now=dt.datetime.now(dt.UTC)
    )
    for forged in ("", "x", ticket()[:-1] + "x", ticket() + "\0", expired, read):
        fields = {"Tus-Resumable": "1.0.0", "Upload-Ticket": forged.replace("\0", "%00"), "Upload-Length": "5"}
        assert httpx.post(files.uploads, headers=fields).status_code == 401
        assert httpx.head(url, headers=fields).status_code == 401
    bearer = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {ticket()}"}
    assert httpx.head(url, headers=bearer).status_code == 200, "the control: a good ticket works"


def test_another_persons_upload_does_not_exist(files: FileProcess) -> None:
    url = begun(files, 100)
    for method in ("HEAD", "PATCH", "DELETE", "GET"):
        answer = httpx.request(method, url, headers=headers(OTHER, Upload_Offset="0") | PATCH)
        assert answer.status_code == 404, method
    assert httpx.head(f"{files.uploads}/{uuid.uuid4()}", headers=headers()).status_code == 404
    assert offset_of(url) == 0


def test_an_upload_can_be_given_up(files: FileProcess) -> None:
    url = begun(files, 100)
    patch(url, 0, b"x" * 50)
    assert httpx.delete(url, headers=headers()).status_code == 204
    assert httpx.head(url, headers=headers()).status_code == 404
    stored = begun(files, len(pdf()), "a.pdf")
    patch(stored, 0, pdf())
    assert httpx.delete(stored, headers=headers()).status_code == 403


def test_the_slots_of_the_ticket_bind(files: FileProcess) -> None:
    bound = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Ticket": ticket(slots=("complaint",))}
    assert httpx.post(files.uploads, headers=bound | {"Upload-Metadata": meta("a.pdf")}).status_code == 422
    assert httpx.post(files.uploads, headers=bound | {"Upload-Metadata": meta("a.pdf", "complaint")}).status_code == 201


def test_malformed_requests_are_answers(files: FileProcess) -> None:
    url = begun(files, 100)
    wrong = [
        httpx.post(files.uploads, headers=headers(Upload_Length=length))
        for length in ("", "-1", "1e9", "9" * 40, "٣", "0x10")
        if length.isascii()
    ]
    wrong += [httpx.post(files.uploads, headers=headers(Upload_Length="5", Upload_Metadata="filename %%%"))]
    wrong += [httpx.patch(url, headers=headers(Upload_Offset=o) | PATCH, content=b"x") for o in ("", "-1", "a")]
    wrong += [httpx.patch(url, headers=headers(Upload_Offset="0"), content=b"x")]
    wrong += [httpx.head(url, headers={"Upload-Ticket": ticket()})]
    wrong += [httpx.head(f"{files.uploads}/{bad}", headers=headers()) for bad in ("x", "1" * 5000, "%00", "..")]
    wrong += [httpx.put(url, headers=headers()), httpx.get(f"{files.url}/nothing")]
    assert {answer.status_code for answer in wrong} <= {400, 404, 405, 412, 415}
    assert offset_of(url) == 0


def test_the_web_origin_and_no_other_may_read_answers(files: FileProcess) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    answer = httpx.options(files.uploads, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "Upload-Ticket" in answer.headers["access-control-allow-headers"]
    assert answer.headers["tus-extension"] == "creation,expiration,termination,checksum"
    assert answer.headers["tus-max-size"] == "500000000"
    refused = httpx.post(files.uploads, headers={"Origin": ORIGIN})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == ORIGIN, "the page can read refusals"
    assert "Upload-Offset" in refused.headers["access-control-expose-headers"]
    for origin in ("http://evil.example", "null", ORIGIN + ".evil.example"):
        assert "access-control-allow-origin" not in httpx.options(files.uploads, headers={"Origin": origin}).headers


def test_memory_stays_flat_in_the_size(files: FileProcess) -> None:
    assert files.process is not None
    watched = psutil.Process(files.process.pid)
    upload(files, film(1_000_000), "a.mp4")
    before = watched.memory_info().rss
    data = film(80_000_000)
    assert upload(files, data, "b.mp4").status_code == 204
    assert watched.memory_info().rss - before < 24_000_000


def test_zip_tricks_end_as_refusals(files: FileProcess) -> None:
    answer = upload(files, pdf() + fake_word(), "a.pdf")
    assert (answer.status_code, answer.json()["code"]) == (422, "polyglot")
