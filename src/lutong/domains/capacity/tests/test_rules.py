"""What a hit means, which names are the same, what a declaration says."""

import datetime as dt

import pytest

from lutong.domains.capacity.rules import (
    Declared,
    FormerPost,
    Hit,
    Relation,
    Relative,
    clean_names,
    declaration_faults,
    in_region,
    judge,
    name_faults,
    read_declared,
)

TODAY = dt.date(2026, 11, 21)
OWN = Hit(True, Relation.CLIENT, False, "（2026）京0105民初7号", 5, "c")
FIRM = Hit(False, Relation.CLIENT, False)


@pytest.mark.parametrize(
    ("asked", "relation", "conflict"),
    [
        ("client", Relation.OPPONENT, True),
        ("client", Relation.CLIENT, False),
        ("client", Relation.OTHER, False),
        ("opposing", Relation.CLIENT, True),
        ("opposing", Relation.OPPONENT, False),
        ("opposing", Relation.OTHER, False),
    ],
)
def test_only_the_other_side_of_a_case_is_a_conflict(asked: str, relation: Relation, conflict: bool) -> None:
    finding = judge(name="程屿舟", asked=asked, hits=[Hit(False, relation, False)])
    assert (finding.verdict == "possible") is conflict


def test_his_own_case_is_named_and_a_colleagues_is_not() -> None:
    finding = judge(name="程屿舟", asked="opposing", hits=[FIRM, OWN])
    own, firm = finding.remarks
    assert OWN.number in own.text
    assert (own.court_id, own.case_id) == (5, "c")
    assert "本所其他律师在一件案件中代理该当事人" in firm.text
    assert (firm.number, firm.court_id, firm.case_id) == ("", 0, "")


def test_how_many_cases_colleagues_have_is_not_told() -> None:
    assert judge(name="甲乙", asked="opposing", hits=[FIRM] * 5) == judge(name="甲乙", asked="opposing", hits=[FIRM])


def test_a_past_case_is_told_as_past_with_its_own_article() -> None:
    (remark,) = judge(name="甲乙", asked="client", hits=[Hit(False, Relation.OPPONENT, True)]).remarks
    assert "曾" in remark.text
    assert remark.law.startswith("律师法第三十八条")


def test_every_remark_says_what_to_do_and_by_which_article() -> None:
    for mine in (True, False):
        for over in (True, False):
            (remark,) = judge(name="甲乙", asked="opposing", hits=[Hit(mine, Relation.CLIENT, over)]).remarks
            assert remark.advice
            assert remark.law.startswith("律师法")


def test_blank_lines_and_other_writings_of_a_name_do_not_count_twice() -> None:
    names = ["恒川物流有限公司", " ", "恒川物流有限责任公司", "", "苏晚晴 "]
    assert clean_names(names) == ("恒川物流有限公司", "苏晚晴")


def test_names_that_cannot_be_checked_are_named_with_their_field() -> None:
    assert set(name_faults(clients=["甲乙"], opposing=[])) == {"opposing_names"}
    assert set(name_faults(clients=["甲"], opposing=["乙丙"])) == {"client_names"}
    assert set(name_faults(clients=["甲乙"], opposing=["甲 乙"])) == {"opposing_names"}
    assert set(name_faults(clients=[], opposing=[f"名称{n}" for n in range(11)])) == {"opposing_names"}
    assert name_faults(clients=[], opposing=["程屿舟"]) == {}


DECLARED = Declared(
    (
        FormerPost("court", 5, "北京市朝阳区人民法院", dt.date(2020, 5, 1)),
        FormerPost("procuratorate", None, "某某人民检察院", dt.date(2025, 5, 1)),
    ),
    (Relative("spouse", 8, "北京市海淀区人民法院"),),
    "某某市人大常委会",
)


def test_a_declaration_comes_back_as_it_was_kept() -> None:
    assert read_declared(DECLARED.as_json()) == DECLARED
    assert DECLARED.left_on == dt.date(2025, 5, 1)
    assert DECLARED.former_court_ids == {5}
    assert DECLARED.relatives_court_ids == {8}


def test_nobody_declares_the_future_or_without_standing_by_it() -> None:
    assert declaration_faults(declared=DECLARED, confirmed=True, today=TODAY) == {}
    assert set(declaration_faults(declared=DECLARED, confirmed=False, today=dt.date(2025, 4, 30))) == {
        "posts.1.left_on", "confirmed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("region", "places", "found"),
    [
        ("北京市朝阳区", ["北京市朝阳区建国路 1 号"], True),
        ("甲县、乙县", ["某市乙县人民法院"], True),
        ("甲县", ["某市乙县人民法院"], False),
        ("", ["某市乙县"], None),
        ("甲县", ["", " "], None),
    ],
)
def test_a_region_is_compared_in_words_and_unknown_stays_unknown(region: str, places: list[str], found: object) -> None:
    assert in_region(region=region, places=places) is found


def test_hundreds_of_own_cases_are_told_in_one_sentence_and_recorded_one_by_one() -> None:
    hits = [Hit(True, Relation.CLIENT, False, f"（2026）京0105民初{n}号", 1, f"c{n}") for n in range(1, 201)]
    finding = judge(name="甲银行", asked="opposing", hits=[*hits, FIRM])
    own, firm = finding.told
    assert own.text == (
        "您在（2026）京0105民初1号、（2026）京0105民初2号、（2026）京0105民初3号等 200 件案件中代理该当事人"
    )
    assert firm.text == "本所其他律师在一件案件中代理该当事人"
    assert len(finding.remarks) == 201
    assert (
        judge(name="甲", asked="opposing", hits=hits[:1]).told
        == judge(name="甲", asked="opposing", hits=hits[:1]).remarks
    )
