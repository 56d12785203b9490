"""The life of a filing, from the lawyer's draft to the court's decision; and of a draft that changes hands."""

from django.db.models import TextChoices

from lutong.kernel.actor import Role
from lutong.kernel.lifecycle import Lifecycle, step


class FilingState(TextChoices):
    """网上立案: the eight tabs that lawyers know are these states (and 全部)."""

    DRAFT = "draft", "待提交"
    SUBMITTING = "submitting", "提交中"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "审核通过"
    RETURNED = "returned", "审核不通过"  # 待补正: the one complete correction notice has been issued
    REGISTERED = "registered", "已立案"
    REFUSED = "refused", "不予立案"
    TRANSFERRED = "transferred", "告知向其他法院起诉"
    WITHDRAWN = "withdrawn", "已撤回"


S = FilingState

FILING = Lifecycle(
    "网上立案",
    S.DRAFT,
    step("submit", "提交", S.DRAFT, S.SUBMITTED, Role.LAWYER),
    step("correct", "提交补正", S.RETURNED, S.SUBMITTED, Role.LAWYER),
    step("withdraw", "撤回申请", {S.SUBMITTED, S.RETURNED}, S.WITHDRAWN, Role.LAWYER),
    step("approve", "审核通过", S.SUBMITTED, S.APPROVED, Role.CLERK),
    step("return", "发出补正告知", S.SUBMITTED, S.RETURNED, Role.CLERK),
    step("register", "登记立案", {S.SUBMITTED, S.APPROVED, S.RETURNED}, S.REGISTERED, Role.CLERK),
    step("refuse", "不予受理", {S.SUBMITTED, S.APPROVED, S.RETURNED}, S.REFUSED, Role.CLERK),
    step("transfer", "告知向有管辖权的法院起诉", {S.SUBMITTED, S.APPROVED, S.RETURNED}, S.TRANSFERRED, Role.CLERK),
    labels=dict(S.choices),
)


class DraftHandoverState(TextChoices):
    """变更执业机构后，一份立案草稿的去向"""

    OPEN = "open", "待选择"
    KEPT = "kept", "跟随本人"
    OFFERED = "offered", "移交同事，待对方接手"
    HANDED = "handed", "已移交"
    OVER = "over", "已由本人提交"


class OfferState(TextChoices):
    """同事请接手的草稿"""

    WAITING = "waiting", "待接手"
    TAKEN = "taken", "已接手"
    DECLINED = "declined", "已谢绝"
    WITHDRAWN = "withdrawn", "已撤回"


H = DraftHandoverState
DRAFT_SETTLED = ("handed", "over")

DRAFT_HANDOVER = Lifecycle(
    "变更执业机构的草稿交接",
    H.OPEN,
    step("keep", "跟随本人", {H.OPEN, H.OFFERED}, H.KEPT, Role.LAWYER),
    step("offer", "移交同事", {H.OPEN, H.KEPT, H.OFFERED}, H.OFFERED, Role.LAWYER),
    step("decline", "同事谢绝", H.OFFERED, H.OPEN, Role.LAWYER),
    step("take", "同事接手", H.OFFERED, H.HANDED, Role.LAWYER),
    step("delete", "草稿删除，移交撤回", {H.OPEN, H.KEPT, H.OFFERED}, H.OPEN, Role.LAWYER),
    step("submit", "本人提交", {H.OPEN, H.KEPT, H.OFFERED}, H.OVER, Role.LAWYER),
    step("move", "再次变更执业机构", H.KEPT, H.OPEN, Role.SYSTEM),
    labels=dict(H.choices),
)
