"""变更执业机构: each case is kept with new papers, or handed to a colleague; until then every period goes on.

Law: 律师法第十条; 民诉法解释第八十八条 (授权委托书、所函).
"""

import datetime as dt
import uuid

from lutong.domains.audit.actions import record_own
from lutong.domains.cases.actions import follow_firm, name_successor, set_deadline, settle_deadline, share_deadlines
from lutong.domains.cases.events import CounselJoined
from lutong.domains.cases.queries import CaseFilter, list_my_cases
from lutong.domains.delegation import rules
from lutong.domains.delegation.actions.roster import platform_for
from lutong.domains.delegation.models import Handover, Takeover
from lutong.domains.delegation.queries import get_handover, successors
from lutong.domains.delegation.states import HANDOVER, HandoverState
from lutong.domains.identity.actions import licensed
from lutong.domains.identity.events import FirmChanged
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, as_actor
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Invalid
from lutong.kernel.periods import Step

KIND = "firm_papers"
MOST = 2000


@action
def begin_handover(*, actor: Actor, event: FirmChanged, now: dt.datetime) -> int:
    """Open the choice for each running case, with the period for new papers on the lawyer's desk; answers how many.

    `actor` is the platform for the lawyer. What an earlier change left open is followed to the newest firm.
    """
    lawyer = Actor(event.lawyer_id, Role.LAWYER, event.name)
    with as_actor(lawyer):
        running = [c for c in list_my_cases(actor=lawyer, wanted=CaseFilter(), limit=MOST) if c.active]
    due_on = rules.papers_due(on=beijing_date(now))
    for case in running:
        Handover.objects.exclude(state="done").get_or_create(
            lawyer_id=event.lawyer_id, court_id=case.court_id, case_id=case.id,
            defaults={
                "number": case.number, "case_title": case.title, "lawyer_name": event.name, "changed_at": now,
                "old_firm_name": event.old_firm_name, "old_firm_uscc": event.old_firm_uscc,
                "new_firm_name": event.new_firm_name, "papers_due_on": due_on,
            },
        )  # fmt: skip
        with as_actor(system(case.court_id)):  # a period that the court's rules set, whoever looks
            set_deadline(
                actor=system(case.court_id), court_id=case.court_id, case_id=case.id, kind=KIND, due_on=due_on,
                title="提交新执业机构的授权委托书和所函", law=rules.PAPERS_LAW, person_id=event.lawyer_id,
                source=f"{KIND}:{event.lawyer_id}", now=now,
                steps=(Step(f"{beijing_date(now)} 变更执业机构至{event.new_firm_name}", rules.PAPERS_LAW),),
            )  # fmt: skip
    if running:
        tell(
            person_id=event.lawyer_id, key=f"firm-changed:{event.new_firm_uscc}:{now.isoformat()}", kind="delegation",
            title="请办理变更执业机构的案件交接", body=f"{len(running)} 件案件，请逐件选择继续代理或者移交同事",
            link="/assistants/handover/", tone="warn", now=now,
        )  # fmt: skip
    record_own(
        actor=actor, action="delegation.begin_handover", subject=event.new_firm_name, now=now, cases=len(running)
    )
    return len(running)


@licensed("hand_over_case")
@action
def keep_case(*, actor: Actor, handover_id: uuid.UUID, now: dt.datetime) -> Handover:
    """The client follows the lawyer: he stays counsel, and hands in the new firm's papers in time."""
    handover = get_handover(actor=actor, handover_id=handover_id, lock=True)
    handover.state = HANDOVER.advance(handover.state, "keep", actor)
    if handover.successor_id is not None:
        Takeover.objects.filter(lawyer_id=handover.successor_id, id=handover.id).update(state="withdrawn")
    handover.successor_id, handover.successor_name = None, ""
    _name_successor(actor, handover, now)
    _finish_if_complete(actor, handover, now)
    handover.save()
    record_own(actor=actor, action="delegation.keep_case", subject=handover.number, now=now, handover=str(handover.id))
    return handover


