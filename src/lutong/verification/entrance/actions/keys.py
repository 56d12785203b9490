"""通行密钥: add, rename, remove, and sign in with one."""

import datetime as dt
import hashlib
import hmac
import uuid

from django.conf import settings
from django.db import IntegrityError, transaction

from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.verification.entrance import queries
from lutong.verification.entrance.actions import limits
from lutong.verification.entrance.actions.notices import tell
from lutong.verification.entrance.actions.visits import end_visits_of_key
from lutong.verification.entrance.models import Passkey, PasskeyTry, Visit
from lutong.verification.entrance.rules import LONGEST_KEY_NAME, Before, Way, before_key, counter_went_back, is_fresh
from lutong.verification.entrance.webauthn import Asking, KeyDesk, NotAKey
from lutong.verification.registry import queries as registry
from lutong.verification.registry.queries import LicenceView

NOT_PASSED = "通行密钥没有通过，请再试一次，或者改用短信验证码"
CLONED = "这把通行密钥疑似被复制，已经停用。请用短信验证码登录，移除后重新添加"
_MISSING = {
    Before.SIGN_IN: "添加或者移除通行密钥，须在 5 分钟内登录过，请重新登录",
    Before.LIVE: "添加第一把通行密钥前，须先通过实人核验",
    Before.REMOVE: "通行密钥已满 10 把，请先移除不用的",
}


class Barred(NotAllowed):
    """The key holds, but its owner may not practise: the page says why and what helps."""

    def __init__(self, licence: LicenceView | None) -> None:
        super().__init__(f"{licence.status.label}，不能用通行密钥登录" if licence else "名册中没有您的登记")
        self.licence = licence


class Step(NotAllowed):
    """Something must be done before; the page leads to it."""

    def __init__(self, before: Before) -> None:
        super().__init__(_MISSING[before])
        self.before = before


# ---- Adding, renaming, removing


def ask_to_make_key(*, visit: Visit, now: dt.datetime) -> Asking:
    """The question for the browser. Raises Step when something must be done before (`rules.before_key`), Barred."""
    licence = _adding(visit, now)
    known = [bytes(key.credential_id) for key in queries.list_keys(person_id=visit.person_id)]
    label = f"{licence.name}（核验平台，尾号 {licence.number[-4:]}）"
    return _desk().ask_to_make(handle=_handle(visit.person_id), label=label, known=known)


def add_key(*, visit: Visit, state: dict[str, str], answer: str, name: str, now: dt.datetime) -> Passkey:
    """添加通行密钥: keep the public half, and tell the person. Raises Invalid, Step, Barred, Conflict for one known."""
    name = _sound(name)
    with transaction.atomic():
        limits.one_at_a_time(limits.KEYS, str(visit.person_id))
        _adding(visit, now)
        try:
            made = _desk().take_made(state=state, answer=answer)
        except NotAKey as problem:
            raise Invalid("没有添加成功，请再试一次；换了浏览器窗口的，请刷新本页") from problem
        if not made.discoverable:
            raise Invalid("这台设备的密钥须先填证号才能用，请换一台支持通行密钥的设备")
        if Passkey.objects.filter(credential_id=made.credential_id).exists():
            raise Conflict("这把通行密钥已经添加过")
        key = Passkey.objects.create(
            person_id=visit.person_id, credential_id=made.credential_id, credential=made.credential,
            sign_count=made.count, name=name, synced=made.synced, made_at=now,
        )  # fmt: skip
        tell(person_id=visit.person_id, number=visit.number, kind="added", name=name, now=now)
        return key


def rename_key(*, visit: Visit, key_id: uuid.UUID, name: str) -> Passkey:
    """改名. Raises NotFound for another's, Invalid."""
    key = queries.get_key(person_id=visit.person_id, key_id=key_id)
    key.name = _sound(name)
    key.save(update_fields=["name"])
    return key


def remove_key(*, visit: Visit, key_id: uuid.UUID, now: dt.datetime) -> Passkey:
    """移除通行密钥: it opens nothing any more, its other visits end, and the person is told. Raises NotFound, Step."""
    with transaction.atomic():
        key = queries.get_key(person_id=visit.person_id, key_id=key_id, lock=True)
        if not is_fresh(authenticated_at=visit.authenticated_at, now=now):
            raise Step(Before.SIGN_IN)
        key.removed_at = now
        key.save(update_fields=["removed_at"])
        end_visits_of_key(key_id=key.pk, but=visit.pk, now=now)
        tell(person_id=visit.person_id, number=visit.number, kind="removed", name=key.name, now=now)
        return key


# ---- Signing in


def ask_for_key() -> Asking:
    """The question for the browser of somebody who wants to sign in: any key that it holds for this service."""
    return _desk().ask_to_use()


