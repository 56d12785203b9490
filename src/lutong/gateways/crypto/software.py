"""Keys in memory: Ed25519 by OpenSSL through `cryptography`, SM2 by GmSSL through `gmssl-pyx`."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from gmssl_pyx import GmsslInnerError, sm2_key_generate, sm2_sign, sm2_verify

from lutong.gateways.crypto.port import SIGNATURE_BYTES, Algorithm, KeyUnusable

_HALF = SIGNATURE_BYTES // 2
_PRIVATE_BYTES = 32
_PROBE = b"lutong: does this key sign what it verifies?"
# The curve of GB/T 32918.5: y² = x³ - 3x + b over the field of p elements.
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


class Ed25519Verifier:
    """An Ed25519 public key of 32 bytes."""

    algorithm = Algorithm.ED25519

    def __init__(self, kid: str, public_key: bytes) -> None:
        self.kid = kid
        self.public_key = public_key
        try:
            self._key = Ed25519PublicKey.from_public_bytes(public_key)
        except ValueError as error:
            raise KeyUnusable("not an Ed25519 public key") from error

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Ed25519Signer(Ed25519Verifier):
    """An Ed25519 key pair in memory."""

    def __init__(self, kid: str, public_key: bytes, private_key: bytes) -> None:
        super().__init__(kid, public_key)
        try:
            self._private = Ed25519PrivateKey.from_private_bytes(private_key)
        except ValueError as error:
            raise KeyUnusable("not an Ed25519 private key") from error
        if self._private.public_key().public_bytes_raw() != public_key:
            raise KeyUnusable("the private key does not belong to the public key")

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


class Sm2Verifier:
    """An SM2 public key of 64 bytes, x‖y (gmssl-pyx knows no leading 04)."""

    algorithm = Algorithm.SM2

    def __init__(self, kid: str, public_key: bytes) -> None:
        self.kid = kid
        self.public_key = public_key
        if len(public_key) != 2 * _HALF or not _on_curve(public_key):
            raise KeyUnusable("not an SM2 public key")

    def verify(self, message: bytes, signature: bytes) -> bool:
        if len(signature) != SIGNATURE_BYTES:
            return False
        r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
        try:
            # GmSSL speaks DER; r‖s has one spelling, DER as read by GmSSL need not.
            return bool(sm2_verify(self.public_key, message, encode_dss_signature(r, s)))
        except GmsslInnerError:
            return False


class Sm2Signer(Sm2Verifier):
    """An SM2 key pair in memory."""

    def __init__(self, kid: str, public_key: bytes, private_key: bytes) -> None:
        super().__init__(kid, public_key)
        if len(private_key) != _PRIVATE_BYTES:
            raise KeyUnusable("not an SM2 private key")
        self._private = private_key
        if not self.verify(_PROBE, self.sign(_PROBE)):
            raise KeyUnusable("the private key does not belong to the public key")

    def sign(self, message: bytes) -> bytes:
        try:
            r, s = decode_dss_signature(sm2_sign(self._private, self.public_key, message))
        except GmsslInnerError as error:
            raise KeyUnusable("SM2 signing failed") from error
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def _on_curve(public_key: bytes) -> bool:
    """GmSSL would say so only when the key is first used, and takes x = y = 0 for a key."""
    x, y = int.from_bytes(public_key[:_HALF], "big"), int.from_bytes(public_key[_HALF:], "big")
    return x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0


def generate(algorithm: Algorithm) -> tuple[bytes, bytes]:
    """A new pair: public bytes as in the port, and 32 private bytes."""
    if algorithm is Algorithm.ED25519:
        private = Ed25519PrivateKey.generate()
        return private.public_key().public_bytes_raw(), private.private_bytes_raw()
    public_key, private_key = sm2_key_generate()
    return public_key, private_key
