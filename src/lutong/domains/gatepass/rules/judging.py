"""How a gate judges a code: the same at the server, in the turnstile's command and (gate-rules.js) on the tablet.

Law: 法发〔2021〕3号第四条 (专门通道、一码通行). The tests hold the JavaScript to the vectors of these rules.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from lutong.domains.gatepass.rules.code import (
    LIFE,
    SLIP_LIFE,
    Form,
    GateCode,
    Purpose,
    Unreadable,
    message_of,
    read,
)

FRESH_FOR = 24 * 3600  # seconds for which a gate may judge by what it learnt at its last sync
EARLY = 5  # seconds by which a code may come from the future: clocks are never quite equal
FORMAT = 2
_BEIJING = 8 * 3600
_DAY = 24 * 3600


class Reason(StrEnum):
    """Why a code was let in or not; stored and shown, so a value is never given a new meaning."""

    OK = "ok"
    NO_DETAILS = "no_details"
    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    OTHER_COURT = "other_court"
    EARLY = "early"
    STALE = "stale"
    OTHER_VENUE = "other_venue"
    SUSPENDED = "suspended"
    NOT_EXPECTED = "not_expected"
    REPLAYED = "replayed"
    SYNC_OLD = "sync_old"
    REVOKED = "device_revoked"


@dataclass(frozen=True, slots=True)
class Words:
    """What the gate shows for a reason: the fact, and what to do now."""

    title: str
    advice: str


_COUNTER = "请到诉讼服务大厅窗口，凭律师执业证核验后领取通行条"
WORDS: Mapping[Reason, Words] = {
    Reason.OK: Words("请通行", ""),
    Reason.NO_DETAILS: Words("请核对执业证后通行", "码有效，但本机名单里还没有这位律师，请查看律师执业证原件"),
    Reason.UNREADABLE: Words("不是一码通", "请律师打开律通的“一码通”页面，把整个码对准镜头"),
    Reason.UNKNOWN_KEY: Words("签发密钥未知", "请同步本机后再扫一次；仍不通过的，" + _COUNTER),
    Reason.FORGED: Words("签名不符，可能是伪造的码", "请勿放行并告知值班法警；本人有异议的，" + _COUNTER),
    Reason.OTHER_COURT: Words("这是另一个法院的码", "请律师在“一码通”页面选择本院后再扫"),
    Reason.EARLY: Words("签发时间在将来", "请检查本机的时间并同步；仍不通过的，" + _COUNTER),
    Reason.STALE: Words("码已过期", "请律师刷新“一码通”后再扫，不要使用截图"),
    Reason.OTHER_VENUE: Words("这个码不是进这里的", "请律师在“一码通”页面选择本处的用途后再扫"),
    Reason.SUSPENDED: Words("执业状态不正常，不能以律师身份通行", _COUNTER),
    Reason.NOT_EXPECTED: Words("不在这场庭审的代理律师名单中", "请到书记员处核实代理关系，或" + _COUNTER[1:]),
    Reason.REPLAYED: Words("这个码已经用过", "每个码只能用一次，请律师等待刷新后再扫，不要使用截图"),
    Reason.SYNC_OLD: Words("本机超过 24 小时没有同步，已停止核验", "请接通网络并同步；在此之前请人工核对律师执业证"),
    Reason.REVOKED: Words("本机已被停用", "请联系诉讼服务大厅重新配对；在此之前请人工核对律师执业证"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the gate stands: `kind` is the purpose that it serves, `room` the courtroom it leads to."""

    court_id: int
    court_name: str
    venue_id: uuid.UUID
    kind: Purpose
    name: str
    room: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the gate shows. `refusal` is why he may not pass as a lawyer at all, '' while in good standing."""

    holder: uuid.UUID
    name: str
    licence_no: str
    firm: str
    refusal: str = ""
    advice: str = ""
    photo: str = ""  # SHA-256 of the picture, which travels apart; empty: the gate shows the name's first character


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A hearing within the time for which a gate may judge alone, and the counsel who may enter for it."""

    hearing_id: uuid.UUID
    number: str
    kind: str
    room: uuid.UUID | None
    room_name: str
    starts: int
    ends: int
    counsel: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a gate learns at a sync and judges by until the next one."""

    issued: int
    door: Door
    keys: Mapping[str, Callable[[bytes, bytes], bool]]  # kid → whether the signature is this key's
    people: Mapping[uuid.UUID, Person] = field(default_factory=dict)
    hearings: Mapping[uuid.UUID, Expected] = field(default_factory=dict)
    device_revoked: bool = False
    of_holder: Mapping[uuid.UUID, list[Expected]] = field(init=False, repr=False, compare=False)  # by time

    def __post_init__(self) -> None:
        of_holder: dict[uuid.UUID, list[Expected]] = {}
        for hearing in sorted(self.hearings.values(), key=lambda h: h.starts):
            for holder in hearing.counsel:
                of_holder.setdefault(holder, []).append(hearing)
        object.__setattr__(self, "of_holder", of_holder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Green or red, why, and what stands on the screen beside it."""

    reason: Reason
    code: GateCode | None = None
    person: Person | None = None
    hearing: Expected | None = None

    @property
    def admitted(self) -> bool:
        return self.reason in (Reason.OK, Reason.NO_DETAILS)

    @property
    def title(self) -> str:
        if self.reason is Reason.SUSPENDED and self.person is not None and self.person.refusal:
            return self.person.refusal
        return WORDS[self.reason].title

    @property
    def advice(self) -> str:
        if self.reason is Reason.SUSPENDED and self.person is not None and self.person.advice:
            return f"{self.person.advice}；{_COUNTER}"
        return WORDS[self.reason].advice


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict for a screen or a turnstile, as JSON."""
    person, hearing, code = verdict.person, verdict.hearing, verdict.code
    return {
        "admitted": verdict.admitted,
        "reason": verdict.reason.value,
        "title": verdict.title,
        "advice": verdict.advice,
        "purpose": code.purpose.word if code else "",
        "slip": code is not None and code.form is Form.SLIP,
        "code_id": str(code.code_id) if code else "",
        "person": {
            "name": person.name, "licence_no": person.licence_no, "firm": person.firm, "photo": person.photo,
        } if person else None,
        "hearing": {
            "number": hearing.number, "kind": hearing.kind, "room_name": hearing.room_name, "starts": hearing.starts,
            "ends": hearing.ends,
        } if hearing else None,
    }  # fmt: skip


class BundleUnusable(Exception):
    """What was given is not a bundle of ours."""


def judge(text: str, *, bundle: Bundle, use: Callable[[GateCode], bool], now: float) -> Verdict:
    """Judge one scanned text at the instant `now` (seconds, by the server's clock as far as known).

    `use` marks the code as used and answers whether this was the first time; it is asked last, and only for a code
    that passes everything else, so that a refused scan never spoils a good code.
    """
    if bundle.device_revoked:
        return Verdict(reason=Reason.REVOKED)
    if not bundle.issued - EARLY <= now <= bundle.issued + FRESH_FOR:
        return Verdict(reason=Reason.SYNC_OLD)
    try:
        code, body, signature = read(text)
    except Unreadable:
        return Verdict(reason=Reason.UNREADABLE)
    verify = bundle.keys.get(code.kid)
    if verify is None:
        return Verdict(reason=Reason.UNKNOWN_KEY)
    if not verify(message_of(body), signature):
        return Verdict(reason=Reason.FORGED)
    person = bundle.people.get(code.holder)
    hearing = bundle.hearings.get(code.place) if code.purpose is Purpose.COURTROOM else _next(bundle, code.holder, now)
    reason = _objection(code, bundle, person, now) or (Reason.OK if use(code) else Reason.REPLAYED)
    if reason is Reason.OK and person is None:
        reason = Reason.NO_DETAILS
    return Verdict(reason=reason, code=code, person=person, hearing=hearing)


def _objection(code: GateCode, bundle: Bundle, person: Person | None, now: float) -> Reason | None:
    """What stands against a genuine code, the first that a person at the gate can do something about."""
    door = bundle.door
    if code.court_id != door.court_id:
        return Reason.OTHER_COURT
    if code.issued > now + EARLY:
        return Reason.EARLY
    if code.life > (SLIP_LIFE if code.form is Form.SLIP else LIFE) or now >= code.until:
        return Reason.STALE
    if person is not None and person.refusal:
        return Reason.SUSPENDED
    if code.purpose is not door.kind:
        return Reason.OTHER_VENUE
    if code.purpose is not Purpose.COURTROOM:
        return None if code.place == door.venue_id else Reason.OTHER_VENUE
    hearing = bundle.hearings.get(code.place)
    if hearing is None or hearing.room is None or hearing.room != door.room:
        return Reason.OTHER_VENUE
    return None if code.holder in hearing.counsel else Reason.NOT_EXPECTED


def _next(bundle: Bundle, holder: uuid.UUID, now: float) -> Expected | None:
    """The holder's hearing of this day in Beijing that is not over, the earliest first; else his last one of it."""
    last, today = None, _day(now)
    for hearing in bundle.of_holder.get(holder, ()):
        if _day(hearing.starts) == today:
            last = hearing
            if hearing.ends > now:
                break
    return last


def _day(seconds: float) -> int:
    return int(seconds + _BEIJING) // _DAY


def read_bundle(data: Any, verifier: Callable[[Any], Mapping[str, Callable[[bytes, bytes], bool]]]) -> Bundle:
    """A bundle from its JSON; `verifier` reads the published keys. Raises BundleUnusable."""
    try:
        if data["format"] != FORMAT:
            raise BundleUnusable("another format")
        door = data["door"]
        return Bundle(
            issued=int(data["issued"]),
            door=Door(
                court_id=int(door["court_id"]), court_name=door["court_name"], venue_id=uuid.UUID(door["venue_id"]),
                kind=Purpose[door["kind"].upper()], name=door["name"], room=_id(door["room"]),
            ),
            keys=verifier(data["keys"]),
            people={
                uuid.UUID(p["holder"]): Person(**(p | {"holder": uuid.UUID(p["holder"])})) for p in data["people"]
            },
            hearings={uuid.UUID(h["hearing_id"]): _expected(h) for h in data["hearings"]},
            device_revoked=bool(data.get("device_revoked", False)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BundleUnusable(repr(error)) from error


def plain(bundle: Bundle, keys: Any) -> dict[str, Any]:
    """The JSON of a bundle, with the published form of its keys and the words for each reason.

    `digest` is over everything but `issued`: a gate that holds the same digest needs no more than the new `issued`.
    """
    content = {
        "format": FORMAT,
        "limits": {"fresh_for": FRESH_FOR, "early": EARLY, "life": LIFE, "slip_life": SLIP_LIFE},
        "words": {reason.value: asdict(words) for reason, words in WORDS.items()},
        "counter": _COUNTER,
        "door": _texts(bundle.door) | {"kind": bundle.door.kind.word},
        "keys": keys,
        "people": [_texts(person) for _, person in sorted(bundle.people.items())],
        "hearings": [
            _texts(hearing) | {"counsel": sorted(map(str, hearing.counsel))}
            for _, hearing in sorted(bundle.hearings.items())
        ],
        "device_revoked": bundle.device_revoked,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return content | {"issued": bundle.issued, "digest": digest}


def _expected(row: dict[str, Any]) -> Expected:
    return Expected(
        hearing_id=uuid.UUID(row["hearing_id"]), number=row["number"], kind=row["kind"], room=_id(row["room"]),
        room_name=row["room_name"], starts=int(row["starts"]), ends=int(row["ends"]),
        counsel=frozenset(map(uuid.UUID, row["counsel"])),
    )  # fmt: skip


def _texts(row: Door | Person | Expected) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in asdict(row).items()}


def _id(word: str | None) -> uuid.UUID | None:
    return uuid.UUID(word) if word else None
