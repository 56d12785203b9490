"""No act outside a grant, whatever was granted before; and what is taken back is gone elsewhere at once."""

import datetime as dt
import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lutong.domains.cases import queries as cases
from lutong.domains.cases.tests import world as case_world
from lutong.domains.delegation import actions
from lutong.domains.delegation.actions import granting
from lutong.domains.delegation.tests import world
from lutong.domains.identity.tests.browser import browser
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import CASE_CAPABILITIES, Capability
from lutong.kernel.database import fetch_one
from lutong.kernel.errors import NotAllowed, NotFound
from tests.support.databases import Database

ALL = CASE_CAPABILITIES
Model = dict[tuple[int, Any], frozenset[Capability]]


def may(actor: Actor, case: Any, capability: Capability) -> str:
    """What happens to somebody who tries something that needs this."""
    try:
        cases.get_case(actor=actor, court_id=case.court_id, case_id=case.id, needs=capability)
    except NotFound:
        return "nothing there"
    except NotAllowed:
        return "named"
    return "open"


def expected(model: Model, person_id: int, case: Any, capability: Capability) -> str:
    held = model.get((person_id, case.id))
    return "nothing there" if held is None else "open" if capability in held else "named"


def by_row_policy(actor: Actor, capability: Capability) -> set[Any]:
    """The cases that PostgreSQL alone lets through, without any filter of ours."""
    with reading(actor):
        row = fetch_one("SELECT my_cases_with(%(c)s)", {"c": capability.value})
    return set(row[0]) if row else set()


def differences(model: Model, people: list[int], all_cases: list[Any]) -> list[str]:
    """Everywhere that product and model disagree: by the access of the domain, by the policy, and by the list."""
    found = []
    for person_id in people:
        me = world.acting(person_id)
        for case, capability in itertools.product(all_cases, ALL):
            want, got = expected(model, person_id, case, capability), may(me, case, capability)
            if got != want:
                found.append(f"{person_id} {case.number} {capability}: {got}, not {want}")
        for capability in ALL:
            wanted = {c.id for c in all_cases if capability in model.get((person_id, c.id), ())}
            if by_row_policy(me, capability) != wanted:
                found.append(f"{person_id} {capability}: the policy shows other cases")
        listed = {row.id for row in cases.list_my_cases(actor=me, wanted=cases.CaseFilter())}
        if listed != {c.id for c in all_cases if (person_id, c.id) in model}:
            found.append(f"{person_id}: the list shows other cases")
    return found


def step(dice: random.Random, model: Model, relations: dict[int, Any], all_cases: list[Any]) -> None:
    """One random act of the lawyer, done by the product and noted in the model."""
    person_id, case = dice.choice(list(relations)), dice.choice(all_cases)
    key, today = (person_id, case.id), clock.beijing_date(clock.now())
    kind = dice.choice(["allow", "allow", "allow", "later", "revoke", "revoke_all"])
    if kind in ("allow", "later"):
        chosen = frozenset(dice.sample(ALL, dice.randint(1, len(ALL))))
        starts_on = today + dt.timedelta(days=dice.randint(1, 9)) if kind == "later" else None
        world.allow(relations[person_id], case, *chosen, expressly=[c.value for c in chosen], starts_on=starts_on)
        model.pop(key, None)
        if kind == "allow":
            model[key] = chosen | {Capability.READ_CASE}
    elif kind == "revoke":
        from lutong.domains.delegation.queries import list_grants

        standing = list_grants(actor=world.zhou(), assistantship_id=relations[person_id].id)
        for grant in standing[:1]:
            actions.revoke(actor=world.zhou(), grant_id=grant.id, now=clock.now())
            model.pop((person_id, grant.case_id), None)
    else:
        actions.revoke_all(actor=world.zhou(), assistantship_id=relations[person_id].id, now=clock.now())
        for gone in [k for k in model if k[0] == person_id]:
            del model[gone]


def furnished() -> tuple[dict[int, Any], list[Any]]:
    world.enrol()
    all_cases = [case_world.open_case() for _ in range(3)]
    return {person: world.engage(person) for person in (world.LIN, world.PEI)}, all_cases


@pytest.mark.parametrize("seed", range(6))
def test_no_act_is_possible_outside_the_grants(db: None, seed: int) -> None:
    dice, model = random.Random(seed), Model()
    relations, all_cases = furnished()
    for _ in range(8):
        step(dice, model, relations, all_cases)
        assert differences(model, [*relations, world.TAO], all_cases) == []


def test_a_grant_that_is_not_really_taken_back_is_found(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    relations, all_cases = furnished()
    grant = world.allow(relations[world.LIN], all_cases[0], Capability.PAY)
    monkeypatch.setattr(granting, "close_to_assistant", lambda **_: None)
    actions.revoke(actor=world.zhou(), grant_id=grant.id, now=clock.now())
    assert differences(Model(), [world.LIN], all_cases)


def elsewhere(client: Client, path: str) -> int:
    """A request served on a connection of its own, as another process would."""

    def ask() -> int:
        try:
            return client.get(path).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result(30)


def test_what_is_taken_back_is_gone_with_the_next_request_elsewhere(committed_db: Database) -> None:
    relations, all_cases = furnished()
    case, lin = all_cases[0], relations[world.LIN]
    path, client = f"/cases/{case.court_id}/{case.id}/timeline/", browser(world.acting(world.LIN), raises=False)
    for _ in range(5):
        grant = world.allow(lin, case)
        assert elsewhere(client, path) == 200
        actions.revoke(actor=world.zhou(), grant_id=grant.id, now=clock.now())
        assert elsewhere(client, path) == 404
    world.allow(lin, case)
    actions.end_assistant(actor=world.zhou(), assistantship_id=lin.id, now=clock.now())
    assert elsewhere(client, path) in (302, 404), "the session itself falls back to who he is"
