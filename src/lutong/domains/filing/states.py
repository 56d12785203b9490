"""The life of a filing, from the lawyer's draft to the court's decision."""

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
