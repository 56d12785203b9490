"""团队: several lawyers of a firm on one side of a case, and their assistants; who may do what."""

import uuid
from dataclasses import dataclass
from typing import Any

from lutong.domains.cases.queries import counsel_of
from lutong.domains.delegation.models import Assistantship
from lutong.domains.delegation.queries.grants import grants_in_case, in_case_of
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import CASE_CAPABILITIES


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the team's table: a lawyer, or an assistant under his lawyer."""

    name: str
    what: str
    may: tuple[bool, ...]  # one a capability, in the order of the enum
    grant: Any = None
    changeable: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """The members, and the actor's own assistants who could be let in."""

    members: list[Member]
    others: list[Assistantship]


def team_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Team:
    """Whom the actor works with in a case: counsel of his firm on his side, each with his assistants.

    Opposing counsel, and colleagues of another firm for the same party, are not told who assists whom.
    """
    with reading(actor):
        counsel = counsel_of(actor=actor, court_id=court_id, case_id=case_id)
        own = next((c for c in counsel if c.lawyer_id == actor.lawyer_id), None)
        if own is None:
            return Team([], [])
        mates = [c for c in counsel if (c.side, c.firm) == (own.side, own.firm)]
        members: list[Member] = []
        for mate in sorted(mates, key=lambda c: (c.lawyer_id != actor.lawyer_id, c.lawyer_id)):
            members.append(Member(mate.name, "律师", tuple(True for _ in CASE_CAPABILITIES)))
            mine = mate.lawyer_id == actor.person_id
            members += [
                Member(g.person_name, f"{mate.name}律师的助理", _may(g), g, mine)
                for g in in_case_of(lawyer_id=mate.lawyer_id, case_id=case_id)
            ]
        return Team(members, _others(actor, case_id))


def _may(grant: Any) -> tuple[bool, ...]:
    return tuple(c.value in grant.capabilities for c in CASE_CAPABILITIES)


def _others(actor: Actor, case_id: uuid.UUID) -> list[Assistantship]:
    if not actor.is_lawyer:
        return []
    inside = {g.assistantship_id for g in grants_in_case(actor=actor, case_id=case_id)}
    rows = Assistantship.objects.filter(lawyer_id=actor.person_id, state="active").order_by("slot")
    return [one for one in rows if one.id not in inside]
