"""核实代理关系: who speaks for whom, confirmed by the court before the case space opens."""

import datetime as dt
import uuid
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from lutong.domains.audit.actions import record
from lutong.domains.capacity.actions import note_case, note_over
from lutong.domains.capacity.queries import counsel_facts
from lutong.domains.cases.actions.deadlines import end_all_deadlines
from lutong.domains.cases.actions.planning import share_periods
from lutong.domains.cases.actions.timeline import add_milestone, search_line
from lutong.domains.cases.events import CounselJoined, CounselLeft, RepresentationClaimed
from lutong.domains.cases.models import Case, CaseAccess, LawyerCase, LawyerClaim, Party, Representation
from lutong.domains.cases.powers import capacity_objections, granted, power_objections, refusing
from lutong.domains.cases.queries import claim_notes, get_case, get_representation, places_of, plain_number
from lutong.domains.cases.states import REPRESENTATION, RepresentationState
from lutong.domains.courts.queries import get_court
from lutong.domains.exchange.actions import answer_once, put_out
from lutong.domains.identity.actions import licensed
from lutong.domains.identity.queries import LawyerFacts, facts_of
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, as_actor, refuse_on
from lutong.kernel.actor import Actor, system
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, Invalid, NotAllowed
from lutong.kernel.events import announce
from lutong.kernel.ids import uuid7

refuse_on(
    "representation_two_agents",
    lambda: Conflict("这名当事人已有两名诉讼代理人（民事诉讼法第六十一条），不能再增加"),
)
refuse_on("representation_once", lambda: Conflict("您在本案已有代理关系或者正在核实，请刷新页面查看"))
refuse_on("case_access_once", lambda: Conflict("这名律师已经能查看本案"))


@licensed("claim_representation")
def claim_representation(
    *,
    actor: Actor,
    court_id: int,
    number: str,
    party_name: str,
    powers: str,
    special_powers: tuple[str, ...],
    now: dt.datetime,
    mandate_id: uuid.UUID | None = None,
    firm_letter_id: uuid.UUID | None = None,
) -> Representation:
    """A lawyer says whom he represents in a case that he cannot see yet; the court then confirms or refuses.

    `mandate_id` and `firm_letter_id` are his uploads of 授权委托书 and 所函 (民诉法解释第八十八条). A wrong number
    and a wrong party give the same answer, so that nobody learns who is suing whom. The licence is asked of
    the registry before the transaction. Raises NotAllowed, Invalid, Conflict.
    """
    if mandate_id is None or firm_letter_id is None:
        raise Invalid(
            "请上传授权委托书和律师事务所函（民诉法解释第八十八条）",
            fields={k: "请上传" for k, v in {"mandate": mandate_id, "firm_letter": firm_letter_id}.items() if not v},
        )
    return _claim(
        actor=actor, court_id=court_id, number=plain_number(number)[:60], party_name=party_name.strip()[:120],
        powers=powers,
        special_powers=special_powers, papers=(mandate_id, firm_letter_id), now=now,
    )  # fmt: skip


@licensed("claim_representation")  # before the transaction that holds the key
def claim_representation_once(
    *, actor: Actor, key: str, court_id: int, now: dt.datetime, **facts: Any
) -> tuple[int, dict[str, Any]]:
    """`claim_representation` for programs: the same Idempotency-Key gets the first answer again (status, body)."""
    return _claim_once(actor=actor, key=key, court_id=court_id, facts=facts, now=now)


@action
def _claim_once(
    *, actor: Actor, key: str, court_id: int, facts: dict[str, Any], now: dt.datetime
) -> tuple[int, dict[str, Any]]:
    def work() -> tuple[int, dict[str, Any]]:
        claim = claim_representation(actor=actor, court_id=court_id, now=now, **facts)
        return 201, {"id": str(claim.id), "state": str(claim.state)}

    asked = {"court_id": court_id, **facts}
    status, body, _ = answer_once(actor=actor, key=key, request_body=asked, work=work, now=now)
    return status, body


