"""执业状态: what the registry says of a licence, and how a change reaches every session, token and power.

Law: 意见第十六条第二款 (licence data are fed live); 律师法第四十七条至第五十一条 (suspension, revocation).
"""

import datetime as dt
import json
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import F

from lutong.domains.audit.actions import record_own
from lutong.domains.identity.actions.counter import keep_standing
from lutong.domains.identity.actions.photo import keep_photo
from lutong.domains.identity.actions.registry import registry
from lutong.domains.identity.events import FirmChanged, StandingChanged
from lutong.domains.identity.models import Account, ApiToken, CheckedLicence, FeedPosition, Lawyer
from lutong.gateways.registry.port import Licence, LicenceStatus, NoSuchLicence, RegistryDown, StatusChange
from lutong.kernel.actor import Actor, Role
from lutong.kernel.events import announce

FEED = "registry"
UNKNOWN = {
    "status": "unknown",
    "status_label": "未登记",
    "status_reason": "律师身份核验平台查无此执业证",
    "remedy": "请向所在地司法行政机关核对执业登记",
}


def rights_changed(*, person_ids: Collection[int]) -> None:
    """Let every session of these persons look at its rights anew on its next request, and tell open pages so.

    Part of the caller's transaction.
    """
    Account.objects.filter(pk__in=person_ids).update(stamp=F("stamp") + 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('lutong', %s)", [json.dumps({"person": list(person_ids), "kind": "rights"})])


def settle(*, lawyer_id: int, licence: Licence, now: dt.datetime) -> None:
    """Keep what the registry answered; a status or a firm that is new takes effect everywhere at once."""
    _apply(lawyer_id, {
        "name": licence.name, "firm_name": licence.firm_name, "firm_uscc": licence.firm_uscc, "kind": licence.kind,
        "province": licence.province, "status": licence.status, "status_label": licence.status_label,
        "status_reason": licence.status_reason, "remedy": licence.remedy, "checked_at": now,
        "assertion_id": licence.assertion_id, "body_name": licence.body_name[:120],
        "scope": [word[:60] for word in licence.scope][:20], "region": licence.region[:120],
    }, now)  # fmt: skip


def ask_registry(*, lawyer_id: int, licence_no: str, now: dt.datetime) -> None:
    """Ask how a licence stands, and keep the answer with its photo; that it is unknown is an answer, too.

    Goes over the network, so never inside a transaction. Raises RegistryDown.
    """
    try:
        licence = registry().look_up_person(number=licence_no)
    except NoSuchLicence:
        _apply(lawyer_id, UNKNOWN | {"checked_at": now}, now)
        return
    settle(lawyer_id=lawyer_id, licence=licence, now=now)
    keep_photo(lawyer_id=lawyer_id, licence=licence, now=now)


def follow_registry(*, now: dt.datetime) -> int:
    """Take in what the registry's signed feed has that we have not; answers how many changes.

    Goes over the network, so never inside a transaction. Two workers may follow at once: each change has effect once.
    Raises RegistryDown; where we stand is kept, so that nothing is missed.
    """
    position = FeedPosition.objects.filter(name=FEED).first()
    try:
        changes = registry().changes(after=position.seq if position else 0)
        for change in changes:
            _take_in(change, now)
    except RegistryDown as down:
        FeedPosition.objects.update_or_create(name=FEED, defaults={"trouble": down.reason[:200]})
        raise
    FeedPosition.objects.update_or_create(name=FEED, defaults={"heard_at": now, "trouble": ""})
    return len(changes)


def _take_in(change: StatusChange, now: dt.datetime) -> None:
    """One entry of the feed: the licence as it stands now is asked for, because only that answer has all facts."""
    lawyer = Lawyer.objects.filter(licence_no=change.licence_no).first()
    if lawyer is None:
        _take_in_without_account(change.licence_no)
    else:
        ask_registry(lawyer_id=lawyer.lawyer_id, licence_no=change.licence_no, now=now)
    with transaction.atomic():
        FeedPosition.objects.get_or_create(name=FEED)
        FeedPosition.objects.filter(name=FEED, seq__lt=change.seq).update(seq=change.seq)


def _take_in_without_account(licence_no: str) -> None:
    """The gates read it from here at their next look."""
    watched = CheckedLicence.objects.filter(licence_no=licence_no)
    known = watched.first()
    if known is None:
        return
    try:
        keep_standing(licence=registry().look_up_person(number=licence_no), until=known.needed_until)
    except NoSuchLicence:
        watched.update(**{name: UNKNOWN[name] for name in ("status", "status_label", "remedy")})


def _apply(lawyer_id: int, found: dict[str, object], now: dt.datetime) -> None:
    with transaction.atomic():
        lawyer = Lawyer.objects.select_for_update().get(lawyer_id=lawyer_id)
        before = (lawyer.status, lawyer.firm_uscc, lawyer.firm_name)
        for name, value in found.items():
            setattr(lawyer, name, value)
        lawyer.save()
        if lawyer.status != before[0]:
            _spread(lawyer, now)
        if before[1] and lawyer.firm_uscc != before[1]:
            announce(FirmChanged(
                lawyer_id, lawyer.name, before[1], before[2], lawyer.firm_uscc, lawyer.firm_name, now
            ))  # fmt: skip


def _spread(lawyer: Lawyer, now: dt.datetime) -> None:
    """Sessions notice by the stamp; tokens are taken back for good; other domains hear of it."""
    in_force = lawyer.status == LicenceStatus.ACTIVE
    rights_changed(person_ids=[lawyer.lawyer_id])
    revoked = 0
    if not in_force:
        revoked = ApiToken.objects.filter(lawyer_id=lawyer.lawyer_id, revoked_at=None).update(revoked_at=now)
    teller = Actor(0, Role.SYSTEM, "律师身份核验平台", for_id=lawyer.lawyer_id, for_name=lawyer.name)
    record_own(
        actor=teller, action="identity.standing_changed", subject=lawyer.status_label, now=now, status=lawyer.status,
        assertion=lawyer.assertion_id, tokens=revoked,
    )  # fmt: skip
    announce(StandingChanged(
        lawyer.lawyer_id, lawyer.name, in_force, lawyer.status_label, lawyer.status_reason, lawyer.remedy, now
    ))  # fmt: skip
