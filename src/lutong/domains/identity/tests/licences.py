"""Licences for the worlds of other domains' tests, where no registry answers."""

import datetime as dt

from lutong.domains.identity.models import Lawyer
from lutong.kernel.actor import Actor

JUST_ASKED = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)  # later than any moment of a test: risky acts need not ask again


def licensed(*lawyers: Actor) -> None:
    """These people hold a licence in force, of which the registry has just been asked."""
    for lawyer in lawyers:
        Lawyer.objects.get_or_create(
            lawyer_id=lawyer.person_id,
            defaults={
                "licence_no": f"1110120{lawyer.person_id}", "name": lawyer.name, "firm_name": "某律师事务所",
                "kind": "full_time", "status": "active", "status_label": "正常执业", "checked_at": JUST_ASKED,
            },
        )  # fmt: skip
