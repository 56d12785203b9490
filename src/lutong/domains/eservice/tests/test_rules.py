"""送达: each way of service has its own day, article and limits."""

import datetime as dt
from typing import Any

import pytest

from lutong.domains.eservice.rules import (
    NotServed,
    Outcome,
    ServiceEffect,
    ServiceFacts,
    earliest_effect,
    service_effect,
)

D = dt.date.fromisoformat
JUDGMENT, LETTER = frozenset({"judgment"}), frozenset({"mediation_letter"})


def outcome(mode: str, **facts: Any) -> Outcome:
    return service_effect(facts=ServiceFacts(mode=mode, **facts))


SERVED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("electronic", {"address_confirmed": True, "arrived_on": D("2026-09-10"), "read_on": D("2026-09-12")},
     "2026-09-10", "electronic_confirmed", "第九十条第二款"),
    ("electronic", {"address_confirmed": True, "arrived_on": D("2026-09-10"), "proven_arrival_on": D("2026-09-11")},
     "2026-09-11", "electronic_proven", "第一百三十五条"),
    ("electronic", {"address_confirmed": True, "arrived_on": D("2026-09-10"), "papers": JUDGMENT},
     "2026-09-10", "electronic_confirmed", "第九十条"),
    ("electronic", {"replied_on": D("2026-09-12"), "read_on": D("2026-09-14")},
     "2026-09-12", "electronic_replied", "第三十一条第二款第（一）项"),
    ("electronic", {"acted_on": D("2026-09-13")}, "2026-09-13", "electronic_acted", "第（一）项"),
    ("electronic", {"read_on": D("2026-09-11")}, "2026-09-11", "electronic_read", "第（二）项"),
    ("counter", {"signed_on": D("2026-09-10")}, "2026-09-10", "signed_by_party", "第八十七条第二款"),
    ("counter", {"signed_on": D("2026-09-10"), "signer": "agent"}, "2026-09-10", "signed_by_agent", "第八十八条"),
    ("counter", {"signed_on": D("2026-09-10"), "signer": "nominee", "papers": LETTER},
     "2026-09-10", "signed_by_nominee", "第八十八条"),
    ("counter", {"refused_on": D("2026-09-10")}, "2026-09-10", "refused_to_sign", "第一百三十一条"),
    ("counter", {"pronounced_on": D("2026-09-10")}, "2026-09-10", "pronounced", "第三十一条"),
    ("counter", {"fetch_by": D("2026-09-10")}, "2026-09-10", "fetch_period_over", "第二十八条"),
    ("counter", {"noted_on": D("2026-09-10"), "address_fault": True}, "2026-09-10", "wrong_address_noted", "第十条"),
    ("post", {"received_on": D("2026-09-10")}, "2026-09-10", "post_received", "第九十一条"),
    ("post", {"returned_on": D("2026-09-10"), "address_fault": True},
     "2026-09-10", "post_returned_wrong_address", "第十条"),
    ("post", {"returned_on": D("2026-09-10"), "refused_mail": True}, "2026-09-10", "post_refused", "第十一条"),
    ("left", {"left_on": D("2026-09-10"), "left_recorded": True}, "2026-09-10", "left", "第八十九条"),
    ("public", {"announced_on": D("2026-03-10")}, "2026-04-09", "public", "第九十五条"),
    ("public", {"announced_on": D("2026-03-10"), "foreign": True}, "2026-05-09", "public", "第二百八十三条"),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "facts", "day", "rule_id", "law"), SERVED)
def test_each_way_of_service_has_its_day_and_article(
    mode: str, facts: dict[str, Any], day: str, rule_id: str, law: str
) -> None:
    effect = outcome(mode, **facts)
    assert isinstance(effect, ServiceEffect)
    assert (effect.effective_on, effect.rule_id) == (D(day), rule_id)
    assert law in effect.law
    assert effect.steps
    assert day in effect.steps[-1].text
    assert len(effect.rule_id) <= 40


NOT_SERVED: list[tuple[str, dict[str, Any], str, bool]] = [
    ("electronic", {"address_confirmed": True}, "尚未到达", False),
    ("electronic", {"arrived_on": D("2026-09-10")}, "未经受送达人确认", False),
    ("electronic", {"arrived_on": D("2026-09-10"), "address_own": False}, "不能确认", False),
    ("electronic", {"read_on": D("2026-09-10"), "rebutted": True}, "已证明未收悉", False),
    ("electronic", {"address_confirmed": True, "arrived_on": D("2026-09-10"), "papers": JUDGMENT, "consents": False},
     "未同意电子送达裁判文书", True),
    ("counter", {}, "尚无签收记录", False),
    ("counter", {"signed_on": D("2026-09-10"), "signer": "stranger"}, "签收人", False),
    ("counter", {"signed_on": D("2026-09-10"), "signer": "agent", "papers": LETTER}, "调解书", True),
    ("counter", {"refused_on": D("2026-09-10"), "papers": LETTER}, "尚无签收记录", False),
    ("counter", {"noted_on": D("2026-09-10")}, "尚无签收记录", False),
    ("post", {}, "尚无邮件回执", False),
    ("post", {"returned_on": D("2026-09-10")}, "并非当事人过错", False),
    ("left", {}, "留置日期", False),
    ("left", {"left_on": D("2026-09-10")}, "见证人", False),
    ("left", {"left_on": D("2026-09-10"), "left_recorded": True, "papers": LETTER}, "不适用留置", True),
    ("left", {"left_on": D("2026-09-10"), "left_recorded": True, "signer": "agent", "agent_is_nominee": False},
     "未被指定为代收人", True),
    ("public", {}, "公告", False),
    ("public", {"announced_on": D("2026-09-10"), "procedure": "simple"}, "不适用公告送达", True),
    ("public", {"announced_on": D("2026-09-10"), "procedure": "small"}, "不适用公告送达", True),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "facts", "reason", "forbidden"), NOT_SERVED)
def test_what_is_not_service_says_why(mode: str, facts: dict[str, Any], reason: str, forbidden: bool) -> None:
    refusal = outcome(mode, **facts)
    assert isinstance(refusal, NotServed)
    assert reason in refusal.reason
    assert refusal.forbidden is forbidden
    assert "条" in refusal.law


def test_only_the_presumption_from_reading_can_be_rebutted() -> None:
    for mode, facts, _, rule_id, _ in SERVED:
        effect = outcome(mode, **facts)
        assert isinstance(effect, ServiceEffect)
        assert effect.rebuttable is (rule_id == "electronic_read")


def test_of_several_ways_the_earliest_counts() -> None:
    attempts = [
        ServiceFacts(mode="electronic", address_confirmed=True),
        ServiceFacts(mode="electronic", address_confirmed=True, arrived_on=D("2026-09-12")),
        ServiceFacts(mode="electronic", read_on=D("2026-09-11")),
    ]
    first = earliest_effect(attempts=attempts)
    assert isinstance(first, ServiceEffect)
    assert first.effective_on == D("2026-09-11")
    assert first.steps[-1].law == "在线诉讼规则第三十一条第四款"
    assert isinstance(earliest_effect(attempts=attempts[:1]), NotServed)
    with pytest.raises(ValueError, match="no attempt"):
        earliest_effect(attempts=[])
