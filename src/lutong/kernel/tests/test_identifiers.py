"""Identifiers: the standards' own arithmetic, and everything a keyboard can produce."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lutong.kernel import identifiers as i

TODAY = dt.date(2026, 11, 21)


def resident(first17: str) -> str:
    return first17 + i.resident_id_check_digit(first17)


def test_the_check_digit_follows_the_standards_own_example() -> None:
    assert i.check_resident_id("11010519491231002X", today=TODAY) is None  # GB 11643-1999, annex
    assert i.check_resident_id("440524188001010014", today=TODAY) is None  # GB 11643-1999, annex


@pytest.mark.parametrize("first6", ["810000", "820000", "830000", "110105", "710000"])
def test_residence_permits_and_all_provinces_are_accepted(first6: str) -> None:
    assert i.check_resident_id(resident(first6 + "19900307" + "001"), today=TODAY) is None


def test_birth_date_and_sex_are_read_from_the_number() -> None:
    found = i.read_resident_id("1101 0519 4912 3100 2x", today=TODAY)
    assert found == i.ResidentId("11010519491231002X", dt.date(1949, 12, 31), "女", "北京")
    permit = i.read_resident_id(resident("81000019900307001"), today=TODAY)
    assert permit and (permit.region, permit.sex) == ("香港居民居住证", "男")
    assert i.read_resident_id("1", today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写"),
        ("110105194912310", "15 位的旧号码"),
        ("11010519491231002", "现在是 17 位"),
        ("110105194912310021", "校验位不符"),
        ("11010519491331002X", "不是有效的出生日期"),
        ("990105194912310022", "行政区划"),
        ("810101194912310022", "行政区划"),
        (resident("11010520261122001"), "晚于今天"),
        ("1101051949123100ZX", "只含数字"),
        ("😀", "应为 18 位"),
        ("²1010519491231002X", "校验位不符"),
    ],
)
def test_a_wrong_resident_id_is_refused_with_the_way_out(text: str, sentence: str) -> None:
    assert sentence in (i.check_resident_id(text, today=TODAY) or "")


def test_a_birth_date_of_today_is_no_future_date() -> None:
    assert i.check_resident_id(resident("11010520261121001"), today=TODAY) is None


@pytest.mark.parametrize(
    "text", ["１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x", "\x00110105\u200b19491231002X\ufeff"]
)
def test_full_width_spaces_and_invisible_characters_do_not_matter(text: str) -> None:
    assert i.check_resident_id(text, today=TODAY) is None
    assert i.normalise(text) == "11010519491231002X"


def test_a_megabyte_costs_no_time() -> None:
    started = time.perf_counter()
    for junk in ("1" * 1_000_000, "😀" * 250_000, "\x00" * 1_000_000, "a@" * 500_000, "-" * 1_000_000):
        for answer in (
            i.check_resident_id(junk, today=TODAY), i.check_uscc(junk), i.check_licence_no(junk, today=TODAY),
            i.check_mobile(junk), i.check_phone(junk), i.check_email(junk), i.check_bank_account(junk),
        ):  # fmt: skip
            assert answer
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("code", ["91110000802100433B", "91110108551385082Q", "91440300708461136T"])
def test_real_credit_codes_are_accepted(code: str) -> None:
    assert i.check_uscc(code) is None
    assert i.check_uscc(code.lower()) is None


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "请填写"),
        ("91350100M000100Y4Z", "不含字母"),
        ("91350100M000100Y44", "校验位不符"),
        ("9135010", "现在是 7 位"),
        ("91A50100M000100Y43", "行政区划代码"),
        ("91350100M000100Y4😀", "只含数字和大写字母"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_way_out(code: str, sentence: str) -> None:
    assert sentence in (i.check_uscc(code) or "")


def test_the_standards_failing_example_ends_in_three() -> None:
    assert i.uscc_check_character("91350100M000100Y4") == "3"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 16), st.data())
def test_one_changed_character_of_a_credit_code_is_always_found(body: str, place: int, data: st.DataObject) -> None:
    code = "91110105" + body
    code += i.uscc_check_character(code)
    other = data.draw(st.sampled_from([c for c in "0123456789" if c != code[place]]))
    assert i.check_uscc(code) is None
    assert i.check_uscc(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("11101201510123456", True),
        ("1 1101 2015 10 123456", True),
        ("21101201510123456", False),
        ("19901201510123456", False),
        ("11101209910123456", False),
        ("11101201500123456", False),
        ("110120151012", True),  # an older certificate
        ("1110", False),
        ("1110120151012345６", True),
        ("京律12345678", False),
    ],
)
def test_licence_numbers_are_judged_by_their_form(text: str, fine: bool) -> None:
    assert (i.check_licence_no(text, today=TODAY) is None) is fine


def test_an_older_licence_carries_a_note() -> None:
    old = i.read_licence_no("110120151012", today=TODAY)
    assert old and "旧证" in old.note
    new = i.read_licence_no("11101201510123456", today=TODAY)
    assert new == i.LicenceNumber("11101201510123456", "北京", "专职律师", 2015, "")


@pytest.mark.parametrize(
    "text", ["13812345678", "138 1234 5678", "+86 138-1234-5678", "８６13812345678", "19912345678"]
)
def test_mobile_numbers_are_read_as_people_write_them(text: str) -> None:
    assert i.check_mobile(text) is None
    assert len(i.normalise_mobile(text)) == 11


@pytest.mark.parametrize("text", ["", "12812345678", "1381234567", "138123456789", "手机", "😀"])
def test_wrong_mobile_numbers_are_refused(text: str) -> None:
    assert i.check_mobile(text)


@pytest.mark.parametrize(
    ("text", "fine"), [("010-12345678", True), ("(0755) 1234567-801", True), ("400-123-4567", True), ("123", False)]
)
def test_land_lines_count_as_phones(text: str, fine: bool) -> None:
    assert (i.check_phone(text) is None) is fine


@pytest.mark.parametrize(
    ("kind", "text", "fine"),
    [
        ("passport", "E12345678", True),
        ("passport", "护照", False),
        ("hk_macau_permit", "H12345678", True),
        ("hk_macau_permit", "12345678", False),
        ("taiwan_permit", "12345678", True),
        ("foreign_permit", "USA110123456789", True),
        ("residence_permit", resident("83000019900307001"), True),
        ("other", "军官证字第12号", True),
        ("nonsense", "1", False),
        ("other", "", False),
    ],
)
def test_travel_papers_are_checked_loosely(kind: str, text: str, fine: bool) -> None:
    assert (i.check_identity(kind, text, today=TODAY) is None) is fine


@given(st.text(max_size=60))
def test_no_text_makes_a_check_fall_over(text: str) -> None:
    for kind in [*i.ID_KINDS, text]:
        i.check_identity(kind, text, today=TODAY)
    i.check_uscc(text)
    i.read_licence_no(text, today=TODAY)
    i.check_phone(text)
    i.check_email(text)
    assert "\x00" not in i.normalise(text)


def test_a_masked_number_keeps_its_ends() -> None:
    assert i.mask("11010519491231002X") == "1101**********002X"
    assert i.mask("1234") == "1234"
