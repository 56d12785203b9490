"""Who may be an assistant, and when assistants are reviewed."""

import calendar
import datetime as dt
from dataclasses import dataclass

from lutong.kernel.parameters import parameter_on

TRAINEE = "trainee"


@dataclass(frozen=True, slots=True)
class Registered:
    """A person as the registry states him: a lawyer, or 申请律师执业实习人员."""

    number: str
    name: str
    kind: str
    kind_label: str
    firm_name: str
    firm_uscc: str
    in_force: bool
    status_label: str
    assertion_id: str

    @property
    def is_trainee(self) -> bool:
        return self.kind == TRAINEE


def objection_to(*, person: Registered, firm_uscc: str) -> str:
    """Why this person cannot assist a lawyer of the firm, or "".

    An assistant is another lawyer of the same firm, or its 实习人员 (意见第一条第二款). Of people of other firms
    nothing is told, not even whether they exist.
    """
    if not firm_uscc or person.firm_uscc != firm_uscc:
        return NOT_OF_THE_FIRM
    if not person.in_force:
        return f"{person.name}的登记状态为“{person.status_label}”，不能担任律师助理"
    return ""


NOT_OF_THE_FIRM = (
    "没有查到本所在册的这名律师或者实习人员，请核对证号"
    "（律师助理限于本所其他律师和申请律师执业实习人员，意见第一条第二款）"
)


def places(*, on: dt.date) -> int:
    """How many assistants a lawyer may have (意见第十四条第一款)."""
    return parameter_on(key="delegation.assistants", on=on).count


def invitation_ends(*, at: dt.datetime, on: dt.date) -> dt.datetime:
    """When an unanswered invitation gives its place back."""
    return at + dt.timedelta(days=parameter_on(key="delegation.invitation", on=on).count)


def next_review(*, on: dt.date) -> dt.date:
    """The day by which the lawyer has to look at his assistants again (意见第十四条第二款)."""
    months = on.month - 1 + parameter_on(key="delegation.review", on=on).count
    year, month = on.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def review_lapses(*, due_on: dt.date) -> dt.date:
    """The day on which grants are suspended when the review was not done."""
    return due_on + dt.timedelta(days=parameter_on(key="delegation.review_grace", on=due_on).count)


def papers_due(*, on: dt.date) -> dt.date:
    """By when a lawyer who changed his firm hands in 授权委托书 and 所函 of the new one (民诉法解释第八十八条)."""
    return on + dt.timedelta(days=parameter_on(key="delegation.firm_papers", on=on).count)


PAPERS = frozenset({"mandate", "firm_letter"})
PAPERS_LAW = "民诉法解释第八十八条"
