"""送达何时生效: from how a paper was delivered to the day of service, with its article and its reckoning.

Law: 民事诉讼法第八十七条至第九十五条、第二百八十三条, 民诉法解释第一百三十条至第一百四十一条,
在线诉讼规则第二十九条至第三十一条, 简易程序规定第十条、第二十八条、第三十一条.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lutong.kernel.parameters import period_of
from lutong.kernel.periods import Step

# Papers whose electronic service needs the recipient's consent and a paper copy on request (民事诉讼法第九十条第一款).
JUDICIAL_PAPERS = frozenset({"judgment", "ruling", "mediation_letter"})
MEDIATION_LETTER = "mediation_letter"
SIGNERS = {
    "party": "受送达人本人",
    "family": "同住成年家属",
    "legal_rep": "法定代表人或者主要负责人",
    "mailroom": "负责收件的人",
    "agent": "诉讼代理人",
    "nominee": "指定的代收人",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """What is on record about one attempt to serve. Days are Beijing dates; None: it did not happen.

    `mode` is electronic, counter, post, left or public; `papers` are document kinds; `procedure` is ordinary,
    simple or small.
    """

    mode: str
    papers: frozenset[str] = frozenset()
    procedure: str = "ordinary"
    # electronic
    address_confirmed: bool = False  # provided by the recipient himself, or confirmed by him
    address_own: bool = True  # can be shown to be the recipient's own
    consents: bool = True  # to electronic service of judgments, rulings and mediation letters
    arrived_on: dt.date | None = None  # the court's system shows it as sent
    proven_arrival_on: dt.date | None = None  # the recipient proved another day
    replied_on: dt.date | None = None
    acted_on: dt.date | None = None  # did what the paper asks, e.g. answered the complaint
    read_on: dt.date | None = None
    rebutted: bool = False  # proved a system error, another's address, or that he did not read it
    # counter
    signed_on: dt.date | None = None
    signer: str = "party"
    refused_on: dt.date | None = None  # came to the court, or was met, and refused to sign; recorded
    pronounced_on: dt.date | None = None  # 定期宣判
    fetch_by: dt.date | None = None  # last day named for fetching a judgment pronounced at the hearing
    noted_on: dt.date | None = None  # wrong address: the day on which the server noted it
    # post
    received_on: dt.date | None = None
    returned_on: dt.date | None = None
    address_fault: bool = False  # given wrongly, changed without notice, or withheld by the party
    refused_mail: bool = False  # the addressee refused to sign for the mail
    # left
    left_on: dt.date | None = None
    left_recorded: bool = False  # witnesses, or photographs and video
    agent_is_nominee: bool = True
    # public
    announced_on: dt.date | None = None
    foreign: bool = False  # no domicile in the PRC


@dataclass(frozen=True, slots=True)
class ServiceEffect:
    """Served, on `effective_on`. `rebuttable`: the recipient may still prove that it did not reach him."""

    effective_on: dt.date
    rule_id: str
    steps: tuple[Step, ...]
    law: str
    rebuttable: bool = False


@dataclass(frozen=True, slots=True)
class NotServed:
    """Not served yet, or never by this way (`forbidden`); `reason` says what is missing and what to do."""

    reason: str
    law: str
    forbidden: bool = False


Outcome = ServiceEffect | NotServed


def service_effect(*, facts: ServiceFacts) -> Outcome:
    """When one attempt took effect as service, or why it has not.

    Law: 民事诉讼法第八十七条至第九十五条. Raises KeyError for an unknown mode.
    """
    return _MODES[facts.mode](facts)


def earliest_effect(*, attempts: Sequence[ServiceFacts]) -> Outcome:
    """Several ways of sending the same papers: the earliest valid service counts.

    Law: 在线诉讼规则第三十一条第四款. Raises ValueError when there is no attempt.
    """
    outcomes = [service_effect(facts=attempt) for attempt in attempts]
    effects = [outcome for outcome in outcomes if isinstance(outcome, ServiceEffect)]
    if not effects:
        if not outcomes:
            raise ValueError("no attempt to serve")
        return outcomes[-1]
    first = min(effects, key=lambda effect: (effect.effective_on, effect.rebuttable))
    if len(effects) == 1:
        return first
    step = Step(
        f"同一内容以多种方式送达，以最先完成的 {first.effective_on.isoformat()} 为准", "在线诉讼规则第三十一条第四款"
    )
    return ServiceEffect(first.effective_on, first.rule_id, (*first.steps, step), first.law, first.rebuttable)


def _effect(day: dt.date, rule_id: str, text: str, law: str, *, rebuttable: bool = False) -> ServiceEffect:
    steps = (Step(f"{day.isoformat()} {text}", law), Step(f"送达之日为 {day.isoformat()}", law))
    return ServiceEffect(day, rule_id, steps, law, rebuttable)


def _electronic(facts: ServiceFacts) -> Outcome:
    if facts.papers & JUDICIAL_PAPERS and not facts.consents:
        reason = "受送达人未同意电子送达裁判文书，请改用当面、邮寄等方式送达"
        return NotServed(reason, "民事诉讼法第九十条第一款", forbidden=True)
    if facts.address_confirmed:
        return _to_confirmed_address(facts)
    if not facts.address_own:
        return NotServed(
            "不能确认该电子地址为受送达人本人所有，请核实地址或者改用其他方式", "在线诉讼规则第三十一条第二款"
        )
    return _to_unconfirmed_address(facts)


def _to_confirmed_address(facts: ServiceFacts) -> Outcome:
    """Arrival counts; opening the message neither delays nor advances it."""
    if facts.proven_arrival_on:
        text = "到达受送达人特定系统（受送达人已证明，与法院系统显示的日期不一致）"
        return _effect(facts.proven_arrival_on, "electronic_proven", text, "民诉法解释第一百三十五条第二款")
    if facts.arrived_on:
        law = "民事诉讼法第九十条第二款；在线诉讼规则第三十一条第一款"
        return _effect(facts.arrived_on, "electronic_confirmed", "到达受送达人主动提供或者确认的电子地址所在系统", law)
    return NotServed("尚未到达受送达人的电子地址所在系统", "民事诉讼法第九十条第二款")


def _to_unconfirmed_address(facts: ServiceFacts) -> Outcome:
    item = "在线诉讼规则第三十一条第二款第（{}）项"
    candidates = []
    if facts.replied_on:
        candidates.append(_effect(facts.replied_on, "electronic_replied", "受送达人回复已收悉", item.format("一")))
    if facts.acted_on:
        text = "受送达人根据送达内容作出相应诉讼行为"
        candidates.append(_effect(facts.acted_on, "electronic_acted", text, item.format("一")))
    if facts.read_on and not facts.rebutted:
        text = "受送达人的电子地址所在系统反馈已阅知，推定送达"
        candidates.append(_effect(facts.read_on, "electronic_read", text, item.format("二"), rebuttable=True))
    if candidates:
        return min(candidates, key=lambda effect: (effect.effective_on, effect.rebuttable))
    if facts.rebutted:
        return NotServed("受送达人已证明未收悉，请改用其他方式送达", item.format("二"))
    return NotServed(
        "电子地址未经受送达人确认，须有其回复收悉、相应诉讼行为或者已阅知的反馈", "在线诉讼规则第三十一条第二款"
    )


def _counter(facts: ServiceFacts) -> Outcome:
    if facts.signed_on:
        return _signed(facts, facts.signed_on)
    if facts.pronounced_on:
        return _effect(
            facts.pronounced_on, "pronounced", "定期宣判，宣判之日即为送达之日", "简易程序规定第三十一条第一款"
        )
    if facts.refused_on and MEDIATION_LETTER not in facts.papers:
        return _effect(
            facts.refused_on,
            "refused_to_sign",
            "拒绝签署送达回证，已注明送达情况，视为送达",
            "民诉法解释第一百三十一条",
        )
    if facts.noted_on and facts.address_fault:
        text = "因当事人提供的送达地址不准确等原因未能直接送达，送达人当场记明情况"
        return _effect(facts.noted_on, "wrong_address_noted", text, "简易程序规定第十条第一款第（二）项")
    if facts.fetch_by:
        text = "为指定领取裁判文书期间的届满日，期间内未领取"
        return _effect(facts.fetch_by, "fetch_period_over", text, "简易程序规定第二十八条第二款")
    return NotServed("尚无签收记录；拒绝签收的，请留置送达并记录过程", "民事诉讼法第八十七条")


def _signed(facts: ServiceFacts, signed_on: dt.date) -> Outcome:
    if facts.signer not in SIGNERS:
        return NotServed("请写明签收人与受送达人的关系", "民事诉讼法第八十八条")
    if MEDIATION_LETTER in facts.papers and facts.signer in ("family", "mailroom", "agent"):
        reason = "调解书应当直接送达当事人本人，本人不能签收的，由其指定的代收人签收"
        return NotServed(reason, "民诉法解释第一百三十三条", forbidden=True)
    law = "民事诉讼法第八十七条第二款" if facts.signer == "party" else "民事诉讼法第八十八条第二款"
    return _effect(signed_on, f"signed_by_{facts.signer}", f"由{SIGNERS[facts.signer]}在送达回证上签收", law)


def _post(facts: ServiceFacts) -> Outcome:
    if facts.received_on:
        return _effect(facts.received_on, "post_received", "回执上注明的收件日期", "民事诉讼法第九十一条")
    if facts.returned_on and facts.address_fault:
        text = "邮件退回；因当事人提供的地址不准确、变更未告知或者拒不提供地址，退回之日视为送达之日"
        return _effect(facts.returned_on, "post_returned_wrong_address", text, "简易程序规定第十条第一款第（一）项")
    if facts.returned_on and facts.refused_mail:
        text = "邮件因收件人拒绝签收退回，退回之日视为送达之日"
        return _effect(facts.returned_on, "post_refused", text, "法院专递规定第十一条第一款")
    if facts.returned_on:
        return NotServed("邮件退回且并非当事人过错所致，请改用其他方式送达", "民事诉讼法第九十一条")
    return NotServed("尚无邮件回执", "民事诉讼法第九十一条")


def _left(facts: ServiceFacts) -> Outcome:
    if MEDIATION_LETTER in facts.papers:
        return NotServed("调解书不适用留置送达，请送达当事人本人", "民诉法解释第一百三十三条", forbidden=True)
    if facts.signer == "agent" and not facts.agent_is_nominee:
        reason = "诉讼代理人未被指定为代收人，不适用留置送达"
        return NotServed(reason, "民诉法解释第一百三十二条", forbidden=True)
    if not facts.left_on:
        return NotServed("请填写留置日期", "民事诉讼法第八十九条")
    if not facts.left_recorded:
        return NotServed("请补充见证人签名，或者拍照、录像等送达过程记录", "民事诉讼法第八十九条")
    return _effect(facts.left_on, "left", "文书留在受送达人住所并记录送达过程，视为送达", "民事诉讼法第八十九条")


def _public(facts: ServiceFacts) -> Outcome:
    if facts.procedure in ("simple", "small"):
        reason = "适用简易程序的案件不适用公告送达，请转为普通程序或者改用其他方式"
        return NotServed(reason, "民诉法解释第一百四十条", forbidden=True)
    if not facts.announced_on:
        return NotServed("请填写公告最后张贴或者刊登的日期", "民诉法解释第一百三十八条第一款")
    key = "service.announcement_foreign" if facts.foreign else "service.announcement"
    period = period_of(key=key, start_on=facts.announced_on, event="发出公告")
    end = Step(f"公告期满，{period.due_text} 视为送达", "民诉法解释第一百三十八条第一款")
    return ServiceEffect(period.due_on, "public", (*period.steps, end), period.law)


_MODES: dict[str, Callable[[ServiceFacts], Outcome]] = {
    "electronic": _electronic,
    "counter": _counter,
    "post": _post,
    "left": _left,
    "public": _public,
}
