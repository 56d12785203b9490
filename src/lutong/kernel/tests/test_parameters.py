"""法律参数: dated, sourced, and never silently wrong."""

import datetime as dt
import re

import pytest

from lutong.kernel.errors import Invalid
from lutong.kernel.parameters import Parameter, find_on, parameter_on, period_of, read_parameters, shipped, value_on

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("key", "text", "law"),
    [
        ("filing.review", "7 日", "民事诉讼法第一百二十六条"),
        ("service.copy_to_defendant", "5 日", "民事诉讼法第一百二十八条"),
        ("answer.domestic", "15 日", "民事诉讼法第一百二十八条"),
        ("answer.foreign", "30 日", "民事诉讼法第二百八十五条"),
        ("evidence.ordinary_shortest", "15 日", "民诉法解释第九十九条"),
        ("evidence.simple_longest", "15 日", "民诉法解释第二百六十六条"),
        ("evidence.small_longest", "7 日", "民诉法解释第二百七十五条"),
        ("hearing.notice", "3 日", "民事诉讼法第一百三十九条"),
        ("appeal.judgment", "15 日", "民事诉讼法第一百七十一条第一款"),
        ("appeal.ruling", "10 日", "民事诉讼法第一百七十一条第二款"),
        ("trial.ordinary", "6 个月", "民事诉讼法第一百五十二条"),
        ("trial.simple", "3 个月", "民事诉讼法第一百六十四条"),
        ("trial.simple_extension", "1 个月", "民事诉讼法第一百六十四条"),
        ("trial.small", "2 个月", "民事诉讼法第一百六十八条"),
        ("mediation.ordinary", "15 日", "在线调解规则第二十四条"),
        ("mediation.simple", "7 日", "在线调解规则第二十四条"),
        ("mediation.extension", "30 日", "立案与调解"),
        ("fee.payment", "7 日", "诉讼费用交纳办法第二十二条"),
        ("service.announcement", "30 日", "民事诉讼法第九十五条"),
        ("filing.to_trial", "3 日", "审限规定第七条"),
        ("enforcement.application", "2 年", "民事诉讼法第二百五十条"),
        ("level.intermediate", "500,000,000 元", "法发〔2021〕27号"),
    ],
)
def test_each_number_stands_with_its_article(key: str, text: str, law: str) -> None:
    found = parameter_on(key=key, on=TODAY)
    assert found.text == text
    assert law in found.law


def test_every_row_names_a_source_and_rows_of_a_key_do_not_overlap() -> None:
    seen: dict[tuple[str, str], dt.date | None] = {}
    for row in shipped():
        assert re.search(r"第.+条|〔\d{4}〕\d+号|意见|规定", row.law), row.key
        last = seen.get((row.key, row.province), dt.date.min)
        assert last is not None and last < row.valid_from, f"{row.key} overlaps"
        seen[row.key, row.province] = row.valid_to


def test_what_is_not_confirmed_is_marked() -> None:
    assert parameter_on(key="filing.correction_default", on=TODAY).unsure
    assert not parameter_on(key="filing.review", on=TODAY).unsure


def test_a_day_before_the_table_is_refused_not_guessed() -> None:
    with pytest.raises(Invalid, match="未载入"):
        value_on(key="filing.review", on=dt.date(1999, 1, 1))
    assert find_on(key="filing.review", on=dt.date(1999, 1, 1)) is None


def test_a_misspelt_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        value_on(key="filing.reveiw", on=TODAY)
    with pytest.raises(KeyError):
        period_of(key="level.intermediate", start_on=TODAY, event="立案")


def test_a_closed_row_ends_on_its_last_day() -> None:
    row = read_parameters(
        '[[parameter]]\nkey = "a"\nvalue = 60\nunit = "day"\nlaw = "l"\n'
        "valid_from = 1991-04-09\nvalid_to = 2021-12-31\n"
    )[0]
    assert isinstance(row, Parameter)
    assert row.in_force(dt.date(2021, 12, 31))
    assert not row.in_force(dt.date(2022, 1, 1))


def test_a_named_period_cites_its_own_article() -> None:
    period = period_of(key="filing.review", start_on=dt.date(2026, 11, 13), event="收到起诉状")
    assert period.due_on == dt.date(2026, 11, 20)
    assert period.steps[1].law == "民事诉讼法第一百二十六条"
