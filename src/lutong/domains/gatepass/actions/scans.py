"""What gates read: judged at once while they are online, taken in later what they did alone."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from lutong.domains.audit.actions import record
from lutong.domains.cases.actions import add_milestone
from lutong.domains.cases.queries import counsel_of, get_case
from lutong.domains.gatepass.models import GateDevice, LawyerScan, Scan
from lutong.domains.gatepass.queries import bundle_for
from lutong.domains.gatepass.rules import Bundle, Expected, Form, GateCode, Purpose, Reason, Verdict, judge
from lutong.domains.hearings.queries import get_hearing
from lutong.domains.identity.queries import find_accounts
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid

MOST_AT_ONCE = 200
LARGEST_SEQ = 2**53  # the device counts in JavaScript
CLOCK_SLACK = dt.timedelta(minutes=5)
OLDEST = dt.timedelta(days=7)  # a gate judges for 24 hours alone; a week covers a tablet found in a drawer


@dataclass(frozen=True, slots=True, kw_only=True)
class LateScan:
    """What a gate did without the server: `seq` grows with each scan of the device, `at` by its corrected clock."""

    seq: int
    at: dt.datetime
    text: str
    admitted: bool
    reason: Reason


@action
def verify(*, actor: Actor, device: GateDevice, seq: int, text: str, now: dt.datetime) -> Verdict:
    """Judge a code with all that the server knows, and use it up if it passes.

    Single use is the database's: of any number of scans at the same moment one row is inserted. Asked again with the
    same `seq` (the answer was lost on the way) the first verdict is repeated.
    """
    _check_seq(seq)
    bundle = bundle_for(actor=actor, device=device, day=beijing_date(now), now=now)
    if (known := _known(device, seq)) is not None:
        return _again(known, text, bundle)
    verdict = judge(text, bundle=bundle, use=_always, now=now.timestamp())
    if verdict.admitted and not _keep(actor, device, verdict, seq=seq, at=now, now=now):
        if (known := _known(device, seq)) is not None:
            return _again(known, text, bundle)
        verdict = replace(verdict, reason=Reason.REPLAYED)
    if verdict.admitted:
        _tell(actor, device, verdict, at=now, now=now)
    else:
        _keep(actor, device, verdict, seq=seq, at=now, now=now)
    record(actor=actor, court_id=device.court_id, action="gatepass.verify", subject=device.name, now=now,
           device=str(device.id), seq=seq, reason=verdict.reason.value)  # fmt: skip
    return verdict


@action
def take_late_scans(
    *, actor: Actor, device: GateDevice, scans: Sequence[LateScan], waiting: int = 0, now: dt.datetime
) -> list[int]:
    """Take in what a gate did alone, in its order; answers the numbers that are now on record, each once.

    The court cannot undo what the gate did. It judges again: who was let in with a code that had been used elsewhere
    is flagged 重复使用, who should not have been let in, 事后核验不符.
    """
    if len(scans) > MOST_AT_ONCE:
        raise Invalid(f"一次最多上传 {MOST_AT_ONCE} 条记录")
    bundles: dict[dt.date, Bundle] = {}
    for scan in sorted(scans, key=lambda one: one.seq):
        _check_seq(scan.seq)
        at = max(now - OLDEST, min(scan.at, now + CLOCK_SLACK))
        day = beijing_date(at)
        if day not in bundles:
            bundles[day] = bundle_for(actor=actor, device=device, day=day, now=now)
        _take_late(actor, device, bundles[day], scan, at, now)
    GateDevice.objects.filter(court_id=device.court_id, id=device.id).update(seen_at=now, waiting=max(0, waiting))
    if scans:
        record(actor=actor, court_id=device.court_id, action="gatepass.sync", subject=device.name, now=now,
               device=str(device.id), count=len(scans))  # fmt: skip
    return sorted(scan.seq for scan in scans)


def _take_late(
    actor: Actor, device: GateDevice, bundle: Bundle, scan: LateScan, at: dt.datetime, now: dt.datetime
) -> None:
    if _known(device, scan.seq) is not None:
        return  # the answer to an earlier sync was lost, or the server had judged this very scan
    then = replace(bundle, issued=int(at.timestamp()))
    verdict = judge(scan.text, bundle=then, use=_always, now=at.timestamp())
    if not scan.admitted:
        _keep(actor, device, replace(verdict, reason=scan.reason), seq=scan.seq, at=at, now=now, offline=True)
        return
    if not verdict.admitted:
        _keep(actor, device, verdict, seq=scan.seq, at=at, now=now, offline=True, flag="disputed")
    elif not _keep(actor, device, verdict, seq=scan.seq, at=at, now=now, offline=True):
        again = replace(verdict, reason=Reason.REPLAYED)
        _keep(actor, device, again, seq=scan.seq, at=at, now=now, offline=True, flag="duplicate")
    else:
        _tell(actor, device, verdict, at=at, now=now)


def _keep(
    actor: Actor, device: GateDevice, verdict: Verdict, *, seq: int, at: dt.datetime, now: dt.datetime,
    offline: bool = False, flag: str = "",
) -> bool:  # fmt: skip
    """Write the scan unless its code has let somebody in before; answers whether it was written."""
    code, person = verdict.code, verdict.person
    number = person.licence_no if person else ""
    lawyer_id = find_accounts(licence_nos=[number]).get(number)
    hearing = verdict.hearing if code is not None and code.purpose is Purpose.COURTROOM else None
    scan = Scan(
        court_id=device.court_id, device_id=device.id, venue_id=device.venue_id, venue_name=device.venue.name, seq=seq,
        at=at, received_at=now, offline=offline, outcome="admitted" if verdict.admitted or flag else "refused",
        reason=verdict.reason.value, flag=flag, purpose=code.purpose.word if code else "",
        slip=code is not None and code.form is Form.SLIP, code_id=code.code_id if code else None,
        holder_id=code.holder if code else None, lawyer_id=lawyer_id,
        name=person.name if person else "", firm=person.firm if person else "",
        hearing_id=hearing.hearing_id if hearing else None,
        case_id=_case_of(actor, device, hearing) if hearing else None,
    )  # fmt: skip
    Scan.objects.bulk_create([scan], ignore_conflicts=True)
    if not Scan.objects.filter(court_id=scan.court_id, id=scan.id).exists():
        return False
    if lawyer_id is not None:
        LawyerScan.objects.create(
            lawyer_id=lawyer_id, id=scan.id, court_id=scan.court_id, venue_name=scan.venue_name,
            purpose=scan.purpose, at=at, outcome=scan.outcome, reason=scan.reason, flag=flag, slip=scan.slip,
            case_id=scan.case_id,
        )  # fmt: skip
    return True


def _tell(actor: Actor, device: GateDevice, verdict: Verdict, *, at: dt.datetime, now: dt.datetime) -> None:
    """Counsel who enters his courtroom for the first time stands in the timeline of the case."""
    code, hearing, person = verdict.code, verdict.hearing, verdict.person
    if code is None or hearing is None or person is None or code.purpose is not Purpose.COURTROOM:
        return
    entries = Scan.objects.filter(
        court_id=device.court_id, hearing_id=hearing.hearing_id, holder_id=code.holder, outcome="admitted", flag=""
    )[:2]
    if len(entries) > 1:
        return
    case_id = _case_of(actor, device, hearing)
    add_milestone(
        actor=actor, court_id=device.court_id, case_id=case_id, kind="gate",
        title=f"{person.name}律师进入{hearing.room_name}", detail=f"{hearing.kind}，{device.name}读码", now=at,
    )  # fmt: skip
    _renew_open_pages(actor, device.court_id, case_id)


def _renew_open_pages(actor: Actor, court_id: int, case_id: uuid.UUID) -> None:
    """Let the pages of counsel, judge and recorder ask again who has come; whom this misses, his page asks anyway."""
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    counsel = counsel_of(actor=actor, court_id=court_id, case_id=case_id)
    people = {case.judge_id, case.recorder_id, *(one.lawyer_id for one in counsel)} - {None}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('lutong', %s)", [json.dumps({"person": sorted(people), "kind": "arrival"})])


def _case_of(actor: Actor, device: GateDevice, hearing: Expected) -> uuid.UUID:
    """The gate's list names the hearing; whose case it is, the gate need not know."""
    return get_hearing(actor=actor, court_id=device.court_id, hearing_id=hearing.hearing_id).case_id


def _known(device: GateDevice, seq: int) -> Scan | None:
    return Scan.objects.filter(court_id=device.court_id, device_id=device.id, seq=seq).first()


def _again(known: Scan, text: str, bundle: Bundle) -> Verdict:
    """The verdict that was given for this number; the code must be the same, or the device has lost count."""
    at = int(known.at.timestamp())
    verdict = judge(text, bundle=replace(bundle, issued=at), use=_always, now=at)
    code = verdict.code
    if known.code_id is not None and (code is None or code.code_id != known.code_id):
        raise Conflict("这个序号已用于另一次扫码，请重新打开本机页面")
    return replace(verdict, reason=Reason(known.reason))


def _always(code: GateCode) -> bool:
    """The database decides about single use, when the row is written."""
    return True


def _check_seq(seq: int) -> None:
    if not 0 < seq < LARGEST_SEQ:
        raise Invalid("序号不对")
