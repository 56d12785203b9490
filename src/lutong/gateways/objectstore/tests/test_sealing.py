"""Sealed objects: every change is seen, and the reader never gives out a byte that was not proved."""

import hashlib
import os
import random
from pathlib import Path

import pytest

from lutong.gateways.objectstore.digests import digests_of
from lutong.gateways.objectstore.keys import KeyRing
from lutong.gateways.objectstore.reading import SealedReader, blocks
from lutong.gateways.objectstore.sealing import CHUNK, HEADER, RECORD, Tampered, plain_size, sealed_size
from lutong.gateways.objectstore.vault import Stored, Vault

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17)


def file_of(vault: Vault, stored: Stored) -> Path:
    return vault.store.root / stored.object_key  # type: ignore[attr-defined]


def is_detected(vault: Vault, stored: Stored, size: int | None) -> bool:
    try:
        vault.read(stored.object_key, stored.sealed_key, size)
    except Tampered:
        return True
    return False


@pytest.mark.parametrize("size", SIZES)
def test_sealed_bytes_come_back_whole(vault: Vault, size: int) -> None:
    data = os.urandom(size)
    stored = vault.put(data)
    assert vault.read(stored.object_key, stored.sealed_key) == data
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.sm3 == digests_of(data).sm3
    assert vault.store.size(stored.object_key) == sealed_size(size)
    assert plain_size(sealed_size(size)) == size


def test_sm3_is_the_one_of_the_standard() -> None:
    assert digests_of(b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_any_range_can_be_read(vault: Vault) -> None:
    data = os.urandom(20 * CHUNK + 5)
    stored = vault.put(data)
    rng = random.Random(7)
    with vault.open(stored.object_key, stored.sealed_key, stored.size) as reader:
        for _ in range(60):
            start = rng.randrange(len(data))
            stop = min(len(data), start + rng.randrange(3 * CHUNK))
            assert b"".join(blocks(reader, start, stop)) == data[start:stop]


@pytest.mark.parametrize("known_size", [True, False])
def test_every_kind_of_tampering_is_detected(vault: Vault, known_size: bool) -> None:
    data = os.urandom(3 * CHUNK + 100)
    stored, twin = vault.put(data), vault.put(data)
    size = stored.size if known_size else None
    path = file_of(vault, stored)
    good = path.read_bytes()
    h = len(HEADER)
    records = [good[h + i * RECORD : h + (i + 1) * RECORD] for i in range(4)]
    rng = random.Random(1)
    forged = {
        "shorter by a byte": good[:-1],
        "last record cut off": HEADER + b"".join(records[:3]),
        "two records cut off": HEADER + b"".join(records[:2]),
        "only the header": HEADER,
        "empty": b"",
        "longer": good + b"\0",
        "record repeated": HEADER + records[0] + b"".join(records),
        "neighbours swapped": HEADER + records[1] + records[0] + records[2] + records[3],
        "middle repeated": HEADER + records[0] + records[0] + records[2] + records[3],
        "another object's bytes": file_of(vault, twin).read_bytes(),
        "another object's record": HEADER + file_of(vault, twin).read_bytes()[h : h + RECORD] + b"".join(records[1:]),
        "header changed": b"X" + good[1:],
    }
    for position in [*range(h), *rng.sample(range(len(good)), 400)]:
        flipped = bytearray(good)
        flipped[position] ^= 1 << rng.randrange(8)
        forged[f"bit flipped at {position}"] = bytes(flipped)
    missed = []
    for name, content in forged.items():
        path.write_bytes(content)
        if not is_detected(vault, stored, size):
            missed.append(name)
    assert missed == []
    path.write_bytes(good)
    assert not is_detected(vault, stored, size), "the control: an untouched object is accepted"


def test_bytes_before_a_damaged_chunk_are_given_and_none_of_it(vault: Vault) -> None:
    data = b"A" * (40 * CHUNK)
    stored = vault.put(data)
    path = file_of(vault, stored)
    raw = bytearray(path.read_bytes())
    raw[len(HEADER) + 20 * RECORD + 50] ^= 1
    path.write_bytes(raw)
    given = 0
    with vault.open(stored.object_key, stored.sealed_key, stored.size) as reader, pytest.raises(Tampered):
        for part in blocks(reader, 0, stored.size):
            assert set(part) == {65}
            given += len(part)
    assert given <= 20 * CHUNK


def test_equal_files_do_not_look_equal(vault: Vault) -> None:
    one, two = vault.put(b"the same contract"), vault.put(b"the same contract")
    assert one.sha256 == two.sha256
    assert one.object_key != two.object_key
    assert file_of(vault, one).read_bytes() != file_of(vault, two).read_bytes()


def test_keys_rotate_without_touching_bytes(vault: Vault) -> None:
    old = KeyRing.generate("2025")
    vault.keys = KeyRing.parse(old)
    stored = vault.put(b"paper")
    before = file_of(vault, stored).read_bytes()
    both = KeyRing.parse(KeyRing.generate("2026") + "," + old)
    rewrapped = both.rewrap(stored.sealed_key, stored.object_key)
    only_new = KeyRing({"2026": b"k" * 32})
    vault.keys = both
    assert vault.read(stored.object_key, rewrapped) == b"paper"
    assert rewrapped.startswith(b"\x01\x042026")
    assert file_of(vault, stored).read_bytes() == before
    with pytest.raises(KeyError):
        only_new.unwrap(stored.sealed_key, stored.object_key)


def test_a_wrapped_key_opens_only_its_own_object(vault: Vault) -> None:
    one, two = vault.put(b"1"), vault.put(b"2")
    with pytest.raises(Tampered):
        vault.open(one.object_key, two.sealed_key)
    for forged in (b"", b"\x01", b"\x02\x01k", one.sealed_key[:-1], one.sealed_key[:-1] + b"\0"):
        with pytest.raises(Tampered):
            vault.open(one.object_key, forged)


@pytest.mark.parametrize("text", ["", "k:", "k:AAAA", "no-colon", "k:" + "!" * 44, ":" + "A" * 43 + "="])
def test_a_bad_key_setting_is_said_at_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"LUTONG_FILE_KEYS|named keys"):
        KeyRing.parse(text)


def test_a_reader_without_the_size_still_notices_a_cut_end(vault: Vault) -> None:
    stored = vault.put(b"B" * (2 * CHUNK))
    path = file_of(vault, stored)
    path.write_bytes(path.read_bytes()[: len(HEADER) + RECORD])
    with pytest.raises(Tampered):
        SealedReader(vault.store, stored.object_key, vault.keys.unwrap(stored.sealed_key, stored.object_key))
