"""People of a court: entered, corrected, taken out. No secret of theirs passes through these hands."""

import datetime as dt
import uuid
from dataclasses import replace

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.identity.queries import posts_in
from lutong.domains.staffing.access import members_seen, require
from lutong.domains.staffing.actions.proposals import propose
from lutong.domains.staffing.models import Invitation, Member, Proposal
from lutong.domains.staffing.queries import MemberRow, list_members
from lutong.domains.staffing.rules import Person, faults_of
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import ADMIN_ROLES, Actor, Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, Invalid, NotFound

refuse_on("member_once", lambda: Conflict("这个人已经在本院名单里"))
refuse_on("member_staff_no_once", lambda: Conflict("这个工号已经在本院名单里"))
refuse_on("member_external_id_once", lambda: Conflict("这个人事系统编号已经登记给另一个人"))

_ADMINS = {str(role) for role in ADMIN_ROLES}


@action
def enrol(*, actor: Actor, person: Person, now: dt.datetime, source: str = "desk", external_id: str = "") -> Member:
    """Enter a person with an account that nobody can use yet, and propose his posts to the security administrator.

    Raises NotFound, Invalid with the faults by field, Conflict when number or mobile are taken.
    """
    court_id = require(actor, Duty.MEMBERS)
    if faults := faults_of(person):
        raise Invalid("请改正标出的项目", fields=faults)
    person_id, is_new = identity.account_for(staff_no=person.staff_no, name=person.name, mobile=person.mobile)
    member = Member.objects.create(
        court_id=court_id, person_id=person_id, staff_no=person.staff_no, name=person.name, mobile=person.mobile,
        department=person.department, external_id=external_id[:80], created_at=now, changed_at=now,
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="staffing.enrol", subject=person.staff_no, now=now, person=person_id,
        new_account=is_new, source=source,
    )  # fmt: skip
    for role in person.roles:
        propose(actor=actor, member_id=member.id, role=role, department=person.department, now=now, source=source)
    return member


@action
def change(
    *, actor: Actor, member_id: uuid.UUID, version: int | None, name: str, mobile: str, department: str,
    now: dt.datetime, external_id: str | None = None,
) -> Member:  # fmt: skip
    """Correct a member's name, mobile or department. Raises NotFound, Invalid, Conflict."""
    require(actor, Duty.MEMBERS)
    member = locked(actor, member_id)
    if version is not None and member.version != version:
        raise Conflict("这一条刚被他人改动，请刷新后再改", version=member.version)
    told = replace(Person(member.staff_no, name, mobile, department))
    if faults := faults_of(told):
        raise Invalid("请改正标出的项目", fields=faults)
    if (member.name, member.mobile) != (name, mobile):
        identity.change_account(person_id=member.person_id, name=name, mobile=mobile)
    member.name, member.mobile, member.department = name, mobile, department
    member.external_id = member.external_id if external_id is None else external_id[:80]
    keep(member, now)
    record(
        actor=actor, court_id=member.court_id, action="staffing.change", subject=member.staff_no, now=now,
        person=member.person_id,
    )  # fmt: skip
    return member


@action
def disable(*, actor: Actor, member_id: uuid.UUID, now: dt.datetime) -> Member:
    """停用: end all posts in the court and close the account when no other court keeps it; sessions end at once.

    An administrator's post is ended by a decision first, so that nobody switches off his own supervision.
    """
    require(actor, Duty.MEMBERS)
    member = locked(actor, member_id)
    if member.person_id == actor.person_id:
        raise Conflict("不能停用自己的账号，请由另一名系统管理员办理")
    if any(post.role in _ADMINS for post in posts_in(court_id=member.court_id, person_ids=[member.person_id])):
        raise Conflict("此人担任管理员，请先提出“结束职务”，经安全管理员批准后再停用")
    ended = identity.end_posts(person_id=member.person_id, court_id=member.court_id)
    closed = identity.close_account(person_id=member.person_id)
    mine = {"court_id": member.court_id, "person_id": member.person_id}
    Proposal.objects.filter(**mine, state="proposed").update(state="withdrawn", reason="账号停用")
    Invitation.objects.filter(**mine, used_at=None, revoked_at=None).update(revoked_at=now)
    member.active = False
    keep(member, now)
    record(
        actor=actor, court_id=member.court_id, action="staffing.disable", subject=member.staff_no, now=now,
        person=member.person_id, posts=ended, closed=closed,
    )  # fmt: skip
    return member


@action
def enable(*, actor: Actor, member_id: uuid.UUID, now: dt.datetime) -> Member:
    """Take a member in again; his posts are proposed and decided anew. Raises NotFound."""
    require(actor, Duty.MEMBERS)
    member = locked(actor, member_id)
    if not member.active:
        identity.open_account(person_id=member.person_id)
        member.active = True
        keep(member, now)
        record(
            actor=actor, court_id=member.court_id, action="staffing.enable", subject=member.staff_no, now=now,
            person=member.person_id,
        )  # fmt: skip
    return member


@action
def end_post(*, actor: Actor, member_id: uuid.UUID, role: str, now: dt.datetime) -> Proposal | None:
    """End one post: at once, or by a proposal when it is an administrator's (answered). Raises NotFound, Conflict."""
    require(actor, Duty.MEMBERS)
    member = locked(actor, member_id)
    held = {post.role for post in posts_in(court_id=member.court_id, person_ids=[member.person_id])}
    if role not in held:
        raise NotFound("没有这个职务，或者它已经结束")
    if role in _ADMINS:
        return propose(actor=actor, member_id=member_id, role=role, department="", now=now, kind="end")
    identity.end_posts(person_id=member.person_id, court_id=member.court_id, roles=[role])
    record(
        actor=actor, court_id=member.court_id, action="staffing.end_post", subject=Role(role).label, now=now,
        person=member.person_id, role=role,
    )  # fmt: skip
    return None


@action
def take_export(*, actor: Actor, now: dt.datetime) -> list[MemberRow]:
    """The whole list of the court's people, to be taken out of the platform: that stands in the trail."""
    court_id = require(actor, Duty.MEMBERS)
    rows = list_members(actor=actor, limit=5000)
    record(actor=actor, court_id=court_id, action="staffing.take_export", subject="", now=now, rows=len(rows))
    return rows


def locked(actor: Actor, member_id: uuid.UUID) -> Member:
    """A member of the actor's court, held until the transaction ends. Raises NotFound."""
    member = members_seen(actor).select_for_update().filter(id=member_id).first()
    if member is None:
        raise NotFound("本院没有这个人员")
    return member


def keep(member: Member, now: dt.datetime) -> None:
    """Store under the next version."""
    member.version, member.changed_at = member.version + 1, now
    member.save()
