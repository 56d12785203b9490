"""The client of 律师身份核验平台: answers count only with the pinned key's signature, our nonce and a fresh date."""

import datetime as dt
import functools
import io
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import puremagic
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from lutong.gateways.crypto.answers import AnswerUnproved, proved_answer
from lutong.gateways.registry.asking import ASKING_HEADER, sign_question
from lutong.gateways.registry.port import (
    EventKind,
    Licence,
    LicenceKind,
    LicenceStatus,
    NoSuchLicence,
    RegistryDown,
    ShownCard,
    StatusChange,
)

SIGNATURE_HEADER = "X-Registry-Signature"
BATCH = 100
_ALGORITHM = "Ed25519"
_SECONDS = 3.0
_LARGEST_ANSWER = 512 * 1024
_LARGEST_PHOTO = 64 * 1024
_PHOTO_KINDS = frozenset({"image/png", "image/jpeg"})
_NUMBER = re.compile(r"[0-9A-Za-z]{6,20}")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryConfig:
    """Where the registry answers, and the public key (JWK) that its answers are held to: pinned, never fetched.

    `pins` are the files of the key and of the one to come: they are read again when they have changed, so that a new
    key counts without a restart. The wire is never asked for a key.
    """

    base_url: str
    issuer: str
    public_key: str
    pins: tuple[Path, ...] = ()
    home: Path | None = None  # where our own key lies, for questions that must be signed


