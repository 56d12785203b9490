"""生效: when the last party's appeal period has run, the decision takes effect and the case is closed."""

import datetime as dt
import uuid

from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as case_queries
from lutong.domains.eservice.queries import finality_of
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict


@action
def close_if_final(*, actor: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime) -> dt.date:
    """Close a decided case on or after the day on which its decision took effect; answers that day.

    Raises Conflict while a party is unserved or an appeal period runs.

    Law: 民事诉讼法第一百五十八条, 民诉法解释第五百三十六条.
    """
    case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    finality = finality_of(actor=actor, court_id=court_id, case_id=case_id)
    if finality.effective_on is None:
        raise Conflict(finality.steps[-1].text)
    if finality.provisional:
        raise Conflict("上诉期届满日所在年度的放假安排尚未公布，届满日待确认，暂不能结案")
    if finality.effective_on > beijing_date(now):
        raise Conflict(f"上诉期尚未届满，最早 {finality.effective_on} 起可以办理生效结案")
    cases.take_step(
        actor=actor, court_id=court_id, case_id=case_id, step="close", version=case.version,
        facts={"effective_on": finality.effective_on}, now=now,
    )  # fmt: skip
    cases.settle_deadline(actor=actor, court_id=court_id, case_id=case_id, kind="appeal", state="lapsed", now=now)
    return finality.effective_on
