"""Scans and the verdict that every implementation of the rules must give: the command, the server, the tablet."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lutong.domains.gatepass import rules
from lutong.domains.gatepass.rules import Bundle, Door, Expected, Form, GateCode, Person, Purpose, Reason
from lutong.gateways.crypto.keys import public_jwks, read_jwks, verifier_of
from lutong.gateways.crypto.port import Algorithm

COURT, NOW = 105, 1_795_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGERS_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
VERIFIER = verifier_of(Algorithm.ED25519, KEY.public_key().public_bytes_raw())
STRANGER = verifier_of(Algorithm.ED25519, STRANGERS_KEY.public_key().public_bytes_raw())
KEYS = public_jwks([VERIFIER])


def number(n: int) -> uuid.UUID:
    """A recognisable id."""
    return uuid.UUID(int=0x4000_8000_0000_0000_0000 << 48 | n)


SOUTH, NORTH, ROOM, OTHER_ROOM, ROOM_DOOR = (number(n) for n in range(1, 6))
ZHOU, GU, SUSPENDED, UNKNOWN = (number(n) for n in range(11, 15))
HEARING, ELSEWHERE, LATER = (number(n) for n in range(21, 24))


def expected(hearing_id: uuid.UUID, room: uuid.UUID, starts: int, *counsel: uuid.UUID) -> Expected:
    return Expected(
        hearing_id=hearing_id, number=f"（2026）京0105民初{hearing_id.int % 100}号", kind="开庭", room=room,
        room_name="第十九法庭", starts=starts, ends=starts + 7200, counsel=frozenset(counsel),
    )  # fmt: skip


def person(holder: uuid.UUID, name: str, **more: str) -> Person:
    return Person(holder=holder, name=name, licence_no="11105201211603034", firm="北京衡石律师事务所", **more)


ENTRANCE = Bundle(
    issued=NOW - 600,
    door=Door(court_id=COURT, court_name="某法院", venue_id=SOUTH, kind=Purpose.ENTRANCE, name="南门"),
    keys={kid: verifier.verify for kid, verifier in read_jwks(KEYS).items()},
    people={
        ZHOU: person(ZHOU, "周岚"), GU: person(GU, "顾衡"),
        SUSPENDED: person(SUSPENDED, "钱牧之", refusal="执业状态为“停止执业”，不能通行", advice="处罚期满后复核"),
    },
    hearings={
        h.hearing_id: h for h in (
            expected(HEARING, ROOM, NOW + 900, ZHOU, SUSPENDED), expected(ELSEWHERE, OTHER_ROOM, NOW - 9000, ZHOU, GU),
            expected(LATER, ROOM, NOW + 9000, GU),
        )
    },
)  # fmt: skip
COURTROOM = replace(
    ENTRANCE,
    door=Door(
        court_id=COURT, court_name="某法院", venue_id=ROOM_DOOR, kind=Purpose.COURTROOM, name="第十九法庭", room=ROOM
    ),
)

EARLIER = replace(ENTRANCE, issued=NOW - 80_000)


def code(**change: Any) -> GateCode:
    """周岚's fresh code for the southern entrance, or what is said otherwise."""
    standard: dict[str, Any] = {
        "kid": VERIFIER.kid, "form": Form.SCREEN, "purpose": Purpose.ENTRANCE, "court_id": COURT, "place": SOUTH,
        "holder": ZHOU, "code_id": number(99), "issued": NOW - 3, "life": 30,
    }  # fmt: skip
    return GateCode(**(standard | change))


def text(key: Ed25519PrivateKey = KEY, **change: Any) -> str:
    return rules.write(code(**change), key.sign)


def broken(word: str, place: int) -> str:
    """One character changed."""
    return word[:place] + ("A" if word[place] != "A" else "B") + word[place + 1 :]


@dataclass(frozen=True, slots=True)
class Vector:
    """`used` holds the ids of codes that this gate has let in before."""

    name: str
    text: str
    reason: Reason
    bundle: Bundle = ENTRANCE
    now: float = NOW
    used: frozenset[uuid.UUID] = field(default_factory=frozenset)
    hearing: uuid.UUID | None = None


def room(**change: Any) -> str:
    return text(**({"purpose": Purpose.COURTROOM, "place": HEARING} | change))


def slip(**change: Any) -> str:
    return text(**({"form": Form.SLIP, "life": 20_000, "issued": NOW - 9000} | change))


