"""Who may see which bill, and who may pay it."""

import uuid

from django.db.models import QuerySet

from lutong.domains.cases.queries import counsel_of, my_case_ids, staff_rows
from lutong.domains.fees.models import Bill
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.duties import Duty, may

PREPAYS = "plaintiff"  # 诉讼费用交纳办法第二十条第一款


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Bill]:
    """A bill of a court is visible if, and only if:

    * the actor keeps the money of that court, or its case is his work there; or
    * it belongs to a case in which he is counsel of record now, on whichever side, or assists one who granted 交费.
    """
    bills = Bill.objects.filter(court_id=court_id)
    if actor.is_staff and actor.role is Role.FINANCE:
        return bills if actor.court_id == court_id else bills.none()
    if actor.is_staff and actor.role is not Role.SYSTEM and not may(actor, Duty.FEES):
        return bills.none()
    if actor.is_staff:
        return staff_rows(actor=actor, court_id=court_id, rows=bills)
    return bills.filter(case_id__in=my_case_ids(actor=actor, court_id=court_id, needs=Capability.PAY))


def may_pay(actor: Actor, bill: Bill) -> bool:
    """Counsel of the side that must prepay: the plaintiff's (诉讼费用交纳办法第二十条第一款), or who pays for him."""
    return actor.is_counsel and actor.lawyer_id in payers_of(actor, court_id=bill.court_id, case_id=bill.case_id)


def payers_of(actor: Actor, *, court_id: int, case_id: uuid.UUID) -> list[int]:
    """The counsel who pay for the plaintiff's side, as account ids."""
    counsel = counsel_of(actor=actor, court_id=court_id, case_id=case_id)
    return sorted({c.lawyer_id for c in counsel if c.side == PREPAYS})
