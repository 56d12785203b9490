"""A device that makes and uses passkeys, in software: the same bytes as a telephone's, from fido2's own structures."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "http://localhost:9103"
FLAG = AuthenticatorData.FLAG


@dataclass
class Device:
    """One telephone with one key; `twin` is a copy that counts on its own."""

    origin: str = ORIGIN
    count: int = 0
    counts: bool = True  # synced keys do not
    verifies: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def make(self, options: dict[str, Any], **changed: Any) -> str:
        """Answer `creation_options`."""
        asked = options["creation_options"]["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(self._party(), self._flags() | FLAG.AT, self._next(), credential)
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", asked["challenge"], changed)
        response = {"clientDataJSON": client.b64, "attestationObject": websafe_encode(attestation)}
        return self._told(response, {"credProps": {"rk": changed.get("rk", True)}})

    def use(self, options: dict[str, Any], **changed: Any) -> str:
        """Answer `request_options`."""
        asked = options["request_options"]["publicKey"]
        data = AuthenticatorData.create(self._party(), self._flags(), self._next())
        client = self._client("webauthn.get", asked["challenge"], changed)
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client.b64, "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature), "userHandle": websafe_encode(changed.get("handle", self.handle)),
        }  # fmt: skip
        return self._told(response, {})

    def twin(self) -> "Device":
        """A copy with the same key, which stands where the device stands now."""
        return Device(self.origin, self.count, self.counts, self.verifies, self.credential_id, self.key, self.handle)

    def _party(self) -> bytes:
        return hashlib.sha256((urlsplit(self.origin).hostname or "").encode()).digest()

    def _flags(self) -> AuthenticatorData.FLAG:
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def _next(self) -> int:
        self.count += 1 if self.counts else 0
        return self.count

    def _client(self, kind: str, challenge: str, changed: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(
            kind, changed.get("challenge", challenge), changed.get("origin", self.origin),
            changed.get("cross_origin", False),
        )  # fmt: skip

    def _told(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps({
            "type": "public-key", "id": name, "rawId": name, "response": response,
            "clientExtensionResults": extensions, "authenticatorAttachment": "platform",
        })  # fmt: skip
