"""任职回避与亲属申报: the lawyer's own word, a new version each time."""

import datetime as dt

from lutong.domains.audit.actions import record_own
from lutong.domains.capacity.models import Declaration
from lutong.domains.capacity.rules import Declared, declaration_faults
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

CHANGED = "申报刚刚在另一处更新过，请刷新后核对再保存"
refuse_on("declaration_version_once", lambda: Conflict(CHANGED))


@action
def declare(*, actor: Actor, declared: Declared, version: int, confirmed: bool, now: dt.datetime) -> Declaration:
    """Keep a declaration as version `version` + 1; every later check of his capacity uses it.

    Only the lawyer himself declares (律师法第十一条、第四十一条, 法官法第二十四条、第三十六条).
    Raises NotAllowed, Invalid, Conflict when somebody declared since the form was opened.
    """
    if not actor.is_lawyer or actor.scopes is not None:
        raise NotAllowed("任职回避与亲属情况只能由律师本人在网页上申报")
    faults = declaration_faults(declared=declared, confirmed=confirmed, today=beijing_date(now))
    if faults:
        raise Invalid("请改正标出的项目", fields=faults)
    newest = Declaration.objects.filter(lawyer_id=actor.person_id).order_by("-version").first()
    if version != (newest.version if newest else 0):
        raise Conflict(CHANGED)
    kept = Declaration.objects.create(
        lawyer_id=actor.person_id, version=version + 1, made_at=now, facts=declared.as_json()
    )
    record_own(
        actor=actor, action="capacity.declare", subject=f"第 {kept.version} 版", now=now, version=kept.version,
        posts=len(declared.posts), relatives=len(declared.relatives), committee=bool(declared.committee),
    )  # fmt: skip
    return kept
