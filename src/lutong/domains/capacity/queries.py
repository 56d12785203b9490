"""Reading declarations, conflict checks, and what is known of a counsel before his capacity is judged."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from lutong.domains.capacity.digests import digest_of, fingerprint_of
from lutong.domains.capacity.models import ConflictCheck, Declaration, PartyName
from lutong.domains.capacity.rules import (
    ASKED,
    BODIES,
    RELATIONS,
    VERDICTS,
    Declared,
    Finding,
    FormerPost,
    Hit,
    Relation,
    Relative,
    Remark,
    clean_names,
    in_region,
    read_declared,
)
from lutong.domains.courts.queries import get_court
from lutong.domains.identity.queries import get_lawyer, list_firm_members
from lutong.kernel.actor import Actor
from lutong.kernel.capacity import Counsel, cooling_off_until, plain_name
from lutong.kernel.errors import NotFound

__all__ = ["ASKED", "BODIES", "RELATIONS", "VERDICTS", "Declared", "FormerPost", "Relative", "clean_names"]

DIGESTS_A_STATEMENT = 2_000
Cursor = tuple[dt.datetime, uuid.UUID]


def newest_declaration(*, actor: Actor) -> Declaration | None:
    """The actor's own declaration that counts now; nobody else's."""
    return Declaration.objects.filter(lawyer_id=actor.person_id).order_by("-version").first()


def list_declarations(*, actor: Actor, limit: int = 20) -> list[Declaration]:
    """The versions of the actor's own declaration, newest first."""
    return list(Declaration.objects.filter(lawyer_id=actor.person_id).order_by("-version")[:limit])


def declared_in(declaration: Declaration | None) -> Declared:
    """What a declaration says; nothing without one."""
    return read_declared(declaration.facts) if declaration is not None else Declared()


def closed_until(*, declared: Declared, today: dt.date) -> dt.date | None:
    """The last day on which the declared posts keep the lawyer from acting anywhere; None when it is over."""
    until = cooling_off_until(declared.left_on, today)
    return until if until is not None and today <= until else None


def counsel_facts(
    *,
    lawyer_id: int,
    name: str,
    court_id: int | None,
    firm: str = "",
    party_names: Sequence[str] = (),
    places: Collection[str] = (),
    other_sides: Iterable[str] = (),
    firm_other_sides: Iterable[str] = (),
) -> Counsel:
    """What the registry and his own declaration say of a counsel, for judging whether he may act before a court.

    The answer serves the rules only: hand on their objections, never this. `party_names`: whom he acts for;
    `places`: their addresses and the court's name, for the region of a 基层法律服务工作者.
    """
    lawyer = get_lawyer(lawyer_id=lawyer_id) if lawyer_id else None
    if lawyer is None:
        return Counsel(name, other_sides=frozenset(other_sides), firm_other_sides=frozenset(firm_other_sides))
    newest = Declaration.objects.filter(lawyer_id=lawyer_id).order_by("-version").first()
    declared = declared_in(newest)
    body = lawyer.body_name or lawyer.firm_name
    return Counsel(
        name or lawyer.name,
        licence_active=lawyer.status == "active",
        licence_status=lawyer.status_label,
        other_sides=frozenset(other_sides),
        firm_other_sides=frozenset(firm_other_sides),
        sits_in_standing_committee=bool(declared.committee),
        left_court_on=declared.left_on,
        former_court_ids=declared.former_court_ids,
        relatives_court_ids=declared.relatives_court_ids,
        higher_court_ids=_courts_above(court_id),
        category=lawyer.kind,
        body=body,
        own_body=any(plain_name(party) == plain_name(body) for party in party_names) if party_names and body else None,
        firm=firm,
        registered_firm=lawyer.firm_name if firm else "",
        scope=tuple(lawyer.scope),
        region=lawyer.region,
        in_region=in_region(region=lawyer.region, places=places),
    )


def _courts_above(court_id: int | None) -> frozenset[int]:
    found: set[int] = set()
    while court_id:
        try:
            court_id = get_court(court_id=court_id).parent_id
        except NotFound:
            break
        found |= {court_id} if court_id else set()
    return frozenset(found)


def find_hits(*, lawyer_id: int, firm_uscc: str, names: Sequence[str]) -> dict[str, list[Hit]]:
    """Name → where it stands in the index of the lawyer and of his firm's other lawyers; their cases stay unnamed."""
    members = sorted({lawyer_id, *list_firm_members(firm_uscc=firm_uscc)})
    wanted = {(member, digest_of(lawyer_id=member, name=name)): name for member in members for name in names}
    found: dict[str, list[Hit]] = {name: [] for name in names}
    keys = list(wanted)
    for start in range(0, len(keys), DIGESTS_A_STATEMENT):
        part = keys[start : start + DIGESTS_A_STATEMENT]
        rows = PartyName.objects.filter(
            lawyer_id__in={member for member, _ in part}, digest__in=[digest for _, digest in part]
        )
        for row in rows:
            mine = row.lawyer_id == lawyer_id
            name = wanted[row.lawyer_id, row.digest]  # keyed by lawyer: no digest of one fits another
            case = {"number": row.number, "court_id": row.court_id, "case_id": str(row.case_id)} if mine else {}
            found[name].append(Hit(mine, Relation(row.relation), row.over, **case))  # type: ignore[arg-type]
    return found


def list_indexed(*, court_id: int, pairs: Collection[tuple[int, uuid.UUID]]) -> set[tuple[int, uuid.UUID]]:
    """Which of these (lawyer, case) of a court have rows in the index."""
    rows = PartyName.objects.filter(
        lawyer_id__in={lawyer for lawyer, _ in pairs}, court_id=court_id, case_id__in={case for _, case in pairs}
    )
    return set(rows.values_list("lawyer_id", "case_id").distinct())


def list_checks(*, actor: Actor, before: Cursor | None = None, limit: int = 20) -> list[ConflictCheck]:
    """The actor's checks, newest first; `before` is (made_at, id) of the last seen."""
    rows = ConflictCheck.objects.filter(lawyer_id=actor.lawyer_id)
    if before is not None:
        rows = rows.filter(Q(made_at__lt=before[0]) | Q(made_at=before[0], id__lt=before[1]))
    return list(rows.order_by("-made_at", "-id")[:limit])


def get_check(*, actor: Actor, check_id: uuid.UUID) -> ConflictCheck:
    """One of the actor's own checks, or NotFound."""
    check = ConflictCheck.objects.filter(lawyer_id=actor.lawyer_id, id=check_id).first()
    if check is None:
        raise NotFound("没有这份利益冲突检查记录，或您无权查看")
    return check


def last_watch(
    *, actor: Actor, about: uuid.UUID, clients: tuple[str, ...], opposing: tuple[str, ...]
) -> ConflictCheck | None:
    """The check of a draft for exactly these names, or None when they were not checked yet."""
    fingerprint = fingerprint_of(lawyer_id=actor.lawyer_id, clients=clients, opposing=opposing)
    rows = ConflictCheck.objects.filter(lawyer_id=actor.lawyer_id, about=about, fingerprint=fingerprint)
    return rows.order_by("-made_at").first()


def findings_of(check: ConflictCheck) -> list[Finding]:
    """The answers of a check, name by name."""
    return [
        Finding(one["name"], one["asked"], tuple(Remark(**remark) for remark in one["remarks"]))
        for one in check.content["findings"]
    ]
