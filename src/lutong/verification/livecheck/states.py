"""实人核验: which step leads where, by whom. The person is LAWYER here whatever the kind of his licence."""

from enum import StrEnum

from lutong.kernel.actor import Role
from lutong.kernel.lifecycle import Lifecycle, step


class State(StrEnum):
    """State of a live check."""

    REQUESTED = "requested"
    CONSENTED = "consented"
    RECORDING = "recording"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


LABELS = {
    State.REQUESTED: "待同意",
    State.CONSENTED: "已同意，待录制",
    State.RECORDING: "录制中",
    State.SUBMITTED: "已提交，待审核",
    State.UNDER_REVIEW: "审核中",
    State.PASSED: "已通过",
    State.FAILED: "未通过",
    State.EXPIRED: "已过期",
    State.WITHDRAWN: "已撤回",
}
BEFORE_FILM = {State.REQUESTED, State.CONSENTED, State.RECORDING}
WITH_FILM = {State.SUBMITTED, State.UNDER_REVIEW}
OPEN = BEFORE_FILM | WITH_FILM
DESKS = (Role.BUREAU, Role.HALL)  # 司法行政机关经办人, 法院诉讼服务大厅核验岗

LIVE_CHECK = Lifecycle(
    "实人核验",
    State.REQUESTED,
    step("consent", "单独同意", State.REQUESTED, State.CONSENTED, Role.LAWYER),
    step("record", "取挑战语", {State.CONSENTED, State.RECORDING}, State.RECORDING, Role.LAWYER),
    step("submit", "提交视频", State.RECORDING, State.SUBMITTED, Role.LAWYER),
    step("match", "比对一致", State.SUBMITTED, State.PASSED, Role.SYSTEM),
    step("take", "开始审核", State.SUBMITTED, State.UNDER_REVIEW, *DESKS),
    step("release", "放回待办", State.UNDER_REVIEW, State.SUBMITTED, *DESKS),
    step("pass", "认定为本人", State.UNDER_REVIEW, State.PASSED, *DESKS),
    step("fail", "不能认定", State.UNDER_REVIEW, State.FAILED, *DESKS),
    step("vouch", "窗口当面核验", State.REQUESTED, State.PASSED, *DESKS),
    step("expire", "逾时", {str(state) for state in OPEN}, State.EXPIRED, Role.SYSTEM),
    step("withdraw", "撤回", {str(state) for state in OPEN}, State.WITHDRAWN, Role.LAWYER),
    labels={str(state): label for state, label in LABELS.items()},
)