@action
def _claim(
    *,
    actor: Actor,
    court_id: int,
    number: str,
    party_name: str,
    powers: str,
    special_powers: tuple[str, ...],
    papers: tuple[uuid.UUID, uuid.UUID],
    now: dt.datetime,
) -> Representation:
    for objection in power_objections(powers=powers, special_powers=special_powers):
        raise Invalid(objection.text, fields={"powers": objection.text})
    lawyer = facts_of(lawyer_id=actor.person_id)
    with as_actor(system(court_id)):  # the case is not his yet: the court looks for him, and answers only yes or no
        party = _party_of(court_id, number, party_name)
        _refuse_both_sides(court_id, party, actor.person_id)
        _refuse_barred(party, lawyer, now)
    representation = Representation.objects.create(
        court_id=court_id, id=uuid7(), case_id=party.case_id, party_id=party.id, lawyer_id=actor.person_id,
        lawyer_name=lawyer.name, licence_no=lawyer.licence_no, firm_name=lawyer.firm_name, powers=powers,
        special_powers=sorted(granted(powers=powers, special_powers=special_powers)),
        state=RepresentationState.CLAIMED, claimed_at=now, mandate_id=papers[0], firm_letter_id=papers[1],
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.claim_representation", subject=number, now=now,
        case_id=party.case_id, representation=str(representation.id),
    )  # fmt: skip
    put_out(
        court_id=court_id, topic="cases.representation_claimed", payload={"representation": str(representation.id)},
        now=now,
    )  # fmt: skip
    announce(RepresentationClaimed(
        actor, court_id, party.case_id, now, representation_id=representation.id, party_id=party.id,
        mandate_upload_id=papers[0], firm_letter_upload_id=papers[1],
    ))  # fmt: skip
    LawyerClaim.objects.create(
        lawyer_id=actor.person_id, id=representation.id, court_id=court_id,
        court_name=get_court(court_id=court_id).name, case_id=party.case_id, number=number, party_name=party_name,
        powers=powers, state=representation.state, claimed_at=now,
    )  # fmt: skip
    _tell_court(representation, party, now)
    return representation


@action
def decide_representation(
    *, actor: Actor, court_id: int, representation_id: uuid.UUID, confirm: bool, reason: str, now: dt.datetime
) -> Representation:
    """The court confirms counsel of record, which opens the case space to him, or refuses with a reason.

    Where counsel of the same party has named him as who takes the case over, he takes that place: the other's
    representation ends in the same transaction, also with both places taken (民事诉讼法第六十一条、第六十三条).
    """
    representation = get_representation(actor=actor, court_id=court_id, representation_id=representation_id, lock=True)
    case = get_case(actor=actor, court_id=court_id, case_id=representation.case_id, lock=True)
    step = "confirm" if confirm else "refuse"
    representation.state = REPRESENTATION.advance(representation.state, step, actor)
    if not confirm and len(reason.strip()) < 5:
        raise Invalid("请写明不予核实的理由，律师会读到", fields={"reason": "至少 5 个字"})
    representation.decided_at, representation.decided_by = now, actor.name
    representation.reason = reason.strip()[:500]
    party = Party.objects.get(court_id=court_id, id=representation.party_id)
    if confirm:
        barred = refusing(tuple(claim_notes(actor=actor, claim=representation, today=beijing_date(now))))
        if barred is not None and barred.code != "too_many_agents":
            raise Conflict(f"{barred.text}（{barred.law}）。{barred.cure}", law=barred.law, cure={"text": barred.cure})
        leaving = _give_up_place(actor, representation)
        representation.slot = leaving.slot if leaving else _free_slot(court_id, party)
    representation.save()
    _show(representation)
    if confirm:
        admit(case=case, party=party, representation=representation, now=now)
        share_periods(actor=actor, case=case, person_id=representation.lawyer_id, now=now)
        add_milestone(
            actor=actor, court_id=court_id, case_id=case.id, kind="counsel", now=now,
            title=f"核实代理关系：{party.name}", detail=f"{representation.lawyer_name}律师，{representation.firm_name}",
        )  # fmt: skip
        announce(CounselJoined(actor, court_id, case.id, now, representation.lawyer_id, party.id))
        put_out(
            court_id=court_id, topic="cases.counsel_joined", now=now,
            payload={"case_id": str(case.id), "lawyer_id": representation.lawyer_id, "party_id": str(party.id)},
        )  # fmt: skip
        if leaving is not None:  # after his periods were shared with who follows him
            _leave(actor, case, leaving, now)
    _tell_decision(case, representation, confirm, now)
    record(
        actor=actor, court_id=court_id, action=f"cases.{step}_representation", subject=case.number, now=now,
        case_id=case.id, representation=str(representation.id),
    )  # fmt: skip
    return representation