@licensed("hand_over_case")
@action
def pass_case(*, actor: Actor, handover_id: uuid.UUID, successor_id: int, now: dt.datetime) -> Handover:
    """A colleague of the old firm shall take the case over: he asks the court to confirm him with his own papers.

    Until the court has, the giver stays counsel and keeps all periods; the colleague sees them already. With the
    confirmation the colleague takes the giver's place, also when the party has two agents. Raises Invalid.
    """
    handover = get_handover(actor=actor, handover_id=handover_id, lock=True)
    fit = {one.lawyer_id: one for one in successors(actor=actor, firm_uscc=handover.old_firm_uscc)}
    if successor_id not in fit:
        raise Invalid("请选择原律师事务所的一名律师", fields={"successor": "请选择接手律师"})
    handover.state = HANDOVER.advance(handover.state, "pass", actor)
    handover.successor_id, handover.successor_name = successor_id, fit[successor_id].name
    handover.save()
    _name_successor(actor, handover, now)
    Takeover.objects.update_or_create(
        lawyer_id=successor_id, id=handover.id,
        defaults={
            "giver_id": actor.person_id, "giver_name": actor.name, "court_id": handover.court_id,
            "case_id": handover.case_id, "number": handover.number, "case_title": handover.case_title,
            "state": "passing", "offered_at": now,
        },
    )  # fmt: skip
    tell(
        person_id=successor_id, key=f"takeover:{handover.id}:{now.isoformat()}", kind="delegation", now=now,
        tone="warn", title=f"{actor.name}律师请您接手案件：{handover.number}", link="/assistants/handover/",
        body="请与当事人办理委托，并向法院申请核实代理关系；核实前期限继续计算",
    )  # fmt: skip
    record_own(
        actor=actor, action="delegation.pass_case", subject=handover.number, now=now, handover=str(handover.id),
        successor=successor_id,
    )  # fmt: skip
    return handover


def note_papers(*, actor: Actor, court_id: int, case_id: uuid.UUID, kind: str, now: dt.datetime) -> None:
    """Counsel (or his assistant) has handed in a paper: with both, the case follows him to his new firm.

    Part of the caller's transaction.
    """
    if kind not in rules.PAPERS:
        return
    rows = Handover.objects.select_for_update().filter(
        lawyer_id=actor.lawyer_id, court_id=court_id, case_id=case_id, state__in=["open", "keeping"]
    )
    for handover in rows:
        handover.papers = sorted({*handover.papers, kind})
        _finish_if_complete(actor, handover, now)
        handover.save()


def on_counsel_joined(event: CounselJoined) -> None:
    """The colleague is counsel of record: the periods are his, too, and the handover is done."""
    waiting = Takeover.objects.filter(
        lawyer_id=event.lawyer_id, court_id=event.court_id, case_id=event.case_id, state="passing"
    )
    for takeover in waiting:
        _hand_over(actor=platform_for(takeover.giver_id), takeover=takeover, now=event.now)


@action
def _hand_over(*, actor: Actor, takeover: Takeover, now: dt.datetime) -> None:
    handover = Handover.objects.select_for_update().get(lawyer_id=takeover.giver_id, id=takeover.id)
    handover.state, handover.settled_at = HANDOVER.advance(handover.state, "joined", actor), now
    handover.save(update_fields=["state", "settled_at"])
    Takeover.objects.filter(lawyer_id=takeover.lawyer_id, id=takeover.id).update(state="done")
    court = system(takeover.court_id)
    with as_actor(court):
        share_deadlines(
            actor=court, court_id=takeover.court_id, case_id=takeover.case_id, giver_id=takeover.giver_id,
            taker_id=takeover.lawyer_id, now=now,
        )  # fmt: skip
        _settle_period(handover, now)
    tell(
        person_id=takeover.giver_id, key=f"handed-over:{handover.id}", kind="delegation", now=now,
        title=f"案件已移交：{handover.number}", link="/assistants/handover/",
        body=f"{handover.successor_name}律师已经法院核实，接替您的代理；期限已全部移交",
    )  # fmt: skip
    record_own(actor=actor, action="delegation.hand_over", subject=handover.number, now=now, handover=str(handover.id))


def _finish_if_complete(actor: Actor, handover: Handover, now: dt.datetime) -> None:
    if handover.state == HandoverState.DONE or not set(handover.papers) >= rules.PAPERS:
        return
    handover.state, handover.settled_at = HANDOVER.advance(handover.state, "papers", actor), now
    with as_actor(system(handover.court_id)):  # the firm of record and the period are the court's rows
        follow_firm(
            actor=actor, court_id=handover.court_id, case_id=handover.case_id, lawyer_id=handover.lawyer_id,
            firm_name=handover.new_firm_name, now=now,
        )  # fmt: skip
        _settle_period(handover, now)


def _name_successor(actor: Actor, handover: Handover, now: dt.datetime) -> None:
    with as_actor(system(handover.court_id)):  # the record of counsel is the court's row
        name_successor(
            actor=actor, court_id=handover.court_id, case_id=handover.case_id, lawyer_id=handover.lawyer_id,
            successor_id=handover.successor_id, now=now,
        )  # fmt: skip


def _settle_period(handover: Handover, now: dt.datetime) -> None:
    settle_deadline(
        actor=system(handover.court_id), court_id=handover.court_id, case_id=handover.case_id, kind=KIND, state="met",
        source=f"{KIND}:{handover.lawyer_id}", now=now,
    )  # fmt: skip
