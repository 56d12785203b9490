"""Enter decisions of a bureau: a newcomer's licence, and whatever happens to one afterwards."""

import datetime as dt
from dataclasses import dataclass

from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus
from lutong.kernel.acting import action
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.kernel.identifiers import check_licence_no, check_mobile, check_resident_id, check_uscc
from lutong.verification.registry import queries, rules
from lutong.verification.registry.actions.standing import project
from lutong.verification.registry.actions.trail import record
from lutong.verification.registry.actors import BureauActor, seen_by
from lutong.verification.registry.bodies import FIRMS_OF, PROVINCES, FirmKind, province_of
from lutong.verification.registry.models import Firm, Licence, LicenceEvent, Person, Source, blind

UNSURE = "请改正标出的项目"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision about a licence as the bureau states it."""

    number: str
    kind: EventKind
    effective_on: dt.date
    reason: str
    document_no: str
    article: str = ""  # number of the article of 律师法
    until_on: dt.date | None = None
    firm_uscc: str = ""  # 变更执业机构


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Whom and what a bureau enters for the first time (or anew after a cancellation)."""

    number: str
    kind: LicenceKind
    name: str
    sex: str
    id_number: str
    mobile: str
    firm_uscc: str
    effective_on: dt.date
    document_no: str
    reason: str
    period_to: dt.date | None = None  # 实习人员
    supervisor_no: str = ""  # 实习人员
    scope: tuple[str, ...] = ()  # 基层法律服务工作者
    region: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would change, before it is entered."""

    before: rules.Standing | None  # on the day of taking effect
    after: rules.Standing | None
    objections: dict[str, str]
    new_firm: Firm | None
    at_once: bool  # takes effect today or has already


@dataclass(frozen=True, slots=True)
class Origin:
    """By which way a decision came."""

    source: str = Source.DESK
    bureau_seq: int | None = None


def preview(*, actor: BureauActor, decision: Decision, now: dt.datetime) -> Preview:
    """Work out what a decision would change; nothing is written. Raises NotFound."""
    licence = queries.get_entry(actor=actor, number=decision.number)
    return _preview(licence, decision, now)


def _preview(licence: Licence, decision: Decision, now: dt.datetime) -> Preview:
    facts = queries.facts_of(licence_id=licence.pk)
    before = rules.standing(facts, on=decision.effective_on)
    firm = queries.find_firm(uscc=decision.firm_uscc) if decision.kind is EventKind.TRANSFER else None
    proposal = rules.Proposal(
        decision.kind, decision.effective_on, decision.until_on, decision.reason, decision.article,
        decision.document_no, FirmKind(firm.kind) if firm else None,
        firm is not None and before is not None and firm.pk == before.firm_id,
    )  # fmt: skip
    found = rules.objections(
        proposal, before, licence_kind=LicenceKind(licence.kind), granted_on=licence.granted_on, today=beijing_date(now)
    )
    if decision.kind is EventKind.GRANT:
        found.setdefault("kind", "准予执业请在“新登记”中办理")
    fact = rules.Fact(
        decision.kind, decision.effective_on, decision.until_on, decision.reason, firm.pk if firm else None
    )
    after = rules.standing([*facts, fact], on=decision.effective_on)
    return Preview(before, after, found, firm, decision.effective_on <= beijing_date(now))


@action
def record_decision(
    *, actor: BureauActor, decision: Decision, origin: Origin | None = None, now: dt.datetime
) -> LicenceEvent:
    """Enter a decision into the history and let it take effect on its day.

    Raises NotFound for a licence of another province, NotAllowed for the ministry, Invalid with a sentence for each
    field that the law or the present standing contradicts.
    """
    if not actor.may_decide:
        raise NotAllowed("登记由省级司法行政机关办理，司法部账号只能查看")
    licence = Licence.objects.select_for_update().filter(number=decision.number).first()
    if licence is None:
        raise NotFound("名册中没有这一条，或者不属于本机关")
    seen_by(actor, licence.bureau)
    seen = _preview(licence, decision, now)
    if seen.objections:
        raise Invalid(next(iter(seen.objections.values())), fields=seen.objections)
    event = _enter(actor, licence, decision, seen.new_firm, origin or Origin(), now)
    if decision.kind is EventKind.TRANSFER and seen.new_firm is not None and seen.new_firm.bureau in PROVINCES:
        licence.bureau = seen.new_firm.bureau  # 变更到外省执业机构的，由新的登记机关管理
        licence.save(update_fields=["bureau"])
    project(licence, cause=decision.kind if seen.at_once else None, reason=decision.reason, now=now)
    return event


def _enter(
    actor: BureauActor, licence: Licence, decision: Decision, firm: Firm | None, origin: Origin, now: dt.datetime
) -> LicenceEvent:
    event = LicenceEvent.objects.create(
        licence=licence, kind=decision.kind, effective_on=decision.effective_on, until_on=decision.until_on,
        reason=decision.reason, article=rules.ARTICLES.get(decision.article, ""), document_no=decision.document_no,
        firm=firm, bureau=actor.bureau, source=origin.source, bureau_seq=origin.bureau_seq, recorded_at=now,
        recorded_by=actor.name,
    )  # fmt: skip
    record(actor=actor, act=f"enter.{decision.kind}", subject=licence.number, now=now, event=event.pk,
           source=str(origin.source), seq=origin.bureau_seq)  # fmt: skip
    return event


@action
def grant(*, actor: BureauActor, newcomer: Newcomer, origin: Origin | None = None, now: dt.datetime) -> Licence:
    """准予执业（实习）: enter a person with his first licence, or the next one after a cancellation.

    Raises NotAllowed for the ministry, Invalid with a sentence for each wrong field, Conflict when the person has
    a licence in force (律师法第十条) or the number belongs to somebody else.
    """
    if not actor.may_decide:
        raise NotAllowed("登记由省级司法行政机关办理，司法部账号只能查看")
    firm = queries.find_firm(uscc=newcomer.firm_uscc)
    supervisor = Licence.objects.filter(number=newcomer.supervisor_no).first() if newcomer.supervisor_no else None
    today = beijing_date(now)
    if wrong := _wrong(newcomer, firm, supervisor, today) | _foreign(actor, newcomer):
        raise Invalid(UNSURE, fields=wrong)
    assert firm is not None  # `_wrong` objects to a firm that is not registered
    person = _person(newcomer)
    licence = Licence.objects.select_for_update().filter(number=newcomer.number).first()
    if licence is not None and licence.person_id != person.pk:
        raise Conflict("这个执业证号已登记在他人名下，请核对号码")
    if licence is None:
        licence = Licence(
            number=newcomer.number, person=person, status=LicenceStatus.CANCELLED, status_reason="尚未生效",
            status_since=newcomer.effective_on, granted_on=newcomer.effective_on,
        )  # fmt: skip
    licence.kind, licence.bureau, licence.firm, licence.supervisor = newcomer.kind, actor.bureau, firm, supervisor
    licence.scope, licence.region, licence.period_to = list(newcomer.scope), newcomer.region, newcomer.period_to
    licence.save()
    decision = Decision(
        number=newcomer.number, kind=EventKind.GRANT, effective_on=newcomer.effective_on, reason=newcomer.reason,
        document_no=newcomer.document_no, until_on=newcomer.period_to,
    )  # fmt: skip
    _admit(licence, decision, firm, today)
    _enter(actor, licence, decision, firm, origin or Origin(), now)
    project(licence, cause=EventKind.GRANT if newcomer.effective_on <= today else None, reason="", now=now)
    return licence


def _admit(licence: Licence, decision: Decision, firm: Firm, today: dt.date) -> None:
    """Refuse a grant that the history contradicts."""
    before = queries.standing_of(licence_id=licence.pk, on=decision.effective_on)
    proposal = rules.Proposal(
        EventKind.GRANT, decision.effective_on, decision.until_on, decision.reason, "", decision.document_no,
        FirmKind(firm.kind),
    )  # fmt: skip
    kind = LicenceKind(licence.kind)
    if wrong := rules.objections(proposal, before, licence_kind=kind, granted_on=None, today=today):
        raise Invalid(UNSURE, fields=wrong)


def _foreign(actor: BureauActor, newcomer: Newcomer) -> dict[str, str]:
    if province_of(newcomer.number, newcomer.kind) == actor.bureau:
        return {}
    return {"number": "号码中的行政区划代码不属于本机关，请核对"}


def _wrong(newcomer: Newcomer, firm: Firm | None, supervisor: Licence | None, today: dt.date) -> dict[str, str]:
    checks = {
        "number": _number(newcomer, today),
        "name": None if 2 <= len(newcomer.name) <= 60 else "姓名：请填写 2–60 个字",
        "sex": None if newcomer.sex in ("男", "女") else "性别：请选择",
        "id_number": check_resident_id(newcomer.id_number, today=today),
        "mobile": check_mobile(newcomer.mobile),
        "firm": check_uscc(newcomer.firm_uscc) or (None if firm else "没有登记这个执业机构，请先登记机构"),
    }
    found = {field: sentence for field, sentence in checks.items() if sentence}
    if firm is not None and FirmKind(firm.kind) not in FIRMS_OF[newcomer.kind]:
        found["firm"] = f"{newcomer.kind.label}不能在{FirmKind(firm.kind).label}执业，请核对机构"
    if newcomer.kind is LicenceKind.TRAINEE:
        found |= _traineeship(newcomer, firm, supervisor)
    if newcomer.kind is LicenceKind.GRASSROOTS and not (newcomer.scope and newcomer.region):
        found["scope"] = "基层法律服务工作者应当登记业务范围和执业区域"
    return found


def _number(newcomer: Newcomer, today: dt.date) -> str | None:
    if newcomer.kind.is_lawyer:
        return check_licence_no(newcomer.number, today=today)
    digits = newcomer.number.isascii() and newcomer.number.isdigit() and 10 <= len(newcomer.number) <= 18
    return None if digits else "证号应为 10 至 18 位数字，请对照证件检查"


def _traineeship(newcomer: Newcomer, firm: Firm | None, supervisor: Licence | None) -> dict[str, str]:
    """实习期一年，由同所执业律师指导 (律师法第五条、申请律师执业人员实习管理规则)."""
    if newcomer.period_to is None:
        return {"period_to": "请填写实习期满之日"}
    if supervisor is None or not LicenceKind(supervisor.kind).is_lawyer or supervisor.status != LicenceStatus.ACTIVE:
        return {"supervisor_no": "指导律师应当是正常执业的律师，请核对执业证号"}
    if firm is not None and supervisor.firm_id != firm.pk:
        return {"supervisor_no": "指导律师应当与实习人员在同一机构"}
    return {}


def _person(newcomer: Newcomer) -> Person:
    """The person of this identity number; name and telephone follow the newest registration."""
    person, _ = Person.objects.update_or_create(
        id_blind=blind(newcomer.id_number),
        defaults={
            "name": newcomer.name, "sex": newcomer.sex, "id_number": newcomer.id_number, "mobile": newcomer.mobile,
        },
    )  # fmt: skip
    return person


@action
def register_firm(*, actor: BureauActor, uscc: str, name: str, kind: FirmKind, city: str, now: dt.datetime) -> Firm:
    """登记执业机构; a second time with the same code puts name and city right. Raises NotAllowed, Invalid, Conflict."""
    if not actor.may_decide:
        raise NotAllowed("登记由省级司法行政机关办理，司法部账号只能查看")
    wrong = {"uscc": check_uscc(uscc)}
    wrong["name"] = None if 4 <= len(name) <= 120 else "名称：请填写登记的全称"
    wrong["city"] = None if 2 <= len(city) <= 40 else "所在地：请填写市（区、县）"
    if wrong["uscc"] is None and uscc[2:4] != actor.bureau:
        wrong["uscc"] = "代码中的行政区划不属于本机关，请核对"
    if found := {field: sentence for field, sentence in wrong.items() if sentence}:
        raise Invalid(UNSURE, fields=found)
    firm = Firm.objects.filter(uscc=uscc).first() or Firm(uscc=uscc, kind=kind, bureau=actor.bureau, division=uscc[2:8])
    if firm.kind != kind:
        raise Conflict("这个代码已按其他性质登记，请核对")
    firm.name, firm.city = name, city
    firm.save()
    record(actor=actor, act="register_firm", subject=uscc, now=now)
    return firm