class RegistryClient:
    """A LicenceRegistry over HTTP.

    The body of an answer is `{iss, iat, jti, nonce, asked, data}`; a detached JWS (RFC 7515 appendix F) over the very
    bytes is in `X-Registry-Signature`. `asked` repeats path and question, so that an answer about another lawyer does
    not fit, and `nonce` is ours and new, so that yesterday's answer does not either.
    """

    def __init__(self, config: RegistryConfig, *, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._stamp = _stamp(config.pins)
        self._keys = _pinned(config.pins) or [OKPKey.import_key(json.loads(config.public_key))]
        self._clock = clock
        self._http = httpx.Client(base_url=config.base_url, timeout=_SECONDS, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def look_up(self, *, licence_no: str) -> Licence:
        return self._one("lawyers", licence_no)

    def look_up_person(self, *, number: str) -> Licence:
        return self._one("people", number)

    def firm_people(self, *, uscc: str) -> list[Licence]:
        people: list[Licence] = []
        while _NUMBER.fullmatch(uscc):
            last = people[-1].licence_no if people else ""
            status, answer = self._ask(f"/v1/firms/{uscc}/people", {"after": last})
            if status == 404:
                return []
            page = _reading(functools.partial(_people, answer))
            order = [person.licence_no for person in page]
            if order != sorted(set(order)) or (order and order[0] <= last) or {p.firm_uscc for p in page} - {uscc}:
                raise RegistryDown(reason="the list of the firm is out of order or names another firm")
            people += page
            if not page or not answer["data"].get("more"):
                break
        return people

    def _one(self, collection: str, number: str) -> Licence:
        if not _NUMBER.fullmatch(number):
            raise NoSuchLicence(licence_no=number)
        status, answer = self._ask(f"/v1/{collection}/{number}", {})
        if status == 404:
            raise NoSuchLicence(licence_no=number)
        licence = _reading(lambda: _licence(answer, answer["data"]))
        if licence.licence_no != number:
            raise RegistryDown(reason="the answer speaks of another licence")
        return licence

    def look_up_many(self, *, licence_nos: list[str]) -> dict[str, Licence]:
        wanted = [number for number in dict.fromkeys(licence_nos) if _NUMBER.fullmatch(number)]
        if len(wanted) > BATCH:
            raise ValueError(f"at most {BATCH} licences in one question")
        if not wanted:
            return {}
        _, answer = self._ask("/v1/lawyers", {"ids": ",".join(wanted)})
        licences = _reading(lambda: [_licence(answer, entry) for entry in answer["data"]])
        found = {licence.licence_no: licence for licence in licences}
        if len(found) != len(licences) or not found.keys() <= set(wanted):
            raise RegistryDown(reason="the answer names a licence twice or one that was not asked for")
        return found

    def card(self, *, licence_no: str) -> ShownCard:
        if not _NUMBER.fullmatch(licence_no):
            raise NoSuchLicence(licence_no=licence_no)
        if self._config.home is None:
            raise RegistryDown(reason="no key to sign the question with")
        path = f"/v1/cards/{licence_no}"
        now = dt.datetime.fromtimestamp(self._clock(), dt.UTC)
        question = sign_question(home=self._config.home, path=path, now=now)
        status, answer = self._ask(path, {}, {ASKING_HEADER: question})
        if status == 404:
            raise NoSuchLicence(licence_no=licence_no)
        card = _reading(lambda: _card(answer["data"]))
        if card.licence_no != licence_no:
            raise RegistryDown(reason="the answer speaks of another licence")
        return card

    def photo(self, *, url: str) -> bytes:
        try:
            wanted = httpx.URL(url)
            if _origin(wanted) != _origin(self._http.base_url) or wanted.userinfo:
                raise RegistryDown(reason="the photo lies at another origin")
            status, _, body = self._read(wanted.path, {}, None, _LARGEST_PHOTO)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise RegistryDown(reason=type(error).__name__) from error
        if status != 200 or kind_of_photo(body) not in _PHOTO_KINDS:
            raise RegistryDown(reason=f"no photo: HTTP {status}")
        return body

    def changes(self, *, after: int) -> list[StatusChange]:
        _, answer = self._ask("/v1/events", {"after": str(after)})
        found = _reading(lambda: [_change(entry) for entry in answer["data"]])
        order = [change.seq for change in found]
        if order != sorted(set(order)) or (order and order[0] <= after):
            raise RegistryDown(reason="the feed is out of order")
        return found

    def _ask(
        self, path: str, question: dict[str, str], headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Ask once, and once more if the line broke; a bad answer is not asked again, for it is no accident."""
        nonce = secrets.token_urlsafe(18)
        status, mark, body = self._get(path, {**question, "nonce": nonce}, headers)
        if status not in {200, 404}:
            raise RegistryDown(reason=f"HTTP {status}")
        answer = self._verified(mark, body)
        if answer.get("nonce") != nonce:
            raise RegistryDown(reason="the answer was given to another question (nonce)")
        if answer.get("asked") != {"path": path, **question} or answer.get("status") != status:
            raise RegistryDown(reason="the answer was given to another question")
        return status, answer

    def _get(self, path: str, params: dict[str, str], headers: dict[str, str] | None) -> tuple[int, str, bytes]:
        """Status, signature and body; the second attempt's failure counts."""
        try:
            status, mark, body = self._read(path, params, headers)
            if status < 500:
                return status, mark, body
        except httpx.HTTPError:
            pass
        try:
            return self._read(path, params, headers)
        except httpx.HTTPError as error:
            raise RegistryDown(reason=type(error).__name__) from error

    def _read(
        self, path: str, params: dict[str, str], headers: dict[str, str] | None, most: int = _LARGEST_ANSWER
    ) -> tuple[int, str, bytes]:
        """Read piece by piece, so that neither a flood nor a drip outlasts its bounds."""
        end, body = time.monotonic() + _SECONDS, bytearray()
        with self._http.stream("GET", path, params=params, headers=headers) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > most or time.monotonic() > end:
                    raise RegistryDown(reason="the answer is too large or too slow")
            return response.status_code, response.headers.get(SIGNATURE_HEADER, ""), bytes(body)

    def _verified(self, mark: str, body: bytes) -> dict[str, Any]:
        try:
            return self._proved(mark, body, self._pinned())
        except AnswerUnproved as unproved:
            raise RegistryDown(reason=unproved.reason) from unproved

    def _proved(self, mark: str, body: bytes, keys: list[OKPKey]) -> dict[str, Any]:
        """The answer under one of the keys; else what is wrong with it under the key that comes nearest."""
        problems = []
        for key in keys:
            try:
                return proved_answer(mark, body, key=key, issuer=self._config.issuer, at=self._clock())
            except AnswerUnproved as unproved:
                problems.append(unproved)
        raise min(problems, key=lambda problem: problem.reason.startswith("signature"))

    def _pinned(self) -> list[OKPKey]:
        """The keys as the operator's files say now: the old one counts no longer once they changed.

        A look at their times costs microseconds; they are read when they have changed, and at no forger's wish.
        """
        stamp = _stamp(self._config.pins)
        if stamp != self._stamp:
            try:
                self._keys = _pinned(self._config.pins) or self._keys
                self._stamp = stamp
            except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
                raise RegistryDown(reason=f"the pinned key cannot be read: {type(error).__name__}") from error
        return self._keys


def _pinned(files: tuple[Path, ...]) -> list[OKPKey]:
    return [OKPKey.import_key(json.loads(file.read_text("utf-8"))) for file in files if file.exists()]


def _stamp(files: tuple[Path, ...]) -> list[tuple[int, int]]:
    """What tells a changed file: its time and its place on the disk."""
    told = []
    for file in files:
        try:
            one = file.stat()
        except FileNotFoundError:
            told.append((0, 0))
        else:
            told.append((one.st_mtime_ns, one.st_ino))
    return told


def kind_of_photo(image: bytes) -> str:
    """The media type that the bytes themselves speak of; empty if they speak of none."""
    try:
        return str(puremagic.from_stream(io.BytesIO(image), mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _card(entry: dict[str, Any]) -> ShownCard:
    return ShownCard(
        text=_text(entry, "card"),
        address=_text(entry, "address"),
        licence_no=_text(entry, "licence_no"),
        name=_text(entry, "name"),
        kind=LicenceKind(entry["kind"]),
        firm_name=_text(entry, "firm_name"),
        status=LicenceStatus(entry["status"]),
        issued_at=dt.datetime.fromtimestamp(int(entry["issued_at"]), dt.UTC),
        expires_at=dt.datetime.fromtimestamp(int(entry["expires_at"]), dt.UTC),
        photo_url=str(entry["photo"]),
    )


def _licence(answer: dict[str, Any], entry: dict[str, Any]) -> Licence:
    status = LicenceStatus(entry["status"])
    licence = Licence(
        licence_no=_text(entry, "licence_no"),
        name=_text(entry, "name"),
        sex=_text(entry, "sex"),
        firm_name=_text(entry, "firm_name"),
        firm_uscc=_text(entry, "firm_uscc"),
        kind=LicenceKind(entry["kind"]),
        province=_text(entry, "province"),
        city=_text(entry, "city"),
        status=status,
        status_label=_text(entry, "status_label"),
        status_reason=str(entry["status_reason"]),
        status_since=dt.date.fromisoformat(entry["status_since"]),
        remedy=str(entry["remedy"]),
        checked_at=dt.datetime.fromtimestamp(answer["iat"], dt.UTC),
        assertion_id=_text(answer, "jti"),
        **_more(entry),
    )
    if licence.status_label != status.label or licence.may_practise == bool(licence.status_reason):
        raise RegistryDown(reason="the answer contradicts itself about the status")
    return licence


def _people(answer: dict[str, Any]) -> list[Licence]:
    return [_licence(answer, entry) for entry in answer["data"]["people"]]


def _more(entry: dict[str, Any]) -> dict[str, Any]:
    """What only some licences have."""
    told: dict[str, Any] = {
        name: str(entry.get(name) or "") for name in ("body_name", "region", "supervisor_no", "photo_url")
    }
    told |= {"firm_kind": str(entry.get("firm_kind") or "law_firm"), "scope": tuple(map(str, entry.get("scope") or ()))}
    told |= {name: _day(entry.get(name)) for name in ("period_from", "period_to")}
    seen = entry.get("assured_at")
    told["assured_at"] = dt.datetime.fromisoformat(seen) if seen else None
    told["assurance"] = str(entry.get("assurance") or "registered")
    return told


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _change(entry: dict[str, Any]) -> StatusChange:
    return StatusChange(
        seq=int(entry["seq"]),
        licence_no=_text(entry, "licence_no"),
        status=LicenceStatus(entry["status"]),
        reason=str(entry["reason"]),
        since=dt.date.fromisoformat(entry["since"]),
        recorded_at=dt.datetime.fromisoformat(entry["recorded_at"]),
        kind=EventKind(entry["kind"]),
        licence_kind=LicenceKind(entry["licence_kind"]),
        **{name: str(entry[name]) for name in ("old_firm_uscc", "old_firm_name", "new_firm_uscc", "new_firm_name")},
    )


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is missing")
    return value


def _reading(read: Callable[[], _T]) -> _T:
    """A well-signed answer that lacks what the protocol promises is no answer."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RegistryDown(reason=f"unexpected answer: {error!r}") from error
