"""当事人索引 of cases from before the index: found by the conflict checks as if it had always been there."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.domains.capacity.actions import note_over
from lutong.domains.capacity.queries import list_indexed
from lutong.domains.cases.actions.counsel import index_parties
from lutong.domains.cases.models import Case, Party, Representation
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor

WAS_COUNSEL = ("confirmed", "ended")


@dataclass(frozen=True, slots=True)
class Indexed:
    """One batch: how many representations were looked at, how many got rows, and where the next one begins."""

    looked_at: int
    added: int
    last: uuid.UUID | None


@action
def index_earlier_cases(
    *, actor: Actor, court_id: int, after: uuid.UUID | None, limit: int, now: dt.datetime
) -> Indexed:
    """Give the lawyers' cases of a court that have no rows in the index theirs, a batch at a time. Safe to repeat.

    Cases that are over, and those that a lawyer has left, become past ones (律师法第三十八条第一款).
    """
    rows = Representation.objects.filter(court_id=court_id, state__in=WAS_COUNSEL, lawyer_id__gt=0)
    rows = rows.filter(id__gt=after) if after else rows
    batch = list(rows.order_by("id")[:limit])
    known = list_indexed(court_id=court_id, pairs=[(one.lawyer_id, one.case_id) for one in batch])
    missing = [one for one in batch if (one.lawyer_id, one.case_id) not in known]
    cases = {c.id: c for c in Case.objects.filter(court_id=court_id, id__in={one.case_id for one in missing})}
    parties = {p.id: p for p in Party.objects.filter(court_id=court_id, id__in={one.party_id for one in missing})}
    for one in sorted(missing, key=lambda one: one.state == "confirmed"):  # who came back counts as there
        case = cases[one.case_id]
        index_parties(case=case, party=parties[one.party_id], lawyer_id=one.lawyer_id)
        if one.state == "ended" or case.stage == "closed":
            note_over(lawyer_ids=[one.lawyer_id], court_id=court_id, case_id=case.id)
    return Indexed(len(batch), len(missing), batch[-1].id if batch else None)
