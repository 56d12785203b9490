"""电子送达 inbox: the lawyer's own rows, across all courts."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from lutong.domains.cases.queries import own_rows
from lutong.domains.eservice.models import LawyerDelivery
from lutong.domains.eservice.states import DeliveryState
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability

INBOX_TABS = {"sent": "未签收", "signed": "已签收", "failed": "已失败"}
MANY = 100


def _mine(actor: Actor) -> QuerySet[LawyerDelivery]:
    rows = LawyerDelivery.objects.all()
    return own_rows(rows, actor, case_column="case_id", needs=Capability.RECEIVE_SERVICE)


def list_inbox(
    *,
    actor: Actor,
    tab: str = "sent",
    text: str = "",
    before: tuple[dt.datetime, uuid.UUID] | None = None,
    limit: int = 20,
) -> list[LawyerDelivery]:
    """One page of the lawyer's deliveries, newest first; `text` looks at title, case number, case and court."""
    with reading(actor):
        rows = _mine(actor).filter(state=tab)
        for word in text.split()[:5]:
            rows = rows.filter(
                Q(title__icontains=word) | Q(number__icontains=word) | Q(case_title__icontains=word)
                | Q(court_name__icontains=word)
            )  # fmt: skip
        if before is not None:
            rows = rows.filter(Q(sent_at__lt=before[0]) | Q(sent_at=before[0], id__lt=before[1]))
        return list(rows.order_by("-sent_at", "-id")[:limit])


def unsigned_count(*, actor: Actor) -> int:
    """How many deliveries wait for the lawyer's signature, counted up to 100."""
    with reading(actor):
        mine = _mine(actor).filter(state=DeliveryState.SENT)
        return len(mine.values_list("id")[:MANY])


def unread_count(*, actor: Actor) -> int:
    """How many of them he has never opened, counted up to 100."""
    with reading(actor):
        mine = _mine(actor).filter(state=DeliveryState.SENT, read_at=None)
        return len(mine.values_list("id")[:MANY])
