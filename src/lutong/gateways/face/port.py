"""What the live check wants of the face service: is the person on this film the holder of this licence?"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What the service says of the film."""

    MATCH = "match"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One question: the film, and whom it should show reading which phrase aloud."""

    licence_no: str
    name: str
    phrase: str
    video: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceAnswer:
    """The service's signed answer. `name` is whom it holds to be the owner of the licence number."""

    verdict: Verdict
    licence_no: str
    name: str
    reference: str  # the service's own number of this answer, kept as evidence
    answered_at: dt.datetime


class FaceDown(Exception):
    """No answer that can be trusted: unreachable, slow, unsigned, forged or about another question. Never a match."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FaceService(Protocol):
    """人脸比对服务. Answers or raises within about eight seconds."""

    def compare(self, comparison: Comparison) -> FaceAnswer:
        """Raises FaceDown."""
