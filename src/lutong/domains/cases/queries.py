"""Reading cases."""

from typing import Any

from lutong.domains.cases.models import CaseAccess
from lutong.kernel import clock
from lutong.kernel.actor import Actor


def my_case_ids(*, actor: Actor, court_id: int) -> Any:
    """A subquery of the case ids of one court in which the actor is counsel of record now."""
    return CaseAccess.objects.filter(court_id=court_id, person_id=actor.person_id, during__contains=clock.now()).values(
        "case_id"
    )
