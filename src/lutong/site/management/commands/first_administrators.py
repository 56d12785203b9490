"""Enter the first three administrators of a court and print their links and codes, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.staffing.actions import found_administrators
from lutong.domains.staffing.queries import Person
from lutong.kernel import clock
from lutong.kernel.actor import Role
from lutong.kernel.errors import Refusal
from lutong.site.config import load

ROLES = {"sysadmin": Role.SYSADMIN, "secadmin": Role.SECADMIN, "auditor": Role.AUDITOR}


class Command(BaseCommand):
    help = "The first system, security and audit administrator of a court; each is 工号,姓名,手机号."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("court", help="法院代字, e.g. 京0105")
        for name in ROLES:
            parser.add_argument(f"--{name}", required=True, metavar="工号,姓名,手机号")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            court = get_court_by_code(code=options["court"])
            people = {role: self._person(options[name], role) for name, role in ROLES.items()}
            handed = found_administrators(court_id=court.id, people=people, now=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for role, (link, code) in handed.items():
            self.stdout.write(f"{role.label} {people[role].name}")
            self.stdout.write(f"  链接 {load().web_url}/account/invitation/{link}/\n  验证码 {code}")

    def _person(self, text: str, role: Role) -> Person:
        parts = [part.strip() for part in text.replace("，", ",").split(",")]
        if len(parts) != 3:
            raise CommandError(f"{role.label}：请按 工号,姓名,手机号 填写")
        return Person(parts[0], parts[1], parts[2], "")