VECTORS = (
    Vector("good", text(), Reason.OK, hearing=HEARING),
    Vector("good in small letters, as a scanner with caps lock types", text().lower(), Reason.OK, hearing=HEARING),
    Vector("good with blanks around", f" {text()}\n", Reason.OK, hearing=HEARING),
    Vector("good in its last second", text(), Reason.OK, now=NOW + 26.9, hearing=HEARING),
    Vector("good slip hours after printing", slip(), Reason.OK, hearing=HEARING),
    Vector("good for the courtroom", room(), Reason.OK, bundle=COURTROOM, hearing=HEARING),
    Vector("last hearing is over", text(holder=GU), Reason.OK, now=NOW, hearing=LATER),
    Vector("clock of the gate is four seconds behind", text(issued=NOW + 4), Reason.OK, hearing=HEARING),
    Vector("holder not on the list", text(holder=UNKNOWN), Reason.NO_DETAILS),
    Vector("empty", "", Reason.UNREADABLE),
    Vector("a web address", "https://example.org/pay?x=1", Reason.UNREADABLE),
    Vector("cut off", text()[:-8], Reason.UNREADABLE),
    Vector("longer than any code", "A" * 500, Reason.UNREADABLE),
    Vector("not ASCII", "码" * 40, Reason.UNREADABLE),
    Vector("fullwidth letters", "Ａ" * 213, Reason.UNREADABLE),
    Vector("a long s, which is an S in capitals", text().replace("S", "ſ", 1), Reason.UNREADABLE),
    Vector("a digit group as Python writes it", text()[:9] + "_" + text()[10:], Reason.UNREADABLE),
    Vector("another version", broken(text(), 0), Reason.UNREADABLE),
    Vector("unused bits set", text()[:-1] + chr(ord(text()[-1]) + 1), Reason.UNREADABLE),
    Vector("unknown form", rules.write(code(), KEY.sign)[:14] + "77" + text()[16:], Reason.UNREADABLE),
    Vector("key nobody published", text(STRANGERS_KEY, kid=STRANGER.kid), Reason.UNKNOWN_KEY),
    Vector("signed by another key under our kid", text(STRANGERS_KEY), Reason.FORGED),
    Vector("holder changed", broken(text(), 60), Reason.FORGED),
    Vector("signature changed", broken(text(), 190), Reason.FORGED),
    Vector("another court", text(court_id=COURT + 1), Reason.OTHER_COURT),
    Vector("a minute from the future", text(issued=NOW + 60), Reason.EARLY),
    Vector("in the second after its last", text(), Reason.STALE, now=NOW + 27),
    Vector("screenshot of yesterday", text(issued=NOW - 86_400), Reason.STALE),
    Vector("a screen that claims to live for an hour", text(life=3600), Reason.STALE),
    Vector("a slip that claims to live for a week", slip(life=604_800), Reason.STALE),
    Vector("a slip of yesterday", slip(issued=NOW - 86_400), Reason.STALE),
    Vector("other entrance", text(place=NORTH), Reason.OTHER_VENUE),
    Vector("the courtroom's code at the entrance", room(), Reason.OTHER_VENUE),
    Vector("the entrance's code at the courtroom", text(), Reason.OTHER_VENUE, bundle=COURTROOM),
    Vector("a hearing in another room", room(place=ELSEWHERE), Reason.OTHER_VENUE, bundle=COURTROOM),
    Vector("a hearing of another day", room(place=number(77)), Reason.OTHER_VENUE, bundle=COURTROOM),
    Vector("suspended", text(holder=SUSPENDED), Reason.SUSPENDED),
    Vector("suspended at the courtroom", room(holder=SUSPENDED), Reason.SUSPENDED, bundle=COURTROOM),
    Vector("not counsel of this hearing", room(holder=GU), Reason.NOT_EXPECTED, bundle=COURTROOM),
    Vector("stranger at the courtroom", room(holder=UNKNOWN), Reason.NOT_EXPECTED, bundle=COURTROOM),
    Vector("used", text(), Reason.REPLAYED, used=frozenset({number(99)})),
    Vector("used and stale", text(), Reason.STALE, now=NOW + 60, used=frozenset({number(99)})),
    Vector("last second", text(issued=NOW + 85_797), Reason.OK, now=NOW + 85_800),  # yesterday's hearing is not told
    Vector("hearing of tomorrow only", text(issued=NOW - 80_003), Reason.OK, bundle=EARLIER, now=NOW - 80_000),
    Vector("no sync for more than a day", text(issued=NOW + 86_000), Reason.SYNC_OLD, now=NOW + 86_001),
    Vector("clock set back before the sync", text(issued=NOW - 900), Reason.SYNC_OLD, now=NOW - 900),
    Vector("device shut out", text(), Reason.REVOKED, bundle=replace(ENTRANCE, device_revoked=True)),
)  # fmt: skip


def published() -> list[dict[str, Any]]:
    """The vectors as JSON, for the JavaScript."""
    return [
        {
            "name": v.name, "text": v.text, "reason": v.reason.value, "bundle": rules.plain(v.bundle, KEYS),
            "now": v.now, "used": [str(one) for one in v.used], "hearing": str(v.hearing) if v.hearing else None,
        }
        for v in VECTORS
    ]  # fmt: skip
