"""诉讼费用: the statute's arithmetic, its golden values, and what must hold for every amount."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lutong.domains.fees.rules import (
    HALVINGS,
    FeeKind,
    FeeQuote,
    acceptance_fee,
    ceiling_warning,
    halve,
    lending_ceiling_on,
    lpr_on,
    simple_interest,
)
from lutong.kernel import tariff
from lutong.kernel.errors import Invalid
from lutong.kernel.parameters import Parameter

TODAY = dt.date(2026, 11, 21)
D = Decimal

# claim: 受理费, 支付令, 执行费, 保全费
GOLDEN = [
    ("1000", "50", "16.67", "50", "30"),
    ("10000", "50", "16.67", "50", "120"),
    ("50000", "1050", "350", "650", "520"),
    ("100000", "2300", "766.67", "1400", "1020"),
    ("150000", "3300", "1100", "2150", "1270"),
    ("300000", "5800", "1933.33", "4400", "2020"),
    ("500000", "8800", "2933.33", "7400", "3020"),
    ("800000", "11800", "3933.33", "10400", "4520"),
    ("896000", "12760", "4253.33", "11360", "5000"),
    ("1000000", "13800", "4600", "12400", "5000"),
    ("2000000", "22800", "7600", "22400", "5000"),
    ("5000000", "46800", "15600", "52400", "5000"),
    ("10000000", "81800", "27266.67", "77400", "5000"),
    ("20000000", "141800", "47266.67", "87400", "5000"),
    ("100000000", "541800", "180600", "167400", "5000"),
]


def quote(kind: FeeKind, amount: str | None = None, province: str | None = None) -> FeeQuote:
    return acceptance_fee(kind=kind, amount=None if amount is None else D(amount), today=TODAY, province=province)


@pytest.mark.parametrize(("claim", "fee", "order", "enforcement", "preservation"), GOLDEN)
def test_fees_follow_the_statutes_table(claim: str, fee: str, order: str, enforcement: str, preservation: str) -> None:
    kinds = (FeeKind.PROPERTY, FeeKind.PAYMENT_ORDER, FeeKind.ENFORCEMENT, FeeKind.PRESERVATION)
    for kind, expected in zip(kinds, (fee, order, enforcement, preservation), strict=True):
        assert quote(kind, claim).fen == int(D(expected) * 100), kind
    assert halve(quote(FeeKind.PROPERTY, claim), ground="simple").exact == D(fee) / 2


def test_fractions_are_kept_until_the_end_and_rounded_half_up_once() -> None:
    whole = quote(FeeKind.PROPERTY, "10001")
    half = halve(whole, ground="withdrawn")
    assert (whole.exact, whole.fen) == (D("50.025"), 5003)
    assert (half.exact, half.fen) == (D("25.0125"), 2501)
    assert quote(FeeKind.PAYMENT_ORDER, "10001").fen == 1668  # 16.675
    assert quote(FeeKind.ENFORCEMENT, "10001").exact == D("50.015")
    assert quote(FeeKind.PRESERVATION, "10001").exact == D("120.01")


def test_the_fee_card_shows_each_bracket() -> None:
    card = quote(FeeKind.PROPERTY, "345731.51")
    assert [(line.label, line.part, line.rate, line.fee) for line in card.lines] == [
        ("1 万元以下", D(10_000), "每件", D("50.00")),
        ("1 万 – 10 万元", D(90_000), "2.5%", D("2250.00")),
        ("10 万 – 20 万元", D(100_000), "2%", D("2000.00")),
        ("20 万 – 50 万元", D("145731.51"), "1.5%", D("2185.97")),
    ]
    assert card.text == "6,485.97"
    assert card.laws == ("诉讼费用交纳办法第十三条第一款第（一）项",)


@pytest.mark.parametrize(
    ("kind", "amount", "low", "high"),
    [
        (FeeKind.DIVORCE, None, "50", "300"),
        (FeeKind.DIVORCE, "200000", "50", "300"),
        (FeeKind.DIVORCE, "1000000", "4050", "4300"),
        (FeeKind.PERSONALITY, None, "100", "500"),
        (FeeKind.PERSONALITY, "50000", "100", "500"),
        (FeeKind.PERSONALITY, "100000", "600", "1000"),
        (FeeKind.PERSONALITY, "200000", "1100", "1500"),
        (FeeKind.OTHER_NONPROPERTY, None, "50", "100"),
        (FeeKind.IP, None, "500", "1000"),
        (FeeKind.IP, "300000", "5800", "5800"),
        (FeeKind.LABOUR, "56000", "10", "10"),
        (FeeKind.ADMINISTRATIVE, None, "50", "50"),
        (FeeKind.ADMINISTRATIVE_SPECIAL, None, "100", "100"),
        (FeeKind.JURISDICTION, None, "50", "100"),
        (FeeKind.ENFORCEMENT, None, "50", "500"),
        (FeeKind.PRESERVATION, None, "30", "30"),
        (FeeKind.EXEMPT, "300000", "0", "0"),
        (FeeKind.PROPERTY, None, "0", "0"),
        (FeeKind.PROPERTY, "0", "0", "0"),
    ],
)
def test_every_kind_of_the_thirteenth_article(kind: FeeKind, amount: str | None, low: str, high: str) -> None:
    found = quote(kind, amount)
    assert (found.low, found.high) == (D(low), D(high))
    assert (found.fen is None) is (low != high)
    assert found.laws[0].startswith("诉讼费用交纳办法第")
    assert found.kind.label


def test_a_range_names_who_sets_the_figure() -> None:
    divorce = quote(FeeKind.DIVORCE)
    assert divorce.text == "50.00 – 300.00"
    assert "省、自治区、直辖市人民政府" in divorce.notes[0]


def test_a_provinces_figure_replaces_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Parameter("fee.base.divorce", D(150), "yuan", "某省标准", dt.date(2007, 4, 1), province="110000")
    monkeypatch.setattr(tariff, "find_on", lambda *, key, on, province: figure if province == "110000" else None)
    assert quote(FeeKind.DIVORCE, "1000000", "110000").exact == D(4150)
    assert quote(FeeKind.DIVORCE, "1000000", "310000").is_range


@pytest.mark.parametrize("second", sorted(HALVINGS))
def test_a_fee_is_halved_only_once(second: str) -> None:
    half = halve(quote(FeeKind.PROPERTY, "300000"), ground="simple")
    again = halve(half, ground=second)
    assert half.exact == again.exact == D(2900)
    assert "民诉法解释第二百零六条" in again.notes[-1]


@pytest.mark.parametrize("kind", [FeeKind.PRESERVATION, FeeKind.ENFORCEMENT, FeeKind.PAYMENT_ORDER])
def test_application_fees_are_never_halved(kind: FeeKind) -> None:
    with pytest.raises(Invalid, match="申请费不减半"):
        halve(quote(kind, "300000"), ground="mediated")


@pytest.mark.parametrize("amount", ["-1", "1e13", "1e400", "NaN", "Infinity"])
def test_absurd_amounts_are_refused(amount: str) -> None:
    with pytest.raises(Invalid):
        quote(FeeKind.PROPERTY, amount)


def test_floats_are_a_bug() -> None:
    with pytest.raises(TypeError):
        acceptance_fee(kind=FeeKind.PROPERTY, amount=0.1, today=TODAY)  # type: ignore[arg-type]


amounts = st.decimals(min_value=D("0.01"), max_value=D("500000000"), places=2)
in_brackets = st.sampled_from(
    [FeeKind.PROPERTY, FeeKind.ENFORCEMENT, FeeKind.PRESERVATION, FeeKind.DIVORCE, FeeKind.PERSONALITY]
)


@given(in_brackets, amounts, amounts)
def test_a_larger_claim_never_costs_less(kind: FeeKind, one: D, other: D) -> None:
    small, large = (acceptance_fee(kind=kind, amount=a, today=TODAY) for a in sorted((one, other)))
    assert small.low <= large.low
    assert small.low_fen <= large.low_fen


@given(in_brackets, amounts)
def test_the_parts_add_up_to_the_claim_and_the_lines_to_the_fee(kind: FeeKind, amount: D) -> None:
    found = acceptance_fee(kind=kind, amount=amount, today=TODAY)
    assert sum(line.part for line in found.lines if line.part is not None) == amount
    assert found.low == min(
        sum(line.exact for line in found.lines), D(5000) if kind is FeeKind.PRESERVATION else found.low
    )


@pytest.mark.parametrize(
    "brackets", [tariff.PROPERTY_BRACKETS, tariff.ENFORCEMENT_BRACKETS, tariff.PRESERVATION_BRACKETS]
)
def test_there_is_no_jump_at_a_bracket_bound(brackets: tuple[tariff.Bracket, ...]) -> None:
    for bracket in brackets:
        if bracket.upper is not None:
            below, above = (
                sum((line.exact for line in tariff._cumulate(bracket.upper + step, brackets)), D(0))
                for step in (D(0), D("0.01"))
            )
            assert 0 <= above - below <= D("0.01") * D("0.025")


def test_interest_counts_both_days() -> None:
    found = simple_interest(
        base=D(365_000), yearly_rate=D(10), start_on=dt.date(2026, 1, 1), end_on=dt.date(2026, 1, 10)
    )
    assert (found.days, found.amount) == (10, D("1000.00"))
    assert found.formula == "365,000.00 × 10% ÷ 365 × 10 天"
    assert "首尾两日都计" in found.steps[0].text


def test_the_prototypes_interest_claim() -> None:
    found = simple_interest(
        base=D("300000.00"), yearly_rate=D("13.00"), start_on=dt.date(2025, 9, 19), end_on=dt.date(2026, 11, 20)
    )
    assert (found.days, found.amount) == (428, D("45731.51"))


def test_interest_backwards_is_refused_at_the_last_day() -> None:
    with pytest.raises(Invalid) as refusal:
        simple_interest(base=D(1), yearly_rate=D(1), start_on=dt.date(2026, 1, 2), end_on=dt.date(2026, 1, 1))
    assert refusal.value.fields == {"end_on": "早于起算日"}


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("2019-08-20", "4.25"),
        ("2020-04-19", "4.05"),
        ("2020-08-20", "3.85"),
        ("2022-08-22", "3.65"),
        ("2024-07-21", "3.45"),
        ("2025-03-18", "3.10"),
        ("2025-05-20", "3.00"),
        ("2025-12-01", "3.00"),
    ],
)
def test_the_lpr_of_a_day(day: str, rate: str) -> None:
    found = lpr_on(dt.date.fromisoformat(day))
    assert found and (found.rate, found.assumed) == (D(rate), False)


def test_beyond_the_last_publication_the_lpr_is_assumed_and_says_so() -> None:
    found = lpr_on(TODAY)
    assert found and found.assumed
    assert "利率表截至" in found.note
    assert lpr_on(dt.date(2019, 8, 19)) is None
    assert lending_ceiling_on(dt.date(2019, 8, 19)) is None


def test_a_rate_over_the_ceiling_is_warned_about_not_refused() -> None:
    contract_on = dt.date(2025, 3, 18)
    assert "四倍（12.40%）" in ceiling_warning(yearly_rate=D("13.00"), contract_on=contract_on)
    assert ceiling_warning(yearly_rate=D("12.40"), contract_on=contract_on) == ""
