"""律证码: a signed statement about a licence that anyone holding the public keys can check, offline.

A card is four parts of base64url joined by dots: header, payload, Ed25519 signature, SM2 signature. The first three
are an ordinary JWS (RFC 7515) that any JOSE library verifies; the fourth signs the very same bytes with SM2. The
header names the one key and the payload the other, and both are signed, so that neither signature can be taken away or
exchanged unseen. As a QR code the card is the fragment of the address of the page that verifies it: an ordinary camera
opens that page, and no server ever sees the card.

`tools/verify_card.py` says the same in one file without dependencies, for those who trust no program of ours.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lutong.gateways.crypto.keys import b64, unb64
from lutong.gateways.crypto.port import Algorithm, Signer, Verifier
from lutong.gateways.registry.port import LicenceKind, LicenceStatus, LiveMethod

VERSION = 2  # since it tells the last live check; cards of version 1 are still read
TYPE = "lawyer-card"
SHOWN_FOR = dt.timedelta(seconds=60)  # a card on a screen
PRINTED_FOR = dt.timedelta(days=30)  # a card on paper
SLOW_CLOCK = dt.timedelta(seconds=60)  # how far a verifier's clock may lag behind
LONGEST = 4096  # characters, address included
_PART = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = ("alg", "kid", "typ")
_TEXTS = {"lic": 20, "nam": 50, "frm": 120, "prv": 30, "jti": 32}  # longest values
_OF_1 = {"exp", "frm", "iat", "jti", "knd", "lic", "nam", "pho", "prv", "sm2", "snc", "sta", "use", "v"}
_CLAIMS = {1: _OF_1, 2: _OF_1 | {"lvd", "lvm"}}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Use(StrEnum):
    """Where the card is shown: on a screen that renews it, or on paper that cannot."""

    SCREEN = "screen"
    PRINT = "print"

    @property
    def life(self) -> dt.timedelta:
        return SHOWN_FOR if self is Use.SCREEN else PRINTED_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the registry states at `issued_at`. The status is that of this moment and of no other."""

    licence_no: str
    name: str
    kind: LicenceKind
    firm_name: str
    province: str
    status: LicenceStatus
    status_since: dt.date
    photo_digest: str  # base64url SHA-256 of the registry's photo; empty if there is none
    use: Use
    issued_at: dt.datetime
    expires_at: dt.datetime
    assertion_id: str
    live_on: dt.date | None = None  # the day in Beijing of the last live check; None: never, or a card of version 1
    live_by: LiveMethod | None = None  # who looked then; None: not kept

    @property
    def live_label(self) -> str:
        """When the holder was last seen and by whom, as a person reads it."""
        if self.live_on is None:
            return "没有记录"
        return self.live_on.isoformat() + (f"，{self.live_by.label}" if self.live_by else "")

    def age_seconds(self, *, now: dt.datetime) -> int:
        """Whole seconds since the card was signed; never negative."""
        return max(0, int((now - self.issued_at).total_seconds()))

    def shows_photo(self, photo: bytes) -> bool:
        """Whether these are the very bytes of the photo that the card was signed with."""
        return bool(self.photo_digest) and b64(hashlib.sha256(photo).digest()) == self.photo_digest


class Flaw(StrEnum):
    """Why a card is not accepted."""

    MALFORMED = "malformed"
    UNKNOWN_VERSION = "unknown_version"
    SIGNATURE_MISSING = "signature_missing"
    UNKNOWN_KEY = "unknown_key"
    ED25519 = "ed25519"
    SM2 = "sm2"
    NOT_YET = "not_yet"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Flaw.MALFORMED: "不是律证码，或者内容不完整、被改动",
    Flaw.UNKNOWN_VERSION: "律证码的版本不认识，请更新核验程序",
    Flaw.SIGNATURE_MISSING: "缺少签名：律证码须同时有 Ed25519 与 SM2 两个签名",
    Flaw.UNKNOWN_KEY: "签名密钥不在公布的名单中：可能是伪造，或者核验程序的公钥过旧",
    Flaw.ED25519: "Ed25519 签名不符：内容被改动或者是伪造",
    Flaw.SM2: "SM2 签名不符：内容被改动或者是伪造",
    Flaw.NOT_YET: "签发时间晚于现在，请核对本机时间",
    Flaw.EXPIRED: "律证码已过期，请让出示人刷新后再出示",
}


class CardRefused(Exception):
    """The text is no card that counts now. `card` is there if both signatures held and only the time is over."""

    def __init__(self, flaw: Flaw, card: Card | None = None) -> None:
        super().__init__(flaw.label)
        self.flaw = flaw
        self.card = card


def write(card: Card, *, ed25519: Signer, sm2: Signer) -> str:
    """The text of a card, signed with both keys."""
    header = {"alg": Algorithm.ED25519.value, "kid": ed25519.kid, "typ": TYPE}
    signed = f"{b64(_canonical(header))}.{b64(_canonical({**_claims(card), 'sm2': sm2.kid}))}"
    message = signed.encode("ascii")
    return f"{signed}.{b64(ed25519.sign(message))}.{b64(sm2.sign(message))}"


