"""What a gate learns at a sync: keys, who is expected until it must sync again, and who may not pass any more."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from lutong.domains.cases.queries import counsel_by_case
from lutong.domains.courts.queries import get_court
from lutong.domains.gatepass.models import GateDevice, Holder
from lutong.domains.gatepass.queries.holders import gate_keys, holder_id
from lutong.domains.gatepass.rules import FRESH_FOR, Bundle, Door, Expected, Person, Purpose, judging
from lutong.domains.hearings.queries import list_on_day
from lutong.domains.identity.queries import find_accounts, find_standings, get_photos
from lutong.gateways.crypto.keys import public_jwks
from lutong.gateways.crypto.port import Algorithm, Verifier
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date

ALONE = dt.timedelta(seconds=FRESH_FOR)  # the time for which a gate may judge by what it learns now
KNOWN_FOR = dt.timedelta(hours=24)  # who showed a code within this time is on the list, hearing or not
PHOTOS_AT_ONCE = 40  # of at most 64 KiB each


def bundle_for(*, actor: Actor, device: GateDevice, day: dt.date | None = None, now: dt.datetime) -> Bundle:
    """The bundle of a device at this moment; `day` looks at the hearings of another day, for scans that come late."""
    court_id = device.court_id
    with reading(actor):
        venue = device.venue
        hearings, counsel = _on_day(actor, court_id, day) if day else _until(actor, court_id, now)
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
    """The JSON that a gate stores: nothing secret, but the names of the day's counsel; photos by their digests."""
    return judging.plain(bundle_for(actor=actor, device=device, now=now), public_jwks(_verifiers()))


def photos_for(*, actor: Actor, device: GateDevice, digests: Collection[str], now: dt.datetime) -> dict[str, str]:
    """Photos as data URIs by digest, of people on the device's list only; anything else is absent."""
    people = bundle_for(actor=actor, device=device, now=now).people.values()
    wanted = {person.licence_no: person.photo for person in people if person.photo and person.photo in digests}
    accounts = find_accounts(licence_nos=wanted)
    photos = get_photos(lawyer_ids=list(accounts.values()))
    return {wanted[number]: photos[account] for number, account in accounts.items() if account in photos}


def _verifiers() -> list[Verifier]:
    found = [v for v in gate_keys().verifiers().values() if v.algorithm is Algorithm.ED25519]
    return sorted(found, key=lambda v: v.kid)


People = dict[uuid.UUID, Person]


def _until(actor: Actor, court_id: int, now: dt.datetime) -> tuple[dict[uuid.UUID, Expected], People]:
    """The hearings of today, and of tomorrow as far as a gate that loses the network now would judge by this list."""
    hearings, counsel = _on_day(actor, court_id, beijing_date(now))
    end = (now + ALONE).timestamp()
    later, others = _on_day(actor, court_id, beijing_date(now + ALONE))
    later = {hearing_id: hearing for hearing_id, hearing in later.items() if hearing.starts < end}
    expected = {holder for hearing in later.values() for holder in hearing.counsel}
    return later | hearings, {h: p for h, p in others.items() if h in expected} | counsel


def _on_day(actor: Actor, court_id: int, day: dt.date) -> tuple[dict[uuid.UUID, Expected], People]:
    hearings = list_on_day(actor=actor, court_id=court_id, day=day)
    cases = counsel_by_case(actor=actor, court_id=court_id, case_ids={h.case_id for h in hearings})
    people: People = {}
    expected: dict[uuid.UUID, Expected] = {}
    for hearing in hearings:
        number, counsel = cases[hearing.case_id]
        holders = set()
        for one in counsel:
            holder = holder_id(court_id=court_id, licence_no=one.licence_no)
            holders.add(holder)
            people[holder] = Person(holder=holder, name=one.name, licence_no=one.licence_no, firm=one.firm)
        expected[hearing.id] = Expected(
            hearing_id=hearing.id, number=number, kind=hearing.get_kind_display(), room=hearing.room_id,
            room_name=hearing.room_name, starts=int(hearing.during.lower.timestamp()),
            ends=int(hearing.during.upper.timestamp()), counsel=frozenset(holders),
        )  # fmt: skip
    return expected, people


def _people(court_id: int, counsel: People, now: dt.datetime) -> People:
    """Counsel of the hearings and whoever showed a code of late, with their standing as the registry stated it last."""
    known = Holder.objects.filter(court_id=court_id, seen_at__gt=now - KNOWN_FOR)
    people = counsel | {
        h.id: Person(holder=h.id, name=h.name, licence_no=h.licence_no, firm=h.firm) for h in known
    }  # fmt: skip
    standings = find_standings(licence_nos={person.licence_no for person in people.values()})
    for holder, person in people.items():
        standing = standings.get(person.licence_no)
        if standing is not None:
            bad = not standing.in_force
            people[holder] = replace(
                person, name=standing.name or person.name, firm=standing.firm_name or person.firm, photo=standing.photo,
                refusal=f"执业状态为“{standing.status_label}”，不能以律师身份通行" if bad else "",
                advice=standing.remedy if bad else "",
            )  # fmt: skip
    return people
