"""The life of a bill and of a payment order."""

from django.db.models import TextChoices

from lutong.kernel.actor import Role
from lutong.kernel.duties import Duty
from lutong.kernel.lifecycle import Lifecycle, step


class BillState(TextChoices):
    """交费通知"""

    DUE = "due", "待交费"
    PAID = "paid", "已交费"
    LAPSED = "lapsed", "逾期未交"
    CANCELLED = "cancelled", "已撤销"


BILL = Lifecycle(
    "交费通知",
    BillState.DUE,
    step("book", "到账", {BillState.DUE, BillState.LAPSED}, BillState.PAID, Role.SYSTEM),
    step("lapse", "逾期", BillState.DUE, BillState.LAPSED, Role.SYSTEM),
    step("cancel", "撤销", {BillState.DUE, BillState.LAPSED}, BillState.CANCELLED, *Duty.TRY.roles),
    labels=dict(BillState.choices),
)


class OrderState(TextChoices):
    """支付订单"""

    OPEN = "open", "支付中"
    PAID = "paid", "支付成功"
    CLOSED = "closed", "已关闭"
    SUPERFLUOUS = "superfluous", "重复支付（待退）"


ORDER = Lifecycle(
    "支付订单",
    OrderState.OPEN,
    # Also from closed: money that arrived all the same is booked, never lost.
    step("pay", "支付成功", {OrderState.OPEN, OrderState.CLOSED}, OrderState.PAID, Role.SYSTEM),
    step("close", "关闭", OrderState.OPEN, OrderState.CLOSED, Role.SYSTEM, Role.LAWYER),
    step("mark_superfluous", "记为重复支付", {OrderState.OPEN, OrderState.CLOSED}, OrderState.SUPERFLUOUS, Role.SYSTEM),
    labels=dict(OrderState.choices),
)
