"""发出: papers go to counsel's inbox, or wait for the 书记员 when a party has no counsel here."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lutong.domains.audit.actions import record
from lutong.domains.cases import queries as case_queries
from lutong.domains.dossier import queries as dossier
from lutong.domains.eservice.actions.effect import project, take_effect
from lutong.domains.eservice.models import Delivery, DeliveryItem, LawyerDelivery
from lutong.domains.eservice.rules import JUDICIAL_PAPERS
from lutong.domains.eservice.states import DELIVERY, DeliveryState, Mode
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

refuse_on("delivery_once", lambda: Conflict("这次送达已经发出，请刷新页面查看"))
MOST_PAPERS = 200
JUDICIAL_KINDS = JUDICIAL_PAPERS | {"mediation_paper"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Counsel who takes in papers for a party, and how his electronic address was confirmed."""

    lawyer_id: int
    name: str
    confirmed: bool
    how: str
    consents: bool


@action
def serve(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    party_id: uuid.UUID,
    document_ids: Sequence[uuid.UUID],
    title: str,
    mode: str,
    facts: dict[str, Any],
    key: str,
    now: dt.datetime,
) -> list[Delivery]:
    """Serve papers on one party: electronically on each confirmed counsel, else by the mode the court takes.

    Once per `key`. An electronic delivery has arrived when this commits; whether that completes service is for the
    rules. Another mode is recorded as under way; its effect comes with `record_service`. Raises Invalid (no papers,
    no counsel), Conflict (judgments without consent to electronic service).

    Law: 民事诉讼法第八十七条至第九十五条, 在线诉讼规则第二十九条至第三十一条.
    """
    if not actor.is_staff:
        raise NotAllowed("只有法院可以送达诉讼文书")
    case_queries.require_handling(actor=actor, court_id=court_id, case_id=case_id)
    case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id)
    party = _party(actor, case, party_id)
    papers = _papers(actor, case, document_ids)
    if mode not in Mode.values:
        raise Invalid("请选择送达方式", fields={"mode": "请选择"})
    if mode != Mode.ELECTRONIC:
        if (standing := Delivery.objects.filter(court_id=court_id, key=key[:120]).first()) is not None:
            return [standing]
        draft = _delivery(actor, case, party, title, facts, key=key, now=now)
        draft.mode, draft.state = mode, DeliveryState.SENT
        return [_place(actor, draft, papers, now)]
    counsel = addressees(actor=actor, case=case, party=party)
    if not counsel:
        raise Invalid(
            f"{party.name}没有已核实的诉讼代理人，不能电子送达；请改用当面、邮寄等方式",
            fields={"mode": "请改选其他方式"},
        )
    if any(p.kind in JUDICIAL_KINDS for p in papers) and not any(c.consents for c in counsel):
        raise Conflict("受送达人未同意电子送达裁判文书，请改用当面、邮寄等方式（民事诉讼法第九十条第一款）")
    return [_send(actor, case, party, papers, to, title, facts, f"{key}:{to.lawyer_id}", now) for to in counsel]


@action
def serve_or_queue(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    party_id: uuid.UUID,
    document_ids: Sequence[uuid.UUID],
    title: str,
    facts: dict[str, Any],
    key: str,
    now: dt.datetime,
) -> list[Delivery]:
    """Serve electronically when the party has counsel here, else put it on the 书记员's list; once per `key`.

    Holds the case: counsel who joins meanwhile finds the paper on the list (`readdress_to_counsel` waits for it).
    """
    case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    party = _party(actor, case, party_id)
    standing = list(Delivery.objects.filter(court_id=court_id, case_id=case_id, key__in=_keys(key, actor, case, party)))
    if standing:
        return standing
    if addressees(actor=actor, case=case, party=party):
        return serve(
            actor=actor, court_id=court_id, case_id=case_id, party_id=party_id, document_ids=document_ids,
            title=title, mode=Mode.ELECTRONIC, facts=facts, key=key, now=now,
        )  # fmt: skip
    waiting = _delivery(actor, case, party, title, facts, key=key, now=now)
    delivery = _place(actor, waiting, _papers(actor, case, document_ids), now)
    for person_id in sorted({i for i in (case.recorder_id,) if i is not None}):
        tell(
            person_id=person_id, key=f"to-serve:{delivery.id}", kind="eservice", title=f"待送达：{title}",
            body=f"{case.number} {party.name}（未委托代理人）", link=f"/desk/deliveries/{delivery.id}/", now=now,
        )  # fmt: skip
    return [delivery]


