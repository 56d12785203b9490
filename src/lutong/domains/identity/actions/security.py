"""The trail of what happens to an account's security."""

import datetime as dt

from lutong.domains.audit.actions import record_own
from lutong.domains.audit.queries import label_of
from lutong.domains.identity.events import CredentialsChanged
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.events import announce


@action
def record_security_act(*, actor: Actor, act: str, now: dt.datetime) -> None:
    """Write what happened to password, second factor or devices into the person's trail."""
    record_own(actor=actor, action=f"identity.{act}", subject="", now=now)
    if act != "check_licence":
        announce(CredentialsChanged(actor.person_id, act, label_of(f"identity.{act}"), now))
