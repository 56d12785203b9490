"""利益冲突检查: parties against the cases of the whole firm, without a word about foreign cases."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from lutong.domains.audit.actions import record_own
from lutong.domains.capacity.digests import fingerprint_of
from lutong.domains.capacity.models import ConflictCheck
from lutong.domains.capacity.queries import find_hits, last_watch
from lutong.domains.capacity.rules import CHECKS_A_MINUTE, Source, clean_names, judge, name_faults
from lutong.domains.exchange.actions import answer_once
from lutong.domains.identity.queries import get_lawyer
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.database import fetch_one
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

MINUTE = dt.timedelta(minutes=1)
_LOCK_SPACE = 0x6C74_6363 << 32  # advisory locks of this use case


@action
def check_conflicts(
    *,
    actor: Actor,
    clients: Iterable[str],
    opposing: Iterable[str],
    now: dt.datetime,
    source: Source = Source.PAGE,
    about: uuid.UUID | None = None,
) -> ConflictCheck:
    """Look for cases of the lawyer and of his firm in which these parties stand on the other side; keep the answer.

    Own cases are named. Of a colleague's case only the fact is told that there is one: the firm's own
    review goes on from there (律师法第三十九条、第五十条第一款第（五）项). At most 30 checks a minute, each in the
    trail, so that nobody asks his way through the firm. Raises NotAllowed, Invalid, Conflict.
    """
    lawyer = get_lawyer(lawyer_id=actor.lawyer_id)
    if lawyer is None:
        raise NotAllowed("利益冲突检查以执业证登记的律师事务所为范围，请先完成律师身份核验")
    ours, theirs = clean_names(clients), clean_names(opposing)
    faults = name_faults(clients=ours, opposing=theirs)
    if faults:
        raise Invalid("请改正标出的项目", fields=faults)
    _admit(actor.lawyer_id, now)
    asked = [*((name, "client") for name in ours), *((name, "opposing") for name in theirs)]
    hits = find_hits(lawyer_id=actor.lawyer_id, firm_uscc=lawyer.firm_uscc, names=[name for name, _ in asked])
    findings = [judge(name=name, asked=side, hits=hits[name]) for name, side in asked]
    content: dict[str, Any] = {
        "lawyer": lawyer.name, "licence_no": lawyer.licence_no, "firm": lawyer.firm_name,
        "findings": [dataclasses.asdict(finding) for finding in findings],
    }  # fmt: skip
    conflicts = sum(bool(finding.remarks) for finding in findings)
    check = ConflictCheck.objects.create(
        lawyer_id=actor.lawyer_id, made_at=now, source=source, about=about, content=content, names=len(asked),
        conflicts=conflicts, fingerprint=fingerprint_of(lawyer_id=actor.lawyer_id, clients=ours, opposing=theirs),
    )  # fmt: skip
    record_own(
        actor=actor, action="capacity.check_conflicts", subject=f"{len(asked)} 个名称", now=now, check=str(check.id),
        source=str(source), names=len(asked), conflicts=conflicts,
    )  # fmt: skip
    return check


def check_conflicts_once(
    *, actor: Actor, key: str, clients: list[str], opposing: list[str], now: dt.datetime
) -> tuple[int, uuid.UUID]:
    """`check_conflicts` for programs: the same Idempotency-Key gets the first check again (status, its id)."""

    def work() -> tuple[int, dict[str, Any]]:
        check = check_conflicts(actor=actor, clients=clients, opposing=opposing, source=Source.API, now=now)
        return 201, {"id": str(check.id)}

    # The key's print would keep the names themselves guessable; a keyed one does not.
    fingerprint = fingerprint_of(lawyer_id=actor.lawyer_id, clients=tuple(clients), opposing=tuple(opposing))
    status, body, _ = answer_once(actor=actor, key=key, request_body={"check": fingerprint}, work=work, now=now)
    return status, uuid.UUID(body["id"])


@action
def watch(
    *, actor: Actor, about: uuid.UUID, clients: Iterable[str], opposing: Iterable[str], now: dt.datetime
) -> ConflictCheck | None:
    """The check of a draft's parties, made anew only when their names have changed; None while it cannot be made.

    Never refuses: half-typed names and a full minute only leave the draft unchecked for now.
    """
    ours, theirs = clean_names(clients), clean_names(opposing)
    known = last_watch(actor=actor, about=about, clients=ours, opposing=theirs)
    if known is not None or name_faults(clients=ours, opposing=theirs) or get_lawyer(lawyer_id=actor.lawyer_id) is None:
        return known
    if _made_lately(actor.lawyer_id, now) >= CHECKS_A_MINUTE:
        return None
    return check_conflicts(
        actor=actor, clients=ours, opposing=theirs, source=Source.FILING, about=about, now=now
    )  # fmt: skip


def _admit(lawyer_id: int, now: dt.datetime) -> None:
    """One check of a lawyer at a time, so that parallel ones are counted, too."""
    fetch_one("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _LOCK_SPACE | (lawyer_id & 0xFFFF_FFFF)})
    if _made_lately(lawyer_id, now) >= CHECKS_A_MINUTE:
        raise Conflict(f"利益冲突检查每分钟最多 {CHECKS_A_MINUTE} 次，请一分钟后再试", retry_after=60)


def _made_lately(lawyer_id: int, now: dt.datetime) -> int:
    return ConflictCheck.objects.filter(lawyer_id=lawyer_id, made_at__gt=now - MINUTE).count()
