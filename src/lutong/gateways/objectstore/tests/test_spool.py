"""Uploads on their way in: what was acknowledged survives, whatever the cuts."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lutong.gateways.objectstore.digests import digests_of
from lutong.gateways.objectstore.sealing import CHUNK, HEADER, RECORD
from lutong.gateways.objectstore.spool import Busy, Receiving, Spool
from lutong.gateways.objectstore.vault import Vault


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


class Upload:
    def __init__(self, vault: Vault, spool: Spool, size: int) -> None:
        self.vault, self.spool, self.size = vault, spool, size
        self.object_key, self.sealed_key = vault.new_object()
        self.data = os.urandom(size)

    def open(self) -> Receiving:
        key = self.vault.keys.unwrap(self.sealed_key, self.object_key)
        return self.spool.receive("u1", data_key=key, object_key=self.object_key, size=self.size)

    def stored(self) -> bytes:
        self.vault.adopt(self.object_key, self.spool.path("u1"))
        self.spool.remove("u1")
        return self.vault.read(self.object_key, self.sealed_key, self.size)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 77])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_upload_cut_at_random_places_arrives_whole(vault: Vault, spool: Spool, size: int, seed: int) -> None:
    upload = Upload(vault, spool, size)
    rng = random.Random(seed * 1000 + size)
    acknowledged, complete = 0, False
    while not complete:
        with upload.open() as receiving:
            assert receiving.offset == acknowledged, "what was acknowledged is there after reopening"
            for _ in range(rng.randint(1, 3)):
                step = rng.choice([1, 100, CHUNK, 2 * CHUNK, rng.randrange(1, CHUNK)])
                receiving.write(upload.data[receiving.offset : receiving.offset + step])
            acknowledged, complete = receiving.sync(), receiving.complete
            digests = receiving.digests()
    assert acknowledged == size
    assert digests == digests_of(upload.data)
    assert upload.stored() == upload.data


def test_a_torn_end_is_cut_off_and_sent_again(vault: Vault, spool: Spool) -> None:
    upload = Upload(vault, spool, 4 * CHUNK)
    with upload.open() as receiving:
        receiving.write(upload.data[: 2 * CHUNK + 10])
        assert receiving.sync() == 2 * CHUNK + 10
    path = spool.path("u1")
    with path.open("ab") as torn:
        torn.write(os.urandom(RECORD - 5))
    with upload.open() as receiving:
        assert receiving.offset == 2 * CHUNK + 10
    raw = bytearray(path.read_bytes())
    raw[len(HEADER) + RECORD + 3] ^= 1
    path.write_bytes(raw)
    with upload.open() as receiving:
        assert receiving.offset == CHUNK, "a damaged record and all after it are asked for again"
        receiving.write(upload.data[CHUNK:])
        receiving.sync()
        assert receiving.digests() == digests_of(upload.data)
    assert upload.stored() == upload.data


def test_an_upload_has_one_writer(vault: Vault, spool: Spool) -> None:
    upload = Upload(vault, spool, 10)
    with upload.open(), pytest.raises(Busy):
        upload.open()
    upload.open().close()


def test_no_more_is_taken_than_announced(vault: Vault, spool: Spool) -> None:
    upload = Upload(vault, spool, 10)
    with upload.open() as receiving, pytest.raises(ValueError, match="more bytes"):
        receiving.write(b"x" * 11)


def test_nothing_readable_rests_in_the_spool(vault: Vault, spool: Spool) -> None:
    upload = Upload(vault, spool, 3 * CHUNK)
    canary = "身份证号110101199003078515".encode()
    with upload.open() as receiving:
        receiving.write(canary * 4000)
        receiving.sync()
    found = [path for path in spool.directory.iterdir() if canary in path.read_bytes()]
    assert found == []
    assert {path.suffix for path in spool.directory.iterdir()} == {".part", ".tail"}


CHILD = """
import sys
from pathlib import Path
from lutong.gateways.objectstore.spool import Spool
spool = Spool(Path(sys.argv[1]))
with spool.receive("u1", data_key=bytes(32), object_key="aa/aa", size=10**9) as receiving:
    while True:
        receiving.write(b"z" * 70_000)
        print(receiving.sync(), flush=True)
"""


def test_what_was_acknowledged_survives_kill_9(spool: Spool) -> None:
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(spool.directory)], stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(12)][-1]
        child.send_signal(signal.SIGKILL)
        child.wait()
        acknowledged = max([acknowledged, *(int(x) for x in child.stdout.read().split("\n")[:-1])])
        child.stdout.close()
        with spool.receive("u1", data_key=bytes(32), object_key="aa/aa", size=10**9) as receiving:
            assert receiving.offset >= acknowledged > 0
            assert receiving.digests() == digests_of(b"z" * receiving.offset)


def test_forgotten_uploads_are_found_for_the_sweep(vault: Vault, spool: Spool) -> None:
    Upload(vault, spool, 10).open().close()
    assert list(spool.untouched_for(3600)) == []
    os.utime(spool.path("u1"), (0, 0))
    assert list(spool.untouched_for(3600)) == ["u1"]