@action
def serve_parties(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    party_ids: Sequence[uuid.UUID],
    document_ids: Sequence[uuid.UUID],
    title: str,
    mode: str,
    key: str,
    now: dt.datetime,
) -> list[Delivery]:
    """Serve the same papers on several parties at once, all or none; `key` makes a second sending harmless.

    `mode` auto: electronically where counsel is here, else onto the list of what is to be sent. Raises as `serve`.
    """
    if not actor.is_staff:
        raise NotAllowed("只有法院可以送达诉讼文书")
    case_queries.require_handling(actor=actor, court_id=court_id, case_id=case_id)
    if not party_ids:
        raise Invalid("请选择受送达人", fields={"parties": "至少选择一名当事人"})
    if mode != "auto" and mode not in Mode.values:
        raise Invalid("请选择送达方式", fields={"mode": "请选择"})
    made: list[Delivery] = []
    for party_id in dict.fromkeys(party_ids):
        about: dict[str, Any] = {
            "actor": actor, "court_id": court_id, "case_id": case_id, "party_id": party_id,
            "document_ids": document_ids, "title": title, "facts": {}, "key": f"{key}:{party_id}", "now": now,
        }  # fmt: skip
        made += serve_or_queue(**about) if mode == "auto" else serve(**about, mode=mode)
    return made


@action
def readdress_to_counsel(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, party_id: uuid.UUID, lawyer_id: int, now: dt.datetime
) -> list[Delivery]:
    """Counsel has joined: whatever his party has not been served with goes to his inbox.

    What waited for the 书记员 is withdrawn. Papers on their way by post
    stay on their way: the earliest valid service counts (在线诉讼规则第三十一条第四款).
    """
    case = case_queries.get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    party = _party(actor, case, party_id)
    to = next((c for c in addressees(actor=actor, case=case, party=party) if c.lawyer_id == lawyer_id), None)
    if to is None:
        return []
    open_ones = Delivery.objects.select_for_update().filter(
        court_id=court_id, case_id=case_id, party_id=party_id, recipient_id=None, effective_on=None,
        state__in=[DeliveryState.WAITING, DeliveryState.SENT],
    )  # fmt: skip
    sent = []
    for old in open_ones.order_by("sent_at", "id"):
        papers = _papers(actor, case, [i.document_id for i in old.items.filter(court_id=court_id)])
        facts = {k: v for k, v in old.facts.items() if k in {"hearing", "bill_id"}}
        sent.append(_send(actor, case, party, papers, to, old.title, facts, f"{old.key}:{lawyer_id}", now))
        if old.state == DeliveryState.WAITING:
            _withdraw(actor, old, "已委托诉讼代理人，改为电子送达", now)
    return sent


@action
def withdraw_waiting(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, hearing_id: str, reason: str, now: dt.datetime
) -> int:
    """Withdraw what still waits to be sent about a hearing that was moved or cancelled; answers how many."""
    waiting = Delivery.objects.select_for_update().filter(
        court_id=court_id, case_id=case_id, state=DeliveryState.WAITING, facts__hearing__id=hearing_id
    )
    return len([_withdraw(actor, old, reason, now) for old in waiting.order_by("id")])


def addressees(*, actor: Actor, case: Any, party: Any) -> list[Addressee]:
    """The counsel of a party who can be served here.

    The filing's 送达地址确认书 says whether the address and electronic judgments were agreed to; counsel who joined by
    核实代理关系 takes in papers in the very system in which he asked to be admitted (在线诉讼规则第二十九条).
    """
    told = (party.details or {}).get("service_address") or {}
    confirmed = bool(told.get("electronic")) if told else True
    how = "送达地址确认书" if told else "申请核实代理关系时确认"
    consents = bool(told.get("consent_judgment_e_service")) if told else True
    counsel = case_queries.counsel_of(actor=actor, court_id=case.court_id, case_id=case.id)
    return [
        Addressee(c.lawyer_id, c.name, confirmed, how, consents)
        for c in sorted(counsel, key=lambda c: c.lawyer_id)
        if c.party_id == party.id
    ]


def _keys(key: str, actor: Actor, case: Any, party: Any) -> list[str]:
    return [key, *(f"{key}:{c.lawyer_id}" for c in addressees(actor=actor, case=case, party=party))]


