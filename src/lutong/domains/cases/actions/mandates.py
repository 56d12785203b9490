"""变更授权: a new power of attorney for a counsel of record, in force when the court has confirmed it.

Law: 民事诉讼法第六十三条 (书面告知人民法院，并由人民法院通知对方当事人).
"""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions.timeline import add_milestone
from lutong.domains.cases.events import PowersChangeAsked, PowersChanged
from lutong.domains.cases.models import Case, LawyerClaim, MandateChange, Party, Representation
from lutong.domains.cases.powers import ALL_POWERS, granted, power_objections
from lutong.domains.cases.queries import get_case, get_change, get_representation, my_representation
from lutong.domains.cases.states import MANDATE_CHANGE, ChangeState
from lutong.domains.exchange.actions import put_out
from lutong.domains.identity.actions import licensed
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.kernel.events import announce
from lutong.kernel.ids import uuid7

WAITS = "上一份变更授权还在核实，可以先撤回再提交"
refuse_on("mandate_change_one_waiting", lambda: Conflict(WAITS))


def ask_powers_change(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    powers: str,
    special_powers: tuple[str, ...],
    mandate_id: uuid.UUID | None,
    note: str,
    now: dt.datetime,
) -> MandateChange:
    """Counsel of record hands in a new 授权委托书 that grants more, or less, than the one on file.

    The licence is asked of the registry before the transaction. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    if not actor.is_lawyer:
        raise NotAllowed("变更授权须由律师本人提交")
    my_representation(actor=actor, court_id=court_id, case_id=case_id)  # a foreign case is not found, whatever is sent
    for objection in power_objections(powers=powers, special_powers=special_powers):
        raise Invalid(objection.text, fields={"powers": objection.text})
    if mandate_id is None:
        raise Invalid("请上传新的授权委托书（民事诉讼法第六十二条、第六十三条）", fields={"mandate": "请上传"})
    return _ask(
        actor=actor, court_id=court_id, case_id=case_id, powers=powers, special_powers=special_powers,
        mandate_id=mandate_id, note=note.strip()[:300], now=now,
    )  # fmt: skip


@licensed("change_powers")
@action
def _ask(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    powers: str,
    special_powers: tuple[str, ...],
    mandate_id: uuid.UUID,
    note: str,
    now: dt.datetime,
) -> MandateChange:
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    if case.stage == "closed":
        raise Conflict("案件已结案，不能再变更授权")
    held = my_representation(actor=actor, court_id=court_id, case_id=case_id)
    wanted = sorted(granted(powers=powers, special_powers=special_powers))
    if (powers, wanted) == (held.powers, sorted(held.special_powers)):
        raise Invalid("与现有授权相同，没有需要变更的事项", fields={"powers": "请按新的授权委托书勾选"})
    change = MandateChange.objects.create(
        court_id=court_id, id=uuid7(), case_id=case_id, representation_id=held.id, lawyer_id=actor.person_id,
        powers_before=held.powers, special_before=held.special_powers, powers=powers, special_powers=wanted, note=note,
        mandate_id=mandate_id, asked_at=now,
    )  # fmt: skip
    _record(actor, case, change, "ask_powers_change", now)
    announce(PowersChangeAsked(
        actor, court_id, case_id, now, change_id=change.id, party_id=held.party_id, mandate_upload_id=mandate_id
    ))  # fmt: skip
    for person_id in sorted({i for i in (case.judge_id, case.recorder_id) if i is not None}):
        tell(
            person_id=person_id, key=f"powers:{change.id}:{person_id}", kind="cases", now=now,
            title=f"变更授权待核实：{case.number}", body=f"{held.lawyer_name}律师代理{held.party.name}",
            link=f"/desk/representations/changes/{change.id}/",
        )  # fmt: skip
    return change


@action
def withdraw_powers_change(*, actor: Actor, court_id: int, change_id: uuid.UUID, now: dt.datetime) -> MandateChange:
    """Take a change back that the court has not decided; the powers on file stay."""
    change = get_change(actor=actor, court_id=court_id, change_id=change_id, lock=True)
    change.state = MANDATE_CHANGE.advance(change.state, "withdraw", actor)
    change.decided_at = now
    change.save(update_fields=["state", "decided_at"])
    case = get_case(actor=actor, court_id=court_id, case_id=change.case_id)
    _record(actor, case, change, "withdraw_powers_change", now)
    return change


@action
def decide_powers_change(
    *, actor: Actor, court_id: int, change_id: uuid.UUID, confirm: bool, reason: str, now: dt.datetime
) -> MandateChange:
    """The court puts the new powers in force and tells the other side, or refuses with a reason (第六十三条)."""
    change = get_change(actor=actor, court_id=court_id, change_id=change_id, lock=True)
    case = get_case(actor=actor, court_id=court_id, case_id=change.case_id, lock=True)
    step = "confirm" if confirm else "refuse"
    change.state = MANDATE_CHANGE.advance(change.state, step, actor)
    if not confirm and len(reason.strip()) < 5:
        raise Invalid("请写明不予核实的理由，律师会读到", fields={"reason": "至少 5 个字"})
    change.decided_at, change.decided_by, change.reason = now, actor.name, reason.strip()[:500]
    change.save()
    held = get_representation(
        actor=actor, court_id=court_id, representation_id=change.representation_id, lock=True
    )  # fmt: skip
    if confirm:
        _put_in_force(actor, case, held, change, now)
    tell(
        person_id=change.lawyer_id, key=f"powers-decided:{change.id}", kind="cases", now=now,
        title=f"变更授权{'已生效' if confirm else '未通过核实'}：{case.number}",
        body=described(change.powers, change.special_powers) if confirm else change.reason,
        link=f"/cases/{court_id}/{case.id}/powers/", tone="info" if confirm else "danger",
    )  # fmt: skip
    _record(actor, case, change, f"{step}_powers_change", now)
    return change


@action
def note_change_paper(
    *, actor: Actor, court_id: int, change_id: uuid.UUID, mandate_id: uuid.UUID, now: dt.datetime
) -> None:
    """The new mandate has become a document of the court: the change points to it from now on."""
    MandateChange.objects.filter(court_id=court_id, id=change_id, state=ChangeState.CLAIMED).update(
        mandate_id=mandate_id
    )


def described(powers: str, special_powers: list[str]) -> str:
    """一般授权, or 特别授权 with what it names."""
    if powers != "special":
        return "一般授权"
    return "特别授权：" + "、".join(ALL_POWERS.get(power, power) for power in special_powers)


def _put_in_force(actor: Actor, case: Case, held: Representation, change: MandateChange, now: dt.datetime) -> None:
    if held.state != "confirmed":
        raise Conflict("代理关系已终止，不能变更授权")
    held.powers, held.special_powers = change.powers, change.special_powers
    held.save(update_fields=["powers", "special_powers"])
    LawyerClaim.objects.filter(lawyer_id=held.lawyer_id, id=held.id).update(powers=held.powers)
    party = Party.objects.get(court_id=case.court_id, id=held.party_id)
    words = f"{held.lawyer_name}律师代理{party.name}：{described(change.powers, change.special_powers)}"
    add_milestone(
        actor=actor,
        court_id=case.court_id,
        case_id=case.id,
        kind="counsel",
        title="变更代理权限",
        detail=words,
        now=now,
    )
    others = Representation.objects.filter(court_id=case.court_id, case_id=case.id, state="confirmed", lawyer_id__gt=0)
    others = others.exclude(party_id=held.party_id)
    for person_id in sorted(set(others.values_list("lawyer_id", flat=True))):
        tell(
            person_id=person_id, key=f"powers-told:{change.id}:{person_id}", kind="cases", now=now,
            title=f"法院通知：代理权限变更 {case.number}", body=words, link=f"/cases/{case.court_id}/{case.id}/people/",
        )  # fmt: skip
    announce(PowersChanged(actor, case.court_id, case.id, now, lawyer_id=held.lawyer_id, mandate_id=change.mandate_id))
    put_out(
        court_id=case.court_id, topic="cases.powers_changed", now=now,
        payload={"case_id": str(case.id), "representation": str(held.id), "change": str(change.id)},
    )  # fmt: skip


def _record(actor: Actor, case: Case, change: MandateChange, act: str, now: dt.datetime) -> None:
    record(
        actor=actor, court_id=case.court_id, action=f"cases.{act}", subject=case.number, now=now, case_id=case.id,
        change=str(change.id), powers=change.powers, special=change.special_powers,
    )  # fmt: skip
