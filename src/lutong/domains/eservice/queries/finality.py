"""When a decision takes effect, from the services of all parties."""

import uuid

from lutong.domains.cases import queries as case_queries
from lutong.domains.eservice.deadlines import Finality, appeal_runs_out
from lutong.domains.eservice.models import Delivery
from lutong.domains.eservice.queries.facts import served_facts
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor

DECISIONS = {"judgment", "ruling", "mediation_paper"}


def finality_of(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Finality:
    """When the decision of a case takes effect: each party has his own clock, from his earliest valid service.

    Law: 民诉法解释第五百三十六条, 在线诉讼规则第三十一条第四款. For court staff and the system.
    """
    with reading(actor):
        case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id)
        parties = case_queries.parties_of(actor=actor, court_id=court_id, case_id=case_id)
        done = Delivery.objects.filter(
            court_id=court_id, case_id=case_id, effective_on__isnull=False, items__kind__in=DECISIONS
        ).exclude(state="failed")
        first: dict[uuid.UUID, Delivery] = {}
        for delivery in done.order_by("-effective_on", "-id").distinct():
            first[delivery.party_id] = delivery
        sides = {p.id: p.side for p in parties}
        return appeal_runs_out(
            services=[served_facts(delivery=d, case=case, side=sides[d.party_id]) for d in first.values()],
            unserved=[p.name for p in parties if p.id not in first],
        )
