"""Tickets for the event stream, which runs in a process of its own and knows no session."""

from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, JsonResponse

MINUTES = 15  # between page and opening of the stream; an open stream needs no ticket


def issue_ticket(*, person_id: int) -> str:
    """Sign that the bearer is this person; the page carries it in <meta name="events-ticket">."""
    return _signer().sign(str(person_id))


def read_ticket(ticket: str, *, max_age: int = MINUTES * 60) -> int | None:
    """The person named on a ticket of ours that is not too old; None for anything else."""
    try:
        return int(_signer().unsign(ticket, max_age=max_age))
    except (signing.BadSignature, ValueError):
        return None


def stream_url(*, person_id: int) -> str:
    """Where this person's browser opens its stream."""
    return f"{settings.LUTONG_EVENTS_URL}/events?{urlencode({'t': issue_ticket(person_id=person_id)})}"


def renew(request: HttpRequest) -> JsonResponse:
    """A fresh address for a page whose ticket has grown old while the stream was away."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return JsonResponse({"message": "请先登录"}, status=401)
    return JsonResponse({"url": stream_url(person_id=actor.person_id)}, headers={"Cache-Control": "no-store"})


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="events")
