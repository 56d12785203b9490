"""The calendars of counsel: locked, searched and written in the transaction of the hearing itself."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db import connection
from django.db.models import Q

from lutong.domains.cases import queries as cases
from lutong.domains.courts import queries as courts
from lutong.domains.hearings import rules
from lutong.domains.hearings.models import Clash, Hearing, LawyerCalendar, LawyerHearing
from lutong.domains.hearings.queries import clashes
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.clock import BEIJING

RENEWED = ["kind", "minutes", "needed", "gap", "explanation", "found_at", "state", "reason"]


def lock(lawyer_ids: Collection[int]) -> None:
    """Hold each lawyer's calendar until commit, one by one in the order of their ids.

    Whoever fixes a time for a lawyer holds his calendar while looking and writing, so of two courts the
    second sees the first's hearing. The common order makes a deadlock among lawyers impossible.
    """
    with connection.cursor() as cursor:
        for lawyer_id in sorted(set(lawyer_ids)):
            cursor.execute(
                "INSERT INTO hearings_lawyercalendar (lawyer_id, feed_secret) VALUES (%s, %s) "
                "ON CONFLICT (lawyer_id) DO NOTHING",
                [lawyer_id, LawyerCalendar._meta.get_field("feed_secret").get_db_prep_value({}, connection)],
            )
            cursor.execute("SELECT 1 FROM hearings_lawyercalendar WHERE lawyer_id = %s FOR UPDATE", [lawyer_id])


def project(*, hearing: Hearing, number: str, case_title: str, lawyer_ids: Iterable[int]) -> None:
    """Write the hearing into each lawyer's own calendar (a row of his, so that his reads touch one owner)."""
    court = courts.get_court(court_id=hearing.court_id)
    facts = {
        "court_id": hearing.court_id, "case_id": hearing.case_id, "number": number, "case_title": case_title,
        "kind": hearing.kind, "title": hearing.get_kind_display(), "mode": hearing.mode,
        "place": " · ".join(filter(None, (court.short_name, hearing.room_name))), "city": court.city or court.province,
        "latitude": court.latitude, "longitude": court.longitude, "starts_at": hearing.during.lower,
        "ends_at": hearing.during.upper, "scheduled_at": hearing.scheduled_at,
        "scheduler_id": hearing.scheduler_id, "version": hearing.version, "active": True,
    }  # fmt: skip
    LawyerHearing.objects.bulk_create(
        [LawyerHearing(lawyer_id=lawyer_id, id=hearing.id, **facts) for lawyer_id in sorted(set(lawyer_ids))],
        update_conflicts=True, unique_fields=["lawyer_id", "id"], update_fields=list(facts),
    )  # fmt: skip


def withdraw(*, hearing_id: uuid.UUID, lawyer_ids: Iterable[int]) -> None:
    """Take a hearing out of the calendars and close its clashes."""
    for lawyer_id in sorted(set(lawyer_ids)):
        LawyerHearing.objects.filter(lawyer_id=lawyer_id, id=hearing_id).update(active=False)
    solve(entry_id=hearing_id, lawyer_ids=lawyer_ids)


def holders_of(hearing_id: uuid.UUID, lawyer_ids: Collection[int]) -> list[int]:
    """Of these lawyers, those whose calendar shows the hearing."""
    rows = LawyerHearing.objects.filter(lawyer_id__in=list(lawyer_ids), id=hearing_id, active=True)
    return list(rows.values_list("lawyer_id", flat=True))


def solve(*, entry_id: uuid.UUID, lawyer_ids: Iterable[int]) -> None:
    """Close every open clash of an entry: it moved, or is gone."""
    for lawyer_id in sorted(set(lawyer_ids)):
        Clash.objects.filter(Q(one_id=entry_id) | Q(other_id=entry_id), lawyer_id=lawyer_id, state="open").update(
            state="solved"
        )


def record_clashes(
    *, entry_id: uuid.UUID, court_id: int | None, found: Sequence[clashes.Found], reason: str, now: dt.datetime
) -> None:
    """Store each pair, so that both sides see it; a pair that was solved and has come back opens again."""
    rows = [
        Clash(
            lawyer_id=clash.lawyer_id, one_id=entry_id, other_id=clash.other.id, one_court_id=court_id,
            other_court_id=clash.other.court_id, kind=clash.finding.kind, minutes=clash.finding.minutes,
            needed=clash.finding.needed, gap=clash.finding.gap, explanation=clash.finding.reason[:200],
            found_at=now, state="open", reason=reason,
        )
        for clash in found
    ]  # fmt: skip
    Clash.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["lawyer_id", "one_id", "other_id"], update_fields=RENEWED
    )


