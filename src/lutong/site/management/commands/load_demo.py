"""Load the demo world: people, courtrooms, and cases on the way. Safe to run again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.identity import actions as identity
from lutong.domains.staffing.actions import adopt
from lutong.gateways.registry.port import RegistryError
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.site.demo_chaoyang import furnish_chaoyang, propose_newcomer
from lutong.site.demo_delegation import delegate
from lutong.site.demo_files import write_all
from lutong.site.demo_people import CHAOYANG, PEOPLE, PUDONG, DemoAccount
from lutong.site.demo_world import furnish

LAWYERS = {"周岚": "zhou", "顾衡": "gu"}


class Command(BaseCommand):
    help = "Load the demo world (needs the stand-in of the lawyers' registry to be running)."

    def handle(self, *args: Any, **options: Any) -> None:
        actors: dict[str, Actor] = {}
        for place, person in enumerate(PEOPLE, 1):
            self.stdout.write(f"[{place}/{len(PEOPLE)}] {person.name} {person.who}")
            try:
                name, actor = self._enrol(person)
            except RegistryError as error:
                raise CommandError(f"律师身份核验平台（替身）没有应答：{error}") from error
            actors.setdefault(name, actor)
            actors[person.name] = actor
        furnish(actors, self.stdout.write)
        furnish_chaoyang(actors, self.stdout.write)
        delegate(actors, self.stdout.write)
        for code in (CHAOYANG, PUDONG):
            adopt(court_id=get_court_by_code(code=code).id, now=clock.now())
        propose_newcomer(actors, self.stdout.write)
        write_all(settings.LUTONG.home / "demo-files")

    def _enrol(self, person: DemoAccount) -> tuple[str, Actor]:
        if person.role in ("lawyer", "trainee"):
            person_id = identity.enrol_lawyer(
                licence_no=person.sign_name, mobile=person.mobile, password=person.password, now=clock.now()
            )
            role = Role.LAWYER if person.role == "lawyer" else Role.ASSISTANT
            return LAWYERS.get(person.name, person.name), Actor(person_id, role, person.name)
        court = get_court_by_code(code=person.court_code)
        person_id = identity.enrol_staff(
            sign_name=person.sign_name, name=person.name, mobile=person.mobile, password=person.password,
            court_id=court.id, role=Role(person.role), department=person.department,
        )  # fmt: skip
        actor = Actor(person_id, Role(person.role), person.name, court.id)
        return f"{person.role}:{person.court_code}", actor