def read(text: str, *, keys: Mapping[str, Verifier], now: dt.datetime) -> Card:
    """The card in `text` (bare, or an address with the card as fragment), checked in every respect.

    Raises CardRefused with the first flaw found. Ed25519 is asked first: it is cheaper by far.
    """
    parts = text.strip().rpartition("#")[2].split(".") if len(text) <= LONGEST else []
    if not all(_PART.fullmatch(part) for part in parts) or len(parts) not in {3, 4}:
        raise CardRefused(Flaw.MALFORMED)
    header = _object(parts[0])
    if tuple(sorted(header)) != _HEADER or header["typ"] != TYPE or header["alg"] != Algorithm.ED25519:
        raise CardRefused(Flaw.MALFORMED)
    if len(parts) == 3:
        raise CardRefused(Flaw.SIGNATURE_MISSING)
    message = f"{parts[0]}.{parts[1]}".encode("ascii")
    _check(keys.get(str(header["kid"])), Algorithm.ED25519, message, parts[2])
    claims = _object(parts[1])
    _check(keys.get(str(claims.get("sm2"))), Algorithm.SM2, message, parts[3])
    card = _card(claims)
    if card.issued_at > now + SLOW_CLOCK:
        raise CardRefused(Flaw.NOT_YET, card)
    if card.expires_at <= now:
        raise CardRefused(Flaw.EXPIRED, card)
    return card


def address(text: str, *, verify_url: str) -> str:
    """What the QR code says: the page that verifies, with the card as its fragment."""
    return f"{verify_url}#{text}"


def _check(key: Verifier | None, algorithm: Algorithm, message: bytes, mark: str) -> None:
    if key is None or key.algorithm is not algorithm:
        raise CardRefused(Flaw.UNKNOWN_KEY)
    if not key.verify(message, _bytes(mark)):
        raise CardRefused(Flaw(algorithm.lower()))


def _claims(card: Card) -> dict[str, Any]:
    return {
        "v": VERSION,
        "lic": card.licence_no,
        "nam": card.name,
        "knd": card.kind.value,
        "frm": card.firm_name,
        "prv": card.province,
        "sta": card.status.value,
        "snc": card.status_since.isoformat(),
        "pho": card.photo_digest,
        "use": card.use.value,
        "iat": int(card.issued_at.timestamp()),
        "exp": int(card.expires_at.timestamp()),
        "jti": card.assertion_id,
        "lvd": card.live_on.isoformat() if card.live_on else "",
        "lvm": card.live_by.value if card.live_on and card.live_by else "",
    }


def _card(claims: dict[str, Any]) -> Card:
    """The card that well-signed claims describe; what we never write is not read either."""
    expected = _CLAIMS.get(claims["v"]) if type(claims.get("v")) is int else None
    if expected is None:
        raise CardRefused(Flaw.UNKNOWN_VERSION)
    try:
        if claims.keys() != expected or not all(_is_text(claims[key], long) for key, long in _TEXTS.items()):
            raise CardRefused(Flaw.MALFORMED)
        use, issued, expires = Use(claims["use"]), _moment(claims["iat"]), _moment(claims["exp"])
        if expires - issued != use.life:
            raise CardRefused(Flaw.MALFORMED)
        return Card(
            licence_no=claims["lic"],
            name=claims["nam"],
            kind=LicenceKind(claims["knd"]),
            firm_name=claims["frm"],
            province=claims["prv"],
            status=LicenceStatus(claims["sta"]),
            status_since=dt.date.fromisoformat(claims["snc"]),
            photo_digest=_digest(claims["pho"]),
            use=use,
            issued_at=issued,
            expires_at=expires,
            assertion_id=claims["jti"],
            **_live(claims.get("lvd", ""), claims.get("lvm", "")),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise CardRefused(Flaw.MALFORMED) from error


def _live(day: str, method: str) -> dict[str, Any]:
    """The last live check, if there was one; a method without a day is nothing that we write."""
    if day == method == "":
        return {}
    if not _DAY.fullmatch(day):
        raise ValueError("not a day")
    return {"live_on": dt.date.fromisoformat(day), "live_by": LiveMethod(method) if method != "" else None}


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError) as error:
        raise CardRefused(Flaw.MALFORMED) from error
    if not isinstance(found, dict):
        raise CardRefused(Flaw.MALFORMED)
    return found


def _bytes(part: str) -> bytes:
    try:
        return unb64(part)
    except ValueError as error:
        raise CardRefused(Flaw.MALFORMED) from error


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _moment(seconds: object) -> dt.datetime:
    if type(seconds) is not int:
        raise TypeError("not a moment")
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _digest(text: object) -> str:
    if not isinstance(text, str) or (text and len(unb64(text)) != hashlib.sha256().digest_size):
        raise ValueError("not a digest")
    return text
