"""Reading cases: one case, its people, its timeline, its periods; and the lists of a lawyer and of a court."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from lutong.domains.capacity.queries import counsel_facts
from lutong.domains.cases.access import cases_of, handled_by, in_sight, running_grant, visible_to
from lutong.domains.cases.access import own_rows as own_rows  # lists of other domains keep the same lock
from lutong.domains.cases.agenda import my_deadlines as my_deadlines
from lutong.domains.cases.changes import NOT_YOURS
from lutong.domains.cases.changes import acts_carried as acts_carried
from lutong.domains.cases.changes import get_change as get_change
from lutong.domains.cases.changes import list_changes as list_changes
from lutong.domains.cases.changes import my_representation as my_representation
from lutong.domains.cases.models import (
    Case,
    Deadline,
    LawyerCase,
    LawyerClaim,
    Milestone,
    Party,
    Representation,
)
from lutong.domains.cases.states import CASE, Outcome, Procedure, Side, Stage, UrgentKind, UrgentState
from lutong.domains.cases.supervision import Elsewhere as Elsewhere
from lutong.domains.cases.supervision import find_elsewhere as find_elsewhere
from lutong.domains.cases.supervision import get_elsewhere as get_elsewhere
from lutong.domains.cases.supervision import handles as handles
from lutong.domains.cases.supervision import list_urgent as list_urgent
from lutong.domains.cases.supervision import notes_of as notes_of
from lutong.domains.cases.supervision import readers_of as readers_of
from lutong.domains.cases.supervision import require_handling as require_handling
from lutong.domains.cases.supervision import staff_rows as staff_rows
from lutong.domains.cases.supervision import urgent_steps as urgent_steps
from lutong.domains.cases.supervision import urgent_until as urgent_until
from lutong.domains.courts.queries import get_court
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability
from lutong.kernel.capacity import Objection, capacity_objections, plain_name, too_many_agents
from lutong.kernel.clock import beijing_date
from lutong.kernel.database import fetch_one
from lutong.kernel.duties import Duty, may
from lutong.kernel.errors import NotAllowed, NotFound
from lutong.kernel.lifecycle import Step
from lutong.kernel.powers import ALL_POWERS, SPECIAL_POWERS

R = TypeVar("R", bound=Model)
NOT_YOURS_HERE = "没有这个案件，或者它没有分配给您。确有紧急需要的，请在搜索框输入完整案号，申请紧急查阅"


@dataclass(frozen=True, slots=True)
class Counsel:
    """A confirmed counsel of record; lawyer_id 0 has no account here."""

    lawyer_id: int
    name: str
    firm: str
    licence_no: str
    party_id: uuid.UUID
    party_name: str
    side: str
    powers: str


def my_case_ids(*, actor: Actor, court_id: int, needs: Capability = Capability.READ_CASE) -> Any:
    """A subquery of the case ids of one court in which the actor is counsel of record now, or assists with `needs`."""
    return cases_of(actor, court_id=court_id, needs=needs)


def get_case(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    lock: bool = False,
    needs: Capability = Capability.READ_CASE,
) -> Case:
    """One case that the actor may see, or NotFound; `lock` needs an open action.

    An assistant who sees the case but was not granted `needs` is told which permission is missing (NotAllowed).
    Who locks a case is about to act: staff only upon their own work (see `require_handling`).
    """
    with reading(actor):
        if lock:
            require_handling(actor=actor, court_id=court_id, case_id=case_id)
        found = visible_to(actor, court_id=court_id).filter(id=case_id)
        case = (found.select_for_update() if lock else found).first()
        if case is None:
            raise NotFound(NOT_YOURS_HERE if may(actor, Duty.OPEN_URGENTLY) else NOT_YOURS)
        if actor.is_assistant and not visible_to(actor, court_id=court_id, needs=needs).filter(id=case_id).exists():
            raise missing(actor, needs)
    return case


def holds(*, actor: Actor, court_id: int, case_id: uuid.UUID, needs: Capability = Capability.READ_CASE) -> bool:
    """True if the actor sees the case, and an assistant was granted `needs` in it."""
    with reading(actor):
        return visible_to(actor, court_id=court_id, needs=needs).filter(id=case_id).exists()


def granted_in(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> frozenset[Capability]:
    """What an assistant may do in a case now; empty for everybody else, whom no grant limits."""
    if not actor.is_assistant:
        return frozenset()
    with reading(actor):
        words = running_grant(actor, court_id=court_id, case_id=case_id)
    return frozenset(c for c in Capability if c.value in words)


def missing(actor: Actor, needs: Capability) -> NotAllowed:
    """The refusal of an assistant within his sight: it names what the lawyer has to grant."""
    return NotAllowed(
        f"需要{actor.for_name}律师在本案授予“{needs.label}”权限；请律师在“我的助理”或者案件的团队页授权",
        capability=needs.value,
    )


def _of_case(rows: QuerySet[R], actor: Actor, court_id: int, case_id: uuid.UUID) -> QuerySet[R]:
    """The rows of one case, with the permission in the same statement: a case not visible has none."""
    rows = rows.filter(court_id=court_id, case_id=case_id)
    if actor.is_staff:
        return in_sight(rows, actor=actor, court_id=court_id)
    return rows.filter(case_id__in=cases_of(actor, court_id=court_id))


def parties_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[Party]:
    """The parties in the order of the pleadings: plaintiffs, defendants, third parties; none of a foreign case."""
    order = {"plaintiff": 0, "defendant": 1, "third": 2}
    with reading(actor):
        parties = _of_case(Party.objects.all(), actor, court_id, case_id)
        return sorted(parties, key=lambda p: (order[p.side], p.place))


def counsel_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[Counsel]:
    """The confirmed counsel of record with an account, by party and slot."""
    with reading(actor):
        rows = representations_of(actor=actor, court_id=court_id, case_id=case_id)
        return [_counsel(row) for row in rows if row.state == "confirmed" and row.lawyer_id]


def counsel_by_case(
    *, actor: Actor, court_id: int, case_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[str, list[Counsel]]]:
    """Of several cases of the actor's own court: the number, and the counsel of record with an account."""
    if not actor.is_staff or actor.court_id != court_id:
        raise NotFound(NOT_YOURS)
    with reading(actor):
        numbers = Case.objects.filter(court_id=court_id, id__in=case_ids).values_list("id", "number")
        found: dict[uuid.UUID, tuple[str, list[Counsel]]] = {case_id: (number, []) for case_id, number in numbers}
        rows = Representation.objects.filter(
            court_id=court_id, case_id__in=case_ids, state="confirmed", lawyer_id__gt=0
        ).select_related("party")
        for row in rows.order_by("party_id", "slot"):
            found[row.case_id][1].append(_counsel(row))
    return found


