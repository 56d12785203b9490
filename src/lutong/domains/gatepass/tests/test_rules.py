"""The rules of the gate against their vectors; no database."""

import base64
import random
import uuid
from typing import Any

import orjson
import pytest

from lutong.domains.gatepass import rules
from lutong.domains.gatepass.rules import GateCode, Reason, judging
from lutong.domains.gatepass.tests import vectors
from lutong.domains.gatepass.tests.vectors import ENTRANCE, KEYS, NOW, VECTORS, Vector
from lutong.gateways.crypto.keys import read_jwks


def verdict_of(vector: Vector, bundle: rules.Bundle | None = None) -> rules.Verdict:
    return rules.judge(
        vector.text, bundle=bundle or vector.bundle, use=lambda code: code.code_id not in vector.used, now=vector.now
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_a_gate_judges_as_the_vector_says(vector: Vector) -> None:
    verdict = verdict_of(vector)
    assert verdict.reason is vector.reason
    if verdict.admitted:
        assert (verdict.hearing.hearing_id if verdict.hearing else None) == vector.hearing


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_a_bundle_that_went_through_json_judges_alike(vector: Vector) -> None:
    data = orjson.loads(orjson.dumps(rules.plain(vector.bundle, KEYS)))
    bundle = rules.read_bundle(data, lambda keys: {kid: v.verify for kid, v in read_jwks(keys).items()})
    assert rules.told(verdict_of(vector, bundle)) == rules.told(verdict_of(vector))


def test_every_reason_has_a_vector_and_words() -> None:
    assert {vector.reason for vector in VECTORS} == set(Reason) == set(judging.WORDS)
    assert all(words.advice for reason, words in judging.WORDS.items() if reason is not Reason.OK)


def test_a_refused_scan_never_uses_a_code_up() -> None:
    asked: list[GateCode] = []

    def use(code: GateCode) -> bool:
        asked.append(code)
        return True

    for vector in VECTORS:
        admitted = rules.judge(vector.text, bundle=vector.bundle, use=use, now=vector.now).admitted
        assert len(asked) == int(admitted), vector.name
        asked.clear()


def test_the_code_is_small_enough_for_a_screen_and_holds_no_name_and_no_licence_number() -> None:
    word = vectors.text()
    assert len(word) == 213  # version 8 of the symbol at level M holds 221 in its alphanumeric mode
    assert word.isalnum()
    assert word.isupper()
    code, body, _ = rules.read(word)
    assert code == vectors.code()
    assert "周岚".encode() not in body
    assert b"11105201211603034" not in body


def test_the_code_is_the_base32_of_everybody() -> None:
    chance = random.Random(32)
    for _ in range(200):
        made = vectors.code(holder=uuid.UUID(int=chance.getrandbits(128)), court_id=chance.randrange(1, 32767))
        signature = chance.randbytes(64)
        word = rules.write(made, lambda message, signature=signature: signature)  # type: ignore[misc]
        raw = base64.b32decode(word + "=" * (-len(word) % 8))
        assert rules.read(word) == (made, raw[:-64], raw[-64:])


def test_a_thousand_forged_codes_and_a_thousand_stale_ones_get_in_nobody() -> None:
    chance = random.Random(4)
    good = vectors.text()
    let_in = [0, 0]
    for _ in range(1000):
        forged = vectors.broken(good, chance.randrange(len(good)))
        stale = vectors.text(code_id=uuid.UUID(int=chance.getrandbits(128)), issued=NOW - chance.randrange(30, 10**6))
        for place, word in enumerate((forged, stale)):
            let_in[place] += rules.judge(word, bundle=ENTRANCE, use=lambda code: True, now=NOW).admitted
    assert let_in == [0, 0]


def test_a_gate_that_forgets_to_look_at_the_signature_lets_the_forged_in() -> None:
    """The planted fault: without the signature the vectors must fail."""
    careless = rules.Bundle(
        issued=ENTRANCE.issued, door=ENTRANCE.door, keys=dict.fromkeys(ENTRANCE.keys, lambda message, signature: True),
        people=ENTRANCE.people, hearings=ENTRANCE.hearings,
    )  # fmt: skip
    forged = [v for v in VECTORS if v.reason is Reason.FORGED]
    assert any(verdict_of(v, careless).admitted for v in forged)


@pytest.mark.parametrize(
    "data", [None, 1, [], {}, {"format": 2}, {"format": 1, "door": None}, {"format": 1, "issued": "x"}]
)
def test_what_is_no_bundle_is_refused(data: Any) -> None:
    with pytest.raises(rules.BundleUnusable):
        rules.read_bundle(data, lambda keys: {})
