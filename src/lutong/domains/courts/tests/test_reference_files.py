"""The data files by themselves, without a database."""

import re
from collections import Counter

import pytest

from lutong.domains.courts import reference


@pytest.fixture(scope="module")
def courts() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in reference.table("courts.csv")}


def problems(rows: list[dict[str, str]]) -> list[str]:
    """What makes a court directory contradict itself."""
    found = [
        f"{field} {value} twice"
        for field in ("id", "code", "name")
        for value, times in Counter(row[field] for row in rows).items()
        if times > 1
    ]
    by_code = {row["code"]: row for row in rows}
    for row in rows:
        parent = by_code.get(row["parent_code"])
        if row["level"] == "4" and (parent is None or parent["level"] != "3"):
            found.append(f"{row['name']} has no intermediate appeal court")
        if row["level"] in "23" and (parent is None or int(parent["level"]) > int(row["level"])):
            found.append(f"{row['name']} has no appeal court above it")
        if not 18 < float(row["latitude"] or 0) < 54 and row["city"] != "三沙市":
            found.append(f"{row['name']} lies outside the country")
    return found


def test_the_directory_is_as_large_as_the_country_and_contradicts_itself_nowhere(courts):
    rows = list(courts.values())
    assert len(rows) >= 3400
    assert Counter(row["level"] for row in rows) >= Counter({"1": 1, "2": 32, "3": 400, "4": 2900})
    assert problems(rows) == []


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("code", "京0101", "twice"),
        ("name", "北京市东城区人民法院", "twice"),
        ("id", "1", "twice"),
        ("parent_code", "京", "no intermediate"),
        ("latitude", "", "outside"),
    ],
)
def test_a_planted_contradiction_is_found(courts, field, value, complaint):
    rows = [dict(row) for row in courts.values()]
    next(row for row in rows if row["code"] == "京0105")[field] = value
    assert any(complaint in problem for problem in problems(rows))


# Ids are in every court-owned row of every installation: a change here would move cases to another court.
STABLE = {
    "最高法": 1, "京": 2, "军": 3, "兵": 33, "京03": 36, "京01": 39, "皖15": 171, "粤19": 283, "琼96": 307, "渝87": 315,
    "新40": 430, "兵01": 437, "京0105": 443, "冀0209": 508, "沪0115": 1198, "苏0591": 1244, "豫0193": 1858,
    "粤0391": 2287, "粤1971": 2376, "甘2901": 3237, "兵9001": 3435,
}  # fmt: skip


def test_court_ids_never_change(courts):
    assert {code: int(courts[code]["id"]) for code in STABLE} == STABLE


@pytest.mark.parametrize(
    ("code", "name", "short", "parent"),
    [
        ("京0105", "北京市朝阳区人民法院", "北京朝阳法院", "京03"),
        ("沪0115", "上海市浦东新区人民法院", "上海浦东法院", "沪01"),
        ("渝0233", "忠县人民法院", "忠县法院", "渝02"),
        ("粤1971", "东莞市第一人民法院", "东莞第一法院", "粤19"),
        ("冀0102", "石家庄市长安区人民法院", "石家庄长安法院", "冀01"),
        ("冀01", "河北省石家庄市中级人民法院", "石家庄中院", "冀"),
        ("冀0629", "容城县人民法院", "容城县法院", "冀96"),
        ("豫9001", "济源市人民法院", "济源市法院", "豫96"),
        ("新4201", "塔城市人民法院", "塔城市法院", "新42"),
        ("新42", "新疆维吾尔自治区塔城地区中级人民法院", "塔城中院", "新40"),
        ("京0491", "北京互联网法院", "北京互联网法院", "京04"),
        ("沪72", "上海海事法院", "上海海事法院", "沪"),
        ("兵9001", "石河子市人民法院", "石河子市法院", "兵08"),
    ],
)
def test_known_courts_have_their_names_and_appeal_courts(courts, code, name, short, parent):
    row = courts[code]
    assert (row["name"], row["short_name"], row["parent_code"]) == (name, short, parent)


def test_every_kind_of_special_court_is_there(courts):
    kinds = Counter(row["kind"] for row in courts.values())
    assert (kinds["maritime"], kinds["ip"], kinds["financial"], kinds["internet"]) == (11, 4, 3, 3)


def test_codes_have_the_form_that_case_numbers_can_carry(courts):
    assert [c for c in courts if not re.fullmatch(r"最高法|[一-龥](\d{2}|\d{4})?", c)] == []


def test_the_civil_tree_is_complete_and_numbered_as_in_the_regulation():
    civil = [row for row in reference.causes() if row.kind == reference.CIVIL]
    assert Counter(row.level for row in civil) == {1: 12, 2: 59, 3: 514, 4: 470}
    numbers = {row.number: row.name for row in civil if row.number}
    known = {
        78: "缔约过失责任纠纷", 108: "借款合同纠纷", 147: "追偿权纠纷", 205: "劳动合同纠纷", 236: "船员劳动合同纠纷",
        315: "公司解散纠纷", 326: "农民专业合作社清算纠纷", 514: "执行分配方案异议之诉",
    }  # fmt: skip
    assert {number: numbers[number] for number in known} == known


def test_the_way_to_private_lending_reads_as_lawyers_know_it():
    lending = next(row for row in reference.causes() if row.name == "民间借贷纠纷")
    assert lending.path == "合同、准合同纠纷 > 合同纠纷 > 借款合同纠纷 > 民间借贷纠纷"
    assert lending.id == 110803


def test_cause_ids_are_unique_and_every_parent_exists():
    causes = reference.causes()
    ids = {row.id for row in causes}
    assert len(ids) == len(causes)
    assert [row.name for row in causes if row.parent_id is not None and row.parent_id not in ids] == []


def test_type_codes_are_those_of_the_standard_and_the_bankruptcy_family():
    assert len(reference.type_codes()) == 123
    assert {"民初", "民终", "执", "执异", "破", "破申"} <= reference.type_codes()
