"""Who acts, and who is who."""

import base64
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.db.models import F, QuerySet

from lutong.domains.identity import tokens
from lutong.domains.identity.models import (
    Account,
    ApiToken,
    CheckedLicence,
    Device,
    Lawyer,
    LicencePhoto,
    NewMobile,
    Pause,
    PlatformLink,
    Post,
)
from lutong.domains.identity.rules import is_settled
from lutong.gateways.registry.real import kind_of_photo
from lutong.kernel.actor import Actor, Role
from lutong.kernel.database import fetch_one
from lutong.kernel.errors import NotAllowed

TRAINEE = "trainee"  # 申请律师执业实习人员 in `Lawyer.kind`


def actor_of(*, account: Any, session: Any) -> Actor | None:
    """The actor of a browser session; None for a visitor and before the second factor is set up."""
    if not getattr(account, "is_authenticated", False):
        return None
    known = session.get("actor")
    if known and known["person_id"] == account.pk and known.get("stamp") == account.stamp:
        return _restored(known)
    if not is_mfa_enabled(account) and not session.get("grace_days"):
        return None
    actor = actor_of_account(account=account)
    if actor is None:
        session.pop("actor", None)
    else:
        remember(actor=actor, session=session, stamp=account.stamp)
        session["posts"] = len(list_capacities(actor=actor))
    return actor


def remember(*, actor: Actor, session: Any, stamp: int) -> None:
    """Keep the actor in his session; it holds as long as the account's `stamp` is this one."""
    session["actor"] = {
        "person_id": actor.person_id, "role": str(actor.role), "name": actor.name, "court_id": actor.court_id,
        "for_id": actor.for_id, "for_name": actor.for_name, "stamp": stamp,
    }  # fmt: skip


def be_oneself(*, session: Any) -> None:
    """Forget for whom he acted: the next request finds out anew who he is in his own right."""
    session.pop("actor", None)


def _restored(known: dict[str, Any]) -> Actor:
    return Actor(
        known["person_id"], Role(known["role"]), known["name"], known["court_id"],
        for_id=known["for_id"], for_name=known["for_name"],
    )  # fmt: skip


def actor_of_account(*, account: Account) -> Actor | None:
    """In which capacity this person acts: a post in a court, or the bar; None without either, and while barred."""
    post = posts_of(person_id=account.pk).first()
    if post is not None:
        return Actor(account.pk, Role(post.role), account.name, post.court_id)
    lawyer = Lawyer.objects.filter(lawyer_id=account.pk, status="active").first()
    if lawyer is None:
        return None
    # 申请律师执业实习人员 act for a lawyer or not at all (意见第一条第二款); for whom, he chooses after signing in.
    return Actor(account.pk, Role.ASSISTANT if lawyer.kind == TRAINEE else Role.LAWYER, account.name)


def bar_of(*, person_id: int) -> NotAllowed | None:
    """Why this person may not come in: a licence that is not in force, with reason and remedy (意见第十六条)."""
    lawyer = Lawyer.objects.filter(lawyer_id=person_id).exclude(status="active").first()
    if lawyer is None:
        return None
    return NotAllowed(
        f"执业状态为“{lawyer.status_label}”，暂不能使用平台",
        standing=lawyer.status, reason=lawyer.status_reason, remedy=lawyer.remedy,
    )  # fmt: skip


def is_barred(*, person_id: int) -> bool:
    """Whether a ticket that this person was given counts no more: account out of use, or licence not in force."""
    out_of_force = Lawyer.objects.filter(lawyer_id=person_id).exclude(status="active").exists()
    return out_of_force or Account.objects.filter(pk=person_id, is_active=False).exists()


def posts_of(*, person_id: int) -> QuerySet[Post]:
    """A person's posts that stand, the one he worked in last first."""
    posts = Post.objects.filter(account_id=person_id, active=True)
    return posts.order_by(F("used_at").desc(nulls_last=True), "id")


def list_capacities(*, actor: Actor) -> list[Post]:
    """In which posts the actor may work, the one he worked in last first; none for who holds no post."""
    return [] if actor.is_counsel else list(posts_of(person_id=actor.person_id)[:20])


