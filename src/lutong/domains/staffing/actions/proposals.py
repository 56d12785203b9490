"""职务授权: proposed by the system administrator, decided by the security administrator."""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record
from lutong.domains.identity import actions as identity
from lutong.domains.identity.queries import list_colleagues, posts_in
from lutong.domains.notices.actions import tell
from lutong.domains.staffing.access import members_seen, proposals_seen, require
from lutong.domains.staffing.models import Member, Proposal
from lutong.domains.staffing.rules import LABELS, clash_of
from lutong.domains.staffing.states import PROPOSAL, ProposalState
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import ADMIN_ROLES, Actor, Role
from lutong.kernel.duties import Duty
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

refuse_on("proposal_four_eyes", lambda: NotAllowed("不能审批自己提出的授权，请由另一名安全管理员审批"))
refuse_on("proposal_not_oneself", lambda: NotAllowed("不能为自己提出或审批授权"))
refuse_on("proposal_open_once", lambda: Conflict("这项授权已在待审批中"))


@action
def propose(
    *, actor: Actor, member_id: uuid.UUID, role: str, department: str, now: dt.datetime, kind: str = "grant",
    source: str = "desk", proposer_id: int | None = None,
) -> Proposal:  # fmt: skip
    """Propose that a member be given a post, or that an administrator's end. `proposer_id` answers for a program.

    Raises NotFound, Invalid for posts that exclude each other, Conflict when it is proposed or held already.
    """
    court_id = require(actor, Duty.MEMBERS)
    member = members_seen(actor).select_for_update().filter(id=member_id).first()
    if member is None:
        raise NotFound("本院没有这个人员")
    if not member.active:
        raise Conflict("此人已停用，请先恢复")
    held = [post.role for post in posts_in(court_id=court_id, person_ids=[member.person_id])]
    if kind == "grant":
        _must_fit(role, held)
    made = Proposal.objects.create(
        court_id=court_id, person_id=member.person_id, person_name=member.name, staff_no=member.staff_no, kind=kind,
        role=role, department=department[:60], source=source, proposed_by=proposer_id or actor.person_id,
        proposer_name=actor.name, proposed_at=now,
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="staffing.propose", subject=Role(role).label, now=now,
        person=member.person_id, role=role, kind=kind, source=source,
    )  # fmt: skip
    for colleague in list_colleagues(court_id=court_id, role=Duty.APPROVALS.roles):
        tell(
            person_id=colleague.person_id, key=f"proposal:{made.id}", kind="staffing", now=now,
            title=f"待审批：{made.get_kind_display()} {Role(role).label}", body=f"{member.name}（{member.staff_no}）",
            link="/desk/admin/approvals/",
        )  # fmt: skip
    return made


@action
def decide(*, actor: Actor, proposal_id: uuid.UUID, step: str, reason: str, now: dt.datetime) -> Proposal:
    """Approve or refuse; an approval takes effect at once. Raises NotFound, NotAllowed for one's own, Conflict."""
    require(actor, Duty.APPROVALS)
    proposal = _locked(actor, proposal_id)
    if actor.person_id in (proposal.proposed_by, proposal.person_id):
        raise NotAllowed("不能审批自己提出的、或者关于自己的授权，请由另一名安全管理员审批")
    proposal.state = ProposalState(PROPOSAL.advance(proposal.state, step, actor))
    proposal.reason = " ".join(reason.split())[:300]
    if proposal.state == ProposalState.REFUSED and not proposal.reason:
        raise Invalid("请写明理由", fields={"reason": "不予批准须写明理由"})
    proposal.decided_by, proposal.decider_name, proposal.decided_at = actor.person_id, actor.name, now
    proposal.save()
    if proposal.state == ProposalState.APPROVED:
        _take_effect(proposal)
    _record(actor, proposal, "staffing.approve" if step == "approve" else "staffing.refuse", now)
    tell(
        person_id=proposal.proposed_by, key=f"decided:{proposal.id}", kind="staffing", now=now,
        title=f"{proposal.get_state_display()}：{proposal.person_name} {Role(proposal.role).label}",
        body=proposal.reason, link="/desk/admin/members/",
    )  # fmt: skip
    return proposal


@action
def withdraw(*, actor: Actor, proposal_id: uuid.UUID, now: dt.datetime) -> Proposal:
    """Take a proposal back before it is decided. Raises NotFound, Conflict."""
    require(actor, Duty.MEMBERS)
    proposal = _locked(actor, proposal_id)
    proposal.state = ProposalState(PROPOSAL.advance(proposal.state, "withdraw", actor))
    proposal.save()
    _record(actor, proposal, "staffing.withdraw", now)
    return proposal


def _must_fit(role: str, held: list[str]) -> None:
    if role not in LABELS:
        raise Invalid("请选择职务", fields={"role": "请选择"})
    if role in held:
        raise Conflict(f"此人已担任{LABELS[role]}")
    if clash := clash_of([*held, role]):
        raise Invalid(clash, fields={"role": clash})


def _take_effect(proposal: Proposal) -> None:
    who = {"person_id": proposal.person_id, "court_id": proposal.court_id}
    member = Member.objects.select_for_update().filter(**who, active=True).first()
    if member is None:
        raise Conflict("此人已停用，不能授予职务")
    if proposal.kind == "end":
        identity.end_posts(**who, roles=[proposal.role])
        return
    identity.give_post(**who, role=Role(proposal.role), department=proposal.department or member.department)


def _locked(actor: Actor, proposal_id: uuid.UUID) -> Proposal:
    proposal = proposals_seen(actor).select_for_update().filter(id=proposal_id).first()
    if proposal is None:
        raise NotFound("没有这项授权申请")
    return proposal


def _record(actor: Actor, proposal: Proposal, act: str, now: dt.datetime) -> None:
    record(
        actor=actor, court_id=proposal.court_id, action=act, subject=Role(proposal.role).label, now=now,
        person=proposal.person_id, role=proposal.role, kind=proposal.kind, admin=Role(proposal.role) in ADMIN_ROLES,
    )  # fmt: skip