def _counsel(row: Representation) -> Counsel:
    return Counsel(
        row.lawyer_id or 0, row.lawyer_name, row.firm_name, row.licence_no, row.party_id, row.party.name,
        row.party.side, row.powers,
    )  # fmt: skip


def representations_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[Representation]:
    """All representations of a case, whatever their state, each with its party; none of a foreign case."""
    with reading(actor):
        rows = _of_case(Representation.objects.select_related("party"), actor, court_id, case_id)
        return list(rows.order_by("party_id", "slot", "claimed_at"))


def get_representation(
    *, actor: Actor, court_id: int, representation_id: uuid.UUID, lock: bool = False
) -> Representation:
    """One representation: those of the court who handle its case, or the lawyer himself."""
    with reading(actor):
        rows = Representation.objects.filter(court_id=court_id, id=representation_id)
        if may(actor, Duty.REPRESENTATIONS):
            rows = in_sight(rows, actor=actor, court_id=court_id)
        else:
            rows = rows.filter(lawyer_id=actor.lawyer_id)
        found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("没有这份代理关系，或您无权查看")
    return found


def list_claims(*, actor: Actor, limit: int = 50) -> list[Representation]:
    """Claims waiting in the cases that the actor handles, oldest first. A lawyer's own list is `my_claims`."""
    if not may(actor, Duty.REPRESENTATIONS):
        return []
    with reading(actor):
        waiting = Representation.objects.filter(court_id=actor.court_id or 0, state="claimed")
        waiting = waiting.filter(case_id__in=handled_by(actor, court_id=actor.court_id or 0).values("id"))
        return list(waiting.select_related("party", "case").order_by("claimed_at", "id")[:limit])


def my_claims(*, actor: Actor, limit: int = 30) -> list[LawyerClaim]:
    """What the lawyer asked the courts to confirm, in his own words, newest first."""
    with reading(actor):
        return list(LawyerClaim.objects.filter(lawyer_id=actor.person_id).order_by("-claimed_at", "-id")[:limit])


