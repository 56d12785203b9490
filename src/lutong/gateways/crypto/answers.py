"""A signed answer: a detached JWS (RFC 7515 appendix F) over the very bytes, from a pinned key, fresh."""

import json
import re
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

LARGEST_AGE_SECONDS = 60
_DETACHED = re.compile(r"[\w-]+\.\.[\w-]+", re.ASCII)


class AnswerUnproved(Exception):
    """These bytes are no answer of that party; `reason` says why, for the operator."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def proved_answer(mark: str, body: bytes, *, key: OKPKey, issuer: str, at: float) -> dict[str, Any]:
    """The JSON object in `body`, signed by `key` in the name of `issuer` within a minute of `at` (Unix seconds)."""
    if not _DETACHED.fullmatch(mark):
        raise AnswerUnproved("unsigned")
    try:
        jws.deserialize_compact(mark, key, algorithms=["Ed25519"], payload=body)
        answer = json.loads(body)
    except (JoseError, ValueError) as error:
        raise AnswerUnproved(f"signature does not verify: {type(error).__name__}") from error
    if not isinstance(answer, dict) or answer.get("iss") != issuer:
        raise AnswerUnproved("another issuer")
    issued = answer.get("iat")
    if not isinstance(issued, int) or abs(at - issued) > LARGEST_AGE_SECONDS:
        raise AnswerUnproved("the answer is stale")
    return answer
