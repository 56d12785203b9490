"""The life of a delivery."""

from django.db.models import TextChoices

from lutong.kernel.actor import Role
from lutong.kernel.duties import Duty
from lutong.kernel.lifecycle import Lifecycle, step

COURT = tuple(sorted(Duty.SERVE.roles))


class DeliveryState(TextChoices):
    """送达: the tabs of the inbox are 未签收、已签收、已失败; the desk also sees what still waits to be sent."""

    WAITING = "waiting", "待送达"
    SENT = "sent", "未签收"
    SIGNED = "signed", "已签收"
    FAILED = "failed", "已失败"
    WITHDRAWN = "withdrawn", "已撤回"


DELIVERY = Lifecycle(
    "送达",
    DeliveryState.WAITING,
    step("send", "发出", DeliveryState.WAITING, DeliveryState.SENT, Role.SYSTEM, *COURT),
    step("withdraw", "撤回", DeliveryState.WAITING, DeliveryState.WITHDRAWN, Role.SYSTEM, *COURT),
    step("sign", "签收", DeliveryState.SENT, DeliveryState.SIGNED, Role.LAWYER, Role.ASSISTANT, *COURT),
    step("fail", "记为送达失败", DeliveryState.SENT, DeliveryState.FAILED, *COURT),
    labels=dict(DeliveryState.choices),
)


class Mode(TextChoices):
    """送达方式（民事诉讼法第八十八条至第九十五条）"""

    ELECTRONIC = "electronic", "电子送达"
    COUNTER = "counter", "当面送达"
    POST = "post", "邮寄送达"
    LEFT = "left", "留置送达"
    PUBLIC = "public", "公告送达"


# What the 书记员 may tell about each mode: dates, then yes or no.
DATES: dict[str, tuple[str, ...]] = {
    Mode.COUNTER: ("signed_on", "refused_on"),
    Mode.POST: ("received_on", "returned_on"),
    Mode.LEFT: ("left_on",),
    Mode.PUBLIC: ("announced_on",),
}
FLAGS: dict[str, tuple[str, ...]] = {
    Mode.COUNTER: (),
    Mode.POST: ("address_fault", "refused_mail"),
    Mode.LEFT: ("left_recorded",),
    Mode.PUBLIC: ("foreign",),
}
