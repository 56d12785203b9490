"""通行密钥 by WebAuthn Level 3: what the browser is asked, and whether its answer holds. The checks are fido2's.

Ours are what a library cannot know: the one origin that counts (with its port, for programs of one machine share a
host name), that the answer was made in no frame of another site, and that no unknown kind of key comes in.
"""

import json
import struct
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME = "律师身份核验平台"
LONGEST = 20_000  # characters of an answer
_NONSENSE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError, RecursionError,
    NotImplementedError, struct.error,
)  # fmt: skip


class NotAKey(Exception):
    """The answer does not hold; the word is for the log and for tests, never for the page."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new key: what is kept of it."""

    credential_id: bytes
    credential: bytes  # AAGUID, id and COSE public key (WebAuthn 6.5.1)
    count: int
    discoverable: bool
    synced: bool  # may be copied to other devices of its owner


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer says of itself, before anything is checked."""

    credential_id: bytes
    handle: bytes
    challenge: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What the browser gets, and what is kept until it answers."""

    options: dict[str, Any]
    state: dict[str, str]


class KeyDesk:
    """Makes and checks passkeys for the service at one address."""

    def __init__(self, *, address: str) -> None:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        party = PublicKeyCredentialRpEntity(name=NAME, id=parts.hostname or "")
        self._server = Fido2Server(party, verify_origin=lambda asked: asked == origin)

    def ask_to_make(self, *, handle: bytes, label: str, known: Collection[bytes]) -> Asking:
        """Ask for a discoverable key that verifies its user; a device that holds one of `known` refuses."""
        user = PublicKeyCredentialUserEntity(name=label, id=handle, display_name=label)
        options, state = self._server.register_begin(
            user,
            credentials=[
                PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=one) for one in known
            ],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
            extensions={"credProps": True},
        )
        return _asking("creation_options", options, state)

    def take_made(self, *, state: dict[str, str], answer: str) -> Made:
        """Check a new key. Raises NotAKey."""
        try:
            told = _parsed(answer)
            read = RegistrationResponse.from_dict(told)
            _same_site(read.response.client_data)
            data = self._server.register_complete(state, read)
            credential = data.credential_data
            if credential is None or credential.credential_id != read.raw_id:
                raise NotAKey("another id")
            if isinstance(credential.public_key, UnsupportedKey) or len(credential.credential_id) > 1023:
                raise NotAKey("unsupported key")
            extensions = told.get("clientExtensionResults") or {}
            discoverable = bool((extensions.get("credProps") or {}).get("rk", True))  # we demanded it
            return Made(
                credential.credential_id, bytes(credential), data.counter, discoverable, data.is_backup_eligible()
            )
        except _NONSENSE as error:
            raise NotAKey(str(error)) from error

    def ask_to_use(self) -> Asking:
        """Ask for whatever key the browser holds for this service."""
        options, state = self._server.authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
        return _asking("request_options", options, state)

    def read_used(self, *, answer: str) -> Shown:
        """Which key an answer claims to be of. Raises NotAKey."""
        try:
            read = AuthenticationResponse.from_dict(_parsed(answer))
            challenge = websafe_encode(read.response.client_data.challenge)
            return Shown(read.raw_id, read.response.user_handle or b"", challenge)
        except _NONSENSE as error:
            raise NotAKey(str(error)) from error

    def take_used(self, *, state: dict[str, str], credential: bytes, answer: str) -> int:
        """Check an answer against the key that is kept; answers the device's count of signatures. Raises NotAKey."""
        try:
            read = AuthenticationResponse.from_dict(_parsed(answer))
            _same_site(read.response.client_data)
            self._server.authenticate_complete(state, [AttestedCredentialData(credential)], read)
            return int(read.response.authenticator_data.counter)
        except _NONSENSE as error:
            raise NotAKey(str(error)) from error


def _asking(name: str, options: Any, state: Any) -> Asking:
    """Plain JSON of both: the library's own kinds of words are left behind."""
    return Asking({name: json.loads(json.dumps(dict(options)))}, {key: str(value) for key, value in state.items()})


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise NotAKey("too long")
    told = json.loads(answer)
    if not isinstance(told, dict) or not isinstance(told.get("response"), dict):
        raise NotAKey("not an answer")
    return told


def _same_site(data: CollectedClientData) -> None:
    if data.cross_origin:
        raise NotAKey("made in a frame of another site")
