"""Key rings in files: made once, private, rotated without losing what was signed."""

import datetime as dt
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lutong.gateways.crypto.port import Algorithm, KeyUnusable
from lutong.gateways.crypto.ring import FileKeyRing

NOW = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)


def test_keys_are_made_once_also_by_many_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        kids = set(pool.map(lambda _: FileKeyRing(tmp_path / "ring").signer(Algorithm.SM2).kid, range(32)))
    assert len(kids) == 1


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    FileKeyRing(tmp_path / "ring").signer(Algorithm.ED25519)
    assert stat.S_IMODE((tmp_path / "ring" / "ring.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ring").stat().st_mode) == 0o700


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_rotation_keeps_old_signatures_and_reaches_other_processes(tmp_path: Path, algorithm: Algorithm) -> None:
    here, there = FileKeyRing(tmp_path), FileKeyRing(tmp_path)
    old = there.signer(algorithm)
    signature = old.sign(b"m")
    new = here.rotate(algorithm, now=NOW)
    assert there.signer(algorithm).kid == new.kid != old.kid
    assert there.verifiers()[old.kid].verify(b"m", signature)
    assert not hasattr(there.verifiers()[old.kid], "sign")
    assert len(there.verifiers()) == 3


def test_a_former_key_loses_its_private_half_and_can_be_forgotten(tmp_path: Path) -> None:
    ring = FileKeyRing(tmp_path)
    old = ring.signer(Algorithm.SM2).kid
    assert (tmp_path / "ring.json").read_text().count('"d"') == 2
    ring.rotate(Algorithm.SM2, now=NOW)
    assert (tmp_path / "ring.json").read_text().count('"d"') == 2
    ring.forget(old)
    assert old not in ring.verifiers()
    for kid in (old, ring.signer(Algorithm.SM2).kid):
        with pytest.raises(KeyUnusable):
            ring.forget(kid)


@pytest.mark.parametrize("damage", ["", "{}", '{"keys": []}', "\x00"])
def test_a_damaged_ring_is_said_and_never_replaced(tmp_path: Path, damage: str) -> None:
    FileKeyRing(tmp_path).signer(Algorithm.SM2)
    (tmp_path / "ring.json").write_text(damage)
    with pytest.raises(KeyUnusable):
        FileKeyRing(tmp_path).signer(Algorithm.SM2)
    assert (tmp_path / "ring.json").read_text() == damage
