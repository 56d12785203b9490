"""代理: numbers, powers, papers and bans, each with its article."""

import dataclasses
import datetime as dt

import pytest

from lutong.domains.cases.powers import (
    BANS,
    SPECIAL_POWERS,
    AgentKind,
    Counsel,
    capacity_objections,
    granted,
    objection_to_act,
    power_objections,
    required_papers,
    too_many_agents,
)

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(("count", "refused"), [(0, False), (1, False), (2, False), (3, True)])
def test_a_party_has_at_most_two_agents(count: int, refused: bool) -> None:
    objection = too_many_agents(count=count, party="原告苏晚晴")
    assert (objection is not None) is refused
    if objection:
        assert objection.law == "民事诉讼法第六十一条第一款"
        assert "苏晚晴" in objection.text


@pytest.mark.parametrize("act", sorted(SPECIAL_POWERS))
def test_each_listed_act_needs_its_own_special_power(act: str) -> None:
    assert objection_to_act(needed=act, powers="special", special_powers=[act]) is None
    for powers, given in (("general", [act]), ("special", []), ("special", [a for a in SPECIAL_POWERS if a != act])):
        objection = objection_to_act(needed=act, powers=powers, special_powers=given)
        assert objection and objection.law == "民事诉讼法第六十二条第二款"


def test_general_acts_need_no_special_power() -> None:
    assert objection_to_act(needed="general", powers="general", special_powers=[]) is None


@pytest.mark.parametrize(
    ("wording", "given"),
    [("全权代理", 0), ("全权代理本案一切事宜", 0), ("全权代理，包括代为和解、上诉", 2), ("特别授权", 2)],
)
def test_bare_full_agency_grants_nothing(wording: str, given: int) -> None:
    assert len(granted(powers="special", special_powers=["settle", "appeal"], wording=wording)) == given


@pytest.mark.parametrize(
    ("powers", "special", "wording", "codes"),
    [
        ("general", [], "", []),
        ("special", ["settle"], "", []),
        ("special", [], "", ["special_powers_empty"]),
        ("special", ["fly"], "", ["special_powers_empty"]),
        ("special", ["settle"], "全权代理", ["bare_full_agency"]),
        ("", [], "", ["powers_missing"]),
    ],
)
def test_an_authorisation_is_judged_as_written(powers: str, special: list[str], wording: str, codes: list[str]) -> None:
    found = power_objections(powers=powers, special_powers=special, wording=wording)
    assert [objection.code for objection in found] == codes
    assert all(objection.law for objection in found)


@pytest.mark.parametrize("kind", list(AgentKind))
def test_every_kind_of_agent_brings_the_papers_of_article_88(kind: AgentKind) -> None:
    first, *rest = required_papers(kind=kind)
    assert first.label == "授权委托书"
    assert rest
    assert all("第八十八条" in paper.law for paper in rest)


CLEAN = Counsel("周岚", licence_active=True, category="专职律师")


def test_a_clean_counsel_meets_no_ban() -> None:
    assert capacity_objections(counsel=CLEAN, court_id=7, today=TODAY) == ()
    assert capacity_objections(counsel=Counsel("顾衡"), court_id=None, today=TODAY) == ()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"licence_active": False, "licence_status": "停止执业"}, "licence"),
        ({"other_sides": frozenset({"恒川物流有限公司"})}, "both_sides"),
        ({"firm_other_sides": frozenset({"恒川物流有限公司"})}, "firm_conflict"),
        ({"sits_in_standing_committee": True}, "standing_committee"),
        ({"left_court_on": dt.date(2024, 11, 21)}, "two_years"),
        ({"former_court_ids": frozenset({7})}, "former_court"),
        ({"relatives_court_ids": frozenset({7})}, "relatives"),
        ({"category": "公司律师", "own_body": False}, "own_body"),
    ],
)
def test_each_ban_is_found_and_told_with_its_law(facts: dict[str, object], code: str) -> None:
    counsel = dataclasses.replace(CLEAN, **facts)  # type: ignore[arg-type]
    (objection,) = capacity_objections(counsel=counsel, court_id=7, today=TODAY)
    assert objection.code == code
    assert objection.law == BANS[code].law
    assert "周岚" in objection.text
    assert "{" not in objection.text


def test_the_two_years_end_on_their_last_day() -> None:
    counsel = dataclasses.replace(CLEAN, left_court_on=dt.date(2024, 11, 20))
    assert capacity_objections(counsel=counsel, court_id=7, today=TODAY) == ()


def test_another_court_is_no_former_court() -> None:
    counsel = dataclasses.replace(CLEAN, former_court_ids=frozenset({7}), relatives_court_ids=frozenset({7}))
    assert capacity_objections(counsel=counsel, court_id=8, today=TODAY) == ()


def test_every_ban_has_a_test_above() -> None:
    assert len(BANS) == 8
