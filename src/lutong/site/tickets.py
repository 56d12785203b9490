"""Tickets for the event stream, which runs in a process of its own and knows no session."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, JsonResponse

MINUTES = 15  # between page and opening of the stream; an open stream needs no ticket


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may listen, and the stamp of his rights when the page was made: it holds as long as that is his stamp."""

    person: int
    stamp: int


def issue_ticket(*, person_id: int, stamp: int) -> str:
    """Sign that the bearer is this person; the page carries it in <meta name="lutong-events">."""
    return _signer().sign(f"{person_id}.{stamp}")


def read_ticket(ticket: str, *, max_age: int = MINUTES * 60) -> Ticket | None:
    """What a ticket of ours says that is not too old; None for anything else."""
    try:
        person, _, stamp = _signer().unsign(ticket, max_age=max_age).partition(".")
        return Ticket(int(person), int(stamp))
    except (signing.BadSignature, ValueError):
        return None


def stream_url(*, person_id: int, stamp: int) -> str:
    """Where this person's browser opens its stream."""
    return f"{settings.LUTONG_EVENTS_URL}/events?{urlencode({'t': issue_ticket(person_id=person_id, stamp=stamp)})}"


def renew(request: HttpRequest) -> JsonResponse:
    """A fresh address for a page whose ticket has grown old while the stream was away."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return JsonResponse({"message": "请先登录"}, status=401)
    url = stream_url(person_id=actor.person_id, stamp=request.user.stamp)  # type: ignore[union-attr]
    return JsonResponse({"url": url}, headers={"Cache-Control": "no-store"})


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="events")
