"""The client of the face service: what we ask is signed by us, what counts as an answer is signed by the service.

POST /v1/comparisons
Face-Request: compact JWS of {iss, aud, iat, jti, licence_no, name, phrase, media_type, sha256}
body: the film itself

200, body {iss, iat, jti, asked, verdict, licence_no, name}; Face-Signature: detached JWS over the very bytes
"""

import datetime as dt
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import OKPKey

from lutong.gateways.crypto.answers import AnswerUnproved, proved_answer
from lutong.gateways.face.port import Comparison, FaceAnswer, FaceDown, Verdict

REQUEST_HEADER, SIGNATURE_HEADER = "Face-Request", "Face-Signature"
LARGEST_FILM = 4 * 1024 * 1024
_ALGORITHM = "Ed25519"
_SECONDS = 8.0
_LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceConfig:
    """Where the service answers, who we are to it, and the key (JWK) that its answers are held to: pinned."""

    base_url: str
    client: str
    service: str
    private_key: str
    service_key: str


class FaceClient:
    """A FaceService over HTTP. The film is sent once and kept nowhere on this side."""

    def __init__(self, config: FaceConfig, *, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._own = OKPKey.import_key(json.loads(config.private_key))
        self._theirs = OKPKey.import_key(json.loads(config.service_key))
        self._clock = clock
        self._http = httpx.Client(base_url=config.base_url, timeout=_SECONDS, follow_redirects=False, trust_env=False)

    def compare(self, comparison: Comparison) -> FaceAnswer:
        number = secrets.token_urlsafe(18)
        asked = {
            "iss": self._config.client,
            "aud": self._config.service,
            "iat": int(self._clock()),
            "jti": number,
            "licence_no": comparison.licence_no,
            "name": comparison.name,
            "phrase": comparison.phrase,
            "media_type": comparison.media_type,
            "sha256": hashlib.sha256(comparison.video).hexdigest(),
        }
        request = jws.serialize_compact(
            {"alg": _ALGORITHM, "kid": str(self._own.kid)}, json.dumps(asked), self._own, algorithms=[_ALGORITHM]
        )
        mark, body = self._post(request, comparison)
        answer = self._verified(mark, body)
        if answer.get("asked") != number:
            raise FaceDown(reason="the answer was given to another question")
        return _answer(answer, comparison)

    def _post(self, request: str, comparison: Comparison) -> tuple[str, bytes]:
        """Read piece by piece, so that neither a flood nor a drip outlasts its bounds."""
        end, body = time.monotonic() + _SECONDS, bytearray()
        headers = {REQUEST_HEADER: request, "Content-Type": comparison.media_type}
        try:
            with self._http.stream("POST", "/v1/comparisons", content=comparison.video, headers=headers) as response:
                if response.status_code != 200:
                    raise FaceDown(reason=f"HTTP {response.status_code}")
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _LARGEST_ANSWER or time.monotonic() > end:
                        raise FaceDown(reason="the answer is too large or too slow")
                return response.headers.get(SIGNATURE_HEADER, ""), bytes(body)
        except httpx.HTTPError as error:
            raise FaceDown(reason=type(error).__name__) from error

    def _verified(self, mark: str, body: bytes) -> dict[str, Any]:
        try:
            return proved_answer(mark, body, key=self._theirs, issuer=self._config.service, at=self._clock())
        except AnswerUnproved as unproved:
            raise FaceDown(reason=unproved.reason) from unproved


def _answer(answer: dict[str, Any], comparison: Comparison) -> FaceAnswer:
    try:
        found = FaceAnswer(
            verdict=Verdict(answer["verdict"]),
            licence_no=str(answer["licence_no"]),
            name=str(answer["name"]),
            reference=str(answer["jti"]),
            answered_at=dt.datetime.fromtimestamp(answer["iat"], dt.UTC),
        )
    except (KeyError, ValueError) as error:
        raise FaceDown(reason=f"unexpected answer: {error!r}") from error
    if found.licence_no != comparison.licence_no:
        raise FaceDown(reason="the answer speaks of another licence")
    return found
