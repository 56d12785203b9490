"""The contract of every store: the same tests on a directory and on a real S3 server."""

import datetime as dt
import io
import stat
import threading
from pathlib import Path

import pytest

from lutong.gateways.objectstore import factory
from lutong.gateways.objectstore.keys import KeyRing
from lutong.gateways.objectstore.local import LocalStore
from lutong.gateways.objectstore.port import AlreadyStored, Missing, ObjectStore, StoreError, exactly
from lutong.gateways.objectstore.s3 import S3Store
from lutong.gateways.objectstore.vault import Vault

KEY = "ab/abcdef0123456789"


def put(store: ObjectStore, data: bytes, key: str = KEY) -> None:
    store.put(key, io.BytesIO(data), len(data))


def read(store: ObjectStore, start: int = 0, length: int | None = None, key: str = KEY) -> bytes:
    stream = store.open(key, start, length)
    try:
        return exactly(stream, 1 << 30)
    finally:
        stream.close()


def test_what_is_put_is_read_back_whole_and_in_ranges(store: ObjectStore) -> None:
    put(store, b"0123456789")
    assert (read(store), read(store, 3, 4), read(store, 7), read(store, 3, 0)) == (b"0123456789", b"3456", b"789", b"")
    assert store.size(KEY) == 10
    assert store.exists(KEY)


def test_a_stored_object_is_never_overwritten(store: ObjectStore, tmp_path: Path) -> None:
    put(store, b"first")
    put(store, b"first")
    with pytest.raises(AlreadyStored):
        put(store, b"other")
    other = tmp_path / "other"
    other.write_bytes(b"other")
    with pytest.raises(AlreadyStored):
        store.adopt(KEY, other)
    assert read(store) == b"first"


def test_a_finished_file_is_adopted_once_or_twice(store: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_bytes(b"x" * 300_000)
    store.adopt(KEY, path)
    store.adopt(KEY, path)
    path.unlink()
    assert read(store) == b"x" * 300_000


def test_a_missing_key_is_missing(store: ObjectStore) -> None:
    assert not store.exists(KEY)
    for ask in (lambda: store.size(KEY), lambda: store.open(KEY)):
        with pytest.raises(Missing):
            ask()
    store.delete(KEY)


def test_a_stream_of_the_wrong_length_is_refused_and_leaves_nothing(store: ObjectStore) -> None:
    for size in (3, 9):
        with pytest.raises(StoreError):
            store.put(KEY, io.BytesIO(b"12345"), size)
    assert not store.exists(KEY)


def test_the_sweep_sees_keys_by_age_and_deletes(store: ObjectStore) -> None:
    put(store, b"1")
    put(store, b"2", "cd/cdef")
    now = dt.datetime.now(dt.UTC)
    assert set(store.keys(now + dt.timedelta(hours=1))) == {KEY, "cd/cdef"}
    assert set(store.keys(now - dt.timedelta(hours=1))) == set()
    store.delete(KEY)
    assert not store.exists(KEY)


@pytest.mark.parametrize("key", ["../x", "a/../../x", "/etc/passwd", "", "A/b", "a\0b", "a//b", "a/.b", "x" * 201])
def test_no_key_leaves_the_store(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="not an object key"):
        put(store, b"1", key)


def test_of_racing_writers_one_wins(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    outcomes: list[str] = []
    barrier = threading.Barrier(8)

    def race(n: int) -> None:
        barrier.wait()
        try:
            put(store, str(n).encode() * 50_000)
            outcomes.append("stored")
        except AlreadyStored:
            outcomes.append("refused")

    threads = [threading.Thread(target=race, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["stored"]
    assert len(set(read(store))) == 1
    assert not list((tmp_path / ".incoming").iterdir())


def test_files_are_private(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "s")
    put(store, b"1")
    assert stat.S_IMODE((tmp_path / "s" / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "s" / "ab").stat().st_mode) == 0o700


def test_the_vault_works_on_every_store(store: ObjectStore) -> None:
    vault = Vault(store, KeyRing.parse(KeyRing.generate("k")))
    data = bytes(range(256)) * 1500
    stored = vault.put(data)
    assert vault.read(stored.object_key, stored.sealed_key, stored.size) == data
    assert read(store, key=stored.object_key).find(bytes(range(256))) == -1


def test_settings_name_the_store(tmp_path: Path) -> None:
    assert isinstance(factory.store(f"file://{tmp_path}"), LocalStore)
    assert isinstance(factory.store("s3://bucket/prefix?endpoint=http://127.0.0.1:1"), S3Store)
    for wrong in ("", "ftp://x", "file://relative", "s3:///x"):
        with pytest.raises(ValueError, match="LUTONG_STORE_URL"):
            factory.store(wrong)
