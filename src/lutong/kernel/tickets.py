"""Tickets: how a page lets the bearer upload or read one thing for a short time. The file process knows no session."""

import base64
import datetime as dt
import time
from dataclasses import dataclass
from typing import Any, Literal

from django.core import signing

from lutong.kernel.actor import Actor, Role

UPLOAD_LIFE = dt.timedelta(hours=12)  # a page may stay open for a working day; each renders a fresh ticket
READ_LIFE = dt.timedelta(minutes=5)


class BadTicket(Exception):
    """Not ours, changed, or expired."""


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """The bearer acts as `actor` and may put files to `purpose` (such as `filing:<draft id>`).

    `slots` are the kinds of material he may choose from; empty allows any.
    """

    actor: Actor
    purpose: str
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """The bearer may read one stored object. Who issued it has checked access and written the audit event.

    `sha256` is what the plaintext must hash to (empty: unknown); `about` is "<court>:<document>:<part>", so that
    damage can be reported.
    """

    object_key: str
    sealed_key: bytes
    size: int
    media_type: str
    name: str
    person_id: int
    disposition: Literal["inline", "attachment"] = "inline"
    sha256: str = ""
    about: str = ""


def issue_upload(ticket: UploadTicket, *, now: dt.datetime) -> str:
    """The text for header `Upload-Ticket`."""
    actor = ticket.actor
    payload = {
        "p": actor.person_id,
        "r": actor.role.value,
        "n": actor.name,
        "c": actor.court_id,
        "f": actor.for_id,
        "o": actor.for_name,
        "u": ticket.purpose,
        "s": list(ticket.slots),
        "e": int((now + UPLOAD_LIFE).timestamp()),
    }
    return signing.dumps(payload, salt="upload", compress=True)


def read_upload(text: str) -> UploadTicket:
    """The ticket, or raise `BadTicket`."""
    data = _opened(text, "upload")
    actor = Actor(data["p"], Role(data["r"]), data["n"], data["c"], for_id=data["f"], for_name=data["o"])
    return UploadTicket(actor, data["u"], tuple(data["s"]))


def issue_read(ticket: ReadTicket, *, now: dt.datetime) -> str:
    """The last part of the address `/f/<ticket>`; it lives five minutes."""
    payload = {
        "k": ticket.object_key,
        "w": base64.b64encode(bytes(ticket.sealed_key)).decode(),
        "z": ticket.size,
        "m": ticket.media_type,
        "n": ticket.name,
        "p": ticket.person_id,
        "d": ticket.disposition,
        "h": ticket.sha256,
        "a": ticket.about,
        "e": int((now + READ_LIFE).timestamp()),
    }
    return signing.dumps(payload, salt="read", compress=True)


def read_read(text: str) -> ReadTicket:
    """The ticket, or raise `BadTicket`."""
    data = _opened(text, "read")
    return ReadTicket(
        object_key=data["k"],
        sealed_key=base64.b64decode(data["w"]),
        size=data["z"],
        media_type=data["m"],
        name=data["n"],
        person_id=data["p"],
        disposition=data["d"],
        sha256=data["h"],
        about=data["a"],
    )


def _opened(text: str, salt: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = signing.loads(text, salt=salt)
    except (signing.BadSignature, ValueError, UnicodeError):
        raise BadTicket from None
    if data["e"] < time.time():
        raise BadTicket
    return data