# One read by key for every call of a program. The bare contender of the benchmarks runs the same text.
WHO_CALLS = """
SELECT token.id, token.scopes::text, token.last_used_at, lawyer.name
FROM identity_apitoken token
JOIN identity_account account ON account.id = token.lawyer_id AND account.is_active
JOIN identity_lawyer lawyer ON lawyer.lawyer_id = token.lawyer_id AND lawyer.status = 'active'
  AND lawyer.kind <> 'trainee'
WHERE token.lawyer_id = %(lawyer)s AND token.digest = %(digest)s AND token.revoked_at IS NULL
  AND (token.expires_at IS NULL OR token.expires_at > %(now)s)
"""


def actor_of_token(*, token: str, now: dt.datetime) -> Actor | None:
    """The lawyer for whom a program acts, with its scopes; None for a token that is unknown, expired or revoked.

    The time of last use is kept to ten minutes, so that reading does not write.
    """
    parts = tokens.read(token)
    if parts is None:
        return None
    lawyer_id, digest = parts
    held = fetch_one(WHO_CALLS, {"lawyer": lawyer_id, "digest": digest, "now": now})
    if held is None:
        return None
    token_id, scopes, last_used_at, name = held
    if last_used_at is None or now - last_used_at > tokens.USE_NOTED_EVERY:
        ApiToken.objects.filter(lawyer_id=lawyer_id, id=token_id).update(last_used_at=now)
    return Actor(lawyer_id, Role.LAWYER, name, scopes=frozenset(orjson.loads(scopes)))


def bar_of_token(*, token: str) -> NotAllowed | None:
    """Why a program that holds a real token of the lawyer gets nothing: his licence is not in force."""
    parts = tokens.read(token)
    if parts is None or not ApiToken.objects.filter(lawyer_id=parts[0], digest=parts[1]).exists():
        return None
    return bar_of(person_id=parts[0])


def list_tokens(*, actor: Actor) -> list[ApiToken]:
    """The actor's API tokens, newest first, revoked ones included for their trail."""
    return list(ApiToken.objects.filter(lawyer_id=actor.person_id).order_by("-created_at")[:50])


def list_sessions(*, actor: Actor) -> list[UserSession]:
    """Where the actor is signed in now, the last used first."""
    living = UserSession.objects.purge_and_list(Account(pk=actor.person_id))
    return sorted(living, key=lambda session: session.last_seen_at, reverse=True)


def has_strange_devices(*, person_id: int, but: int) -> bool:
    """Whether the person has not yet said of a device (other than `but`) that it is his."""
    return Device.objects.filter(account_id=person_id, answered_at=None).exclude(pk=but).exists()


def list_devices(*, actor: Actor) -> list[Device]:
    """The browsers in which the actor once signed in, the last used first."""
    return list(Device.objects.filter(account_id=actor.person_id).order_by("-last_at")[:50])


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Whether the authenticator is set up, how many passkeys there are, and how many recovery codes are left."""

    since: dt.datetime | None
    codes_left: int
    passkeys: int


def get_second_factor(*, actor: Actor) -> SecondFactor:
    """The state of the actor's second factor."""
    every = list(Authenticator.objects.filter(user_id=actor.person_id))
    held = {a.type: a for a in every}
    passkeys = sum(a.type == Authenticator.Type.WEBAUTHN for a in every)
    totp, codes = held.get(Authenticator.Type.TOTP), held.get(Authenticator.Type.RECOVERY_CODES)
    codes_left = len(codes.wrap().get_unused_codes()) if codes else 0
    return SecondFactor(totp and totp.created_at, codes_left, passkeys)


