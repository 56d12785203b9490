"""The life of a proposal: one administrator proposes, another decides (三权分立)."""

from django.db.models import TextChoices

from lutong.kernel.duties import Duty
from lutong.kernel.lifecycle import Lifecycle, step


class ProposalKind(TextChoices):
    """授权事项"""

    GRANT = "grant", "授予职务"
    END = "end", "结束职务"


class ProposalState(TextChoices):
    """授权审批"""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class ImportState(TextChoices):
    """批量导入"""

    KEPT = "kept", "待确认"
    RUNNING = "running", "登记中"
    CANCELLED = "cancelled", "已停止"
    FINISHED = "finished", "已完成"


DECIDERS = tuple(sorted(Duty.APPROVALS.roles))
PROPOSERS = tuple(sorted(Duty.MEMBERS.roles))

PROPOSAL = Lifecycle(
    "职务授权",
    ProposalState.PROPOSED,
    step("approve", "批准", ProposalState.PROPOSED, ProposalState.APPROVED, *DECIDERS),
    step("refuse", "不予批准", ProposalState.PROPOSED, ProposalState.REFUSED, *DECIDERS),
    step("withdraw", "撤回", ProposalState.PROPOSED, ProposalState.WITHDRAWN, *PROPOSERS),
    labels=dict(ProposalState.choices),
)

IMPORT = Lifecycle(
    "批量导入",
    ImportState.KEPT,
    step("start", "登记", {ImportState.KEPT, ImportState.CANCELLED}, ImportState.RUNNING, *PROPOSERS),
    step("cancel", "停止", ImportState.RUNNING, ImportState.CANCELLED, *PROPOSERS),
    step("finish", "完成", ImportState.RUNNING, ImportState.FINISHED, *PROPOSERS),
    labels=dict(ImportState.choices),
)
