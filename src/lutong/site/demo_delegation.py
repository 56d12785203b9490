"""周岚's assistants in the demo world: one at work in her case, one who has still to answer."""

from collections.abc import Callable

from lutong.domains.cases.queries import CaseFilter, list_my_cases
from lutong.domains.delegation import actions
from lutong.domains.delegation.queries import list_assistants, list_engagements
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.site.demo_people import PEOPLE

AT_WORK, ASKED = "苗青禾", "宋子衿"
MAY = ("read_case", "read_dossier", "submit_material", "use_tools")


def delegate(people: dict[str, Actor], say: Callable[[str], None]) -> None:
    """Invite both, let one accept, and grant her the newest case. Safe to repeat."""
    lawyer, now = people["zhou"], clock.now()
    if list_assistants(actor=lawyer):
        return
    numbers = {person.name: person.sign_name for person in PEOPLE}
    for name in (AT_WORK, ASKED):
        actions.invite(actor=lawyer, number=numbers[name], now=now)
    engagement = list_engagements(actor=people[AT_WORK])[0]
    actions.accept(actor=people[AT_WORK], engagement_id=engagement.id, now=now)
    for case in list_my_cases(actor=lawyer, wanted=CaseFilter(), limit=1):
        actions.allow(
            actor=lawyer, assistantship_id=engagement.id, court_id=case.court_id, case_id=case.id,
            terms=actions.Terms(capabilities=MAY), now=now,
        )  # fmt: skip
    say("律师助理 assistants")