@action
def end_representation(
    *, actor: Actor, court_id: int, representation_id: uuid.UUID, reason: str, now: dt.datetime
) -> Representation:
    """Counsel is dismissed or withdraws (民事诉讼法第六十三条): his and his assistants' access ends now."""
    representation = get_representation(actor=actor, court_id=court_id, representation_id=representation_id, lock=True)
    case = get_case(actor=actor, court_id=court_id, case_id=representation.case_id, lock=True)
    representation.state = REPRESENTATION.advance(representation.state, "end", actor)
    if len(reason.strip()) < 5:
        raise Invalid("请写明终止代理的原因", fields={"reason": "至少 5 个字"})
    representation.reason, representation.slot = reason.strip()[:500], None
    representation.save()
    _leave(actor, case, representation, now)
    return representation


def _give_up_place(actor: Actor, claim: Representation) -> Representation | None:
    """Counsel who named the claimant as his successor for this party leaves his place, which he still carries."""
    leaving = Representation.objects.select_for_update().filter(
        court_id=claim.court_id, party_id=claim.party_id, state="confirmed", successor_id=claim.lawyer_id
    ).order_by("id").first()  # fmt: skip
    if leaving is None:
        return None
    place = leaving.slot
    leaving.state = REPRESENTATION.advance(leaving.state, "succeed", actor)
    leaving.reason, leaving.slot = f"移交{claim.lawyer_name}律师接手", None
    leaving.save()
    leaving.slot = place
    return leaving


def _leave(actor: Actor, case: Case, representation: Representation, now: dt.datetime) -> None:
    """All that ends with a representation: access of counsel and his assistants, his list, his periods."""
    court_id = representation.court_id
    _show(representation)
    for access in CaseAccess.objects.filter(
        Q(person_id=representation.lawyer_id, for_id=0) | Q(for_id=representation.lawyer_id),
        court_id=court_id, case_id=representation.case_id, during__contains=now,
    ):  # fmt: skip
        access.during = DateTimeTZRange(access.during.lower, now)
        access.save(update_fields=["during"])
    LawyerCase.objects.filter(lawyer_id=representation.lawyer_id, id=representation.case_id).delete()
    note_over(lawyer_ids=[representation.lawyer_id], court_id=court_id, case_id=case.id)
    end_all_deadlines(actor=actor, case=case, person_id=representation.lawyer_id, now=now)
    add_milestone(
        actor=actor, court_id=court_id, case_id=case.id, kind="counsel", title="终止代理关系", now=now,
        detail=f"{representation.lawyer_name}律师，{representation.firm_name}",
    )  # fmt: skip
    tell(
        person_id=representation.lawyer_id, key=f"claim-ended:{representation.id}", kind="cases", now=now,
        title=f"代理关系已终止：{case.number}", body=representation.reason, tone="warn",
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="cases.end_representation", subject=representation.lawyer_name, now=now,
        case_id=representation.case_id, representation=str(representation.id),
    )  # fmt: skip
    announce(CounselLeft(actor, court_id, representation.case_id, now, representation.lawyer_id))


@action
def note_claim_papers(
    *,
    actor: Actor,
    court_id: int,
    representation_id: uuid.UUID,
    mandate_id: uuid.UUID,
    firm_letter_id: uuid.UUID,
    now: dt.datetime,
) -> None:
    """The papers of a claim have become documents of the court: the claim points to these from now on."""
    Representation.objects.filter(court_id=court_id, id=representation_id, state="claimed").update(
        mandate_id=mandate_id, firm_letter_id=firm_letter_id
    )


def admit(*, case: Case, party: Party, representation: Representation, now: dt.datetime) -> None:
    """Open the case to a confirmed counsel: his access from now on, and his own list row."""
    CaseAccess.objects.create(
        court_id=case.court_id, case_id=case.id, person_id=representation.lawyer_id,
        capacity=f"counsel:{party.side}", during=DateTimeTZRange(now, None),
    )  # fmt: skip
    LawyerCase.objects.update_or_create(
        lawyer_id=representation.lawyer_id,
        id=case.id,
        defaults={
            "court_id": case.court_id, "court_name": case.court_name, "number": case.number, "title": case.title,
            "cause_name": case.cause_name, "stage": case.stage, "side": party.side, "party_name": party.name,
            "judge_name": case.judge_name, "amount_fen": case.amount_fen, "filed_at": case.registered_at,
            "active": True, "search": search_line(case, party.name),
        },
    )  # fmt: skip
    index_parties(case=case, party=party, lawyer_id=representation.lawyer_id)


