"""Signatures: the standards' own examples, an independent implementation, and what must not verify."""

import secrets

import pytest
from gmssl import func, sm2

from lutong.gateways.crypto.keys import public_jwks, read_jwk, read_jwks, unb64, verifier_of
from lutong.gateways.crypto.port import Algorithm, KeyUnusable, Signer
from lutong.gateways.crypto.software import Ed25519Signer, Sm2Signer, generate

# GB/T 32918.5 annex A.2 (GM/T 0003.5): the recommended curve, identity 1234567812345678.
SM2_PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
SM2_PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM2_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
# RFC 8032 §7.1, test 2.
ED_PRIVATE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
ED_PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
ED_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def new_signer(algorithm: Algorithm) -> Signer:
    public_key, private_key = generate(algorithm)
    kid = verifier_of(algorithm, public_key).kid
    return (Ed25519Signer if algorithm is Algorithm.ED25519 else Sm2Signer)(kid, public_key, private_key)


def independent(public_key: bytes, private_key: bytes = b"") -> sm2.CryptSM2:
    """The other implementation with these keys.

    Its constructor would strip each leading 0 and 4 of one public key in 256, taking them for the sign of a point.
    """
    other = sm2.CryptSM2(private_key=private_key.hex(), public_key="", asn1=False)
    other.public_key = public_key.hex()
    return other


def test_the_standards_own_signatures_verify() -> None:
    assert verifier_of(Algorithm.SM2, SM2_PUBLIC).verify(b"message digest", SM2_SIGNATURE)
    assert verifier_of(Algorithm.ED25519, ED_PUBLIC).verify(b"\x72", ED_SIGNATURE)


def test_ed25519_signs_what_the_standard_says() -> None:
    assert Ed25519Signer("k", ED_PUBLIC, ED_PRIVATE).sign(b"\x72") == ED_SIGNATURE


def test_the_standards_private_key_signs_for_its_public_key() -> None:
    signer = Sm2Signer("k", SM2_PUBLIC, SM2_PRIVATE)
    assert verifier_of(Algorithm.SM2, SM2_PUBLIC).verify(b"x", signer.sign(b"x"))


@pytest.mark.parametrize("length", [0, 1, 55, 56, 64, 300, 5000])
def test_an_independent_sm2_verifies_ours_and_ours_verifies_it(length: int) -> None:
    signer, message = new_signer(Algorithm.SM2), secrets.token_bytes(length)
    public_key, private_key = generate(Algorithm.SM2)
    other, reader = independent(public_key, private_key), independent(signer.public_key)

    assert reader.verify(signer.sign(message).hex(), bytes.fromhex(reader._sm3_z(message)))
    theirs = other.sign(bytes.fromhex(other._sm3_z(message)), func.random_hex(other.para_len))
    assert theirs is not None
    assert verifier_of(Algorithm.SM2, public_key).verify(message, bytes.fromhex(theirs))
    assert not signer.verify(message, bytes.fromhex(theirs))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_any_flipped_bit_and_any_other_length_is_refused(algorithm: Algorithm) -> None:
    signer = new_signer(algorithm)
    message = b"\xe5\xbe\x8b"
    signature = signer.sign(message)
    assert signer.verify(message, signature)
    for bit in range(0, 512, 3):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not signer.verify(message, bytes(changed)), bit
    for wrong in (b"", signature[:-1], signature + b"\0", bytes(64), b"\xff" * 64, signature * 2):
        assert not signer.verify(message, wrong)
    assert not signer.verify(message + b"\0", signature)
    assert not new_signer(algorithm).verify(message, signature)


def test_published_keys_come_back_as_they_went() -> None:
    signers = [new_signer(algorithm) for algorithm in Algorithm]
    published = public_jwks(signers)
    assert not any("d" in key for key in published["keys"])
    read = read_jwks(published)
    assert {kid: key.public_key for kid, key in read.items()} == {key.kid: key.public_key for key in signers}
    assert all(len(kid) == 11 for kid in read)
    assert all(read[key.kid].verify(b"m", key.sign(b"m")) for key in signers)


def test_a_key_under_a_false_name_or_kind_is_not_taken() -> None:
    one, two = (public_jwks([new_signer(Algorithm.SM2)])["keys"][0] for _ in range(2))
    for wrong in (
        {**one, "kid": two["kid"]},
        {**one, "alg": "Ed25519"},
        {**one, "crv": "P-256"},
        {**one, "x": two["x"]},
        {**one, "x": one["x"] + "="},
        {**one, "x": 5},
        {},
    ):
        with pytest.raises(KeyUnusable):
            read_jwk(wrong)
    for nonsense in (None, [], {"keys": {}}, {"keys": [{"alg": "SM2"}]}):
        with pytest.raises(KeyUnusable):
            read_jwks(nonsense)
    assert read_jwks({"keys": [{"alg": "RS256"}]}) == {}


@pytest.mark.parametrize("point", [bytes(64), b"\x01" * 64, b"\xff" * 64, b"", SM2_PUBLIC[:-1], b"\x04" + SM2_PUBLIC])
def test_what_is_no_point_of_the_curve_is_no_key(point: bytes) -> None:
    with pytest.raises(KeyUnusable):
        verifier_of(Algorithm.SM2, point)


def test_halves_of_two_pairs_make_no_signer() -> None:
    for algorithm, kind in ((Algorithm.SM2, Sm2Signer), (Algorithm.ED25519, Ed25519Signer)):
        public_key, _ = generate(algorithm)
        _, private_key = generate(algorithm)
        with pytest.raises(KeyUnusable):
            kind("k", public_key, private_key)


def test_base64url_has_one_spelling() -> None:
    assert unb64("AQI") == b"\x01\x02"
    for other in ("AQJ", "AQI=", "A+I", "AQ I", "A", "律"):
        with pytest.raises(ValueError, match="base64url"):
            unb64(other)
