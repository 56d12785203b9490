"""What a personnel system may do: the same acts as the desk's, with ordinary posts taking effect at once."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.identity.queries import posts_in
from lutong.domains.staffing.actions.members import change, disable, enable, enrol, locked
from lutong.domains.staffing.actions.proposals import propose
from lutong.domains.staffing.models import Member, Proposal
from lutong.domains.staffing.rules import Person, Provisioned, clash_of
from lutong.kernel.acting import action
from lutong.kernel.actor import ADMIN_ROLES, Actor, Role
from lutong.kernel.errors import Invalid

_ADMINS = {str(role) for role in ADMIN_ROLES}


@action
def provision(*, actor: Actor, issuer: int, told: Provisioned, now: dt.datetime) -> Member:
    """Enter a person. Administrators' posts wait for a decision; `issuer` answers for the proposal. Raises Invalid,
    Conflict when the number is taken.
    """
    person = Person(told.staff_no, told.name, told.mobile, told.department)
    member = enrol(actor=actor, person=person, now=now, source="scim", external_id=told.external_id)
    _fit_posts(actor, issuer, member, told.roles or (), now)
    if not told.active:
        disable(actor=actor, member_id=member.id, now=now)
    return member


@action
def reprovision(*, actor: Actor, issuer: int, member_id: uuid.UUID, told: Provisioned, now: dt.datetime) -> Member:
    """Bring a person to what the personnel system says: facts, posts (when it names them), active or not."""
    member = locked(actor, member_id)
    if told.staff_no != member.staff_no:
        raise Invalid("工号不能变更", fields={"userName": "工号登记后不能变更"})
    facts = (member.name, member.mobile, member.department, member.external_id)
    if facts != (told.name, told.mobile, told.department, told.external_id):
        member = change(
            actor=actor, member_id=member_id, version=None, name=told.name, mobile=told.mobile,
            department=told.department, external_id=told.external_id, now=now,
        )  # fmt: skip
    if told.active and not member.active:
        member = enable(actor=actor, member_id=member_id, now=now)
    elif member.active and not told.active:
        return disable(actor=actor, member_id=member_id, now=now)
    if told.roles is not None and member.active:
        _fit_posts(actor, issuer, member, told.roles, now)
    return member


def _fit_posts(actor: Actor, issuer: int, member: Member, roles: tuple[str, ...], now: dt.datetime) -> None:
    if clash := clash_of(roles):
        raise Invalid(clash, fields={"roles": clash})
    who = {"court_id": member.court_id, "person_id": member.person_id}
    held = {post.role for post in posts_in(court_id=member.court_id, person_ids=[member.person_id])}
    waiting = Proposal.objects.filter(**who, state="proposed", kind="grant")
    asked = set(waiting.values_list("role", flat=True))
    if held & _ADMINS - set(roles):
        raise Invalid("管理职务不能由人事接口结束", fields={"roles": "管理职务的结束须在页面提出并审批"})
    if gone := held - set(roles):
        identity.end_posts(person_id=member.person_id, court_id=member.court_id, roles=gone)
    for role in sorted(set(roles) - held - asked):
        if role in _ADMINS:
            propose(
                actor=actor, member_id=member.id, role=role, department=member.department, now=now, source="scim",
                proposer_id=issuer,
            )  # fmt: skip
        else:
            identity.give_post(**who, role=Role(role), department=member.department)
    if gone or set(roles) - held:
        record(
            actor=actor, court_id=member.court_id, action="staffing.fit_posts", subject=member.staff_no, now=now,
            person=member.person_id, given=sorted(set(roles) - held), ended=sorted(gone),
        )  # fmt: skip
