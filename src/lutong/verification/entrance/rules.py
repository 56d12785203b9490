"""How one signs in here: lengths, limits and levels of assurance. Plain Python."""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum

CODE_DIGITS = 6
CODE_LIFE = dt.timedelta(minutes=10)
CODE_TRIES = 5
VISIT_LIFE = dt.timedelta(hours=8)
VISIT_IDLE = dt.timedelta(minutes=60)
PAUSE = dt.timedelta(seconds=60)  # between two codes for one number
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
PER_NUMBER_HOUR, PER_NUMBER_DAY = 5, 15
PER_ADDRESS_HOUR = 60  # a firm of lawyers behind one address
EVERYONE_MINUTE = 600
NOTICE_LIFE = DAY  # how long a notice is worth sending
FRESH = dt.timedelta(minutes=5)  # how lately one must have shown oneself to add or remove a passkey
KEY_WAIT = dt.timedelta(minutes=5)  # for the finger, between the question and the answer
MOST_KEYS = 10
LONGEST_KEY_NAME = 30


class Window(StrEnum):
    """Over which time a limit counts."""

    PAUSE = "pause"
    HOUR = "hour"
    DAY = "day"

    @property
    def span(self) -> dt.timedelta:
        return {Window.PAUSE: PAUSE, Window.HOUR: HOUR, Window.DAY: DAY}[self]


PER_NUMBER = {Window.PAUSE: 1, Window.HOUR: PER_NUMBER_HOUR, Window.DAY: PER_NUMBER_DAY}  # codes that are sent
PER_KEY = {Window.HOUR: PER_NUMBER_HOUR, Window.DAY: PER_NUMBER_DAY}  # answers of a person's passkeys that do not hold
PER_ADDRESS = {Window.HOUR: PER_ADDRESS_HOUR}  # codes and wrong answers together


class Acr(StrEnum):
    """认证级别: how sure we are of who is there; relying parties ask by `acr_values`. Rises from line to line."""

    CODE = "urn:lutong:acr:code"  # licence number and a code to the registered mobile
    PASSKEY = "urn:lutong:acr:passkey"  # a key that was bound after a live check, with finger, face or PIN of its owner
    LIVE = "urn:lutong:acr:live"  # besides either, seen by the live check in this visit

    @property
    def label(self) -> str:
        return {
            Acr.CODE: "登记手机验证码", Acr.PASSKEY: "通行密钥", Acr.LIVE: "登录后又经实人核验",
        }[self]  # fmt: skip


class Way(StrEnum):
    """How a visit was opened."""

    CODE = "code"
    PASSKEY = "passkey"

    @property
    def label(self) -> str:
        return {Way.CODE: "短信验证码", Way.PASSKEY: "通行密钥"}[self]


def acr_of(*, way: Way, live: bool) -> Acr:
    """The level of a visit."""
    return Acr.LIVE if live else {Way.CODE: Acr.CODE, Way.PASSKEY: Acr.PASSKEY}[way]


def level_to_state(*, asked: Sequence[Acr], way: Way, live: bool) -> Acr | None:
    """The level that an answer states: the first asked one that the visit has shown; None if it has shown none of them.

    Each level is proof of its own: a live check after a code is no passkey, which alone cannot be phished, and a
    passkey is no live check. Only `CODE`, the lowest, is shown by every visit. Nothing asked: the highest that was
    shown. `asked` is in the application's order of preference (OpenID Connect Core 3.1.2.1); `live`: seen recently
    enough in this visit.
    """
    if not asked:
        return acr_of(way=way, live=live)
    shown = {Acr.CODE, acr_of(way=way, live=False), acr_of(way=way, live=live)}
    return next((level for level in asked if level in shown), None)


def amr_of(*, way: Way, live: bool) -> list[str]:
    """The methods of a visit by RFC 8176.

    A passkey is `pop`, possession of a key: whether it lies in hardware (`hwk`) or in a keychain that is copied among
    devices (`swk`) nobody can tell without attestation. It tests presence (`user`) and verifies the user: `mfa`.
    """
    return [*({Way.CODE: ["sms"], Way.PASSKEY: ["pop", "user", "mfa"]}[way]), *(["face"] if live else [])]


class Before(StrEnum):
    """What must be done before a passkey can be added."""

    SIGN_IN = "sign_in"
    LIVE = "live"
    REMOVE = "remove"


def before_key(
    *, keys: int, authenticated_at: dt.datetime, assured_at: dt.datetime | None, live_days: int, now: dt.datetime
) -> Before | None:
    """What is missing before a passkey may be added; None if nothing.

    A passkey outlives the moment: whoever adds one can come back for years. So whoever adds one has shown himself in
    this visit within five minutes, by code, by another passkey or by the live check. The first key asks for more: a
    live check on record that still counts. A code alone proves a SIM card, and a stolen or re-issued card must not
    become a lasting key; a later key may rest on the first. `live_days`: how long a passed live check counts.
    """
    if keys >= MOST_KEYS:
        return Before.REMOVE
    if keys == 0 and (assured_at is None or now - assured_at > dt.timedelta(days=live_days)):
        return Before.LIVE
    return Before.SIGN_IN if not is_fresh(authenticated_at=authenticated_at, now=now) else None


def is_fresh(*, authenticated_at: dt.datetime, now: dt.datetime) -> bool:
    """True if the person showed himself within the last five minutes."""
    return now - authenticated_at <= FRESH


def counter_went_back(*, kept: int, told: int) -> bool:
    """True if two devices sign with one key (WebAuthn 7.2, step 22). Keys that are synced count nothing and say 0."""
    return (kept > 0 or told > 0) and told <= kept


def wait_after(
    *, sent: Collection[dt.datetime], limits: dict[Window, int], now: dt.datetime
) -> tuple[dt.timedelta, Window] | None:
    """How long until the next one is allowed, and which limit says so, given when there were some; None: now."""
    waits = []
    for window, many in limits.items():
        recent = sorted(at for at in sent if at > now - window.span)
        if len(recent) >= many:
            waits.append((recent[-many] + window.span - now, window))
    return max(waits, default=None)


def masked(mobile: str) -> str:
    """A mobile number of which its owner recognises the end."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) == 11 else "****"
