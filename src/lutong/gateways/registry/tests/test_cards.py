"""律证码: what was signed is accepted, everything else is refused with its reason."""

import dataclasses
import datetime as dt
import importlib.util
import json
import random
import types
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from lutong.gateways.crypto.keys import b64, kid_of, public_jwk, public_jwks, unb64
from lutong.gateways.crypto.port import Algorithm, Signer
from lutong.gateways.crypto.software import Ed25519Signer, Sm2Signer, generate
from lutong.gateways.registry.cards import Card, CardRefused, Flaw, Use, address, read, write
from lutong.gateways.registry.port import LicenceKind, LicenceStatus, LiveMethod

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
TOOL = Path(__file__).parents[5] / "tools" / "verify_card.py"


def signer(algorithm: Algorithm) -> Signer:
    public_key, private_key = generate(algorithm)
    kind = Ed25519Signer if algorithm is Algorithm.ED25519 else Sm2Signer
    return kind(kid_of(algorithm, public_key), public_key, private_key)


ED, SM2, STRANGE_ED, STRANGE_SM2 = (signer(a) for a in [Algorithm.ED25519, Algorithm.SM2] * 2)
KEYS = {key.kid: key for key in (ED, SM2)}
CARD = Card(
    licence_no="11101201810234567",
    name="周岚",
    kind=LicenceKind.FULL_TIME,
    firm_name="北京衡川律师事务所",
    province="北京市",
    status=LicenceStatus.ACTIVE,
    status_since=dt.date(2018, 3, 1),
    photo_digest=b64(b"\x07" * 32),
    use=Use.SCREEN,
    issued_at=NOW,
    expires_at=NOW + Use.SCREEN.life,
    assertion_id="Zm9vYmFyYmF6cXV4MTIzNA",
)
TEXT = write(CARD, ed25519=ED, sm2=SM2)
SEEN = dataclasses.replace(CARD, live_on=dt.date(2026, 11, 20), live_by=LiveMethod.COUNTER)


def signed(claims: dict[str, object]) -> str:
    """Any claims, well signed."""
    message = f"{TEXT.split('.')[0]}.{b64(json.dumps(claims).encode())}"
    return f"{message}.{b64(ED.sign(message.encode()))}.{b64(SM2.sign(message.encode()))}"


def claims_of(text: str) -> dict[str, object]:
    return dict(json.loads(unb64(text.split(".")[1])))


def of_version_1() -> str:
    """A card as it was written before it told the last live check."""
    return signed({k: v for k, v in claims_of(TEXT).items() if k not in {"lvd", "lvm"}} | {"v": 1})