def claim_notes(*, actor: Actor, claim: Representation, today: dt.date | None = None) -> list[Objection]:
    """What stands against a counsel of this case, by the rules of capacity, on a day (that of the claim).

    Two agents already, the same firm on the other side, a former court, a relative in this court: the court reads the
    objection with its article and cure; what the lawyer declared of himself stays with him.
    """
    on = today or beijing_date(claim.claimed_at)
    with reading(actor):
        rows = representations_of(actor=actor, court_id=claim.court_id, case_id=claim.case_id)
        parties = parties_of(actor=actor, court_id=claim.court_id, case_id=claim.case_id)
    mine = next((party for party in parties if party.id == claim.party_id), None)
    others = [r for r in rows if r.state == "confirmed" and r.id != claim.id and not makes_room(r, claim)]
    opposing = [r for r in others if mine is None or r.party.side != mine.side]
    counsel = counsel_facts(
        lawyer_id=claim.lawyer_id, name=claim.lawyer_name, court_id=claim.court_id, firm=claim.firm_name,
        party_names=[mine.name] if mine else [], places=places_of(parties, court_id=claim.court_id),
        other_sides=[r.party.name for r in opposing if claim.lawyer_id and r.lawyer_id == claim.lawyer_id],
        firm_other_sides=[
            r.party.name for r in opposing
            if plain_name(r.firm_name) == plain_name(claim.firm_name) and r.lawyer_id != claim.lawyer_id
        ],
    )  # fmt: skip
    notes = list(capacity_objections(counsel=counsel, court_id=claim.court_id, today=on))
    if too_many := too_many_agents(count=1 + sum(r.party_id == claim.party_id for r in others), today=on):
        notes.append(too_many)
    return notes


def makes_room(counsel: Representation, claim: Representation) -> bool:
    """Whether this counsel leaves his place to the claimant, whom he named as his successor."""
    return counsel.party_id == claim.party_id and counsel.successor_id == claim.lawyer_id


def places_of(parties: Iterable[Party], *, court_id: int) -> list[str]:
    """Where the parties live and which court hears them, in words: for the region of a 基层法律服务工作者."""
    addresses = [str(party.details.get(key) or "") for party in parties for key in ("address", "residence")]
    return [*addresses, get_court(court_id=court_id).name]


def timeline_of(*, actor: Actor, court_id: int, case_id: uuid.UUID, limit: int = 200) -> list[Milestone]:
    """The process of a case, newest first; empty for a foreign case."""
    with reading(actor):
        return list(_of_case(Milestone.objects.all(), actor, court_id, case_id).order_by("-at", "-id")[:limit])