def warn_of_clashes(
    *, entry_id: uuid.UUID, when: str, mark: str, found: Sequence[clashes.Found], names: dict[int, str],
    now: dt.datetime, court_name: str = "",
) -> None:  # fmt: skip
    """Tell counsel, and whoever fixed the other hearing in its court (意见第十条: 自动提示). No case data crosses.

    `mark` tells one fixing of the time from the next, so that each is told once; without `court_name` (an event
    of the lawyer's own) no court is told.
    """
    for clash in found:
        other, finding = clash.other, clash.finding
        tell(
            person_id=clash.lawyer_id, key=f"clash:{entry_id}:{other.id}:{mark}", kind="clash", tone="danger",
            title=f"排期冲突：{when}，{finding.text}", body=finding.explanation, now=now,
            link=f"/calendar/?on={_day(other.starts_at)}",
        )  # fmt: skip
        if court_name and other.court_id is not None and other.scheduler_id is not None:
            tell(
                person_id=other.scheduler_id, key=f"clash:{entry_id}:{other.id}:{clash.lawyer_id}:{mark}",
                kind="clash", tone="warn", title=f"代理律师排期冲突：{minute(other.starts_at)} 的庭审，{finding.text}",
                body=f"{names.get(clash.lawyer_id, '代理律师')}律师{when}在{court_name}另有庭审。{finding.explanation}",
                now=now, link=f"/desk/calendar/{other.id}/",
            )  # fmt: skip


@action
def follow_counsel(*, actor: Actor, court_id: int, case_id: uuid.UUID, lawyer_id: int, now: dt.datetime) -> None:
    """New counsel gets the case's coming hearings, with the clashes that they bring him; both courts hear of them."""
    case = cases.get_case(actor=actor, court_id=court_id, case_id=case_id)
    counsel = cases.counsel_of(actor=actor, court_id=court_id, case_id=case_id)
    lawyer_name = next((c.name for c in counsel if c.lawyer_id == lawyer_id), "新到庭代理")
    court_name = courts.get_court(court_id=court_id).short_name
    lock([lawyer_id])
    coming = Hearing.objects.filter(court_id=court_id, case_id=case_id, state="scheduled", during__endswith__gt=now)
    for hearing in coming.order_by("during"):
        wanted = wanted_of(hearing)
        found = clashes.search(lawyer_ids=[lawyer_id], wanted=wanted)
        project(hearing=hearing, number=case.number, case_title=case.title, lawyer_ids=[lawyer_id])
        record_clashes(entry_id=hearing.id, court_id=court_id, found=found, reason="", now=now)
        when = minute(hearing.during.lower)
        warn_of_clashes(
            entry_id=hearing.id, when=when, mark=f"joined{hearing.version}", found=found,
            names={lawyer_id: lawyer_name}, now=now, court_name=court_name,
        )  # fmt: skip
        if found and hearing.scheduler_id is not None:
            tell(
                person_id=hearing.scheduler_id, key=f"joined:{hearing.id}:{lawyer_id}", kind="clash", tone="warn",
                title=f"新到庭代理人排期冲突：{when} 的庭审", now=now, link=f"/desk/calendar/{hearing.id}/",
                body=f"{lawyer_name}律师：" + "；".join(clash.finding.text for clash in found),
            )  # fmt: skip


@action
def leave_calendar(*, actor: Actor, court_id: int, case_id: uuid.UUID, lawyer_id: int, now: dt.datetime) -> None:
    """Counsel who has left the case loses its coming hearings, and their clashes are solved."""
    lock([lawyer_id])
    coming = LawyerHearing.objects.filter(
        lawyer_id=lawyer_id, court_id=court_id, case_id=case_id, active=True, ends_at__gt=now
    )
    for hearing_id in list(coming.values_list("id", flat=True)):
        withdraw(hearing_id=hearing_id, lawyer_ids=[lawyer_id])


def wanted_of(hearing: Hearing) -> rules.Engagement:
    """A hearing as the rules see it."""
    place = clashes.place_in_court(court_id=hearing.court_id, mode=hearing.mode)
    return rules.Engagement(hearing.id, hearing.during.lower, hearing.during.upper, place)


def minute(instant: dt.datetime) -> str:
    """12-03 09:30, on the Beijing clock, for the sentences of notices."""
    return instant.astimezone(BEIJING).strftime("%m-%d %H:%M")


def _day(instant: dt.datetime) -> str:
    return instant.astimezone(BEIJING).date().isoformat()
