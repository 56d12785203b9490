"""案号: the forms in use, the forms of history, and what is neither."""

import pytest

from lutong.domains.courts.rules import accept_case_number, compose_case_number, parse_case_number
from lutong.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("text", "court", "type_code", "serials", "canonical"),
    [
        ("（2026）京0105民初123号", "京0105", "民初", (123,), "（2026）京0105民初123号"),
        ("(2026)京0105民初123号", "京0105", "民初", (123,), "（2026）京0105民初123号"),
        ("〔2026〕京0105民初123号", "京0105", "民初", (123,), "（2026）京0105民初123号"),
        ("[2026] 京0105 民初 123 号", "京0105", "民初", (123,), "（2026）京0105民初123号"),
        ("（２０２６）京０１０５民初１２３号", "京0105", "民初", (123,), "（2026）京0105民初123号"),
        ("（2023）最高法民申5号", "最高法", "民申", (5,), "（2023）最高法民申5号"),
        ("（2023）最高法知民终881号", "最高法", "民终", (881,), "（2023）最高法知民终881号"),
        ("（2020）粤03执异7号之一", "粤03", "执异", (7,), "（2020）粤03执异7号之一"),
        ("（2016）粤03民辖终3827、3828号", "粤03", "民辖终", (3827, 3828), "（2016）粤03民辖终3827、3828号"),
        ("（2016）粤03民辖终3827,3828号", "粤03", "民辖终", (3827, 3828), "（2016）粤03民辖终3827、3828号"),
        ("（2019）兵9001民初1号", "兵9001", "民初", (1,), "（2019）兵9001民初1号"),
        ("（2024）吉7502民初22号", "吉7502", "民初", (22,), "（2024）吉7502民初22号"),
        ("（2022）渝05破申12号", "渝05", "破申", (12,), "（2022）渝05破申12号"),
        ("（2017）京执复9号", "京", "执复", (9,), "（2017）京执复9号"),
        ("（2016）川行赔终3号", "川", "行赔终", (3,), "（2016）川行赔终3号"),
    ],
)
def test_a_number_of_the_present_form_is_read(text, court, type_code, serials, canonical):
    number = parse_case_number(text)
    assert number is not None
    assert (number.court_code, number.type_code, number.serials, str(number)) == (court, type_code, serials, canonical)
    assert accept_case_number(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "（2014）民一终字第174号",
        "（2015）高民初字第413号",
        "(2015)威经技区商初字第306号",
        "（2013）朝民初字第8号之二",
        "（2019）沪0115民诉前调77号",
    ],
)
def test_a_historic_number_is_kept_as_text_and_not_read(text):
    assert parse_case_number(text) is None
    assert accept_case_number(text).startswith("（201")


@pytest.mark.parametrize(
    "text",
    [
        "", "123", "民初123号", "（2026）京0105民初号", "（2026）京0105民初0号", "（26）京0105民初1号",
            "（2026）京0105民除1号",
        "（2026）美0105民初1号x", "x" * 10_000, "（2026）京0105民初1、1号x", "\x00", "（2026）" * 20,
    ],
)  # fmt: skip
def test_what_is_no_case_number_is_refused_with_an_example(text):
    assert parse_case_number(text) is None
    with pytest.raises(Invalid, match="例如") as refusal:
        accept_case_number(text)
    assert set(refusal.value.fields) == {"case_number"}


@pytest.mark.parametrize(
    "text", ["（2026）京010民初1号", "（2026）京0105民除1号", "（2026）京0105民初1、1号", "（2026）知民初1号"]
)
def test_a_wrong_court_type_or_doubled_serial_is_not_read(text):
    assert parse_case_number(text) is None


def test_several_numbers_are_refused_where_one_is_asked():
    with pytest.raises(Invalid, match="您填了2个，请分别填写，例如 （2016）粤03民辖终3827号"):
        accept_case_number("（2016）粤03民辖终3827、3828号", several=False)


def test_several_numbers_come_apart():
    number = parse_case_number("（2016）粤03民辖终3827、3828号")
    assert number is not None
    assert number.singles() == ("（2016）粤03民辖终3827号", "（2016）粤03民辖终3828号")


def test_a_number_is_composed_as_the_regulation_writes_it():
    assert compose_case_number(year=2026, court_code="京0105", type_code="民初", serial=1) == "（2026）京0105民初1号"
    assert compose_case_number(year=2026, court_code="京73", type_code="民初", serial=4, special="知") == (
        "（2026）京73知民初4号"
    )


@pytest.mark.parametrize(
    "part", [{"serial": 0}, {"type_code": "民"}, {"court_code": "北京"}, {"year": 26}, {"special": "海"}]
)
def test_a_wrong_part_is_never_composed(part):
    with pytest.raises(ValueError, match="not a case number"):
        compose_case_number(**({"year": 2026, "court_code": "京0105", "type_code": "民初", "serial": 1} | part))