def deadlines_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> list[Deadline]:
    """The periods of a case: a lawyer sees his own, staff see all; open ones first, by day."""
    with reading(actor):
        rows = _of_case(Deadline.objects.all(), actor, court_id, case_id)
        if actor.is_counsel:
            rows = rows.filter(Q(person_id=actor.lawyer_id) | Q(person_id=None, party_id=None))
        return sorted(rows, key=lambda d: (d.state != "open", d.due_on))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed by."""

    stage: str = ""
    side: str = ""
    text: str = ""
    mine: bool = False


Cursor = tuple[dt.datetime, uuid.UUID]


def plain_number(text: str) -> str:
    """A 案号 as it is stored: full-width brackets, however it was typed."""
    return text.replace("(", "（").replace(")", "）").replace("〔", "（").replace("〕", "）").replace(" ", "")


def search_words(text: str) -> list[str]:
    """What a search box asks for: up to five words, as `LawyerCase.search` stores them."""
    return [plain_number(word)[:40].lower() for word in text.split()[:5]]


def list_my_cases(
    *, actor: Actor, wanted: CaseFilter, before: Cursor | None = None, limit: int = 20
) -> list[LawyerCase]:
    """One page of the lawyer's cases in all courts, newest first; `before` is (filed_at, id) of the last seen."""
    with reading(actor):
        rows = own_rows(LawyerCase.objects.all(), actor, case_column="id")
        if wanted.stage:
            rows = rows.filter(stage=wanted.stage)
        if wanted.side:
            rows = rows.filter(side=wanted.side)
        for word in search_words(wanted.text):
            rows = rows.filter(search__contains=word)
        if before is not None:
            rows = rows.filter(Q(filed_at__lt=before[0]) | Q(filed_at=before[0], id__lt=before[1]))
        return list(rows.order_by("-filed_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class JsonPage:
    """A page of a list as PostgreSQL wrote it; `last` is the keyset position after it, None on the last page."""

    text: str
    last: Cursor | None


# Held to `list_my_cases` by a contract test. The owner's column leads, so lawyer_case_newest gives the order.
MY_CASES = """
WITH page AS (
    SELECT *, row_number() OVER (ORDER BY filed_at DESC, id DESC) AS place
    FROM cases_lawyercase
    WHERE lawyer_id = %(lawyer)s
      AND (%(whole)s OR id = ANY ((SELECT my_cases())::uuid[]))
      AND (%(stage)s = '' OR stage = %(stage)s) AND (%(side)s = '' OR side = %(side)s)
      AND search LIKE ALL (%(words)s::text[])
      AND (%(at)s::timestamptz IS NULL OR (filed_at, id) < (%(at)s::timestamptz, %(id)s::uuid))
    ORDER BY filed_at DESC, id DESC LIMIT %(limit)s + 1
)
SELECT coalesce(json_agg(json_build_object(
           'id', id, 'court_id', court_id, 'court_name', court_name, 'number', number, 'title', title,
           'cause_name', cause_name, 'stage', stage, 'side', side, 'party_name', party_name,
           'judge_name', judge_name, 'amount_fen', amount_fen, 'active', active,
           'filed_at', to_char(filed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
           'next_hearing_at', to_char(next_hearing_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
       ) ORDER BY place) FILTER (WHERE place <= %(limit)s), '[]')::text,
       max(filed_at) FILTER (WHERE place = %(limit)s), max(id::text) FILTER (WHERE place = %(limit)s),
       count(*) > %(limit)s
FROM page
"""


def page_of_my_cases(*, actor: Actor, wanted: CaseFilter, before: Cursor | None = None, limit: int = 20) -> JsonPage:
    """The same page as `list_my_cases`, its JSON made by PostgreSQL: one statement, permission included."""
    values = {
        "lawyer": actor.lawyer_id, "whole": not actor.is_assistant, "stage": wanted.stage, "side": wanted.side,
        "limit": limit,
        "words": [f"%{_literally(word)}%" for word in search_words(wanted.text)] or ["%"],
        "at": before[0] if before else None, "id": before[1] if before else None,
    }  # fmt: skip
    text, at, row_id, more = fetch_one(MY_CASES, values) or ("[]", None, "", False)
    return JsonPage(text, (at, uuid.UUID(row_id)) if more else None)


def _literally(word: str) -> str:
    """A word in which LIKE finds no wild cards."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def list_court_cases(*, actor: Actor, wanted: CaseFilter, before: Cursor | None = None, limit: int = 20) -> list[Case]:
    """One page of the cases that are a member of staff's work, newest first.

    `mine` narrows a presiding judge's to those in which he sits himself.
    """
    with reading(actor):
        rows = handled_by(actor, court_id=actor.court_id or 0)
        if wanted.stage:
            rows = rows.filter(stage=wanted.stage)
        if wanted.mine:
            rows = rows.filter(Q(judge_id=actor.person_id) | Q(panel__contains=[{"person_id": actor.person_id}]))
        if text := wanted.text.strip()[:40]:
            named = Party.objects.filter(court_id=actor.court_id or 0, name__contains=text).values("case_id")
            rows = rows.filter(Q(number__contains=plain_number(text)) | Q(title__contains=text) | Q(id__in=named))
        if before is not None:
            rows = rows.filter(Q(registered_at__lt=before[0]) | Q(registered_at=before[0], id__lt=before[1]))
        return list(rows.order_by("-registered_at", "-id")[:limit])


def labels_of(case: Case) -> dict[str, str]:
    """Stage, procedure and outcome in the words of the law."""
    return {
        "stage": case.get_stage_display(), "procedure": case.get_procedure_display(),
        "outcome": case.get_outcome_display(),
    }  # fmt: skip


OUTCOMES = Outcome.choices
PROCEDURES = Procedure.choices
STAGE_LABELS = dict(Stage.choices)
SIDE_LABELS = dict(Side.choices)
URGENT_KINDS = UrgentKind.choices
URGENT_STATES = UrgentState.choices
SPECIAL_POWER_LABELS = dict(SPECIAL_POWERS)
POWER_LABELS = dict(ALL_POWERS)


def open_steps(*, actor: Actor, case: Case) -> list[Step]:
    """What the actor's role may do next with a case; feeds the buttons and the API."""
    return CASE.open_steps(case.stage, actor.role)
