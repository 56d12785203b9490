"""权限关口: before an act of counsel, his stored authorisation is asked whether it carries the act."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.cases.changes import NOT_YOURS
from lutong.domains.cases.models import Party, Representation
from lutong.domains.cases.powers import Act, acts_on, objection_to
from lutong.domains.identity.queries import get_lawyer
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import NotAllowed, NotFound

WHY_NOT = {
    "claimed": "代理关系还在核实，核实后即可办理",
    "refused": "代理关系未通过核实，请补正授权委托书和所函后重新申请",
    "ended": "代理关系已终止，不能再办理；重新受委托的，请再次申请核实代理关系",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The representation of record upon which an act rests."""

    representation_id: uuid.UUID
    party_id: uuid.UUID
    party_name: str
    side: str
    powers: str
    special_powers: frozenset[str]


def require_power(*, actor: Actor, court_id: int, case_id: uuid.UUID, act: str, now: dt.datetime) -> Standing:
    """Let an act pass if, and only if, the actor is counsel of record now, his licence is in force as last stated,
    and the authorisation stored with the court carries the act.

    Law: 民事诉讼法第六十二条, 民诉法解释第八十九条, 执行规定第二十条.
    `act` is a key of kernel/data/capacity.toml. Raises KeyError for an unknown one, NotFound for a foreign case,
    NotAllowed otherwise, with `act`, `power`, `law` and `cure` (the paper that mends it, and where to hand it in).
    """
    rule = acts_on(beijing_date(now))[act]
    if not actor.is_counsel:
        raise NotAllowed(f"{rule.label}由诉讼代理人办理", act=act, power=rule.required)
    if rule.is_special and actor.is_assistant:
        raise NotAllowed(f"{rule.label}须由受特别授权的律师本人办理，不能由助理代办", act=act, power=rule.required)
    representation = _of_record(actor, court_id, case_id, rule)
    _require_status(actor, rule)
    objection = objection_to(
        act=rule, powers=representation.powers, special_powers=representation.special_powers
    )  # fmt: skip
    if objection is not None:
        raise NotAllowed(
            f"{objection.text}。{objection.cure}", act=act, power=rule.required, law=objection.law,
            remedy=objection.cure,
            cure={"paper": "mandate", "wording": rule.power_label, "text": objection.cure,
                  "url": f"/cases/{court_id}/{case_id}/powers/?want={rule.power}"},
        )  # fmt: skip
    return Standing(
        representation.id, representation.party_id, representation.party.name, representation.party.side,
        representation.powers, frozenset(representation.special_powers),
    )  # fmt: skip


def _of_record(actor: Actor, court_id: int, case_id: uuid.UUID, rule: Act) -> Representation:
    with reading(actor):
        # Without the party: of a case that is not his yet, or no longer, he reads his own row alone.
        mine = Representation.objects.filter(court_id=court_id, case_id=case_id, lawyer_id=actor.lawyer_id)
        rows = list(mine.order_by("-claimed_at"))
        confirmed = next((row for row in rows if row.state == "confirmed"), None)
        if confirmed is not None:
            confirmed.party = Party.objects.get(court_id=court_id, id=confirmed.party_id)
    if confirmed is not None:
        return confirmed
    if not rows:
        raise NotFound(NOT_YOURS)
    raise NotAllowed(
        f"{WHY_NOT[rows[0].state]}（{rule.label}）", act=rule.key, power=rule.required, law=rule.law,
        cure={"paper": "representation", "text": "申请核实代理关系", "url": "/representation/"},
    )  # fmt: skip


def _require_status(actor: Actor, rule: Act) -> None:
    """The status as the registry's feed stated it last; acts of the gravest kind also ask the registry itself."""
    lawyer = get_lawyer(lawyer_id=actor.lawyer_id)
    if lawyer is not None and lawyer.status != "active":
        raise NotAllowed(
            f"执业状态为“{lawyer.status_label}”，不能{rule.label}。{lawyer.status_reason}", act=rule.key,
            power=rule.required, remedy=lawyer.remedy,
        )  # fmt: skip
