"""The legal clock of a filing: who hears of it when it runs out."""

import datetime as dt

from lutong.domains.audit.actions import record
from lutong.domains.filing.models import Filing
from lutong.domains.filing.states import FilingState as S
from lutong.domains.identity.queries import list_colleagues
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date

SEVEN_DAYS = "民事诉讼法第一百二十六条、登记立案规定第八条"


@action
def flag_overdue(*, actor: Actor, court_id: int, now: dt.datetime) -> int:
    """Tell clerks, presidents and the lawyer, once per round, of filings that must now be registered first.

    Returns how many of them nobody had been told of. Law: 登记立案规定第八条; 法发〔2021〕3号第八条.
    """
    overdue = (
        Filing.objects.filter(
            court_id=court_id, state__in=[S.SUBMITTED, S.APPROVED], review_due_on__lt=beijing_date(now)
        )
        .defer("content")
        .order_by("review_due_on", "id")
    )
    staff = [
        *list_colleagues(court_id=court_id, role=Role.CLERK),
        *list_colleagues(court_id=court_id, role=Role.PRESIDENT),
    ]
    heads = [colleague.person_id for colleague in staff]
    fresh = [filing.receipt_no for filing in overdue if _remind(filing, heads, now)]
    if fresh:
        record(
            actor=actor, court_id=court_id, action="filing.flag_overdue", subject=f"{len(fresh)} 件超期", now=now,
            count=len(fresh), receipts=fresh,
        )  # fmt: skip
    return len(fresh)


def _remind(filing: Filing, staff: list[int], now: dt.datetime) -> bool:
    """Tell everybody concerned of one filing; answers whether anybody had not heard of it."""
    key = f"overdue:{filing.id}:{filing.round}"
    told = [
        tell(
            person_id=person_id, key=key, kind="filing", tone="danger", now=now,
            title=f"立案审查超期，应当先行登记：{filing.receipt_no}", body=f"{filing.title}。{SEVEN_DAYS}",
            link=f"/desk/filings/{filing.id}/",
        )
        for person_id in staff
    ]  # fmt: skip
    lawyer_told = tell(
        person_id=filing.lawyer_id, key=key, kind="filing", now=now, link=f"/filing/{filing.draft_id}/",
        title=f"法院审查期已届满：{filing.title}", body=f"已提醒{filing.court_name}立案庭先行登记（{SEVEN_DAYS}）",
    )  # fmt: skip
    return lawyer_told or any(told)
