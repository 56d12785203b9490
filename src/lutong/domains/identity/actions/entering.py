"""Sign-in: the last step after all factors."""

import datetime as dt

from django.db import transaction

from lutong.domains.audit.actions import record_own
from lutong.domains.identity.actions.licence import has_asked
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.queries import bar_of
from lutong.kernel.actor import Actor, Role


def sign_in(*, account: Account, device: str = "", address: str = "", now: dt.datetime) -> None:
    """Check a lawyer's licence when he signs in, and write the sign-in into his trail.

    A licence that is not in force keeps him out with the reason and the remedy (意见第十六条). When the
    registry does not answer he may come in to read; filing will ask again. Raises NotAllowed.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=account.pk).first()
    state = "staff"
    if lawyer is not None:
        state = "fresh" if has_asked(lawyer, now) else "down"
        if refusal := bar_of(person_id=account.pk):
            raise refusal
    role = Role.LAWYER if lawyer else Role.CLERK
    actor = Actor(account.pk, role, account.name)
    with transaction.atomic():
        record_own(
            actor=actor, action="identity.sign_in", subject=account.sign_name[-4:], now=now,
            licence=state, device=device, address=address,
        )  # fmt: skip