def _party(actor: Actor, case: Any, party_id: uuid.UUID) -> Any:
    parties = case_queries.parties_of(actor=actor, court_id=case.court_id, case_id=case.id)
    party = next((p for p in parties if p.id == party_id), None)
    if party is None:
        raise Invalid("请选择本案的受送达人", fields={"party_id": "请选择"})
    return party


def _papers(actor: Actor, case: Any, document_ids: Sequence[uuid.UUID]) -> list[Any]:
    """The documents in the order of the volume; only papers of this case's main volume may be served."""
    wanted = set(document_ids)
    papers = [
        d
        for d in dossier.list_documents(actor=actor, court_id=case.court_id, case_id=case.id)
        if d.id in wanted and d.volume == "main"
    ]
    if not papers or len(papers) != len(wanted) or len(papers) > MOST_PAPERS:
        raise Invalid("请至少选择一份本案正卷中的文书，并刷新页面后重试", fields={"documents": "请选择要送达的文书"})
    return papers


def _delivery(
    actor: Actor, case: Any, party: Any, title: str, facts: dict[str, Any], *, key: str, now: dt.datetime
) -> Delivery:
    title = title.strip()
    if not 2 <= len(title) <= 160:
        raise Invalid("请填写送达标题", fields={"title": "2 至 160 个字"})
    return Delivery(
        court_id=case.court_id, case_id=case.id, party_id=party.id, party_name=party.name,
        recipient_name=party.name, title=title, state=DeliveryState.WAITING, sent_at=now, sent_by=str(actor)[:60],
        address={}, facts=facts, key=key[:120],
    )  # fmt: skip


def _place(actor: Actor, delivery: Delivery, papers: Sequence[Any], now: dt.datetime) -> Delivery:
    delivery.save(force_insert=True)
    DeliveryItem.objects.bulk_create(
        DeliveryItem(
            court_id=delivery.court_id, case_id=delivery.case_id, recipient_id=delivery.recipient_id,
            delivery_id=delivery.id, document_id=p.id, kind=p.kind, title=p.title, place=place,
        )
        for place, p in enumerate(papers, 1)
    )  # fmt: skip
    record(
        actor=actor, court_id=delivery.court_id, case_id=delivery.case_id, action="eservice.serve",
        subject=delivery.title, now=now, delivery=str(delivery.id), mode=delivery.mode, state=delivery.state,
        papers=[str(p.id) for p in papers],
    )  # fmt: skip
    return delivery


def _send(
    actor: Actor, case: Any, party: Any, papers: Sequence[Any], to: Addressee, title: str, facts: dict[str, Any],
    key: str, now: dt.datetime,
) -> Delivery:  # fmt: skip
    """Put papers into one counsel's inbox: his row, his notice, and the effect, in one transaction."""
    standing = Delivery.objects.filter(court_id=case.court_id, key=key[:120]).first()
    if standing is not None:
        return standing
    draft = _delivery(actor, case, party, title, facts | {"consents": to.consents}, key=key, now=now)
    draft.mode, draft.state, draft.arrived_at = Mode.ELECTRONIC, DeliveryState.SENT, now
    draft.recipient_id, draft.recipient_name = to.lawyer_id, to.name
    draft.address = {"text": f"律通收件箱（{to.name}律师）", "confirmed": to.confirmed, "how": to.how}
    delivery = _place(actor, draft, papers, now)
    LawyerDelivery.objects.create(
        lawyer_id=to.lawyer_id, id=delivery.id, court_id=case.court_id, court_name=case.court_name, case_id=case.id,
        number=case.number, case_title=case.title, title=title, papers=len(papers), state=delivery.state, sent_at=now,
    )  # fmt: skip
    take_effect(actor=actor, delivery=delivery, now=now)
    project(delivery)
    tell(
        person_id=to.lawyer_id, key=f"delivery:{delivery.id}", kind="eservice", title=f"收到送达：{title}",
        body=f"{case.number} {case.court_name}", link=f"/service/{case.court_id}/{delivery.id}/", now=now,
    )  # fmt: skip
    return delivery


def _withdraw(actor: Actor, delivery: Delivery, reason: str, now: dt.datetime) -> Delivery:
    delivery.state = DELIVERY.advance(delivery.state, "withdraw", actor)
    delivery.facts = delivery.facts | {"withdrawn": reason}
    delivery.save(update_fields=["state", "facts"])
    record(
        actor=actor, court_id=delivery.court_id, case_id=delivery.case_id, action="eservice.withdraw",
        subject=delivery.title, now=now, delivery=str(delivery.id),
    )  # fmt: skip
    return delivery
