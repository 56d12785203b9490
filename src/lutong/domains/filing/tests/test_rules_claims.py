"""诉讼请求: nothing typed is lost, nothing wrong counts, the fee follows every keystroke."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lutong.domains.filing.claims import ClaimsResult, read_amount, read_day, reckon_claims
from lutong.domains.filing.content import STEP_FIELDS, STEPS, Claim, FilingContent, read_content, step_of
from lutong.kernel.errors import Invalid
from lutong.kernel.tariff import FeeKind, guess_fee_kind

TODAY = dt.date(2026, 11, 21)

# The prototype's own draft: a sound principal, an interest without its basis, an amount in words.
PROTOTYPE = {
    "cause_name": "民间借贷纠纷",
    "contract_on": "2025-03-18",
    "claims": [
        {"id": "a", "kind": "principal", "amount": "300,000.00", "basis": "借条第 1 条"},
        {"id": "b", "kind": "interest", "base": "300,000.00", "rate": "13.00", "start_on": "2025-09-19",
         "end_on": "2026-11-20", "until_paid": "on", "basis": ""},
        {"id": "c", "kind": "other", "amount": "8000元整", "basis": "借条第 6 条"},
    ],
}  # fmt: skip


def reckon(*claims: dict[str, object], cause: str = "民间借贷纠纷", **more: object) -> ClaimsResult:
    return reckon_claims(read_content({"cause_name": cause, "claims": list(claims), **more}), today=TODAY)


def test_the_prototypes_draft_is_reckoned_as_shown() -> None:
    result = reckon_claims(read_content(PROTOTYPE), today=TODAY)
    assert [row.value for row in result.rows] == [Decimal("300000.00"), Decimal("45731.51"), None]
    assert result.total == Decimal("345731.51")
    assert result.quote.text == "6,485.97"
    assert result.half.text == "3,242.99"
    assert result.errors == (
        ("claims.1.basis", "第 2 项依据：请写明，例如“借条第 3 条”；没有书面约定的写“口头约定”"),
        ("claims.2.amount", "第 3 项金额：只填数字，例如 8000"),
    )
    assert "四倍（12.40%）" in result.rows[1].warn
    assert (result.rows[1].days, result.rows[1].formula) == (428, "300,000.00 × 13.00% ÷ 365 × 428 天")


def test_a_draft_keeps_what_was_typed() -> None:
    content = read_content(PROTOTYPE)
    assert content.claims[2].amount == "8000元整"
    assert FilingContent.model_validate_json(content.model_dump_json()) == content


@pytest.mark.parametrize(
    ("claim", "field", "sentence"),
    [
        ({"kind": "principal", "amount": ""}, "amount", "只填数字"),
        ({"kind": "principal", "amount": "0"}, "amount", "应大于 0"),
        ({"kind": "principal", "amount": "-5"}, "amount", "只填数字"),
        ({"kind": "principal", "amount": "1.234"}, "amount", "最多 2 位小数"),
        ({"kind": "principal", "amount": "9" * 14}, "amount", "超出可受理的范围"),
        ({"kind": "principal", "amount": "9" * 2000}, "amount", "只填数字"),
        ({"kind": "principal", "amount": "1e5"}, "amount", "只填数字"),
        ({"kind": "principal", "amount": "NaN"}, "amount", "只填数字"),
        ({"kind": "interest", "base": "x"}, "base", "例如 300,000.00"),
        ({"kind": "interest", "rate": ""}, "rate", "例如 12.40"),
        ({"kind": "interest", "rate": "99999"}, "rate", "超出可计算的范围"),
        ({"kind": "interest", "start_on": "去年"}, "start_on", "请填日期"),
        ({"kind": "interest", "start_on": "2026-02-30"}, "start_on", "没有这一天"),
        ({"kind": "interest", "end_on": "2026-11-22"}, "end_on", "不能晚于今天"),
        ({"kind": "interest", "start_on": "2026-02-02", "end_on": "2026-02-01"}, "end_on", "早于起算日"),
        ({"kind": "interest", "start_on": "0001-01-01"}, "start_on", "日期过早"),
        ({"kind": "act", "text": " "}, "text", "请写明要求对方做什么"),
        ({"kind": "gift"}, "kind", "请选择请求的种类"),
        ({"kind": "act", "text": "道歉", "basis": ""}, "basis", "口头约定"),
    ],
)
def test_each_wrong_field_carries_its_own_way_out(claim: dict[str, object], field: str, sentence: str) -> None:
    result = reckon({"basis": "借条", **claim})
    assert sentence in result.rows[0].errors[field]
    assert result.total == 0
    assert f"claims.0.{field}" in dict(result.errors)


@pytest.mark.parametrize("text", ["8000", "8,000.00", "８０００", "¥8000", "8000元", " 8 000 ", "8，000"])
def test_amounts_are_read_as_people_write_them(text: str) -> None:
    assert read_amount(text) == Decimal(8000)


@pytest.mark.parametrize("text", ["2026-01-31", "2026年1月31日", "2026/1/31", "２０２６-01-31", " 2026.01.31 "])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text, example="") == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        ("民间借贷纠纷", FeeKind.PROPERTY),
        ("离婚纠纷", FeeKind.DIVORCE),
        ("追索劳动报酬纠纷", FeeKind.LABOUR),
        ("劳动争议", FeeKind.LABOUR),
        ("名誉权纠纷", FeeKind.PERSONALITY),
        ("侵害商标权纠纷", FeeKind.IP),
        ("劳务合同纠纷", FeeKind.PROPERTY),
    ],
)
def test_the_cause_decides_the_tariff(cause: str, kind: FeeKind) -> None:
    assert guess_fee_kind(cause) is kind


def test_mixed_claims_pay_as_property_and_acts_alone_by_the_case() -> None:
    act = {"kind": "act", "text": "交付房屋", "basis": "合同"}
    money = {"kind": "principal", "amount": "300000", "basis": "合同"}
    assert reckon(act, act).quote.kind is FeeKind.OTHER_NONPROPERTY
    assert reckon(act, act).quote.text == "50.00 – 100.00"
    assert reckon(act, money).quote.text == "5,800.00"
    assert reckon().quote.text == "0.00"


def test_the_ceiling_is_only_for_private_lending_and_says_when_it_guesses_the_day() -> None:
    interest = {"kind": "interest", "base": "100", "rate": "13", "start_on": "2025-09-19", "end_on": "2026-09-18"}
    assert reckon(interest, cause="买卖合同纠纷").rows[0].warn == ""
    assert "暂按起算日的 LPR 比较" in reckon(interest).rows[0].warn
    assert "不予支持" in reckon(interest, contract_on="2025-03-18").rows[0].warn


def test_every_field_of_the_content_belongs_to_exactly_one_step() -> None:
    listed = [name for fields in STEP_FIELDS.values() for name in fields]
    assert sorted(listed) == sorted(FilingContent.model_fields)
    assert list(STEP_FIELDS) == [key for key, _ in STEPS]
    assert len(STEPS) == 9
    assert step_of("parties.0.id_number") == "parties"
    assert step_of("nonsense") == "check"


@pytest.mark.parametrize(
    "raw",
    [
        [], "x", None, {"parties": "x"}, {"parties": [{}] * 400}, {"facts": "x" * 200_000}, {"court_id": "abc"},
        {"court_id": 1e400}, {"claims": [{"until_paid": "perhaps"}]}, {"files": {"a": "b"}}, {"claims": [None]},
    ],
)  # fmt: skip
def test_impossible_shapes_are_refused_as_invalid(raw: object) -> None:
    with pytest.raises(Invalid) as refusal:
        read_content(raw)
    assert refusal.value.fields


def test_nul_and_lone_surrogates_never_reach_the_store() -> None:
    content = read_content({"facts": "a\x00b\ud800c", "parties": [{"name": "苏\x00晚晴"}], "unknown": 1})
    assert (content.facts, content.parties[0].name) == ("abc", "苏晚晴")


@given(
    st.builds(
        Claim, **{name: st.text(max_size=40) for name in ("kind", "amount", "base", "rate", "start_on", "end_on")}
    )
)
def test_no_typed_text_makes_the_reckoning_fall_over(claim: Claim) -> None:
    for kind in (claim.kind, "interest", "principal"):
        result = reckon_claims(FilingContent(claims=[claim.model_copy(update={"kind": kind})]), today=TODAY)
        assert result.total >= 0
