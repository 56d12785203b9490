"""当事人索引: written in the transaction that gives a lawyer a case, so that no check can miss it."""

import uuid
from collections.abc import Iterable, Sequence

from lutong.domains.capacity.digests import digest_of
from lutong.domains.capacity.models import PartyName
from lutong.domains.capacity.rules import Relation


def note_case(
    *, lawyer_id: int, court_id: int, case_id: uuid.UUID, number: str, parties: Sequence[tuple[str, str, bool]],
    side: str,
) -> None:  # fmt: skip
    """Index the parties of a case for one of its counsel. `parties`: (name, side, whether he is the client).

    Co-parties on the client's side and, in a case with third parties, nobody's opponents are `other`.
    """
    PartyName.objects.filter(lawyer_id=lawyer_id, court_id=court_id, case_id=case_id).delete()
    rows = {
        (digest, relation): PartyName(
            lawyer_id=lawyer_id, court_id=court_id, case_id=case_id, number=number, relation=relation, digest=digest
        )
        for name, its_side, client in parties
        if (digest := digest_of(lawyer_id=lawyer_id, name=name))
        for relation in [_relation(side, its_side, client)]
    }
    PartyName.objects.bulk_create(rows.values())


def note_over(*, lawyer_ids: Iterable[int], court_id: int, case_id: uuid.UUID) -> None:
    """The case has ended, or these lawyers have left it: from now on it is a past one."""
    PartyName.objects.filter(lawyer_id__in=sorted(lawyer_ids), court_id=court_id, case_id=case_id).update(over=True)


def _relation(side: str, its_side: str, client: bool) -> Relation:
    if client:
        return Relation.CLIENT
    return Relation.OPPONENT if {side, its_side} == {"plaintiff", "defendant"} else Relation.OTHER
