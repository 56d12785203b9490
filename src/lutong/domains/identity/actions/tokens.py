"""Tokens for programs."""

import datetime as dt
import uuid
from collections.abc import Collection

from lutong.domains.audit.actions import record_own
from lutong.domains.identity import tokens
from lutong.domains.identity.models import ApiToken
from lutong.domains.identity.scopes import SCOPES
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


@action
def create_token(
    *, actor: Actor, name: str, scopes: Collection[str], days: int, now: dt.datetime
) -> tuple[ApiToken, str]:
    """Give a program a token of its own; the word itself is answered once and never kept.

    Raises NotAllowed for staff and for programs, Invalid for a wrong name, scope or number of days (1 to 365),
    Conflict beyond 20 tokens in force.
    """
    if not actor.is_lawyer or actor.scopes is not None:
        raise NotAllowed("接口令牌只能由律师本人在网页上签发")
    fields = {}
    if not 1 <= len(name.strip()) <= 60:
        fields["name"] = "请填 1 至 60 字的名称，写明用在哪里"
    if not scopes or not set(scopes) <= SCOPES.keys():
        fields["scopes"] = "请至少勾选一项权限"
    if not 1 <= days <= 365:
        fields["days"] = "有效期为 1 至 365 天"
    if fields:
        raise Invalid("请改正标出的项目", fields=fields)
    in_force = ApiToken.objects.filter(lawyer_id=actor.person_id, revoked_at=None, expires_at__gt=now)
    if in_force.count() >= tokens.MOST:
        raise Conflict(f"有效的令牌已有 {tokens.MOST} 个，请先撤销不用的")
    word = tokens.make(actor.person_id)
    held = ApiToken.objects.create(
        lawyer_id=actor.person_id, name=name.strip(), digest=tokens.digest_of(word), scopes=sorted(set(scopes)),
        created_at=now, expires_at=now + dt.timedelta(days=days),
    )  # fmt: skip
    record_own(
        actor=actor, action="identity.create_token", subject=held.name, now=now, token=str(held.id), scopes=held.scopes
    )
    return held, word


@action
def revoke_token(*, actor: Actor, token_id: uuid.UUID, now: dt.datetime) -> ApiToken:
    """Take a token back at once; a second time changes nothing. Raises NotFound."""
    held = ApiToken.objects.select_for_update().filter(lawyer_id=actor.person_id, id=token_id).first()
    if held is None:
        raise NotFound("没有这个接口令牌")
    if held.revoked_at is None:
        ApiToken.objects.filter(lawyer_id=actor.person_id, id=token_id).update(revoked_at=now)
        record_own(actor=actor, action="identity.revoke_token", subject=held.name, now=now, token=str(held.id))
    return held
