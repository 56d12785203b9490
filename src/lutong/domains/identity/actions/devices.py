"""Where a person is signed in, and how he signs out elsewhere."""

import datetime as dt

from lutong.domains.audit.actions import record_own
from lutong.domains.identity import queries
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor


@action
def end_other_sessions(*, actor: Actor, session_key: str, now: dt.datetime) -> int:
    """退出其他设备: sign the actor out everywhere but in the session of `session_key`; answers how many."""
    ended = [s for s in queries.list_sessions(actor=actor) if s.session_key != session_key]
    for session in ended:
        session.end()
    record_own(actor=actor, action="identity.end_other_sessions", subject="", now=now, ended=len(ended))
    return len(ended)
