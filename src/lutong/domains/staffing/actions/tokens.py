"""Tokens of personnel systems, issued and revoked by the security administrator."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.staffing import words
from lutong.domains.staffing.access import door, require, tokens_seen
from lutong.domains.staffing.models import ProvisioningToken
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, Invalid, NotFound

MOST = 5
PERIODS = (30, 90, 180, 365)


@action
def issue_token(*, actor: Actor, name: str, days: int, now: dt.datetime) -> tuple[ProvisioningToken, str]:
    """A token for the court's personnel system; the word is answered once. Raises NotFound, Invalid, Conflict."""
    court_id = require(actor, Duty.APPROVALS)
    fields = {} if 1 <= len(name.strip()) <= 60 else {"name": "请填 1 至 60 字的名称"}
    if days not in PERIODS:
        fields["days"] = "请选择有效期"
    if fields:
        raise Invalid("请改正标出的项目", fields=fields)
    in_force = ProvisioningToken.objects.filter(court_id=court_id, revoked_at=None, expires_at__gt=now)
    if in_force.count() >= MOST:
        raise Conflict(f"有效的令牌已有 {MOST} 个，请先撤销不用的")
    word = words.new_token(court_id)
    made = ProvisioningToken.objects.create(
        court_id=court_id, name=name.strip(), digest=words.digest_of(word), issued_by=actor.person_id,
        issuer_name=actor.name, issued_at=now, expires_at=now + dt.timedelta(days=days),
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="staffing.issue_token", subject=made.name, now=now, token=str(made.id)
    )
    return made, word


@action
def revoke_token(*, actor: Actor, token_id: uuid.UUID, now: dt.datetime) -> ProvisioningToken:
    """Take a token back at once; a second time changes nothing. Raises NotFound."""
    court_id = require(actor, Duty.APPROVALS)
    token = tokens_seen(actor).select_for_update().filter(id=token_id).first()
    if token is None:
        raise NotFound("没有这个令牌")
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record(
            actor=actor, court_id=court_id, action="staffing.revoke_token", subject=token.name, now=now,
            token=str(token.id),
        )  # fmt: skip
    return token


def program_of(*, word: str, now: dt.datetime) -> tuple[Actor, int] | None:
    """The program behind a token, and who issued it; None for a token that is unknown, expired or revoked."""
    court_id = words.court_of(word, prefix="ltp-")
    return _program(actor=door(court_id), word=word, now=now) if court_id else None


@action
def _program(*, actor: Actor, word: str, now: dt.datetime) -> tuple[Actor, int] | None:
    held = ProvisioningToken.objects.filter(
        court_id=actor.court_id or 0, digest=words.digest_of(word), revoked_at=None, expires_at__gt=now
    ).first()
    if held is None:
        return None
    if held.last_used_at is None or now - held.last_used_at > dt.timedelta(minutes=10):
        ProvisioningToken.objects.filter(court_id=held.court_id, id=held.id).update(last_used_at=now)
    return Actor(0, Role.SYSADMIN, f"人事接口 {held.name}"[:60], held.court_id), held.issued_by
