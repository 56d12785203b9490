"""A lawyer who was seen lately, at an address for which browsers make passkeys."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from lutong.kernel import clock
from lutong.verification.entrance import actions
from lutong.verification.entrance.models import Passkey, Visit
from lutong.verification.entrance.tests.devices import ORIGIN, Device
from lutong.verification.registry.models import Firm, Licence, Person

NUMBER = "11101201810000001"


@dataclass
class Lawyer:
    """A person of the roll with his browser."""

    person: Person
    number: str

    def visit(self, *, now: dt.datetime | None = None, **more: Any) -> Visit:
        at = now or clock.now()
        told: dict[str, Any] = {"started_at": at, "authenticated_at": at, "seen_at": at, **more}
        return Visit.objects.create(person_id=self.person.pk, number=self.number, **told)

    def browser(self, visit: Visit | None = None) -> Client:
        client = Client(headers={"User-Agent": "Chrome/140 Windows"})
        session = client.session
        session["visit"] = str((visit or self.visit()).pk)
        session.save()
        return client

    def key(self, device: Device, name: str = "办公室电脑") -> Passkey:
        """A passkey that the device made for this person."""
        visit, now = self.visit(), clock.now()
        asking = actions.ask_to_make_key(visit=visit, now=now)
        answer = device.make(asking.options)
        return actions.add_key(visit=visit, state=asking.state, answer=answer, name=name, now=now)

    def stand(self, status: str) -> None:
        Licence.objects.filter(number=self.number).update(status=status, status_reason="因违规被停止执业")


def make_lawyer(number: str = NUMBER, *, seen: bool = True) -> Lawyer:
    firm, _ = Firm.objects.get_or_create(
        uscc="31110105MD4591511E",
        defaults={"name": "北京试所", "kind": "law_firm", "bureau": "11", "city": "北京市", "division": "110105"},
    )
    person = Person.objects.create(
        name="周岚", sex="女", id_number="1", id_blind=uuid.uuid4().hex, mobile=f"138{number[-8:]}",
        assured_at=clock.now() - dt.timedelta(days=3) if seen else None, assured_by="manual" if seen else "",
    )  # fmt: skip
    Licence.objects.create(
        number=number, person=person, kind="full_time", bureau="11", firm=firm, status="active",
        granted_on=dt.date(2018, 3, 1), status_since=dt.date(2018, 3, 1),
    )  # fmt: skip
    return Lawyer(person, number)


@pytest.fixture(autouse=True)
def home(settings: Any) -> None:
    settings.LUTONG_VERIFICATION_URL = ORIGIN


@pytest.fixture
def lawyer(db: None) -> Lawyer:
    return make_lawyer()
