"""The counter: a lawyer without a telephone shows his bar card, the hall asks the registry and prints a slip.

Law: 法发〔2021〕3号第四条 (电子执业证与律师执业证并行). Also the way in when a gate refuses somebody.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.audit.actions import record
from lutong.domains.cases.queries import counsel_by_case
from lutong.domains.gatepass.access import require_counter
from lutong.domains.gatepass.actions.codes import new_code, note_holder
from lutong.domains.gatepass.models import Slip, Venue
from lutong.domains.gatepass.queries import Choice, Pass
from lutong.domains.gatepass.queries.holders import gate_keys
from lutong.domains.gatepass.rules import SLIP_LIFE, Form, Purpose, write
from lutong.domains.hearings.queries import list_on_day
from lutong.domains.identity.actions import fetch_photo, is_watched, registry, watch_standing
from lutong.domains.identity.queries import find_accounts
from lutong.gateways.crypto.port import Algorithm
from lutong.gateways.registry.port import Licence, NoSuchLicence, RegistryDown
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING, beijing, beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.kernel.holidays import DAY

NUMBER_DIGITS = 17
WATCHED_FOR = 2 * DAY  # a slip ends with its day; what an offline gate did with it is judged again a day later
DOWN = (
    "律师身份核验平台暂时没有应答，现在不能开具通行条。请核对律师执业证原件（照片、年度考核章）和本人身份证，"
    "在纸质台账登记后由值班人员引导进入；有庭审的请电话告知书记员"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCheck:
    """What the registry says of the card now, and for what a slip can be printed today."""

    licence: Licence
    photo: bytes  # empty: the registry has none, or does not answer
    choices: list[Choice]


def check_card(*, actor: Actor, court_id: int, licence_no: str, now: dt.datetime) -> CardCheck:
    """Ask the registry about the number on a bar card. Calls outward, so it is not an action itself.

    Raises Invalid for a number that is none or unknown, Conflict when the registry does not answer.
    """
    require_counter(actor, court_id)
    licence = _asked(licence_no, now)
    choices = _checked(actor=actor, court_id=court_id, licence=licence, now=now)
    return CardCheck(licence=licence, photo=fetch_photo(licence=licence), choices=choices)


@action
def _checked(*, actor: Actor, court_id: int, licence: Licence, now: dt.datetime) -> list[Choice]:
    record(actor=actor, court_id=court_id, action="gatepass.check_card", subject=licence.status.value, now=now,
           assertion=licence.assertion_id)  # fmt: skip
    return _choices(actor, court_id, licence.licence_no, now) if licence.may_practise else []


def issue_slip(
    *, actor: Actor, court_id: int, licence_no: str, purpose: str, place: uuid.UUID, key: str, now: dt.datetime
) -> Slip:
    """开具通行条: a printed code for one place, good once and until midnight. `key` makes a repeated form one slip.

    The registry is asked again at this moment. Raises NotAllowed while the licence is not in force.
    """
    require_counter(actor, court_id)
    if not 8 <= len(key) <= 80:
        raise Invalid("表单已失效，请重新查询后再开具")
    if not is_watched(licence_no=_number(licence_no)):
        _asked(licence_no, now)  # from here on a suspension is noticed, so none can slip in before the next answer
    licence = _asked(licence_no, now)
    if not licence.may_practise:
        raise NotAllowed(
            f"执业状态为“{licence.status_label}”，不能开具通行条。{licence.status_reason}", remedy=licence.remedy
        )
    return print_slip(
        actor=actor, court_id=court_id, licence=licence, purpose=purpose, place=place, key=key, now=now
    )  # fmt: skip


@action
def print_slip(
    *, actor: Actor, court_id: int, licence: Licence, purpose: str, place: uuid.UUID, key: str, now: dt.datetime
) -> Slip:
    """The slip for a licence as the registry has just stated it; `issue_slip` is the way in."""
    earlier = Slip.objects.filter(court_id=court_id, key=key).select_related("holder").first()
    if earlier is not None:
        return earlier
    chosen = next((c for c in _choices(actor, court_id, licence.licence_no, now)
                   if (c.purpose, c.place) == (purpose, place) and c.usable), None)  # fmt: skip
    if chosen is None:
        raise Conflict("不能为这个用途开具通行条，请重新查询后选择")
    person_id = find_accounts(licence_nos=[licence.licence_no]).get(licence.licence_no)
    holder = note_holder(
        court_id=court_id, licence_no=licence.licence_no, lawyer_id=person_id,
        name=licence.name, firm=licence.firm_name, shown_for=f"slip {place}", now=now,
    )  # fmt: skip
    wanted = Pass(court_id=court_id, purpose=Purpose[purpose.upper()], place=place, label=chosen.label)
    midnight = beijing(beijing_date(now)) + DAY
    life = min(SLIP_LIFE, int((midnight - now).total_seconds()))
    code = new_code(wanted, holder.id, Form.SLIP, life, now)
    slip = Slip.objects.create(
        court_id=court_id, holder_id=holder.id, code_id=code.code_id,
        code={"text": write(code, gate_keys().signer(Algorithm.ED25519).sign)}, purpose=purpose,
        venue_name=chosen.label[:60],
        hearing_id=place if purpose == "courtroom" else None, issued_at=now,
        until=dt.datetime.fromtimestamp(code.until, dt.UTC), issued_by=str(actor)[:80],
        status_label=licence.status_label, assertion_id=licence.assertion_id, key=key,
    )  # fmt: skip
    record(actor=actor, court_id=court_id, action="gatepass.issue_slip", subject=chosen.label, now=now,
           slip=str(slip.id), assertion=licence.assertion_id)  # fmt: skip
    return slip


def _number(licence_no: str) -> str:
    number = "".join(licence_no.split())
    if len(number) != NUMBER_DIGITS or not number.isascii() or not number.isdigit():
        raise Invalid("执业证号不对", fields={"licence_no": "应为执业证第 1 页上的 17 位数字"})
    return number


def _asked(licence_no: str, now: dt.datetime) -> Licence:
    """What the registry says; its feed is heard about this person from now until the last slip of today is over."""
    try:
        licence = registry().look_up(licence_no=_number(licence_no))
    except NoSuchLicence:
        raise Invalid(
            "律师身份核验平台查无此执业证号",
            fields={"licence_no": "请核对号码；号码无误的，请按访客登记并联系发证机关"},
        ) from None
    except RegistryDown:
        raise Conflict(DOWN, retry_after=120) from None
    watch_standing(licence=licence, until=now + WATCHED_FOR)
    return licence


def _choices(actor: Actor, court_id: int, licence_no: str, now: dt.datetime) -> list[Choice]:
    """The doors of the court, and the lawyer's own hearings of today behind a door with a gate."""
    venues = list(Venue.objects.filter(court_id=court_id, active=True).order_by("kind", "name"))
    doors = [
        Choice(court_id=court_id, purpose=v.kind, place=v.id, label=v.name, detail=Purpose[v.kind.upper()].label)
        for v in venues if v.kind != "courtroom"
    ]  # fmt: skip
    gated = {v.room_id for v in venues if v.room_id}
    hearings = list_on_day(actor=actor, court_id=court_id, day=beijing_date(now))
    cases = counsel_by_case(actor=actor, court_id=court_id, case_ids={h.case_id for h in hearings})
    own = [
        Choice(
            court_id=court_id, purpose="courtroom", place=h.id, label=f"{h.room_name} · {h.get_kind_display()}",
            detail=f"{h.during.lower.astimezone(BEIJING):%H:%M} {cases[h.case_id][0]}", usable=h.room_id in gated,
            note="" if h.room_id in gated else "门口没有通行设备，凭传票和执业证进入",
        )
        for h in hearings
        if h.room_id and any(c.licence_no == licence_no for c in cases[h.case_id][1])
    ]  # fmt: skip
    return [*own, *doors]
