"""代理: numbers, powers, papers and bans, each with its article."""

import dataclasses
import datetime as dt

import pytest

from lutong.domains.cases.powers import (
    ALL_POWERS,
    SPECIAL_POWERS,
    AgentKind,
    Counsel,
    acts_on,
    attendance_notice,
    bans,
    bans_on,
    capacity_objections,
    granted,
    objection_to,
    objection_to_act,
    plain_name,
    power_objections,
    refusing,
    required_papers,
    too_many_agents,
)

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(("count", "refused"), [(0, False), (1, False), (2, False), (3, True)])
def test_a_party_has_at_most_two_agents(count: int, refused: bool) -> None:
    objection = too_many_agents(count=count, party="原告苏晚晴", today=TODAY)
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


MET: dict[str, dict[str, object]] = {
    "licence": {"licence_active": False, "licence_status": "停止执业"},
    "trainee": {"category": "trainee"},
    "one_firm": {"firm": "北京衡准律师事务所", "registered_firm": "上海和川律师事务所"},
    "both_sides": {"other_sides": frozenset({"恒川物流有限公司"})},
    "firm_conflict": {"firm_other_sides": frozenset({"恒川物流有限公司"})},
    "standing_committee": {"sits_in_standing_committee": True},
    "two_years": {"left_court_on": dt.date(2024, 11, 21)},
    "former_court": {"former_court_ids": frozenset({7})},
    "relatives": {"relatives_court_ids": frozenset({7})},
    "relatives_district": {"relatives_court_ids": frozenset({3}), "higher_court_ids": frozenset({3})},
    "own_body": {"category": "corporate", "own_body": False, "body": "恒川物流有限公司"},
    "legal_aid": {"category": "legal_aid"},
    "region": {"category": "legal_worker", "in_region": False, "region": "甲县"},
    "scope": {"category": "基层法律服务工作者", "scope": ("法律顾问",)},
}


@pytest.mark.parametrize("code", MET)
def test_each_ban_is_found_and_told_with_its_law_and_its_cure(code: str) -> None:
    counsel = dataclasses.replace(CLEAN, **MET[code])  # type: ignore[arg-type]
    (objection,) = capacity_objections(counsel=counsel, court_id=7, today=TODAY)
    assert objection.code == code
    assert objection.law == bans_on(TODAY)[code].law
    assert objection.cure
    assert "周岚" in objection.text
    assert "{" not in objection.text


def test_every_ban_of_the_table_has_a_test() -> None:
    assert {ban.code for ban in bans()} == MET.keys() | {"too_many_agents", "attendance"}


def test_a_ban_holds_only_on_its_days() -> None:
    counsel = dataclasses.replace(CLEAN, former_court_ids=frozenset({7}))
    assert capacity_objections(counsel=counsel, court_id=7, today=dt.date(2019, 9, 30)) == ()
    assert capacity_objections(counsel=counsel, court_id=7, today=dt.date(2019, 10, 1))


def test_the_two_years_end_on_their_last_day() -> None:
    counsel = dataclasses.replace(CLEAN, left_court_on=dt.date(2024, 11, 20))
    assert capacity_objections(counsel=counsel, court_id=7, today=TODAY) == ()


def test_who_acts_as_guardian_or_near_relative_may_stand_before_his_former_court() -> None:
    counsel = dataclasses.replace(
        CLEAN, left_court_on=dt.date(2026, 1, 1), former_court_ids=frozenset({7}), as_relative=True
    )
    assert capacity_objections(counsel=counsel, court_id=7, today=TODAY) == ()


def test_another_court_is_no_former_court() -> None:
    counsel = dataclasses.replace(CLEAN, former_court_ids=frozenset({7}), relatives_court_ids=frozenset({7}))
    assert capacity_objections(counsel=counsel, court_id=8, today=TODAY) == ()


def test_rules_whose_text_was_not_compared_never_refuse_what_the_sure_ones_allow() -> None:
    for code in ("firm_conflict", "relatives_district", "own_body", "legal_aid", "region"):
        assert not bans_on(TODAY)[code].refuses
    (told,) = capacity_objections(
        counsel=dataclasses.replace(CLEAN, category="public", own_body=False), court_id=7, today=TODAY
    )
    assert refusing((told,)) is None
    assert told.unsure


def test_a_legal_worker_with_civil_business_in_his_region_meets_nothing() -> None:
    counsel = Counsel("段青", category="legal_worker", scope=("代理参加民事诉讼",), in_region=True, region="甲县")
    assert capacity_objections(counsel=counsel, court_id=7, today=TODAY) == ()


def test_in_a_divorce_the_party_appears_himself() -> None:
    notice = attendance_notice(cause_name="离婚纠纷", party="原告苏晚晴", today=TODAY)
    assert notice and notice.law == "民事诉讼法第六十五条"
    assert not notice.refuses
    assert attendance_notice(cause_name="民间借贷纠纷", party="原告苏晚晴", today=TODAY) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒川物流有限公司", "恒川物流有限责任公司"),
        ("恒川（北京）物流有限公司", "恒川(北京) 物流有限公司"),
        ("ABC科技股份有限公司", "ａｂｃ科技股份公司"),
        ("阿依·古丽", "阿依古丽"),
    ],
)
def test_names_are_compared_as_people_mean_them(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_different_names_stay_different() -> None:
    names = ["恒川物流有限公司", "恒川物业有限公司", "恒川（上海）物流有限公司", "苏晚晴"]
    assert len({plain_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("key", sorted(acts_on(TODAY)))
def test_every_act_names_its_power_its_article_and_the_paper_that_cures_it(key: str) -> None:
    act = acts_on(TODAY)[key]
    assert act.law
    assert act.power == "general" or act.power in ALL_POWERS
    refused = objection_to(act=act, powers="general", special_powers=[])
    assert (refused is not None) is act.is_special
    if refused:
        assert act.power_label in refused.text
        assert act.power_label in refused.cure
        assert objection_to(act=act, powers="special", special_powers=[act.power]) is None
        assert objection_to(act=act, powers="special", special_powers=[act.power], wording="全权代理")


def test_every_special_power_opens_some_act() -> None:
    assert {act.power for act in acts_on(TODAY).values()} == {"general", *ALL_POWERS}


def test_receiving_money_in_enforcement_needs_its_own_word() -> None:
    act = acts_on(TODAY)["receive_money"]
    assert objection_to(act=act, powers="special", special_powers=sorted(SPECIAL_POWERS))
    assert act.required == "special:receive"
