"""Tickets for the event stream, which runs in a process of its own and knows no session."""

from django.core import signing

MINUTES = 15  # between page and opening of the stream; an open stream needs no ticket


def issue_ticket(*, person_id: int) -> str:
    """Sign that the bearer is this person; the page carries it in <meta name="events-ticket">."""
    return _signer().sign(str(person_id))


def read_ticket(ticket: str, *, max_age: float = MINUTES * 60) -> int | None:
    """The person named on a ticket of ours that is not too old; None for anything else."""
    try:
        return int(_signer().unsign(ticket, max_age=max_age))
    except (signing.BadSignature, ValueError):
        return None


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="events")
