"""变更执业机构: whatever is done to an offered draft in the moment in which it is taken, it has one owner."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from lutong.domains.cases.tests.test_races import at_once
from lutong.domains.delegation.tests import world as people
from lutong.domains.dossier.models import Upload
from lutong.domains.filing import actions, queries
from lutong.domains.filing.models import Draft, DraftOffer, Filing
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.test_passing import move, offer, seen, take
from lutong.kernel import clock
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotFound


def settled() -> tuple[Actor, Actor, Draft, uuid.UUID]:
    people.enrol()
    zhou = people.zhou()
    draft = world.ready(zhou)
    move()
    return zhou, people.cases.lawyer(people.LUO), draft, offer(zhou)


@pytest.mark.parametrize("rival", ["take", "submit", "keep", "decline", "delete"])
def test_taking_against_any_other_act_at_once_leaves_one_owner(committed_db: Any, rival: str) -> None:
    zhou, luo, draft, offered = settled()
    now = clock.now()
    other: dict[str, Callable[[], Any]] = {
        "take": lambda: take(luo, offered),
        "submit": lambda: world.submit(zhou, draft, now=now),
        "keep": lambda: actions.keep_drafts(actor=zhou, handover_ids=[offered], now=now),
        "decline": lambda: actions.decline_draft(actor=luo, offer_id=offered, now=now),
        "delete": lambda: actions.delete_draft(actor=zhou, draft_id=draft.id, now=now),
    }
    answers = at_once(lambda n: take(luo, offered) if n == 0 else other[rival](), count=2)
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, Conflict | NotFound) for answer in lost), lost
    assert len(lost) == (0 if rival == "take" else 1)
    owner = people.LUO if not isinstance(answers[0], Exception) else people.ZHOU
    with reading(zhou):
        mine = Draft.objects.filter(lawyer_id=people.ZHOU, id=draft.id).count()
        filed = Filing.objects.filter(court_id=world.court_id()).count()
    assert (mine, len(seen(luo))) == ((0, 1) if owner == people.LUO else (1, 0))
    assert filed == (rival == "submit" and owner == people.ZHOU)
    files = set(Upload.objects.filter(purpose=queries.purpose_of(draft.id)).values_list("lawyer_id", flat=True))
    assert files == {owner}
    assert DraftOffer.objects.filter(state="taken").count() == (owner == people.LUO)
