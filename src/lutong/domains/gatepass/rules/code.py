"""The code on the screen: 133 bytes as Base32, so that a QR symbol holds it in its alphanumeric mode.

    version 1 · kid 8 · form 1 · purpose 1 · court 2 · place 16 · holder 16 · id 16 · issued 4 · life 4 · signature 64

Numbers are big-endian. `place` is the venue, in a courtroom's code the hearing; `holder` names the lawyer in this one
court only (no name, no licence number: the gate has the list of the day). Base32 has capitals and digits only: a
scanner that types like a keyboard spoils nothing by Caps Lock, and the symbol gets smaller than with Base64.
Signed are the bytes before the signature, behind a prefix of our own, so that no other signature of the key can pass.
"""

import base64
import re
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

VERSION = 1
LIFE = 30  # seconds from issuing until a code on a screen is stale
REFRESH_EVERY = 20  # seconds after which the page shows the next one
SLIP_LIFE = 24 * 3600  # the longest life of a printed slip; it ends with the day
_PREFIX = b"lutong gate code\x00"
_LAYOUT = struct.Struct(">B8sBBH16s16s16sII")
_SIGNATURE = 64
_KID_BYTES = 8
# Read as one number to the base 32, which Python does in C; its base64.b32decode took a seventh of a whole verdict.
_BYTES = _LAYOUT.size + _SIGNATURE
_CHARACTERS = -(-_BYTES * 8 // 5)
_UNUSED_BITS = _CHARACTERS * 5 - _BYTES * 8  # of the last character; set, they would be a second spelling
_SAYS_NOTHING = (1 << _UNUSED_BITS) - 1
_SHAPE = re.compile(f"[A-Za-z2-7]{{{_CHARACTERS}}}")
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")


class Form(IntEnum):
    """A code on a screen lives for seconds, a slip printed at the counter until the evening; both pass once."""

    SCREEN = 0
    SLIP = 1


class Purpose(IntEnum):
    """用途: what for a lawyer comes, and hence which kind of gate lets him in."""

    ENTRANCE = 1
    COURTROOM = 2
    HALL = 3

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def label(self) -> str:
        return {1: "进入法院", 2: "参加庭审", 3: "诉讼服务大厅"}[self.value]


class Unreadable(Exception):
    """Not a code of ours, or damaged on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCode:
    """What a code says; times are whole seconds since 1970."""

    kid: str
    form: Form
    purpose: Purpose
    court_id: int
    place: uuid.UUID
    holder: uuid.UUID
    code_id: uuid.UUID
    issued: int
    life: int

    @property
    def until(self) -> int:
        return self.issued + self.life


def write(code: GateCode, sign: Callable[[bytes], bytes]) -> str:
    """The text of a code, signed."""
    body = _LAYOUT.pack(
        VERSION, _unb64(code.kid), code.form, code.purpose, code.court_id, code.place.bytes, code.holder.bytes,
        code.code_id.bytes, code.issued, code.life,
    )  # fmt: skip
    return base64.b32encode(body + sign(_PREFIX + body)).decode().rstrip("=")


def read(text: str) -> tuple[GateCode, bytes, bytes]:
    """(code, body, signature) of a scanned text; nothing is verified yet. Raises Unreadable."""
    raw = _bytes_of(text)
    if raw[0] != VERSION:
        raise Unreadable
    body, signature = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    _, kid, form, purpose, court_id, place, holder, code_id, issued, life = _LAYOUT.unpack(body)
    try:
        code = GateCode(
            kid=base64.urlsafe_b64encode(kid).decode().rstrip("="), form=Form(form), purpose=Purpose(purpose),
            court_id=court_id, place=uuid.UUID(bytes=place), holder=uuid.UUID(bytes=holder),
            code_id=uuid.UUID(bytes=code_id), issued=issued, life=life,
        )  # fmt: skip
    except ValueError as error:
        raise Unreadable from error
    return code, body, signature


def message_of(body: bytes) -> bytes:
    """The bytes that the signature is over."""
    return _PREFIX + body


def _bytes_of(text: str) -> bytes:
    """Strict Base32 in its one spelling, small letters allowed."""
    word = text.strip()
    if _SHAPE.fullmatch(word) is None:
        raise Unreadable
    number = int(word.upper().translate(_DIGITS), 32)
    if number & _SAYS_NOTHING:
        raise Unreadable
    return (number >> _UNUSED_BITS).to_bytes(_BYTES, "big")


def _unb64(kid: str) -> bytes:
    raw = base64.urlsafe_b64decode(kid + "=" * (-len(kid) % 4))
    if len(raw) != _KID_BYTES:
        raise ValueError("a kid has eight bytes")
    return raw
