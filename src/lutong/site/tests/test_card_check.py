"""`lutong verify-card`: says what a card states, and why one does not count."""

import datetime as dt
import json
from pathlib import Path

import pytest

from lutong.gateways.crypto.keys import public_jwks
from lutong.gateways.crypto.port import Algorithm
from lutong.gateways.crypto.ring import FileKeyRing
from lutong.gateways.registry.cards import Card, Use, write
from lutong.gateways.registry.port import LicenceKind, LicenceStatus
from lutong.site import card_check

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    ring = FileKeyRing(tmp_path / "ring")
    ring.signer(Algorithm.SM2)
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(public_jwks(ring.verifiers().values())))
    return file


@pytest.fixture
def card(tmp_path: Path, keys: Path) -> str:
    ring = FileKeyRing(tmp_path / "ring")
    stated = Card(
        licence_no="11101201810234567",
        name="周岚",
        kind=LicenceKind.FULL_TIME,
        firm_name="北京衡川律师事务所",
        province="北京市",
        status=LicenceStatus.SUSPENDED,
        status_since=dt.date(2026, 11, 1),
        photo_digest="",
        use=Use.SCREEN,
        issued_at=NOW,
        expires_at=NOW + Use.SCREEN.life,
        assertion_id="a1",
    )
    return write(stated, ed25519=ring.signer(Algorithm.ED25519), sm2=ring.signer(Algorithm.SM2))


def test_it_says_the_status_at_signing_and_the_age(card: str, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert card_check.verify(card, keys, now=NOW + dt.timedelta(seconds=12)) == 0
    told = capsys.readouterr().out
    assert "停止执业，自 2026-11-01 起（签发时的状态）" in told
    assert "12 秒前" in told


def test_it_reads_a_file_and_refuses_with_the_reason(
    card: str, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "card.txt").write_text(card)
    assert card_check.verify(str(tmp_path / "card.txt"), keys, now=NOW + dt.timedelta(minutes=5)) == 1
    told = capsys.readouterr().out
    assert "已过期" in told
    assert "周岚" in told
    assert card_check.verify("nonsense", keys, now=NOW) == 1
    assert card_check.verify("x\0y", keys, now=NOW) == 1


@pytest.mark.parametrize("content", ["", "{}", '{"keys": 5}', None])
def test_keys_that_cannot_be_read_are_said(card: str, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "broken.json"
    if content is not None:
        file.write_text(content)
    assert card_check.verify(card, file, now=NOW) == 2
