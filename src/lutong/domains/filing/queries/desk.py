"""What the filing desk reads: the queue by legal clock, one filing, its marks and notices."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lutong.domains.filing.access import filings_visible_to, works_at_desk
from lutong.domains.filing.models import Correction, Filing, Review
from lutong.domains.filing.states import FilingState as S
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound

MOST = 100  # the tabs count up to this many

# The tabs of the queue: key, label.
TABS = (
    ("waiting", "待审核"),
    ("corrected", "补正已回"),
    ("returned", "补正中"),
    ("overdue", "超期"),
    ("done", "已办结"),
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the clerk narrows the queue by."""

    tab: str = "waiting"
    text: str = ""
    cause: str = ""
    mine: bool = False


def list_queue(
    *,
    actor: Actor,
    wanted: QueueFilter,
    today: dt.date,
    after: tuple[dt.date, uuid.UUID] | None = None,
    limit: int = 20,
) -> list[Filing]:
    """One page of the court's queue, the most urgent first; finished work newest first.

    `after` is (review_due_on, id) of the last row seen; it does not apply to the tab "done".
    """
    with reading(actor):
        rows = _narrowed(_tab(actor, wanted.tab, today), actor, wanted)
        if wanted.tab == "done":
            return list(rows.order_by("-decided_at", "-id")[:limit])
        if after is not None:
            rows = rows.filter(Q(review_due_on__gt=after[0]) | Q(review_due_on=after[0], id__gt=after[1]))
        return list(rows.order_by("review_due_on", "id")[:limit])


def count_tabs(*, actor: Actor, today: dt.date) -> list[tuple[str, str, int]]:
    """(key, label, count) of each tab, counted up to 100; finished work is not counted."""
    with reading(actor):
        return [
            (key, label, 0 if key == "done" else len(_tab(actor, key, today).values_list("id")[:MOST]))
            for key, label in TABS
        ]


def get_filing(*, actor: Actor, filing_id: uuid.UUID, lock: bool = False) -> Filing:
    """A filing of the actor's court, or NotFound."""
    with reading(actor):
        found = Filing.objects.filter(court_id=actor.court_id or 0, id=filing_id)
        filing = (found.select_for_update() if lock else found).first() if works_at_desk(actor) else None
    if filing is None:
        raise NotFound("没有这份立案申请，或您无权查看")
    return filing


def get_review(*, actor: Actor, filing: Filing) -> Review | None:
    """The marks made so far in the present round."""
    with reading(actor):
        return Review.objects.filter(court_id=filing.court_id, filing_id=filing.id, round=filing.round).first()


def list_corrections(*, actor: Actor, court_id: int, filing_id: uuid.UUID) -> list[Correction]:
    """The correction notices of a filing, oldest first."""
    with reading(actor):
        return list(Correction.objects.filter(court_id=court_id, filing_id=filing_id).order_by("round"))


def next_unclaimed(*, actor: Actor) -> Filing | None:
    """The most urgent filing that no clerk has taken yet."""
    with reading(actor):
        rows = _tab(actor, "waiting", dt.date.max)
        waiting = rows.filter(state=S.SUBMITTED, clerk_id=None)
        return waiting.order_by("review_due_on", "id").first()


def _tab(actor: Actor, tab: str, today: dt.date) -> QuerySet[Filing]:
    rows = filings_visible_to(actor, court_id=actor.court_id or 0) if works_at_desk(actor) else Filing.objects.none()
    if tab == "corrected":
        return rows.filter(state=S.SUBMITTED, round__gt=1)
    if tab == "returned":
        return rows.filter(state=S.RETURNED)
    if tab == "overdue":
        return rows.filter(state__in=[S.SUBMITTED, S.APPROVED], review_due_on__lt=today)
    if tab == "done":
        return rows.filter(decided_at__isnull=False)
    return rows.filter(state__in=[S.SUBMITTED, S.APPROVED])


def _narrowed(rows: QuerySet[Filing], actor: Actor, wanted: QueueFilter) -> QuerySet[Filing]:
    if wanted.mine:
        rows = rows.filter(clerk_id=actor.person_id)
    if wanted.cause:
        rows = rows.filter(cause_name=wanted.cause)
    if text := wanted.text.strip()[:40]:
        named = Q(plaintiffs__icontains=text) | Q(defendants__icontains=text) | Q(receipt_no__icontains=text)
        rows = rows.filter(named)
    return rows
