"""The first three administrators of a court, and people who were here before its list of people."""

import datetime as dt
from collections.abc import Mapping

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.identity.queries import accounts_of, list_colleagues
from lutong.domains.staffing import words
from lutong.domains.staffing.access import door
from lutong.domains.staffing.actions.inviting import VALID_FOR
from lutong.domains.staffing.models import Invitation, Member
from lutong.domains.staffing.rules import Person, faults_of
from lutong.kernel.acting import action
from lutong.kernel.actor import ADMIN_ROLES, Actor, Role
from lutong.kernel.errors import Conflict, Invalid

BY_LINK, BY_CODE = 0, -1  # the console stands for both hands, once, while a court has no administrator yet


def found_administrators(
    *, court_id: int, people: Mapping[Role, Person], now: dt.datetime
) -> dict[Role, tuple[str, str]]:
    """Enter the first system, security and audit administrator of a court: the (link word, code) of each.

    Only while the court has none. Raises Invalid, Conflict.
    """
    return _found(actor=door(court_id), people=people, now=now)


@action
def _found(*, actor: Actor, people: Mapping[Role, Person], now: dt.datetime) -> dict[Role, tuple[str, str]]:
    court_id = actor.court_id or 0
    if set(people) != ADMIN_ROLES or len({person.staff_no for person in people.values()}) != len(ADMIN_ROLES):
        raise Invalid("三类管理员须各由一人担任")
    if list_colleagues(court_id=court_id, role=ADMIN_ROLES):
        raise Conflict("本院已有管理员，请由他们登记和审批")
    handed = {}
    for role, person in sorted(people.items()):
        if faults := faults_of(person):
            raise Invalid("；".join(faults.values()))
        person_id, _ = identity.account_for(staff_no=person.staff_no, name=person.name, mobile=person.mobile)
        Member.objects.create(
            court_id=court_id, person_id=person_id, staff_no=person.staff_no, name=person.name, mobile=person.mobile,
            department=person.department, created_at=now, changed_at=now,
        )  # fmt: skip
        identity.give_post(person_id=person_id, court_id=court_id, role=role, department=person.department)
        link, code = words.new_link(court_id), words.new_code()
        made = Invitation.objects.create(
            court_id=court_id, person_id=person_id, person_name=person.name, staff_no=person.staff_no,
            link_digest=words.digest_of(link), link_by=BY_LINK, code_by=BY_CODE, made_at=now,
            expires_at=now + VALID_FOR,
        )  # fmt: skip
        Invitation.objects.filter(court_id=court_id, id=made.id).update(
            code_digest=words.digest_of(f"{made.id}:{code}")
        )
        handed[role] = (link, code)
        record(actor=actor, court_id=court_id, action="staffing.found", subject=role.label, now=now, person=person_id)
    return handed


def adopt(*, court_id: int, now: dt.datetime) -> int:
    """Put everybody who holds a post of the court into its list of people; answers how many were new."""
    return _adopt(actor=door(court_id), now=now)


@action
def _adopt(*, actor: Actor, now: dt.datetime) -> int:
    court_id = actor.court_id or 0
    colleagues = {colleague.person_id: colleague for colleague in list_colleagues(court_id=court_id)}
    known = set(Member.objects.filter(court_id=court_id).values_list("person_id", flat=True))
    new = accounts_of(person_ids=colleagues.keys() - known)
    Member.objects.bulk_create(
        Member(
            court_id=court_id, person_id=account.pk, staff_no=account.sign_name, name=account.name,
            mobile=account.mobile or "", department=colleagues[account.pk].department, created_at=now, changed_at=now,
        )
        for account in new
    )  # fmt: skip
    if new:
        record(actor=actor, court_id=court_id, action="staffing.adopt", subject="", now=now, people=len(new))
    return len(new)
