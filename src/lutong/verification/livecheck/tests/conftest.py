"""Somebody of the roll, an officer of his bureau, and films that are none."""

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from lutong.gateways.registry.port import LicenceKind
from lutong.kernel.actor import Actor, Role
from lutong.verification.entrance.models import Visit
from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.registry import actions as registry
from lutong.verification.registry.actors import BureauActor, CourtActor, DeskActor
from lutong.verification.registry.bodies import FirmKind
from lutong.verification.registry.models import Firm, Licence, Officer, Person
from lutong.verification.registry.queries import officer_actor

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
FILM = b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm" + b"moving face " * 500
COURTS = [
    ("京0105", "北京市朝阳区人民法院", "11", "邬窗口"),
    ("京0108", "北京市海淀区人民法院", "11", "宁窗口"),
]


@dataclass(frozen=True)
class World:
    """A lawyer of Beijing as he acts, officers of two provinces, and the windows of two courts."""

    actor: Actor
    number: str
    officer: BureauActor
    colleague: BureauActor
    stranger: BureauActor
    window: CourtActor
    other_window: CourtActor

    def browser(self, *, at: dt.datetime | None = None) -> Client:
        """A browser in which the lawyer is signed in."""
        from django.utils import timezone

        now = at or timezone.now()
        visit = Visit.objects.create(
            id=uuid.uuid4(), person_id=self.actor.person_id, number=self.number, started_at=now, authenticated_at=now,
            seen_at=now,
        )  # fmt: skip
        return _session({"visit": str(visit.pk)})

    def desk(self, officer: DeskActor | None = None) -> Client:
        """A browser in which an officer is signed in."""
        return _session({"officer": (officer or self.officer).person_id})


def _session(values: dict[str, object]) -> Client:
    client = Client()
    session = client.session
    session.update(values)
    session.save()
    return client


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_world() -> World:
    """The lawyer and the officers, in whatever database Django points at."""
    firm = Firm.objects.create(
        uscc="31110105MD4591511E",
        name="北京衡川律师事务所",
        kind=FirmKind.LAW_FIRM,
        bureau="11",
        city="北京市",
        division="110105",
    )
    person = Person.objects.create(
        name="周岚", sex="女", id_number="110", id_blind=uuid.uuid4().hex, mobile="13800000000"
    )
    number = "11101201810000001"
    Licence.objects.create(
        number=number, person=person, kind=LicenceKind.FULL_TIME, bureau="11", firm=firm, status="active",
        granted_on=dt.date(2018, 3, 1), status_since=dt.date(2018, 3, 1),
    )  # fmt: skip
    officers = [
        BureauActor(
            Officer.objects.create(staff_no=no, name=name, bureau=bureau, password="-").pk,
            Role.BUREAU,
            name,
            bureau=bureau,
        )
        for no, name, bureau in (("BJ1", "何经办", "11"), ("BJ2", "许经办", "11"), ("SH1", "沈经办", "31"))
    ]
    windows = [_window(*facts) for facts in COURTS]
    return World(Actor(person.pk, Role.LAWYER, "周岚"), number, *officers, *windows)


def _window(code: str, name: str, bureau: str, officer: str) -> CourtActor:
    registry.enrol_window(code=code, name=name, bureau=bureau)
    officer_id = registry.enrol_officer(staff_no=f"{code}-1", name=officer, court=code, password="-")
    actor = officer_actor(officer_id=officer_id)
    assert isinstance(actor, CourtActor)
    return actor


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilmShelf:
    """Films of a test lie in a directory of its own."""
    import dataclasses

    monkeypatch.setattr(settings, "LUTONG", dataclasses.replace(settings.LUTONG, home=tmp_path, demo=False))
    monkeypatch.delenv("LUTONG_FACE_URL", raising=False)
    return FilmShelf(tmp_path)
