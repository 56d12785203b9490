"""The fictional roll of the demo world, entered by the bureaus' own acts. Safe to run again."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lutong.gateways.registry.port import EventKind, LicenceKind
from lutong.kernel import clock
from lutong.kernel.identifiers import resident_id_check_digit
from lutong.verification.registry import actions, portraits, queries
from lutong.verification.registry.actors import reporting, service
from lutong.verification.registry.bodies import PROVINCES, FirmKind, province_of
from lutong.verification.registry.bureaukeys import public_key_of
from lutong.verification.registry.models import Licence, Portrait, Source
from lutong.verification.registry.rules import months_after

ROLL = Path(__file__).resolve().parents[2] / "data" / "roll.json"
PASSWORD = "lutong-demo-2026"  # noqa: S105  # printed on the demo page
LOADED = actions.Origin(Source.LOAD)
_ENDINGS = {"suspended": EventKind.SUSPEND, "revoked": EventKind.REVOKE, "cancelled": EventKind.CANCEL}


class Command(BaseCommand):
    help = "Load the fictional roll, the bureaus' keys and the demo officers."

    def handle(self, *args: Any, **options: Any) -> None:
        self.now = clock.now()
        self.today = clock.beijing_date(self.now)
        roll = json.loads(ROLL.read_text("utf-8"))
        for code in PROVINCES:
            key = public_key_of(settings.LUTONG.home, code)
            actions.enrol_bureau(actor=service(), code=code, public_key=key, now=self.now)
        firms = {firm["key"]: self._firm(firm) for firm in roll["firms"]}
        for place, lawyer in enumerate(roll["lawyers"]):
            self._lawyer(lawyer, firms, place)
        for place, trainee in enumerate(roll["trainees"], 500):
            self._trainee(trainee, firms, place)
        for place, worker in enumerate(roll["grassroots"], 600):
            self._grassroots(worker, firms, place)
        for window in roll["windows"]:
            actions.enrol_window(**window)
        for officer in roll["officers"]:
            actions.enrol_officer(**officer, password=PASSWORD)
        self.stdout.write(f"名册 roll: {Licence.objects.count()} 人，{len(firms)} 个机构")

    def _firm(self, firm: dict[str, str]) -> str:
        if queries.find_firm(uscc=firm["uscc"]) is None:
            actions.register_firm(
                actor=reporting(firm["region"][:2]), uscc=firm["uscc"], name=firm["name"], kind=FirmKind(firm["kind"]),
                city=firm["city"], now=self.now,
            )  # fmt: skip
        return firm["uscc"]

    def _lawyer(self, lawyer: dict[str, Any], firms: dict[str, str], place: int) -> None:
        since = dt.date.fromisoformat(lawyer["since"])
        if not self._grant(lawyer["licence_no"], LicenceKind(lawyer["kind"]), lawyer, firms, since, place):
            return
        if "status" not in lawyer:
            return
        day = (
            dt.date.fromisoformat(lawyer["status_since"])
            if "status_since" in lawyer
            else self.today - dt.timedelta(days=lawyer["days_ago"])
        )
        until = months_after(day, lawyer["months"]) - dt.timedelta(days=1) if "months" in lawyer else None
        decision = actions.Decision(
            number=lawyer["licence_no"], kind=_ENDINGS[lawyer["status"]], effective_on=day, until_on=until,
            reason=lawyer["reason"], article=lawyer["article"], document_no=lawyer["document_no"],
        )  # fmt: skip
        actions.record_decision(
            actor=reporting(lawyer["licence_no"][1:3]), decision=decision, origin=LOADED, now=self.now
        )

    def _trainee(self, trainee: dict[str, Any], firms: dict[str, str], place: int) -> None:
        since = self.today - dt.timedelta(days=trainee["days_ago"])
        more = {"period_to": months_after(since, 12) - dt.timedelta(days=1), "supervisor_no": trainee["supervisor"]}
        self._grant(trainee["number"], LicenceKind.TRAINEE, trainee, firms, since, place, **more)

    def _grassroots(self, worker: dict[str, Any], firms: dict[str, str], place: int) -> None:
        more = {"scope": tuple(worker["scope"]), "region": worker["region"]}
        since = dt.date.fromisoformat(worker["since"])
        self._grant(worker["number"], LicenceKind.GRASSROOTS, worker, firms, since, place, **more)

    def _grant(
        self, number: str, kind: LicenceKind, who: dict[str, Any], firms: dict[str, str], since: dt.date, place: int,
        **more: Any,
    ) -> bool:  # fmt: skip
        """Enter a newcomer unless he is there; True if he was entered now."""
        if Licence.objects.filter(number=number).exists():
            return False
        word = "实习" if kind is LicenceKind.TRAINEE else "执业"
        newcomer = actions.Newcomer(
            number=number, kind=kind, name=who["name"], sex=who["sex"], id_number=fictional_id(place, who["sex"]),
            mobile=who["mobile"], firm_uscc=firms[who["firm"]], effective_on=since, reason=f"符合法定条件，准予{word}",
            document_no=f"司许{word}字〔{since.year}〕第{1000 + place}号", **more,
        )  # fmt: skip
        licence = actions.grant(
            actor=reporting(province_of(number, kind)), newcomer=newcomer, origin=LOADED, now=self.now
        )
        Portrait.objects.get_or_create(
            person=licence.person, defaults={"png": portraits.draw(number, who["sex"]), "drawn": True}
        )
        return True


def fictional_id(place: int, sex: str) -> str:
    """A well-formed identity number of somebody born in the 1880s: it can be nobody's who lives."""
    day = dt.date(1880, 1, 1) + dt.timedelta(days=place)
    serial = (place % 400) * 2 + (1 if sex == "男" else 0)
    first = f"110105{day:%Y%m%d}{serial:03d}"
    return first + resident_id_check_digit(first)
