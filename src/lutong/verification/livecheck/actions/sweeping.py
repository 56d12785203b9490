"""The clock's side: what nobody decided ends by itself, and no film outlives its day."""

import datetime as dt
import uuid

from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.verification.livecheck import queries, rules
from lutong.verification.livecheck.actions.trail import advance, end, shelf
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.states import LIVE_CHECK
from lutong.verification.registry.actors import service

AT_ONCE = 200
_JUST_NOW = dt.timedelta(minutes=2)  # a film is put on the shelf a moment before its check knows


def sweep(*, now: dt.datetime) -> int:
    """End what is overdue and destroy every film without a living check; answers how many checks ended.

    Called each minute. A film whose destruction was cut short (a crash between commit and removal) is found here,
    for its check holds no key any more.
    """
    overdue = queries.list_overdue(now=now, begun_before=now - rules.BEGUN_LIFE, limit=AT_ONCE)
    ended = sum(_expired(actor=service(), check_id=check.pk, now=now) for check in overdue)
    lying = list(shelf().ids(before=now - _JUST_NOW))
    for check_id in set(lying) - queries.ids_with_film(ids=lying):
        shelf().destroy(check_id)
    return ended


@action
def _expired(*, actor: Actor, check_id: uuid.UUID, now: dt.datetime) -> bool:
    check = Check.objects.select_for_update().get(pk=check_id)
    overdue = check.film_until <= now if check.film_until else check.requested_at <= now - rules.BEGUN_LIFE
    if not overdue or not LIVE_CHECK.may(check.state, "expire", actor.role):
        return False  # somebody was quicker
    advance(check, "expire", actor=actor, now=now)
    end(check, level=None, now=now)
    return True
