"""Lifecycles of an assistantship and of a grant."""

from django.db.models import TextChoices

from lutong.kernel.actor import Role
from lutong.kernel.lifecycle import Lifecycle, step


class AssistantshipState(TextChoices):
    """助理关系的状态"""

    INVITED = "invited", "已邀请"
    ACCEPTED = "accepted", "待核验"
    ACTIVE = "active", "已生效"
    DECLINED = "declined", "已谢绝"
    EXPIRED = "expired", "邀请已过期"
    ENDED = "ended", "已终止"


# A place is taken from the invitation on: otherwise a fourth could be invited while three think it over.
LIVING = ("invited", "accepted", "active")
EITHER = (Role.LAWYER, Role.ASSISTANT)

ASSISTANTSHIP = Lifecycle(
    "律师助理",
    AssistantshipState.INVITED,
    step("accept", "接受邀请", "invited", "accepted", *EITHER),
    step("verify", "核验通过", "accepted", "active", *EITHER, Role.SYSTEM),
    step("decline", "谢绝邀请", "invited", "declined", *EITHER),
    step("expire", "邀请过期", "invited", "expired", Role.LAWYER, Role.SYSTEM),
    step("end", "终止助理关系", set(LIVING), "ended", *EITHER, Role.SYSTEM),
    labels=dict(AssistantshipState.choices),
)


class GrantState(TextChoices):
    """授权的状态"""

    RUNNING = "running", "有效"
    SUSPENDED = "suspended", "已暂停"
    REVOKED = "revoked", "已撤销"


GRANT = Lifecycle(
    "助理授权",
    GrantState.RUNNING,
    step("change", "变更授权", {"running", "suspended"}, "running", Role.LAWYER),
    step("suspend", "暂停授权", "running", "suspended", Role.SYSTEM),
    step("resume", "恢复授权", "suspended", "running", Role.LAWYER),
    step("revoke", "撤销授权", {"running", "suspended"}, "revoked", *EITHER, Role.SYSTEM),
    labels=dict(GrantState.choices),
)
