"""律师的期限, read: a part of `queries`, which hands it on."""

import datetime as dt

from lutong.domains.cases.access import own_rows
from lutong.domains.cases.models import LawyerDeadline
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor


def my_deadlines(
    *,
    actor: Actor,
    start_on: dt.date | None = None,
    end_on: dt.date | None = None,
    state: str | None = "open",
    limit: int = 100,
) -> list[LawyerDeadline]:
    """The lawyer's own periods across all courts, the next to run out first."""
    with reading(actor):
        rows = own_rows(LawyerDeadline.objects.all(), actor, case_column="case_id")
        if state:
            rows = rows.filter(state=state)
        if start_on:
            rows = rows.filter(due_on__gte=start_on)
        if end_on:
            rows = rows.filter(due_on__lte=end_on)
        return list(rows.order_by("due_on", "id")[:limit])
