"""When the malware scanner sleeps, files wait for it and are made up for; forgotten uploads are swept."""

import os
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lutong.gateways.examination.tests.samples import pdf
from lutong.site.embedded.postgres import Cluster
from lutong.site.filesd.tests.conftest import FileProcess, free_port, headers
from tests.support.databases import cloned_database, template_database


@pytest.fixture
def waiting(cluster: Cluster, tmp_path: Path) -> Iterator[FileProcess]:
    with (
        cloned_database(cluster, template_database(cluster)) as database,
        tempfile.TemporaryDirectory(prefix="lt") as short,  # paths of sockets are short
    ):
        running = FileProcess(tmp_path, database.name, free_port())
        running.more["LUTONG_CLAMD"] = f"{short}/clamd"
        running.start()
        yield running
        running.stop()


class Scanner:
    """The answering half of clamd's INSTREAM: says OK to everything."""

    def __init__(self, address: str) -> None:
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(address)
        self.server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while size := struct.unpack(">I", stream.read(4))[0]:
                    stream.read(size)
                line.sendall(b"stream: OK\0")


def send(files: FileProcess, data: bytes, length: int | None = None) -> str:
    answer = httpx.post(files.uploads, headers=headers(Upload_Length=str(length or len(data))))
    url = str(answer.headers["location"])
    fields = headers(Upload_Offset="0") | {"Content-Type": "application/offset+octet-stream"}
    assert httpx.patch(url, headers=fields, content=data).status_code == 204
    return url


def test_a_file_waits_for_the_scanner_and_is_taken_when_it_wakes(waiting: FileProcess) -> None:
    url = send(waiting, pdf())
    state = httpx.get(url, headers=headers()).json()
    assert state["state"] == "examining"
    assert httpx.head(url, headers=headers()).headers["upload-offset"] == str(len(pdf()))
    waiting.stop()
    waiting.start()
    scanner = Scanner(waiting.more["LUTONG_CLAMD"])
    try:
        for _ in range(50):
            state = httpx.get(url, headers=headers(), timeout=30).json()
            if state["state"] == "stored":
                break
            time.sleep(0.1)
    finally:
        scanner.server.close()
    assert (state["state"], state["pages"]) == ("stored", 2)


def test_a_file_that_nobody_knows_is_swept_at_the_next_start(waiting: FileProcess) -> None:
    kept = send(waiting, b"%PDF-1.7", length=500)
    stray = waiting.home / "uploads" / "7001-019a0000-0000-7000-8000-000000000000.part"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    waiting.stop()
    waiting.start()
    for _ in range(50):
        if not stray.exists():
            break
        time.sleep(0.1)
    assert not stray.exists()
    assert httpx.head(kept, headers=headers()).headers["upload-offset"] == "8", "the control: an unfinished one stays"
