"""What a gate learns at a sync: keys, the list of the day, and who may not pass any more."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lutong.domains.cases.queries import counsel_by_case
from lutong.domains.courts.queries import get_court
from lutong.domains.gatepass.models import GateDevice, Holder
from lutong.domains.gatepass.queries.holders import gate_keys, holder_id
from lutong.domains.gatepass.rules import Bundle, Door, Expected, Person, Purpose, judging
from lutong.domains.hearings.queries import list_on_day
from lutong.domains.identity.queries import find_accounts, get_lawyers, get_photos
from lutong.gateways.crypto.keys import public_jwks
from lutong.gateways.crypto.port import Algorithm, Verifier
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date

KNOWN_FOR = dt.timedelta(hours=24)  # who showed a code within this time is on the list, hearing or not
ACTIVE = "active"
PHOTOS_MOST = 6_000_000  # characters of photos in a bundle, counsel of the day first: a gate fetches it every 30 s


def bundle_for(*, actor: Actor, device: GateDevice, day: dt.date | None = None, now: dt.datetime) -> Bundle:
    """The bundle of a device at this moment; `day` looks at the hearings of another day, for scans that come late."""
    court_id = device.court_id
    with reading(actor):
        venue = device.venue
        hearings, counsel = _hearings(actor, court_id, day or beijing_date(now))
        return Bundle(
            issued=int(now.timestamp()),
            door=Door(
                court_id=court_id, court_name=get_court(court_id=court_id).name, venue_id=venue.id,
                kind=Purpose[venue.kind.upper()], name=venue.name, room=venue.room_id,
            ),
            keys={v.kid: v.verify for v in _verifiers()},
            people=_people(court_id, counsel, now), hearings=hearings, device_revoked=device.revoked_at is not None,
        )  # fmt: skip


def published_bundle(*, actor: Actor, device: GateDevice, now: dt.datetime) -> dict[str, Any]:
    """The JSON that a gate stores: nothing secret, but names and faces of the day's counsel."""
    bundle = bundle_for(actor=actor, device=device, now=now)
    bundle = replace(bundle, people=_with_photos(bundle.people))
    return judging.plain(bundle, public_jwks(_verifiers()))


def with_photo(person: Person) -> Person:
    """Whom the gate shows, with his face."""
    return next(iter(_with_photos({person.holder: person}).values()))


def revoked_for_gate(*, actor: Actor, court_id: int, now: dt.datetime) -> dict[uuid.UUID, Person]:
    """Holders known to a court's gates who may not pass as lawyers now, each with reason and remedy."""
    with reading(actor):
        _, counsel = _hearings(actor, court_id, beijing_date(now))
        return {holder: person for holder, person in _people(court_id, counsel, now).items() if person.refusal}


def _verifiers() -> list[Verifier]:
    return [v for v in gate_keys().verifiers().values() if v.algorithm is Algorithm.ED25519]


Faces = dict[uuid.UUID, tuple[int | None, Person]]  # holder → (account, what the gate shows)


def _hearings(actor: Actor, court_id: int, day: dt.date) -> tuple[dict[uuid.UUID, Expected], Faces]:
    hearings = list_on_day(actor=actor, court_id=court_id, day=day)
    cases = counsel_by_case(actor=actor, court_id=court_id, case_ids={h.case_id for h in hearings})
    faces: Faces = {}
    expected: dict[uuid.UUID, Expected] = {}
    for hearing in hearings:
        number, counsel = cases[hearing.case_id]
        holders = set()
        for one in counsel:
            holder = holder_id(court_id=court_id, licence_no=one.licence_no)
            holders.add(holder)
            faces[holder] = (
                one.lawyer_id, Person(holder=holder, name=one.name, licence_no=one.licence_no, firm=one.firm),
            )  # fmt: skip
        expected[hearing.id] = Expected(
            hearing_id=hearing.id, number=number, kind=hearing.get_kind_display(), room=hearing.room_id,
            room_name=hearing.room_name, starts=int(hearing.during.lower.timestamp()),
            ends=int(hearing.during.upper.timestamp()), counsel=frozenset(holders),
        )  # fmt: skip
    return expected, faces


def _people(court_id: int, counsel: Faces, now: dt.datetime) -> dict[uuid.UUID, Person]:
    """Counsel of the day and whoever showed a code of late, with their standing as the registry stated it last."""
    known = Holder.objects.filter(court_id=court_id, seen_at__gt=now - KNOWN_FOR)
    faces: Faces = counsel | {
        h.id: (h.lawyer_id, Person(holder=h.id, name=h.name, licence_no=h.licence_no, firm=h.firm)) for h in known
    }
    licences = get_lawyers(lawyer_ids=[account for account, _ in faces.values() if account])
    people = {}
    for holder, (account, person) in faces.items():
        licence = licences.get(account or 0)
        if licence is None:
            people[holder] = person
            continue
        bad = licence.status != ACTIVE
        people[holder] = Person(
            holder=holder, name=licence.name, licence_no=licence.licence_no, firm=licence.firm_name,
            refusal=f"执业状态为“{licence.status_label}”，不能以律师身份通行" if bad else "",
            advice=licence.remedy if bad else "",
        )  # fmt: skip
    return people


def _with_photos(people: Mapping[uuid.UUID, Person]) -> dict[uuid.UUID, Person]:
    accounts = find_accounts(licence_nos=[person.licence_no for person in people.values()])
    photos, room, shown = get_photos(lawyer_ids=list(accounts.values())), PHOTOS_MOST, {}
    for holder, person in people.items():
        photo = photos.get(accounts.get(person.licence_no, 0), "")
        room -= len(photo)
        shown[holder] = replace(person, photo=photo) if room >= 0 else person
    return shown
