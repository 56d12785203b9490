"""Who may see which case."""

from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db.models import QuerySet

from lutong.domains.cases.models import Case, CaseAccess
from lutong.kernel.actor import Actor


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Case]:
    """A case of a court is visible if, and only if:

    * the actor is of that court's staff; or
    * the court has confirmed him as counsel of record, and that has not ended; or
    * he acts as the assistant of such counsel, whose grant for this case is running (意见第十四条).
    """
    cases = Case.objects.filter(court_id=court_id)
    if actor.is_staff:
        return cases if actor.court_id == court_id else cases.none()
    return cases.filter(id__in=cases_of(actor, court_id=court_id))


def cases_of(actor: Actor, *, court_id: int) -> Any:
    """The ids of one court's cases in which the actor is counsel of record now, or assists one, as a subquery.

    "Now" is the clock of the database, as in the row policies, so that both locks always agree.
    """
    mine = CaseAccess.objects.filter(
        court_id=court_id, person_id=actor.person_id, for_id=actor.for_id or 0, during__contains=TransactionNow()
    )
    return mine.values("case_id")
