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


class HandoverState(TextChoices):
    """变更执业机构后，一件案件的交接状态"""

    OPEN = "open", "待选择"
    KEEPING = "keeping", "继续代理，待交手续"
    PASSING = "passing", "移交同事，待法院核实"
    DONE = "done", "已完成"


HANDOVER = Lifecycle(
    "变更执业机构的案件交接",
    HandoverState.OPEN,
    step("keep", "继续代理", {"open", "passing"}, "keeping", Role.LAWYER),
    step("pass", "移交同事", {"open", "keeping"}, "passing", Role.LAWYER),
    step("papers", "手续已交齐", {"open", "keeping"}, "done", Role.LAWYER, Role.ASSISTANT),
    step("joined", "接手律师已核实", "passing", "done", Role.SYSTEM),
    labels=dict(HandoverState.choices),
)