def index_parties(*, case: Case, party: Party, lawyer_id: int) -> None:
    """Let the conflict checks of this lawyer and of his firm find the parties (律师法第三十九条、第五十条)."""
    parties = Party.objects.filter(court_id=case.court_id, case_id=case.id)
    note_case(
        lawyer_id=lawyer_id, court_id=case.court_id, case_id=case.id, number=case.number, side=party.side,
        parties=[(one.name, one.side, one.id == party.id) for one in parties],
    )  # fmt: skip


def _party_of(court_id: int, number: str, party_name: str) -> Party:
    case = Case.objects.filter(court_id=court_id, number=number).first()
    party = None
    if case is not None and party_name:
        party = Party.objects.filter(court_id=court_id, case_id=case.id, name=party_name).order_by("side").first()
    if case is None or party is None or case.stage == "closed":
        message = "没有找到这个案号下的这名当事人，请核对案号、法院和当事人姓名（名称须与起诉状副本一致）"
        raise Invalid(message, fields={"number": "请核对", "party_name": "请核对"})
    return party


def _refuse_both_sides(court_id: int, party: Party, lawyer_id: int) -> None:
    others = Representation.objects.filter(
        court_id=court_id, case_id=party.case_id, lawyer_id=lawyer_id, state__in=["claimed", "confirmed"]
    )
    for other in others.select_related("party"):
        if other.party.side != party.side:
            raise Conflict("您已代理本案对方当事人，不能同时代理双方（律师法第三十九条）")


def _refuse_barred(party: Party, lawyer: LawyerFacts, now: dt.datetime) -> None:
    """Whoever may not be agent before this court learns it now, not after the client has paid him."""
    parties = Party.objects.filter(court_id=party.court_id, case_id=party.case_id)
    counsel = counsel_facts(
        lawyer_id=lawyer.lawyer_id, name=lawyer.name, court_id=party.court_id, firm=lawyer.firm_name,
        party_names=[party.name], places=places_of(parties, court_id=party.court_id),
    )  # fmt: skip
    barred = refusing(capacity_objections(counsel=counsel, court_id=party.court_id, today=beijing_date(now)))
    if barred is not None:
        raise NotAllowed(
            f"{barred.text}（{barred.law}）。{barred.cure}", law=barred.law, remedy=barred.cure,
            cure={"text": barred.cure, "code": barred.code},
        )  # fmt: skip


def _free_slot(court_id: int, party: Party) -> int:
    """The first free of the two places; the unique constraint decides when two clerks confirm at once."""
    taken = set(
        Representation.objects.filter(court_id=court_id, party_id=party.id, state="confirmed").values_list(
            "slot", flat=True
        )
    )
    free = [slot for slot in (1, 2) if slot not in taken]
    if not free:
        raise Conflict("这名当事人已有两名诉讼代理人（民事诉讼法第六十一条），不能再增加")
    return free[0]


def _tell_court(representation: Representation, party: Party, now: dt.datetime) -> None:
    with as_actor(system(representation.court_id)):  # who sits on the case is not the claimant's to read
        case = Case.objects.get(court_id=representation.court_id, id=representation.case_id)
    for person_id in sorted({i for i in (case.recorder_id, case.judge_id) if i is not None}):
        tell(
            person_id=person_id, key=f"claim:{representation.id}:{person_id}", kind="cases", now=now,
            title=f"核实代理关系：{case.number}", body=f"{representation.lawyer_name}律师申请代理{party.name}",
            link="/desk/representations/",
        )  # fmt: skip


def _show(representation: Representation) -> None:
    """Bring the lawyer's own row of a claim up to the court's decision."""
    LawyerClaim.objects.filter(lawyer_id=representation.lawyer_id, id=representation.id).update(
        state=representation.state, decided_at=representation.decided_at, reason=representation.reason
    )


def _tell_decision(case: Case, representation: Representation, confirm: bool, now: dt.datetime) -> None:
    tell(
        person_id=representation.lawyer_id, key=f"claim-decided:{representation.id}", kind="cases", now=now,
        title=f"代理关系{'已核实' if confirm else '未通过核实'}：{case.number}",
        body="案件空间已开通" if confirm else representation.reason,
        link=f"/cases/{case.court_id}/{case.id}/" if confirm else "/representation/",
        tone="info" if confirm else "danger",
    )  # fmt: skip
