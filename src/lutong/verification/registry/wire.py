"""Signed words: what bureaus report to us, and what we answer to relying parties. Formats only, no tables."""

import base64
import datetime as dt
import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lutong.gateways.registry.keys import ISSUER, ensure_keys
from lutong.gateways.registry.port import EventKind, LicenceKind
from lutong.gateways.registry.real import SIGNATURE_HEADER
from lutong.kernel.errors import Invalid, NotAllowed
from lutong.verification.registry.bodies import FirmKind

ALGORITHM = "Ed25519"
REPORT_TYPE = "lutong-licence-report+jws"
ASKING_TYPE = "lutong-feed-state+jws"
LARGEST_REPORT = 64 * 1024
LARGEST_SEQ = 2**53
FUTURE_SECONDS = 300  # clocks differ
ASKING_SECONDS = 300
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
_Code = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Z]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class DecisionReport(_Strict):
    """A decision about a licence that the roll knows."""

    kind: Literal["change", "transfer", "punish", "suspend", "resume", "cancel", "revoke"]
    number: _Code
    effective_on: Annotated[dt.date, Field(strict=False)]
    until_on: Annotated[dt.date | None, Field(strict=False)] = None
    reason: _Text
    article: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,3}$")] = ""
    document_no: _Text
    firm_uscc: _Code = ""

    @property
    def event(self) -> EventKind:
        return EventKind(self.kind)


class GrantReport(_Strict):
    """A newcomer."""

    kind: Literal["grant"]
    number: _Code
    licence_kind: Annotated[LicenceKind, Field(strict=False)]
    name: _Text
    sex: Literal["男", "女"]
    id_number: _Code
    mobile: _Code
    firm_uscc: _Code
    effective_on: Annotated[dt.date, Field(strict=False)]
    document_no: _Text
    reason: _Text
    period_to: Annotated[dt.date | None, Field(strict=False)] = None
    supervisor_no: _Code = ""
    scope: Annotated[list[_Text], Field(max_length=20)] = []
    region: Annotated[str, StringConstraints(max_length=120)] = ""


class FirmReport(_Strict):
    """A body in which lawyers practise."""

    kind: Literal["firm"]
    uscc: _Code
    name: Annotated[str, StringConstraints(max_length=120)]
    firm_kind: Annotated[FirmKind, Field(strict=False)]
    city: Annotated[str, StringConstraints(max_length=40)]


class ReportBody(_Strict):
    """The payload of one report."""

    aud: Literal["urn:lutong:lawyer-registry"]
    bureau: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    seq: Annotated[int, Field(ge=1, le=LARGEST_SEQ)]
    iat: Annotated[int, Field(ge=0, le=LARGEST_SEQ)]
    event: Annotated[DecisionReport | GrantReport | FirmReport, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report whose signature holds."""

    body: ReportBody
    digest: str


def kid_of(text: str) -> str:
    """Which bureau a report claims to be of, before anything is checked; empty for what is no report."""
    try:
        header = json.loads(_decoded(text.split(".", 1)[0]))
        return str(header["kid"]) if re.fullmatch(r"[0-9]{2}", str(header["kid"]), re.ASCII) else ""
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def open_report(text: str, *, bureau: str, public_key: str, now: dt.datetime) -> OpenedReport:
    """Check a bureau's signature and read the report. Raises NotAllowed for a forgery, Invalid for nonsense.

    Only the one way to write a signature counts: base64url has several spellings of the same bytes, and a
    message that somebody has touched is refused even where the touch changed nothing.
    """
    payload = _verified(text, public_key, bureau, REPORT_TYPE)
    try:
        body = ReportBody.model_validate_json(payload)
    except ValidationError as error:
        where = {".".join(str(part) for part in one["loc"]): "内容不合报送格式" for one in error.errors()[:10]}
        raise Invalid("报送内容不合格式，请对照接口说明检查", fields=where) from None
    if body.bureau != bureau:
        raise NotAllowed("报送机关与签名机关不一致，已拒绝")
    if body.iat > now.timestamp() + FUTURE_SECONDS:
        raise Invalid("报送时间晚于当前时间，请校准时钟", fields={"iat": "晚于当前时间"})
    return OpenedReport(body, hashlib.sha256(payload).hexdigest())


def open_asking(text: str, *, bureau: str, public_key: str, now: dt.datetime) -> None:
    """Check that a bureau itself asks for the state of its feed. Raises NotAllowed."""
    try:
        asked = json.loads(_verified(text, public_key, bureau, ASKING_TYPE))
        fresh = asked["aud"] == ISSUER and abs(now.timestamp() - int(asked["iat"])) <= ASKING_SECONDS
    except (ValueError, KeyError, TypeError):
        fresh = False
    if not fresh:
        raise NotAllowed("凭证无效或者已过期，请重新签名")


def _verified(text: str, public_key: str, bureau: str, kind: str) -> bytes:
    forged = NotAllowed("签名不能通过验证，已拒绝")
    if len(text) > LARGEST_REPORT or not _COMPACT.fullmatch(text):
        raise forged
    try:
        parts = [_decoded(part) for part in text.split(".")]
        if ".".join(_encoded(part) for part in parts) != text:
            raise forged
        opened = jws.deserialize_compact(text, OKPKey.import_key(json.loads(public_key)), algorithms=[ALGORITHM])
    except (JoseError, ValueError, RecursionError):
        raise forged from None
    if opened.headers() != {"alg": ALGORITHM, "kid": bureau, "typ": kind}:
        raise forged
    return bytes(opened.payload)


def sign_report(body: dict[str, Any], *, private_key: OKPKey, kind: str = REPORT_TYPE) -> str:
    """What a bureau sends."""
    header = {"alg": ALGORITHM, "kid": str(body["bureau"]), "typ": kind}
    return jws.serialize_compact(header, json.dumps(body, ensure_ascii=False), private_key, algorithms=[ALGORITHM])


# ---- Answers


@dataclass(frozen=True, slots=True)
class Signer:
    """The key under which this registry answers."""

    key: OKPKey
    public: dict[str, Any]


def signer(home: Path) -> Signer:
    """The registry's own key as it is now, made on first use: each process notices a new one at its next answer."""
    file = home / "secrets" / "registry" / "private.jwk"
    if not file.exists():
        ensure_keys(file.parent)
    told = file.stat()
    return _signer(file, told.st_mtime_ns, told.st_ino)


@lru_cache(maxsize=4)
def _signer(file: Path, _changed_at: int, _place: int) -> Signer:
    key = OKPKey.import_key(json.loads(file.read_text("utf-8")))
    return Signer(key, key.as_dict(private=False))


def answer(signed_by: Signer, told: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The body of an answer and the header that carries its detached signature (RFC 7515 appendix F)."""
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    header = {"alg": ALGORITHM, "kid": str(signed_by.public["kid"])}
    whole = jws.serialize_compact(header, body, signed_by.key, algorithms=[ALGORITHM])
    return body, {SIGNATURE_HEADER: jws.detach_content(whole)}


def envelope(data: Any, *, asked: dict[str, str], nonce: str, now: dt.datetime) -> dict[str, Any]:
    """Who says what to which question, and when."""
    return {
        "iss": ISSUER, "iat": int(now.timestamp()), "jti": secrets.token_hex(16), "nonce": nonce, "asked": asked,
        "status": 404 if data is None else 200, "data": data,
    }  # fmt: skip


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
