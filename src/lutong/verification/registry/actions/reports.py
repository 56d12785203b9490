"""Take in what bureaus report: each once, in order, or not at all."""

import datetime as dt
from dataclasses import dataclass

from lutong.gateways.registry.port import EventKind
from lutong.kernel.acting import action
from lutong.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from lutong.verification.registry import queries, wire
from lutong.verification.registry.actions.deciding import (
    Decision,
    Newcomer,
    Origin,
    grant,
    record_decision,
    register_firm,
)
from lutong.verification.registry.actions.trail import record
from lutong.verification.registry.actors import BureauActor, reporting
from lutong.verification.registry.bodies import bureau_name
from lutong.verification.registry.models import Bureau, Report, Source

LARGEST_GAP = 10_000  # reports that may wait for a missing one


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a report: taken, duplicate, held or refused; and what is missing before it."""

    state: str
    seq: int
    last_seq: int
    missing: list[tuple[int, int]]
    why: str = ""


def enrol_bureau(*, actor: BureauActor, code: str, public_key: str, now: dt.datetime) -> None:
    """Let a bureau report under this public key (JWK, Ed25519), or give it a new one. Safe to repeat."""
    _enrol(actor=actor, code=code, public_key=public_key, now=now)


@action
def _enrol(*, actor: BureauActor, code: str, public_key: str, now: dt.datetime) -> None:
    Bureau.objects.update_or_create(code=code, defaults={"name": bureau_name(code), "public_key": public_key})
    record(actor=actor, act="enrol_bureau", subject=code, now=now)


def retire_bureau_key(*, actor: BureauActor, code: str, now: dt.datetime) -> None:
    """停用报送公钥: nothing that is signed with it counts from now on; what was taken in stays. Raises NotFound."""
    _retire(actor=actor, code=code, now=now)


@action
def _retire(*, actor: BureauActor, code: str, now: dt.datetime) -> None:
    if not Bureau.objects.filter(code=code).exclude(public_key="").update(public_key=""):
        raise NotFound("这个机关没有登记报送公钥")
    record(actor=actor, act="retire_bureau_key", subject=code, now=now)


def take_report(*, text: str, now: dt.datetime) -> Outcome:
    """Take in one signed report of a bureau.

    Raises NotAllowed for a forgery, Invalid for what is no report, Conflict when the same number came with another
    content before, or when more than 10,000 reports already wait. A report whose content the law or the roll
    contradicts is answered as refused, kept with the reason, and may be sent again under the same number.
    """
    code = wire.kid_of(text)
    bureau = queries.bureau_of(code=code) if code else None
    if bureau is None:
        raise NotAllowed("签名不能通过验证，已拒绝")
    opened = wire.open_report(text, bureau=code, public_key=bureau.public_key, now=now)
    return _take(actor=reporting(code), opened=opened, now=now)


@action
def _take(*, actor: BureauActor, opened: wire.OpenedReport, now: dt.datetime) -> Outcome:
    seq = opened.body.seq
    bureau = Bureau.objects.select_for_update().get(pk=opened.body.bureau)
    known = Report.objects.filter(bureau=bureau, seq=seq, state__in=["taken", "held"]).first()
    if known is not None and known.digest != opened.digest:
        raise Conflict("同一序号此前已收到不同的内容，已拒绝；更正请用新的序号报送", seq=seq)
    if known is not None:
        return _outcome(bureau, "duplicate", seq)
    if seq <= bureau.last_seq or seq - bureau.last_seq > LARGEST_GAP:
        raise Conflict(f"序号应接在 {bureau.last_seq} 之后，最多先收 {LARGEST_GAP} 条", last_seq=bureau.last_seq)
    report = Report(bureau=bureau, seq=seq, digest=opened.digest, state="held", received_at=now,
                    content=opened.body.model_dump(mode="json"))  # fmt: skip
    if seq > bureau.last_seq + 1:
        report.save()
        record(actor=actor, act="hold_report", subject=str(seq), now=now, last_seq=bureau.last_seq)
        return _outcome(bureau, "held", seq)
    if not _enter(actor, bureau, report, now):
        return _outcome(bureau, "refused", seq, report.why)
    _go_on(actor, bureau, now)
    return _outcome(bureau, "taken", seq)


def _go_on(actor: BureauActor, bureau: Bureau, now: dt.datetime) -> None:
    """Take in what waited for the report that has come now; stop at the next gap or at one that is refused."""
    for report in Report.objects.filter(bureau=bureau, state="held").order_by("seq"):
        if report.seq != bureau.last_seq + 1 or not _enter(actor, bureau, report, now):
            return


def _enter(actor: BureauActor, bureau: Bureau, report: Report, now: dt.datetime) -> bool:
    """Let one report take effect. Once taken only its digest is kept: the history holds the rest."""
    body = wire.ReportBody.model_validate(report.content)
    try:
        _apply(actor, body, now)
    except Refusal as refusal:
        report.state, report.why = "refused", refusal.message[:300]
        report.save()
        record(actor=actor, act="refuse_report", subject=str(report.seq), now=now, why=refusal.code)
        return False
    report.state, report.content = "taken", {}
    report.save()
    bureau.last_seq = report.seq
    bureau.save(update_fields=["last_seq"])
    return True


def _apply(actor: BureauActor, body: wire.ReportBody, now: dt.datetime) -> None:
    origin = Origin(Source.FEED, body.seq)
    event = body.event
    if isinstance(event, wire.FirmReport):
        register_firm(actor=actor, uscc=event.uscc, name=event.name, kind=event.firm_kind, city=event.city, now=now)
    elif isinstance(event, wire.GrantReport):
        newcomer = Newcomer(
            number=event.number, kind=event.licence_kind, name=event.name, sex=event.sex, id_number=event.id_number,
            mobile=event.mobile, firm_uscc=event.firm_uscc, effective_on=event.effective_on, reason=event.reason,
            document_no=event.document_no, period_to=event.period_to, supervisor_no=event.supervisor_no,
            scope=tuple(event.scope), region=event.region,
        )  # fmt: skip
        grant(actor=actor, newcomer=newcomer, origin=origin, now=now)
    else:
        decision = Decision(
            number=event.number, kind=EventKind(event.kind), effective_on=event.effective_on, reason=event.reason,
            document_no=event.document_no, article=event.article, until_on=event.until_on, firm_uscc=event.firm_uscc,
        )  # fmt: skip
        record_decision(actor=actor, decision=decision, origin=origin, now=now)


def _outcome(bureau: Bureau, state: str, seq: int, why: str = "") -> Outcome:
    feed = queries.feed_state(code=bureau.code)
    return Outcome(state, seq, bureau.last_seq, feed.gaps if feed else [], why)
