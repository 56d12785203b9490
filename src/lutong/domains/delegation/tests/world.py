"""周岚 and her firm: colleagues and 实习人员 who may assist her, and a case in which she is counsel."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from lutong.domains.cases.models import Case
from lutong.domains.cases.tests import world as cases
from lutong.domains.delegation import actions, queries
from lutong.domains.delegation.actions.inviting import settle
from lutong.domains.delegation.actions.roster import platform_for
from lutong.domains.delegation.models import Assistantship, Grant
from lutong.domains.delegation.rules import Registered
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.tests.licences import JUST_ASKED
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability

FIRM, USCC = "北京衡准律师事务所", "31110000MD0001"
ZHOU, GU, LUO = cases.ZHOU, cases.GU, cases.LUO
LIN, PEI, TAO, MENG = 9301, 9302, 9303, 9304  # 实习人员 of 周岚's firm
TRAINEES = {LIN: "林予安", PEI: "裴青禾", TAO: "陶知予", MENG: "孟望舒"}


def enrol() -> None:
    """The people of the cases' world, and 周岚's trainees; the registry was asked about all a moment ago."""
    cases.enrol()
    Lawyer.objects.filter(lawyer_id__in=[ZHOU, LUO]).update(firm_uscc=USCC, firm_name=FIRM)
    for person_id, name in TRAINEES.items():
        Account.objects.create(id=person_id, sign_name=number(person_id), name=name)
        Lawyer.objects.create(
            lawyer_id=person_id, licence_no=number(person_id), name=name, firm_name=FIRM, firm_uscc=USCC,
            kind="trainee", status="active", status_label="实习中", checked_at=JUST_ASKED,
        )  # fmt: skip


def number(person_id: int) -> str:
    return f"1110120{person_id}"


def zhou() -> Actor:
    return cases.lawyer(ZHOU)


def trainee(person_id: int) -> Actor:
    """As he signs in: for nobody yet."""
    return Actor(person_id, Role.ASSISTANT, TRAINEES[person_id])


def acting(person_id: int, lawyer_id: int = ZHOU) -> Actor:
    """An assistant at work for a lawyer."""
    name = TRAINEES.get(person_id) or cases.NAMES[person_id]
    return Actor(person_id, Role.ASSISTANT, name, for_id=lawyer_id, for_name=cases.NAMES[lawyer_id])


def registered(person_id: int, **changes: Any) -> Registered:
    """What the registry says of one of the firm."""
    facts: dict[str, Any] = {
        "number": number(person_id), "name": TRAINEES.get(person_id) or cases.NAMES.get(person_id, "某人"),
        "kind": "trainee", "kind_label": "实习人员", "firm_name": FIRM, "firm_uscc": USCC, "in_force": True,
        "status_label": "实习中", "assertion_id": "a1",
    }  # fmt: skip
    return Registered(**(facts | changes))


def invite(person_id: int = LIN, actor: Actor | None = None, now: dt.datetime | None = None) -> Assistantship:
    """An invitation as it stands after the registry has been asked."""
    by = actor or zhou()
    return actions.take_place(actor=by, lawyer_name=by.name, person=registered(person_id), now=now or clock.now())


def engage(person_id: int = LIN, actor: Actor | None = None) -> Assistantship:
    """An assistant who has accepted and been verified."""
    from lutong.domains.delegation.actions.inviting import agree

    by, now = actor or zhou(), clock.now()
    asked = invite(person_id, by)
    who = trainee(person_id) if person_id in TRAINEES else cases.lawyer(person_id)
    agree(actor=who, principal_id=by.person_id, engagement_id=asked.id, now=now)
    return settle(
        actor=platform_for(by.person_id), assistantship_id=asked.id, person=registered(person_id), now=now
    )  # fmt: skip


def allow(
    assistant: Assistantship, case: Case, *capabilities: Capability, actor: Actor | None = None, **terms: Any
) -> Grant:
    chosen: Collection[str] = [c.value for c in capabilities or (Capability.READ_CASE,)]
    return actions.allow(
        actor=actor or zhou(), assistantship_id=assistant.id, court_id=case.court_id, case_id=case.id,
        terms=actions.Terms(**({"capabilities": chosen} | terms)), now=clock.now(),
    )  # fmt: skip


def assistants_of(actor: Actor) -> list[Assistantship]:
    """The lawyer's assistants now."""
    return queries.list_assistants(actor=actor)
