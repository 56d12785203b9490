"""The trail of this service, written in the transaction of the act that it records."""

import datetime as dt

from lutong.kernel.acting import action
from lutong.verification.registry.actors import BureauActor, DeskActor
from lutong.verification.registry.models import TrailEvent


def record(
    *, actor: DeskActor, act: str, subject: str, now: dt.datetime, room: str = "registry", **facts: object
) -> None:
    """Record an act (or a look). `facts` hold numbers and states, never secrets, names or numbers of identity cards.

    The trail page shows a fact `changes`: what was changed, as a list of `label`, `before` and `after`.
    """
    TrailEvent.objects.create(
        at=now, actor_id=actor.person_id, actor_name=actor.name, desk=actor.desk, action=f"{room}.{act}",
        subject=subject[:80], facts=facts,
    )  # fmt: skip


@action
def look(*, actor: BureauActor, act: str, subject: str, now: dt.datetime) -> None:
    """Record that somebody looked at a person's page or took lists away."""
    record(actor=actor, act=act, subject=subject, now=now)
