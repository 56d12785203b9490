"""Members with their posts, proposals, invitations, sessions and tokens."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lutong.domains.identity.queries import posts_in, second_factors_of, sessions_of
from lutong.domains.staffing import words
from lutong.domains.staffing.access import (
    door,
    invitations_seen,
    members_seen,
    proposals_seen,
    require,
    tokens_seen,
)
from lutong.domains.staffing.models import ImportBatch, Invitation, Member, Proposal, ProvisioningToken
from lutong.domains.staffing.rules import LABELS
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.duties import Duty
from lutong.kernel.errors import NotFound

MANY = 100


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with his posts, what is proposed for him, and whether he can sign in."""

    member: Member
    posts: list[tuple[str, str, str]]  # role, label, department
    proposed: list[Proposal]
    ready: bool


def list_members(
    *, actor: Actor, text: str = "", role: str = "", state: str = "", after: str = "", limit: int = 50
) -> list[MemberRow]:
    """One page of the court's people by number; `after` is the last number seen. Raises NotFound."""
    with reading(actor):
        rows = members_seen(actor)
        if state in ("active", "disabled"):
            rows = rows.filter(active=state == "active")
        for word in text.split()[:3]:
            rows = rows.filter(
                Q(name__icontains=word[:40]) | Q(staff_no__icontains=word[:40]) | Q(department__icontains=word[:40])
            )
        if role:
            court_id = actor.court_id or 0
            everyone = rows.values_list("person_id", flat=True)
            holders = {p.account_id for p in posts_in(court_id=court_id, person_ids=list(everyone)) if p.role == role}
            rows = rows.filter(person_id__in=holders)
        if after:
            rows = rows.filter(staff_no__gt=after)
        return rows_of(actor=actor, members=list(rows.order_by("staff_no")[:limit]))


def rows_of(*, actor: Actor, members: Sequence[Member]) -> list[MemberRow]:
    """The same members with posts and proposals, in three statements however many they are."""
    ids = [member.person_id for member in members]
    with reading(actor):
        posts = posts_in(court_id=actor.court_id or 0, person_ids=ids)
        ready = second_factors_of(person_ids=ids)
        waiting = list(proposals_seen(actor).filter(person_id__in=ids, state="proposed"))
    return [
        MemberRow(
            member,
            [(p.role, LABELS[p.role], p.department) for p in posts if p.account_id == member.person_id],
            [one for one in waiting if one.person_id == member.person_id],
            member.person_id in ready,
        )
        for member in members
    ]


def get_member(*, actor: Actor, member_id: uuid.UUID) -> MemberRow:
    """One member. Raises NotFound."""
    with reading(actor):
        member = members_seen(actor).filter(id=member_id).first()
        if member is None:
            raise NotFound("本院没有这个人员")
        return rows_of(actor=actor, members=[member])[0]


def list_proposals(*, actor: Actor, state: str = "", person_id: int | None = None, limit: int = 100) -> list[Proposal]:
    """Proposals of the court, the newest first. Raises NotFound."""
    with reading(actor):
        rows = proposals_seen(actor)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(person_id=person_id) if person_id is not None else rows
        return list(rows.order_by("-proposed_at", "-id")[:limit])


def count_open_proposals(*, actor: Actor) -> int:
    """How many proposals wait, counted up to 100."""
    with reading(actor):
        return len(proposals_seen(actor).filter(state="proposed").values("id")[:MANY])


def list_invitations(*, actor: Actor, now: dt.datetime) -> list[Invitation]:
    """The invitations that are still open, the newest first. Raises NotFound."""
    with reading(actor):
        rows = invitations_seen(actor).filter(used_at=None, revoked_at=None, expires_at__gt=now)
        return list(rows.order_by("-made_at")[:200])


def find_invitation(*, word: str, now: dt.datetime) -> Invitation | None:
    """The open invitation behind a link, for the page of whoever holds it."""
    court_id = words.court_of(word)
    if not court_id:
        return None
    with reading(door(court_id)):
        found = Invitation.objects.filter(
            court_id=court_id, link_digest=words.digest_of(word), used_at=None, revoked_at=None, expires_at__gt=now,
            tries__lt=words.MOST_TRIES,
        )  # fmt: skip
        return found.first()


def list_sessions(*, actor: Actor, text: str = "") -> list[tuple[Member, list[Any]]]:
    """Who of the court is signed in, and where; the last used first. Raises NotFound."""
    require(actor, Duty.SESSIONS)
    with reading(actor):
        rows = members_seen(actor)
        if text:
            rows = rows.filter(Q(name__icontains=text) | Q(staff_no__icontains=text))
        members = {member.person_id: member for member in rows[:2000]}
        held: dict[int, list[Any]] = {}
        for session in sessions_of(person_ids=list(members)):
            held.setdefault(session.user_id, []).append(session)
    return [(members[person_id], sessions) for person_id, sessions in held.items()]


def list_tokens(*, actor: Actor) -> list[ProvisioningToken]:
    """The tokens of the court's personnel systems, the newest first. Raises NotFound."""
    with reading(actor):
        return list(tokens_seen(actor).order_by("-issued_at")[:50])


def get_import(*, actor: Actor, batch_id: uuid.UUID) -> ImportBatch:
    """One import of the court. Raises NotFound."""
    court_id = require(actor, Duty.MEMBERS)
    with reading(actor):
        batch = ImportBatch.objects.filter(court_id=court_id, id=batch_id).first()
    if batch is None:
        raise NotFound("没有这次导入")
    return batch


def list_imports(*, actor: Actor) -> list[ImportBatch]:
    """The court's last imports without their lines, the newest first. Raises NotFound."""
    court_id = require(actor, Duty.MEMBERS)
    with reading(actor):
        return list(ImportBatch.objects.filter(court_id=court_id).defer("rows").order_by("-made_at", "-id")[:10])


def find_member(*, actor: Actor, member_id: uuid.UUID) -> MemberRow:
    """One member, for a personnel system. Raises NotFound."""
    return get_member(actor=actor, member_id=member_id)


def page_of_members(*, actor: Actor, wanted: tuple[str, str], start: int, count: int) -> tuple[list[MemberRow], int]:
    """A page by place (from 1) of the court's people, and how many there are: SCIM pages that way."""
    field, value = wanted
    with reading(actor):
        rows = members_seen(actor)
        if field:
            rows = rows.filter(staff_no=value) if field == "username" else rows.filter(external_id=value)
        total = rows.count()
        return rows_of(actor=actor, members=list(rows.order_by("staff_no")[start - 1 : start - 1 + count])), total


def holders(*, actor: Actor) -> dict[str, list[tuple[uuid.UUID, str]]]:
    """Who holds each post of the court, as (id, name)."""
    with reading(actor):
        members = {member.person_id: member for member in members_seen(actor)[:5000]}
        held: dict[str, list[tuple[uuid.UUID, str]]] = {}
        for post in posts_in(court_id=actor.court_id or 0, person_ids=list(members)):
            one = members[post.account_id]
            held.setdefault(post.role, []).append((one.id, one.name))
    return held