@pytest.fixture(scope="module")
def tool() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("verify_card", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flaw(text: str, *, keys: dict[str, Signer] = KEYS, now: dt.datetime = NOW) -> Flaw:
    with pytest.raises(CardRefused) as refusal:
        read(text, keys=keys, now=now)
    return refusal.value.flaw


def test_a_card_comes_back_as_it_was_signed_bare_or_as_an_address() -> None:
    assert read(TEXT, keys=KEYS, now=NOW) == CARD
    assert read(address(TEXT, verify_url="https://v.example/verify/"), keys=KEYS, now=NOW) == CARD
    assert read(f" {TEXT}\n", keys=KEYS, now=NOW + dt.timedelta(seconds=59)) == CARD


@pytest.mark.parametrize("status", list(LicenceStatus))
def test_every_valid_card_is_accepted_whatever_it_states(status: LicenceStatus) -> None:
    for use in Use:
        card = dataclasses.replace(CARD, status=status, use=use, expires_at=NOW + use.life, photo_digest="")
        for _ in range(100):
            assert read(write(card, ed25519=ED, sm2=SM2), keys=KEYS, now=NOW) == card


def test_none_of_five_thousand_mutations_is_accepted() -> None:
    chance, accepted = random.Random(20261122), []
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    other = write(dataclasses.replace(CARD, name="孟晓舟"), ed25519=ED, sm2=SM2).split(".")
    for _ in range(5000):
        text = list(TEXT)
        at = chance.randrange(len(text))
        match chance.randrange(6):
            case 0 | 1:
                text[at] = chance.choice(alphabet.replace(text[at], ""))
            case 2:
                del text[at]
            case 3:
                text.insert(at, chance.choice(alphabet))
            case 4:
                cut = at + chance.randrange(1, 40)
                text[at:cut] = reversed(text[at:cut]) if text[at:cut] != text[at:cut][::-1] else ["A"]
            case 5:
                parts = TEXT.split(".")
                place = chance.randrange(1, 4)
                parts[place] = other[place]
                text = list(".".join(parts))
        changed = "".join(text)
        try:
            read(changed, keys=KEYS, now=NOW)
        except CardRefused:
            continue
        accepted.append(changed)
    assert [text for text in accepted if text != TEXT] == []


def test_the_search_for_mutations_finds_a_reader_that_ignores_a_signature() -> None:
    class Blind(Ed25519Signer):
        def verify(self, message: bytes, signature: bytes) -> bool:
            return True

    blind = Blind(ED.kid, ED.public_key, ED._private.private_bytes_raw())  # type: ignore[attr-defined]
    parts = TEXT.split(".")
    parts[2] = b64(bytes(64))
    assert read(".".join(parts), keys={**KEYS, ED.kid: blind}, now=NOW) == CARD
    assert flaw(".".join(parts)) is Flaw.ED25519


def test_each_flaw_is_named() -> None:
    head, body, ed, sm2 = TEXT.split(".")
    own_sm2 = write(CARD, ed25519=ED, sm2=STRANGE_SM2).split(".")
    assert flaw(TEXT, now=NOW + dt.timedelta(seconds=60)) is Flaw.EXPIRED
    assert flaw(TEXT, now=NOW - dt.timedelta(seconds=61)) is Flaw.NOT_YET
    assert flaw(f"{head}.{body}.{ed}") is Flaw.SIGNATURE_MISSING
    assert flaw(f"{head}.{body}.{ed}.") is Flaw.MALFORMED
    assert flaw(f"{head}.{body}..{sm2}") is Flaw.MALFORMED
    assert flaw(f"{head}.{body}.{sm2}.{ed}") is Flaw.ED25519
    assert flaw(f"{head}.{body}.{ed}.{ed}") is Flaw.SM2
    assert flaw(f"{head}.{body}.{ed}.{own_sm2[3]}") is Flaw.SM2
    assert flaw(".".join(own_sm2)) is Flaw.UNKNOWN_KEY
    assert flaw(write(CARD, ed25519=STRANGE_ED, sm2=SM2)) is Flaw.UNKNOWN_KEY
    assert flaw(write(CARD, ed25519=SM2, sm2=ED)) is Flaw.UNKNOWN_KEY
    for text in ("", "#", "a.b.c.d", "律证码", "." * 9, TEXT + "=" * 4000, TEXT.replace(".", ". "), "e30.e30.e30.e30"):
        assert flaw(text) is Flaw.MALFORMED, text[:40]


def test_an_expired_card_still_says_what_it_stated() -> None:
    with pytest.raises(CardRefused) as refusal:
        read(TEXT, keys=KEYS, now=NOW + dt.timedelta(hours=3))
    assert refusal.value.card == CARD
    assert CARD.age_seconds(now=NOW + dt.timedelta(hours=3)) == 3 * 3600


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"v": 3}, Flaw.UNKNOWN_VERSION),
        ({"v": True}, Flaw.UNKNOWN_VERSION),
        ({"v": 1}, Flaw.MALFORMED),  # with what version 1 does not tell
        ({"lvd": "2026-11-20", "lvm": "horoscope"}, Flaw.MALFORMED),
        ({"lvd": "", "lvm": "face"}, Flaw.MALFORMED),
        ({"lvd": "20261120"}, Flaw.MALFORMED),
        ({"lvd": None}, Flaw.MALFORMED),
        ({"exp": int(NOW.timestamp()) + 61}, Flaw.MALFORMED),
        ({"iat": 1.5}, Flaw.MALFORMED),
        ({"iat": True}, Flaw.MALFORMED),
        ({"iat": 10**30, "exp": 10**30 + 60}, Flaw.MALFORMED),
        ({"sta": "fine"}, Flaw.MALFORMED),
        ({"nam": ""}, Flaw.MALFORMED),
        ({"pho": "AA"}, Flaw.MALFORMED),
        ({"extra": 1}, Flaw.MALFORMED),
        ({"use": "for ever"}, Flaw.MALFORMED),
    ],
)
def test_well_signed_nonsense_is_not_read(change: dict[str, object], expected: Flaw) -> None:
    assert flaw(signed(claims_of(TEXT) | change)) is expected


