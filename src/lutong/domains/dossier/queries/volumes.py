"""电子卷宗: the papers of a case as a volume, and the proof that none of them is hidden."""

import base64
import json
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lutong.domains.audit.queries import documents_of_record
from lutong.domains.courts.queries import document_label
from lutong.domains.dossier.access import sees_case, visible_to
from lutong.domains.dossier.models import Document
from lutong.domains.dossier.queries.documents import CURRENT
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Invalid, NotFound

Position = tuple[int, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Group:
    """Papers of one kind, in the order of the volume."""

    kind: str
    label: str
    papers: list[Document]


@dataclass(frozen=True, slots=True)
class Completeness:
    """What a person is shown beside what he must be shown; both are counted by different ways."""

    shown: int
    hidden: tuple[uuid.UUID, ...]  # of record, yet not shown
    foreign: tuple[uuid.UUID, ...]  # shown, yet not of record

    @property
    def complete(self) -> bool:
        return not self.hidden and not self.foreign


@dataclass(frozen=True, slots=True)
class Volume:
    """One stretch of a case's volume as one person sees it; `more` continues it."""

    court_id: int
    case_id: uuid.UUID
    groups: list[Group]
    more: str
    first: bool
    check: Completeness

    @property
    def empty(self) -> bool:
        return not self.groups


def volume(*, actor: Actor, court_id: int, case_id: uuid.UUID, after: str = "", limit: int = 100) -> Volume:
    """The papers of a case that the actor may read, grouped by kind, `limit` at a time.

    NotFound when he does not see the case, Invalid for a cursor that is not ours.
    """
    position = _position(after)
    with reading(actor):
        _must_see(actor, court_id, case_id)
        papers = list(
            _after(_papers(actor, court_id, case_id), position).defer("sealed_key", "view_sealed_key")[: limit + 1]
        )
        check = check_complete(actor=actor, court_id=court_id, case_id=case_id)
    more = _cursor(papers[limit - 1]) if len(papers) > limit else ""
    return Volume(court_id, case_id, _grouped(papers[:limit]), more, position is None, check)


def check_complete(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Completeness:
    """Compare what the volume shows the actor with what the trail says must be in it.

    A paper hidden by a wrong filter, a wrong policy or a moved row is in the trail all the same: the trail is
    append-only, and every way into a case writes it.
    """
    with reading(actor):
        shown = set(_papers(actor, court_id, case_id).values_list("id", flat=True))
        # The court's own eyes: the actor's may be the very ones that a bug has blinded.
        with as_actor(system(court_id)):
            rows = Document.objects.filter(court_id=court_id, case_id=case_id)
            held = {row[0]: row for row in rows.values_list("id", "volume", "state")}
            recorded = documents_of_record(actor=system(court_id), court_id=court_id, case_id=case_id)
    due = {
        id for id, volume, state in held.values() if state in CURRENT and (actor.is_staff or volume == "main")
    } | (recorded - held.keys())  # fmt: skip
    return Completeness(len(shown), tuple(sorted(due - shown)), tuple(sorted(shown - due)))


def _must_see(actor: Actor, court_id: int, case_id: uuid.UUID) -> None:
    if not sees_case(actor, court_id=court_id, case_id=case_id):
        raise NotFound("没有这个案件，或您无权查看")


def _papers(actor: Actor, court_id: int, case_id: uuid.UUID) -> QuerySet[Document]:
    return visible_to(actor, court_id=court_id).filter(case_id=case_id, state__in=CURRENT).order_by("place", "id")


def _after(papers: QuerySet[Document], position: Position | None) -> QuerySet[Document]:
    if position is None:
        return papers
    place, last = position
    return papers.filter(place__gte=place).filter(Q(place__gt=place) | Q(id__gt=last))


def _grouped(papers: list[Document]) -> list[Group]:
    groups: dict[str, Group] = {}
    for paper in papers:
        group = groups.setdefault(paper.kind, Group(paper.kind, document_label(paper.kind), []))
        group.papers.append(paper)
    return list(groups.values())


def _cursor(paper: Document) -> str:
    return base64.urlsafe_b64encode(json.dumps([paper.place, str(paper.id)]).encode()).decode().rstrip("=")


def _position(cursor: str) -> Position | None:
    if not cursor:
        return None
    try:
        place, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(place, int) or not 0 <= place < 2**31:
            raise ValueError
        return place, uuid.UUID(last)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Invalid("翻页位置无效，请从第一页重新浏览") from None
