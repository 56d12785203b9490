"""The life of a hearing."""

from django.db.models import TextChoices

from lutong.kernel.duties import Duty
from lutong.kernel.lifecycle import Lifecycle, step

COURT = tuple(sorted(Duty.TRY.roles))


class HearingState(TextChoices):
    """庭审"""

    SCHEDULED = "scheduled", "待开庭"
    HELD = "held", "已开庭"
    CANCELLED = "cancelled", "已取消"


HEARING = Lifecycle(
    "庭审",
    HearingState.SCHEDULED,
    step("move", "改期", HearingState.SCHEDULED, HearingState.SCHEDULED, *COURT),
    step("hold", "记为已开庭", HearingState.SCHEDULED, HearingState.HELD, *COURT),
    step("cancel", "取消排期", HearingState.SCHEDULED, HearingState.CANCELLED, *COURT),
    labels=dict(HearingState.choices),
)


class HearingKind(TextChoices):
    """庭审种类"""

    TRIAL = "trial", "开庭"
    CONFERENCE = "conference", "庭前会议"
    EXCHANGE = "exchange", "证据交换"
    INQUIRY = "inquiry", "询问"
    PRONOUNCE = "pronounce", "宣判"
