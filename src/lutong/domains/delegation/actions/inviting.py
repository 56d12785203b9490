"""邀请助理: by number, checked in the registry, answered by the person himself."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record_own
from lutong.domains.delegation import rules
from lutong.domains.delegation.actions.roster import expire_stale, lock_roster, platform_for, show
from lutong.domains.delegation.models import Assistantship
from lutong.domains.delegation.queries import get_assistant, get_engagement, waiting_for_registry
from lutong.domains.delegation.rules import Registered
from lutong.domains.delegation.states import ASSISTANTSHIP, LIVING, AssistantshipState
from lutong.domains.identity.actions import licensed, registry
from lutong.domains.identity.queries import facts_of, find_accounts
from lutong.domains.notices.actions import tell
from lutong.gateways.registry.port import NoSuchLicence, RegistryDown
from lutong.kernel.acting import action, reading, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

NO_PLACE = "助理名额已满：每名律师最多三名助理（意见第十四条第一款）。请先终止一名，或者撤回未接受的邀请"
ALREADY = "已经邀请过这名人员，或者他已是您的助理"

refuse_on("assistant_slot_once", lambda: Conflict(NO_PLACE))
refuse_on("assistant_person_once", lambda: Conflict(ALREADY))
refuse_on("assistant_number_once", lambda: Conflict(ALREADY))


def invite(*, actor: Actor, number: str, now: dt.datetime) -> Assistantship:
    """A lawyer invites another lawyer or an 实习人员 of his firm into one of his three places (意见第十四条第一款).

    Both are asked of the registry before the transaction. Raises NotAllowed, Invalid, Conflict.
    """
    if not actor.is_lawyer:
        raise NotAllowed("只有律师本人可以邀请助理；助理不能再指定助理")
    wanted = "".join(number.split())[:32]
    if not wanted.isascii() or not wanted.isalnum():
        raise Invalid("请填写助理的执业证号或者实习证号", fields={"number": "请填写对方的证号，只有数字和字母"})
    return _invite(actor=actor, number=wanted, now=now)


@licensed("invite_assistant")
def _invite(*, actor: Actor, number: str, now: dt.datetime) -> Assistantship:
    own = facts_of(lawyer_id=actor.person_id)
    if number == own.licence_no:
        raise Invalid("不能邀请自己", fields={"number": "请填写对方的证号"})
    try:
        person = look_up(number)
    except RegistryDown as down:
        raise Conflict("律师身份核验平台暂时没有应答，邀请没有发出，请几分钟后再试") from down
    objection = rules.NOT_OF_THE_FIRM if person is None else rules.objection_to(
        person=person, firm_uscc=own.firm_uscc
    )  # fmt: skip
    if person is None or objection:
        raise Invalid(objection, fields={"number": "请核对证号"})
    return take_place(actor=actor, lawyer_name=own.name, person=person, now=now)


def look_up(number: str) -> Registered | None:
    """A lawyer or 实习人员 as the registry states him now; None when it knows no such number. Raises RegistryDown."""
    try:
        found = registry().look_up_person(number=number)
    except NoSuchLicence:
        return None
    return Registered(
        number=found.licence_no, name=found.name, kind=str(found.kind), kind_label=found.kind.label,
        firm_name=found.firm_name, firm_uscc=found.firm_uscc, in_force=found.may_practise,
        status_label=found.status_label, assertion_id=found.assertion_id,
    )  # fmt: skip


@action
def take_place(*, actor: Actor, lawyer_name: str, person: Registered, now: dt.datetime) -> Assistantship:
    """Put a registered person into the first free place. Raises Conflict when all are taken, or he is there already.

    The lawyer's roster is locked, so that of several at once each gets a place as long as there is one.
    """
    lock_roster(lawyer_id=actor.person_id)
    expire_stale(lawyer_id=actor.person_id, now=now)
    standing = Assistantship.objects.filter(lawyer_id=actor.person_id, state__in=LIVING)
    held = dict(standing.values_list("slot", "number"))
    if person.number in held.values():
        raise Conflict(ALREADY)
    free = [slot for slot in range(1, rules.places(on=beijing_date(now)) + 1) if slot not in held]
    if not free:
        raise Conflict(NO_PLACE)
    assistantship = Assistantship.objects.create(
        lawyer_id=actor.person_id, slot=free[0], lawyer_name=lawyer_name, number=person.number,
        person_id=find_accounts(licence_nos=[person.number]).get(person.number), name=person.name, kind=person.kind,
        kind_label=person.kind_label, firm_name=person.firm_name, firm_uscc=person.firm_uscc,
        state=AssistantshipState.INVITED, invited_at=now, assertion_id=person.assertion_id,
        expires_at=rules.invitation_ends(at=now, on=beijing_date(now)),
    )  # fmt: skip
    show(assistantship)
    tell_invited(assistantship, now)
    record_own(
        actor=actor, action="delegation.invite", subject=person.name, now=now, assistantship=str(assistantship.id)
    )
    return assistantship


def accept(*, actor: Actor, engagement_id: uuid.UUID, now: dt.datetime) -> Assistantship:
    """The invited person takes the place on; he is verified at once when the registry answers, later when it does not.

    Raises NotFound, Conflict (withdrawn, expired), NotAllowed (no longer of the firm, or not in force).
    """
    engagement = get_engagement(actor=actor, engagement_id=engagement_id)
    accepted = agree(actor=actor, principal_id=engagement.principal_id, engagement_id=engagement_id, now=now)
    return verify(assistantship=accepted, now=now)


@action
def agree(*, actor: Actor, principal_id: int, engagement_id: uuid.UUID, now: dt.datetime) -> Assistantship:
    """The addressee says yes; whether he may, the registry says next (`verify`). Raises NotFound, Conflict."""
    lock_roster(lawyer_id=principal_id)
    assistantship = _addressed_to(actor, principal_id, engagement_id)
    if assistantship.state == "invited" and assistantship.expires_at <= now:
        raise Conflict("邀请已过期，请联系律师重新邀请")
    assistantship.state = ASSISTANTSHIP.advance(assistantship.state, "accept", actor)
    assistantship.accepted_at = now
    assistantship.save(update_fields=["state", "accepted_at"])
    show(assistantship)
    record_own(
        actor=actor, action="delegation.accept", subject=f"律师 {assistantship.lawyer_name}", now=now,
        assistantship=str(assistantship.id),
    )  # fmt: skip
    return assistantship


def verify(*, assistantship: Assistantship, now: dt.datetime) -> Assistantship:
    """Ask the registry of an accepted assistant: he becomes active, or the relation ends with the reason.

    Without an answer he stays accepted and is asked about again. Goes over the network, so never in a transaction.
    """
    if assistantship.state != AssistantshipState.ACCEPTED:
        return assistantship
    try:
        person = look_up(assistantship.number)
    except RegistryDown:
        return assistantship
    platform = platform_for(assistantship.lawyer_id)
    return settle(actor=platform, assistantship_id=assistantship.id, person=person, now=now)


def verify_again(*, actor: Actor, assistantship_id: uuid.UUID, now: dt.datetime) -> Assistantship:
    """重新核验: either side asks the registry anew when it gave no answer at the acceptance.

    Raises NotFound, Conflict while it still gives none.
    """
    with reading(actor):
        waiting = Assistantship.objects.filter(lawyer_id=_principal(actor, assistantship_id), id=assistantship_id).get()
    verified = verify(assistantship=waiting, now=now)
    if verified.state == AssistantshipState.ACCEPTED:
        raise Conflict("律师身份核验平台仍没有应答。不需要重复操作，平台恢复后会自动核验并通知双方")
    return verified


def verify_waiting(*, now: dt.datetime) -> int:
    """Ask the registry about all who accepted while it was down; answers how many have an answer now."""
    done = 0
    for assistantship in waiting_for_registry():
        done += verify(assistantship=assistantship, now=now).state != AssistantshipState.ACCEPTED
    return done


def _principal(actor: Actor, assistantship_id: uuid.UUID) -> int:
    try:
        return get_assistant(actor=actor, assistantship_id=assistantship_id).lawyer_id
    except NotFound:
        return get_engagement(actor=actor, engagement_id=assistantship_id).principal_id


@action
def settle(*, actor: Actor, assistantship_id: uuid.UUID, person: Registered | None, now: dt.datetime) -> Assistantship:
    """What the registry says of an accepted assistant takes effect; `actor` is the platform for his lawyer."""
    roster = lock_roster(lawyer_id=actor.person_id)
    assistantship = Assistantship.objects.get(lawyer_id=actor.person_id, id=assistantship_id)
    if assistantship.state != AssistantshipState.ACCEPTED:
        return assistantship
    objection = rules.NOT_OF_THE_FIRM if person is None else rules.objection_to(
        person=person, firm_uscc=assistantship.firm_uscc
    )  # fmt: skip
    if person is None or objection:
        assistantship.state = ASSISTANTSHIP.advance(assistantship.state, "end", actor)
        assistantship.ended_at, assistantship.end_reason = now, objection[:200]
    else:
        assistantship.state = ASSISTANTSHIP.advance(assistantship.state, "verify", actor)
        assistantship.verified_at, assistantship.assertion_id = now, person.assertion_id
        if roster.review_due_on is None:
            roster.review_due_on = rules.next_review(on=beijing_date(now))
            roster.save(update_fields=["review_due_on"])
    assistantship.save()
    show(assistantship)
    _tell_lawyer(assistantship, now)
    record_own(
        actor=actor, action="delegation.verify", subject=assistantship.name, now=now,
        assistantship=str(assistantship.id), after=str(assistantship.state),
    )  # fmt: skip
    return assistantship


@action
def decline(*, actor: Actor, engagement_id: uuid.UUID, now: dt.datetime) -> None:
    """The invited person says no; the place is free again."""
    engagement = get_engagement(actor=actor, engagement_id=engagement_id)
    lock_roster(lawyer_id=engagement.principal_id)
    assistantship = _addressed_to(actor, engagement.principal_id, engagement_id)
    assistantship.state = ASSISTANTSHIP.advance(assistantship.state, "decline", actor)
    assistantship.ended_at = now
    assistantship.save(update_fields=["state", "ended_at"])
    show(assistantship)
    _tell_lawyer(assistantship, now)
    record_own(
        actor=actor, action="delegation.decline", subject=f"律师 {assistantship.lawyer_name}", now=now,
        assistantship=str(assistantship.id),
    )  # fmt: skip


def tell_invited(assistantship: Assistantship, now: dt.datetime) -> None:
    """The bell of the invited person, if he has an account."""
    if assistantship.person_id is not None:
        tell(
            person_id=assistantship.person_id, key=f"assistant-invited:{assistantship.id}", kind="delegation", now=now,
            title="受邀担任律师助理",
            body=f"{assistantship.firm_name} {assistantship.lawyer_name}律师邀请您担任助理，请接受或者谢绝",
            link="/assisting/",
        )  # fmt: skip


def _addressed_to(actor: Actor, principal_id: int, assistantship_id: uuid.UUID) -> Assistantship:
    found = Assistantship.objects.filter(lawyer_id=principal_id, id=assistantship_id, person_id=actor.person_id).first()
    if found is None:
        raise NotFound("没有这份邀请，或它不是发给您的")
    if actor.for_id is not None:
        raise NotAllowed("请先退出代办，再以本人身份答复邀请")
    return found


def _tell_lawyer(assistantship: Assistantship, now: dt.datetime) -> None:
    words = {
        "active": ("助理已生效", "请在“我的助理”里按案件授权；没有授权的，助理什么也看不到"),
        "declined": ("助理邀请被谢绝", "名额已经收回"),
        "ended": ("助理未通过核验", assistantship.end_reason),
    }
    title, body = words[str(assistantship.state)]
    tell(
        person_id=assistantship.lawyer_id, key=f"assistant-{assistantship.state}:{assistantship.id}",
        kind="delegation", title=f"{title}：{assistantship.name}", body=body, link="/assistants/", now=now,
    )  # fmt: skip
