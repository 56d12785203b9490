"""The licence of a lawyer: asked at the registry, kept as it was stated last.

`RISKY` is the one table of acts before which the registry is asked, because undoing them would harm a client; a house
test holds it to the functions that carry `@licensed`. Reading never asks. Paying does not either: anybody may pay for
a party, and a fee that is not paid in time ends the suit (诉讼费用交纳办法第二十二条).
"""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar, cast

from lutong.domains.identity.actions.security import record_security_act
from lutong.domains.identity.actions.standing import ask_registry
from lutong.domains.identity.models import Lawyer
from lutong.gateways.registry.port import RegistryDown
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotAllowed, NotFound

FRESH = dt.timedelta(minutes=1)
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RiskyAct:
    """高风险事项: `kept` says what became of what was typed, `paper` the way that stays open while nobody answers."""

    label: str
    kept: str
    paper: str


_COUNTER = "可到受理法院诉讼服务大厅窗口办理，或者邮寄（期满前交邮的不算过期，民事诉讼法第八十五条第四款）"
_SAVED = "内容已保存"
_AGAIN = "没有作任何变更"
RISKY: dict[str, RiskyAct] = {
    "file": RiskyAct("提交立案申请", _SAVED, f"期限将届满的，{_COUNTER}"),
    "correct_filing": RiskyAct(
        "提交补正", f"补正{_SAVED}", f"补正期限将届满的，请打印核对页，{_COUNTER}，并写明收件编号"
    ),
    "withdraw_filing": RiskyAct("撤回申请", _AGAIN, f"急需撤回的，{_COUNTER}"),
    "claim_representation": RiskyAct("核实代理关系", "已上传的委托手续都在", f"开庭或期限临近的，{_COUNTER}"),
    "change_powers": RiskyAct("变更授权", "已上传的授权委托书还在", f"急需变更的，{_COUNTER}"),
    "hand_in": RiskyAct("提交材料", "已上传的文件都在", f"举证、答辩等期限将届满的，{_COUNTER}"),
    "sign_service": RiskyAct(
        "签收送达",
        "送达文书照常可以查看",
        "期限请从文书到达之日起从严计算；需要纸质文书的，可到法院领取",
    ),
    "invite_assistant": RiskyAct("邀请助理", "邀请没有发出", "急需办理的，由律师本人办理"),
    "allow_assistant": RiskyAct("授权助理", "原有授权不变", "急需办理的，由律师本人办理"),
    "confirm_review": RiskyAct("复核助理账号", "原有授权不变", "急需办理的，由律师本人办理"),
    "hand_over_case": RiskyAct("办理案件交接", "原来的选择不变", f"期限和开庭照常由您办理；急需的，{_COUNTER}"),
    "pass_draft": RiskyAct("移交草稿", "草稿还在您这里，内容不变", "急需立案的，由您本人提交"),
    "take_draft": RiskyAct("接手草稿", "草稿还在移交的律师那里，内容不变", "急需立案的，请移交的律师提交"),
    "show_gate_code": RiskyAct("出示一码通", "没有签发", "请持律师执业证到安检处或者诉讼服务大厅办理通行条"),
}


def licensed(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Ask the registry before a risky act. Stands above `@action`: it goes over the network, outside the transaction.

    Who acts for a lawyer needs both licences in force. Raises NotAllowed as `require_licence`.
    """
    assert act in RISKY  # a name that the table lacks is a slip of the programmer

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            require_licence(actor=cast(Actor, kwargs["actor"]), act=act, now=cast(dt.datetime, kwargs["now"]))
            return function(*args, **kwargs)

        run.licensed_act = act  # type: ignore[attr-defined]  # read by the house test
        return run

    return wrap


def check_licence(*, actor: Actor, now: dt.datetime) -> Lawyer:
    """立即核验: ask the registry because the lawyer wishes so; calls outward, so never inside a transaction.

    Raises NotFound without a licence, Conflict when there is no trustworthy answer.
    """
    lawyer = Lawyer.objects.filter(lawyer_id=actor.person_id).first()
    if lawyer is None:
        raise NotFound("这个账号没有绑定律师执业证")
    if not has_asked(lawyer, now):
        raise Conflict("律师身份核验平台暂时没有应答，仍显示上次核验的结果，请几分钟后再试")
    lawyer.refresh_from_db()
    record_security_act(actor=actor, act="check_licence", now=now)
    return lawyer


def require_licence(*, actor: Actor, act: str, now: dt.datetime) -> Lawyer:
    """The licence under which a risky act is done, asked of the registry within the last minute; outside transactions.

    Raises NotAllowed when the licence of the lawyer (or of the assistant who acts for him) is not in force, or when
    the registry cannot be asked: then with what was kept and which way stays open.
    """
    lawyer = _in_force(actor.lawyer_id, actor=actor, act=act, now=now)
    if actor.person_id != actor.lawyer_id:
        _in_force(actor.person_id, actor=actor, act=act, now=now)
    return lawyer


def _in_force(person_id: int, *, actor: Actor, act: str, now: dt.datetime) -> Lawyer:
    lawyer = Lawyer.objects.filter(lawyer_id=person_id).first()
    if lawyer is None:
        raise NotAllowed("这个账号没有绑定律师执业证，不能办理。请先完成律师身份核验")
    if now - lawyer.checked_at > FRESH:
        if not has_asked(lawyer, now):
            risky = RISKY[act]
            raise NotAllowed(
                f"律师身份核验平台暂时没有应答，不能确认执业状态，{risky.label}没有完成。"
                f"{risky.kept}，请几分钟后再试；{risky.paper}",
                retry_after=120,
            )
        lawyer.refresh_from_db()
    if lawyer.status != "active":
        raise NotAllowed(
            f"{'' if person_id == actor.person_id else lawyer.name + '律师的'}执业状态为“{lawyer.status_label}”，"
            f"不能办理。{lawyer.status_reason}",
            remedy=lawyer.remedy,
        )
    return lawyer


def has_asked(lawyer: Lawyer, now: dt.datetime) -> bool:
    """Ask the registry and keep its answer; False when there is no trustworthy one."""
    try:
        ask_registry(lawyer_id=lawyer.lawyer_id, licence_no=lawyer.licence_no, now=now)
    except RegistryDown:
        return False
    return True