@pytest.mark.parametrize("method", [*LiveMethod, None])
def test_the_last_live_check_is_signed_and_told(tool: types.ModuleType, method: LiveMethod | None) -> None:
    card = dataclasses.replace(SEEN, live_by=method)
    text = write(card, ed25519=ED, sm2=SM2)
    assert read(text, keys=KEYS, now=NOW) == card
    assert card.live_label == "2026-11-20" + (f"，{method.label}" if method else "")
    result, claims = tool.verify(text, public_jwks([ED, SM2]), NOW.timestamp())
    assert result == "ok" and f"实人核验  {card.live_label}" in tool._told(claims, NOW.timestamp())


def test_a_live_check_that_was_written_in_afterwards_is_refused() -> None:
    head, _, ed, sm2 = TEXT.split(".")
    forged = claims_of(TEXT) | {"lvd": "2026-11-22", "lvm": "counter"}
    assert flaw(f"{head}.{b64(json.dumps(forged).encode())}.{ed}.{sm2}") is Flaw.ED25519


def test_a_card_of_before_is_read_and_says_that_it_does_not_tell(tool: types.ModuleType) -> None:
    old = of_version_1()
    assert "lvd" not in claims_of(old) and read(old, keys=KEYS, now=NOW) == CARD
    result, claims = tool.verify(old, public_jwks([ED, SM2]), NOW.timestamp())
    assert result == "ok" and "本码未载明（旧版）" in tool._told(claims, NOW.timestamp())
    assert flaw(signed({k: v for k, v in claims_of(TEXT).items() if k != "lvm"})) is Flaw.MALFORMED


def test_any_jose_library_verifies_the_first_three_parts() -> None:
    key = OKPKey.import_key(public_jwk(ED))
    found = jws.deserialize_compact(TEXT.rpartition(".")[0], key, algorithms=["Ed25519"])
    assert json.loads(found.payload)["nam"] == "周岚"


def test_it_fits_a_code_that_a_phone_reads_from_a_phone() -> None:
    longest = dataclasses.replace(
        SEEN, name="阿卜杜热西提·阿卜杜拉", firm_name="新疆维吾尔自治区乌鲁木齐某某某律师事务所"
    )
    text = address(write(longest, ed25519=ED, sm2=SM2), verify_url="https://verify.example.org/verify/")
    assert len(text) < 858  # version 20 with error correction L: 97 × 97 modules


def test_the_photo_is_bound_to_the_card() -> None:
    import hashlib

    card = dataclasses.replace(CARD, photo_digest=b64(hashlib.sha256(b"face").digest()))
    assert card.shows_photo(b"face")
    assert not card.shows_photo(b"another")
    assert not dataclasses.replace(card, photo_digest="").shows_photo(b"face")


def test_the_program_in_one_file_says_the_same_of_every_card(tool: types.ModuleType) -> None:
    published = public_jwks([ED, SM2])
    chance = random.Random(7)
    texts = [TEXT, address(TEXT, verify_url="https://v.example/verify/"), TEXT.rpartition(".")[0], "", "a.b.c.d"]
    texts += [write(CARD, ed25519=ED, sm2=STRANGE_SM2), write(CARD, ed25519=STRANGE_ED, sm2=SM2)]
    texts += [of_version_1(), write(SEEN, ed25519=ED, sm2=SM2)]
    texts += [signed(claims_of(TEXT) | more) for more in ({"v": 3}, {"lvm": "face"}, {"lvd": "yesterday"})]
    for _ in range(20):
        at = chance.randrange(len(TEXT))
        texts.append(TEXT[:at] + chance.choice("ABCxyz019-_") + TEXT[at + 1 :])
    for moment in (NOW, NOW + dt.timedelta(seconds=61), NOW - dt.timedelta(hours=1)):
        for text in texts if moment == NOW else texts[:3]:
            try:
                expected = ("ok", read(text, keys=KEYS, now=moment).name)
            except CardRefused as refusal:
                expected = (refusal.flaw.value, "")
            result, claims = tool.verify(text, published, moment.timestamp())
            assert (result, claims["nam"] if result == "ok" else "") == expected, text


def test_the_program_in_one_file_runs_alone(
    tool: types.ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, card = tmp_path / "keys.json", tmp_path / "card.txt"
    keys.write_text(json.dumps(public_jwks([ED, SM2])))
    card.write_text(TEXT)
    assert tool.main([str(card), "--keys", str(keys), "--at", NOW.isoformat()]) == 0
    assert "周岚" in capsys.readouterr().out
    assert tool.main([TEXT, "--keys", str(keys), "--at", "2026-11-22T03:00:00+00:00"]) == 1
    assert "过期" in capsys.readouterr().out