def enter_by_key(
    *, state: dict[str, str] | None, answer: str, address: str | None, agent: str, now: dt.datetime
) -> Visit:
    """Open a visit with a passkey. An unknown, foreign, removed or wrong key and a stale question sound the same.

    Each question is answered once: its digest is kept. Raises Invalid, TooMany (wrong answers count like codes),
    NotAllowed for a key that was copied, Barred.
    """
    try:
        shown = _desk().read_used(answer=answer)
    except NotAKey as problem:
        _count(challenge=uuid.uuid4().hex, key=None, address=address, now=now)
        raise Invalid(NOT_PASSED) from problem
    key = queries.find_key(credential_id=shown.credential_id)
    attempt = _count(challenge=shown.challenge, key=key, address=address, now=now)
    if key is None or state is None or not hmac.compare_digest(shown.handle, _handle(key.person_id)):
        raise Invalid(NOT_PASSED)
    licence = registry.current_licence(person_id=key.person_id)
    with limits.telling(now=now), transaction.atomic():
        limits.keep_for_person(person_id=key.person_id, number=licence.number if licence else "", but=attempt, now=now)
        held = _checked(key, state, answer, now)
        PasskeyTry.objects.filter(pk=attempt).update(passed=held)
    if not held:
        raise NotAllowed(CLONED)
    if licence is None or not licence.may_practise:
        raise Barred(licence)
    return Visit.objects.create(
        person_id=key.person_id, number=licence.number, way=Way.PASSKEY.value, passkey=key, started_at=now,
        authenticated_at=now, seen_at=now, address=address, agent=agent[:300],
    )  # fmt: skip


def _checked(key: Passkey, state: dict[str, str], answer: str, now: dt.datetime) -> bool:
    """True if the answer holds; False if it holds, but the device counts behind its twin. Raises Invalid."""
    try:
        count = _desk().take_used(state=state, credential=bytes(key.credential), answer=answer)
    except NotAKey as problem:
        raise Invalid(NOT_PASSED) from problem
    held = Passkey.objects.select_for_update().get(pk=key.pk)  # as it stands: another answer may have come meanwhile
    if held.removed_at is not None or held.stopped_at is not None:
        raise Invalid(NOT_PASSED)
    if counter_went_back(kept=held.sign_count, told=count):
        Passkey.objects.filter(pk=key.pk).update(stopped_at=now)
        end_visits_of_key(key_id=key.pk, but=None, now=now)
        licence = registry.current_licence(person_id=key.person_id)
        if licence is not None:
            tell(person_id=key.person_id, number=licence.number, kind="cloned", name=key.name, now=now)
        return False
    Passkey.objects.filter(pk=key.pk).update(sign_count=count, used_at=now)
    return True


def _count(*, challenge: str, key: Passkey | None, address: str | None, now: dt.datetime) -> int:
    """Count an answer, wrong until it is found right; answers its number. Raises TooMany, Invalid for a second one."""
    mark = hashlib.sha256(challenge.encode()).hexdigest()
    try:
        with transaction.atomic():
            limits.keep_for_all(address=address, now=now)
            attempt = PasskeyTry.objects.create(
                challenge=mark, person_id=key.person_id if key else None, address=address, at=now
            )
            return int(attempt.pk)
    except IntegrityError as twice:
        raise Invalid(NOT_PASSED) from twice


def _adding(visit: Visit, now: dt.datetime) -> LicenceView:
    """Who adds a key, if he may now. Raises Step, Barred."""
    licence = registry.get_licence(number=visit.number)
    if licence is None or not licence.may_practise:
        raise Barred(licence)
    missing = before_key(
        keys=len(queries.list_keys(person_id=visit.person_id)), authenticated_at=visit.authenticated_at,
        assured_at=licence.assured_at, live_days=settings.LUTONG_LIVE_CHECK_DAYS, now=now,
    )  # fmt: skip
    if missing is not None:
        raise Step(missing)
    return licence


def _desk() -> KeyDesk:
    return KeyDesk(address=settings.LUTONG_VERIFICATION_URL)


def _handle(person_id: int) -> bytes:
    """What a device keeps as the person's name: the same for all his keys, and nothing that anybody can read."""
    return hmac.new(settings.LUTONG_BLIND_KEY, f"passkey {person_id}".encode(), hashlib.sha256).digest()


def _sound(name: str) -> str:
    tidy = " ".join(name.encode("utf-8", "ignore").decode("utf-8").split())
    if not 1 <= len(tidy) <= LONGEST_KEY_NAME:
        raise Invalid(
            "请改正标出的项目", fields={"name": f"名称：请填 1 至 {LONGEST_KEY_NAME} 字，认得出是哪台设备就行"}
        )
    return tidy