def is_last_factor(*, account_id: int, passkey_id: int | None = None, now: dt.datetime) -> bool:
    """Whether removing this passkey (without one: the authenticator) leaves no second factor that is `is_settled`."""
    strong = Authenticator.objects.filter(
        user_id=account_id, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    gone = (
        strong.filter(type=Authenticator.Type.TOTP)
        if passkey_id is None
        else strong.filter(type=Authenticator.Type.WEBAUTHN, pk=passkey_id)
    ).first()
    if gone is None:
        return False  # the page says that there is none
    kept = strong.exclude(pk=gone.pk).values_list("created_at", flat=True)
    return not is_settled(kept=list(kept), removed=gone.created_at, now=now)


def get_account(*, actor: Actor) -> Account:
    """The actor's own account."""
    return Account.objects.get(pk=actor.person_id)


def get_account_by_id(*, account_id: int) -> Account | None:
    """An account in use by its id, for a person who has not signed in yet."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def is_ready(*, account: Account) -> bool:
    """Whether a person can sign in here by himself: a password and a second factor are set."""
    return account.has_usable_password() and is_mfa_enabled(account)


def platform_link_of(*, account_id: int) -> PlatformLink | None:
    """Who this account is at 律师身份核验平台; None before the first verification there."""
    return PlatformLink.objects.filter(account_id=account_id).first()


def get_lawyer(*, lawyer_id: int) -> Lawyer | None:
    """The licence bound to an account, as the registry stated it last."""
    return Lawyer.objects.filter(lawyer_id=lawyer_id).first()


def is_on_roll(*, person_id: int) -> bool:
    """Whether 律师身份核验平台 knows this person and can see him: lawyers and trainees, never a court's employees."""
    return Lawyer.objects.filter(lawyer_id=person_id).exists()


def get_photos(*, lawyer_ids: Collection[int]) -> dict[int, str]:
    """The registry's photos of these lawyers as data URIs, for pages and gates; who has none is absent."""
    return {p.lawyer_id: data_uri(image=bytes(p.image)) for p in LicencePhoto.objects.filter(lawyer_id__in=lawyer_ids)}


def get_photo(*, lawyer_id: int) -> str:
    """The registry's photo of one lawyer as a data URI; empty if there is none."""
    return get_photos(lawyer_ids=[lawyer_id]).get(lawyer_id, "")


def data_uri(*, image: bytes) -> str:
    """A photo that a page carries in itself; empty for no photo."""
    return f"data:{kind_of_photo(image)};base64,{base64.b64encode(image).decode('ascii')}" if image else ""


def find_accounts(*, licence_nos: Collection[str]) -> dict[str, int]:
    """The accounts bound to these licences (or 实习证), by number; a number without one is absent."""
    return dict(Lawyer.objects.filter(licence_no__in=licence_nos).values_list("licence_no", "lawyer_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a gate must know of a licence. `lawyer_id` is None for somebody without account: then name, firm and photo
    are empty. `photo` is the SHA-256 of the registry's photo.
    """

    lawyer_id: int | None
    name: str = ""
    firm_name: str = ""
    in_force: bool
    status_label: str
    remedy: str
    photo: str = ""


def find_standings(*, licence_nos: Collection[str]) -> dict[str, Standing]:
    """The standing of these licences as the registry stated it last, by number; who is not known here is absent."""
    lawyers = list(Lawyer.objects.filter(licence_no__in=licence_nos))
    ids = [lawyer.lawyer_id for lawyer in lawyers]
    photos = dict(LicencePhoto.objects.filter(lawyer_id__in=ids).values_list("lawyer_id", "digest"))
    found = {
        one.licence_no: Standing(
            lawyer_id=None, in_force=one.status == "active", status_label=one.status_label, remedy=one.remedy
        )
        for one in CheckedLicence.objects.filter(licence_no__in=licence_nos)
    }
    return found | {
        one.licence_no: Standing(
            lawyer_id=one.lawyer_id, name=one.name, firm_name=one.firm_name, in_force=one.status == "active",
            status_label=one.status_label, remedy=one.remedy, photo=photos.get(one.lawyer_id, ""),
        )
        for one in lawyers
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LawyerFacts:
    """What other domains may know of a lawyer."""

    lawyer_id: int
    name: str
    licence_no: str
    firm_name: str
    firm_uscc: str
    status: str

    @classmethod
    def of(cls, lawyer: Lawyer) -> "LawyerFacts":
        return cls(lawyer.lawyer_id, lawyer.name, lawyer.licence_no, lawyer.firm_name, lawyer.firm_uscc, lawyer.status)


def facts_of(*, lawyer_id: int) -> LawyerFacts:
    """What other domains may know of a lawyer who has a licence here."""
    return LawyerFacts.of(Lawyer.objects.get(lawyer_id=lawyer_id))


def list_firm_members(*, firm_uscc: str) -> list[int]:
    """The ids of the lawyers with an account whose licence names this firm, in ascending order; none for no firm."""
    if not firm_uscc:
        return []
    return sorted(Lawyer.objects.filter(firm_uscc=firm_uscc).values_list("lawyer_id", flat=True))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of a court's staff, as other domains see him."""

    person_id: int
    name: str
    role: str
    department: str


def list_colleagues(*, court_id: int, role: Role | Collection[Role] | None = None) -> list[Colleague]:
    """The active staff of a court, by name; `role` narrows to one role or several."""
    posts = Post.objects.filter(court_id=court_id, active=True).select_related("account").order_by("account__name")
    if role is not None:
        posts = posts.filter(role__in=[role] if isinstance(role, Role) else sorted(role))
    return [Colleague(p.account_id, p.account.name, p.role, p.department) for p in posts]


def get_colleague(*, court_id: int, person_id: int, role: Role | Collection[Role]) -> Colleague | None:
    """One member of a court's staff in a given role (or one of several), or None."""
    return next((c for c in list_colleagues(court_id=court_id, role=role) if c.person_id == person_id), None)


def posts_in(*, court_id: int, person_ids: Collection[int]) -> list[Post]:
    """The posts that stand of these people in one court, in the order in which they were given."""
    return list(Post.objects.filter(court_id=court_id, account_id__in=person_ids, active=True).order_by("id"))


def sessions_of(*, person_ids: Collection[int]) -> list[UserSession]:
    """Where these people are signed in, the last used first."""
    return list(UserSession.objects.filter(user_id__in=person_ids).order_by("-last_seen_at")[:500])


def pauses_of(*, person_ids: Collection[int], limit: int = 200) -> list[Pause]:
    """The pauses of these people's sign-ins, the newest first."""
    return list(Pause.objects.filter(account_id__in=person_ids).order_by("-since", "-id")[:limit])


def frozen_of(*, person_ids: Collection[int]) -> dict[int, dt.datetime]:
    """Since when the passwords of these people open nothing (“不是我”), the oldest first: person → since."""
    frozen = Account.objects.filter(pk__in=person_ids, frozen_at__isnull=False)
    return {one.pk: one.frozen_at for one in frozen.order_by("frozen_at") if one.frozen_at is not None}


def second_factors_of(*, person_ids: Collection[int]) -> set[int]:
    """Who of these people has set up a second factor."""
    return set(Authenticator.objects.filter(user_id__in=person_ids).values_list("user_id", flat=True))


def accounts_of(*, person_ids: Collection[int]) -> list[Account]:
    """The accounts of these people, by number."""
    return list(Account.objects.filter(pk__in=person_ids).order_by("sign_name"))


def departments_of(*, person_id: int, court_id: int, role: Role) -> QuerySet[Post, str]:
    """The divisions in which a person holds this post now, as a subquery."""
    posts = Post.objects.filter(account_id=person_id, court_id=court_id, role=role, active=True)
    return posts.exclude(department="").values_list("department", flat=True)


def list_staffed_courts() -> list[int]:
    """The courts that have staff here, in ascending order: timers go through them one by one."""
    return sorted(Post.objects.filter(active=True).values_list("court_id", flat=True).distinct())


def get_new_mobile(*, actor: Actor, now: dt.datetime) -> str:
    """The number that waits for its code, or an empty word."""
    waiting = NewMobile.objects.filter(account_id=actor.person_id, sent_at__gt=now - dt.timedelta(minutes=10)).first()
    return waiting.mobile if waiting else ""
