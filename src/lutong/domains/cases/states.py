"""The stages a case passes through, and what may be done in each."""

from django.db.models import TextChoices

from lutong.kernel.actor import Role
from lutong.kernel.duties import Duty
from lutong.kernel.lifecycle import Lifecycle, step


class Stage(TextChoices):
    """案件阶段"""

    REGISTERED = "registered", "已立案"
    MEDIATION = "mediation", "先行调解中"
    FEE_DUE = "fee_due", "待交费"
    TRIAL = "trial", "审理中"
    DECIDED = "decided", "已裁判"
    CLOSED = "closed", "已结案"


COURT = tuple(sorted(Duty.TRY.roles))
VERIFIERS = tuple(sorted(Duty.VERIFY_COUNSEL.roles))
REVIEWERS = tuple(sorted(Duty.REVIEW_URGENT.roles))

CASE = Lifecycle(
    "案件",
    Stage.REGISTERED,
    step("mediate", "转入先行调解", Stage.REGISTERED, Stage.MEDIATION, Role.CLERK, Role.SYSTEM),
    step(
        "bill", "转审理并通知交费", {Stage.REGISTERED, Stage.MEDIATION}, Stage.FEE_DUE, Role.CLERK, Role.SYSTEM, *COURT
    ),
    step("settle", "调解成功结案", Stage.MEDIATION, Stage.CLOSED, *COURT),
    step("begin_trial", "费用到账，开始审理", Stage.FEE_DUE, Stage.TRIAL, Role.SYSTEM),
    step("deem_withdrawn", "逾期未交费，按撤诉处理", Stage.FEE_DUE, Stage.CLOSED, *COURT),
    step("decide", "录入裁判结果", Stage.TRIAL, Stage.DECIDED, *COURT),
    step("close", "生效结案", Stage.DECIDED, Stage.CLOSED, Role.SYSTEM, *COURT),
    labels=dict(Stage.choices),
)


class RepresentationState(TextChoices):
    """代理关系"""

    CLAIMED = "claimed", "待核实"
    CONFIRMED = "confirmed", "已核实"
    REFUSED = "refused", "未通过核实"
    ENDED = "ended", "已终止"


REPRESENTATION = Lifecycle(
    "代理关系",
    RepresentationState.CLAIMED,
    step("confirm", "核实通过", RepresentationState.CLAIMED, RepresentationState.CONFIRMED, *VERIFIERS),
    step("refuse", "不予核实", RepresentationState.CLAIMED, RepresentationState.REFUSED, *VERIFIERS),
    step("succeed", "由同事接手", RepresentationState.CONFIRMED, RepresentationState.ENDED, *VERIFIERS),
    step("end", "终止代理", RepresentationState.CONFIRMED, RepresentationState.ENDED, *COURT),
    labels=dict(RepresentationState.choices),
)


class ChangeState(TextChoices):
    """变更授权"""

    CLAIMED = "claimed", "待核实"
    CONFIRMED = "confirmed", "已生效"
    REFUSED = "refused", "未通过核实"
    WITHDRAWN = "withdrawn", "已撤回"


MANDATE_CHANGE = Lifecycle(
    "变更授权",
    ChangeState.CLAIMED,
    step("confirm", "核实并告知对方", ChangeState.CLAIMED, ChangeState.CONFIRMED, Role.CLERK, *COURT),
    step("refuse", "不予核实", ChangeState.CLAIMED, ChangeState.REFUSED, Role.CLERK, *COURT),
    step("withdraw", "撤回申请", ChangeState.CLAIMED, ChangeState.WITHDRAWN, Role.LAWYER),
    labels=dict(ChangeState.choices),
)


class Procedure(TextChoices):
    """审理程序"""

    ORDINARY = "ordinary", "普通程序"
    SIMPLE = "simple", "简易程序"
    SMALL = "small", "小额诉讼程序"


class Side(TextChoices):
    """诉讼地位"""

    PLAINTIFF = "plaintiff", "原告"
    DEFENDANT = "defendant", "被告"
    THIRD = "third", "第三人"


class Outcome(TextChoices):
    """结案方式"""

    JUDGMENT = "judgment", "判决"
    DISMISSED = "dismissed", "裁定驳回起诉"
    MEDIATED = "mediated", "调解书"
    SETTLED = "settled", "调解成功（其他方式）"
    WITHDRAWN = "withdrawn", "准许撤诉"
    DEEMED_WITHDRAWN = "deemed_withdrawn", "按撤诉处理"


class UrgentKind(TextChoices):
    """紧急查阅的事由"""

    DEADLINE = "deadline", "期限将届满，承办人不在岗"
    SAFETY = "safety", "人身或财产安全紧急情况"
    PETITION = "petition", "来信来访答复"
    INQUIRY = "inquiry", "监督检查"
    OTHER = "other", "其他紧急情况"


class UrgentState(TextChoices):
    """紧急查阅的复核"""

    OPEN = "open", "待复核"
    PROPER = "proper", "确认正当"
    QUESTIONED = "questioned", "存疑"


URGENT = Lifecycle(
    "紧急查阅",
    UrgentState.OPEN,
    step("confirm", "确认正当", {UrgentState.OPEN, UrgentState.QUESTIONED}, UrgentState.PROPER, *REVIEWERS),
    step("question", "提出疑问", {UrgentState.OPEN, UrgentState.PROPER}, UrgentState.QUESTIONED, *REVIEWERS),
    labels=dict(UrgentState.choices),
)
