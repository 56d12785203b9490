"""管辖: the grounds of each cause, and what speaks against a court."""

from decimal import Decimal

import pytest

from lutong.domains.courts import reference
from lutong.domains.courts.rules import court_warnings, jurisdiction_reasons, level_warnings, special_court_warnings

PATHS = {row.name: row.path for row in reversed(reference.causes()) if row.kind == "civil"}
MILLION = Decimal(1_000_000)


@pytest.mark.parametrize(
    ("cause", "labels", "article"),
    [
        (
            "民间借贷纠纷",
            {"被告住所地", "合同履行地：接收货币一方所在地", "书面协议选择的法院"},
            "民诉解释第十八条第二款",
        ),
        ("离婚纠纷", {"被告住所地", "被告经常居住地", "原告住所地（对方离开住所地超过一年）"}, "民诉解释第十二条"),
        ("机动车交通事故责任纠纷", {"侵权行为实施地", "侵权结果发生地"}, "民事诉讼法第三十条"),
        ("信息网络买卖合同纠纷", {"合同履行地：买受人住所地或者收货地"}, "民诉解释第二十条"),
        ("融资租赁合同纠纷", {"合同履行地：租赁物使用地"}, "民诉解释第十九条"),
        ("追索劳动报酬纠纷", {"用人单位所在地", "劳动合同履行地"}, "劳动争议解释（一）第三条"),
        ("股东知情权纠纷", {"公司住所地"}, "民事诉讼法第二十七条"),
        ("票据追索权纠纷", {"票据支付地"}, "民事诉讼法第二十六条"),
        ("隐私权纠纷", {"侵权结果发生地"}, "民诉解释第二十四条"),
    ],
)
def test_a_cause_offers_its_grounds_with_their_articles(cause, labels, article):
    grounds = jurisdiction_reasons(path=PATHS[cause])
    assert labels <= {ground.label for ground in grounds}
    assert any(article in ground.article for ground in grounds)
    assert not any(ground.exclusive for ground in grounds)


@pytest.mark.parametrize(
    ("cause", "label"),
    [
        ("房屋租赁合同纠纷", "不动产所在地"),
        ("建设工程施工合同纠纷", "不动产所在地"),
        ("相邻采光、日照纠纷", "不动产所在地"),
        ("遗嘱继承纠纷", "被继承人死亡时住所地或者主要遗产所在地"),
        ("港口作业纠纷", "港口所在地"),
    ],
)
def test_an_exclusive_ground_stands_alone(cause, label):
    assert [(ground.label, ground.exclusive) for ground in jurisdiction_reasons(path=PATHS[cause])] == [(label, True)]


def test_every_civil_cause_has_a_ground():
    assert [name for name, path in PATHS.items() if not jurisdiction_reasons(path=path)] == []


@pytest.mark.parametrize("cause", ["离婚纠纷", "法定继承纠纷", "抚养费纠纷", "房屋租赁合同纠纷"])
def test_family_and_exclusive_cases_offer_no_agreement_on_the_court(cause):
    assert "agreement" not in {ground.code for ground in jurisdiction_reasons(path=PATHS[cause])}


@pytest.mark.parametrize(
    ("level", "millions", "outside", "code"),
    [
        (4, 1, False, None), (4, Decimal("499.999999"), False, None), (4, 500, False, "too_low"),
        (4, Decimal("99.999999"), True, None), (4, 100, True, "too_low"), (4, 5000, False, "too_low_high"),
        (3, 499, False, "too_high"), (3, 500, False, None), (3, 100, True, None), (3, 5000, False, "too_low_high"),
        (2, 4999, False, "too_high"), (2, 5000, False, None), (1, 5000, False, "supreme"),
    ],
)  # fmt: skip
def test_the_level_follows_the_amount(level, millions, outside, code):
    found = level_warnings(
        level=level,
        kind="general",
        path=PATHS["民间借贷纠纷"],
        amount=millions * MILLION,
        party_outside_province=outside,
    )
    assert [warning.code for warning in found] == ([code] if code else [])


def test_a_divorce_belongs_to_a_basic_court():
    assert level_warnings(level=4, kind="general", path=PATHS["离婚纠纷"], amount=None) == []
    [warning] = level_warnings(level=3, kind="general", path=PATHS["离婚纠纷"], amount=None)
    assert "基层人民法院" in warning.message


@pytest.mark.parametrize("cause", ["侵害发明专利权纠纷", "船舶碰撞损害责任纠纷"])
def test_the_amount_rule_leaves_intellectual_property_and_maritime_cases_alone(cause):
    assert level_warnings(level=3, kind="general", path=PATHS[cause], amount=MILLION) == []


@pytest.mark.parametrize(
    ("cause", "level", "kind", "city", "code"),
    [
        ("船舶碰撞损害责任纠纷", 4, "general", "青岛市", "needs_maritime"),
        ("船舶碰撞损害责任纠纷", 3, "maritime", "青岛市", None),
        ("民间借贷纠纷", 3, "maritime", "青岛市", "maritime_only"),
        ("侵害发明专利权纠纷", 4, "general", "青岛市", "needs_ip"),
        ("侵害发明专利权纠纷", 3, "ip", "北京市", None),
        ("民间借贷纠纷", 3, "ip", "北京市", "ip_only"),
        ("信息网络买卖合同纠纷", 4, "general", "北京市", "needs_internet"),
        ("信息网络买卖合同纠纷", 4, "general", "青岛市", None),
        ("数据权属纠纷", 4, "internet", "北京市", None),
        ("民间借贷纠纷", 4, "internet", "北京市", "internet_only"),
        ("证券虚假陈述责任纠纷", 3, "general", "北京市", "needs_financial"),
        ("民间借贷纠纷", 2, "military", "", "military_only"),
        ("民间借贷纠纷", 4, "general", "北京市", None),
    ],
)
def test_special_courts_take_their_own_causes_and_no_others(cause, level, kind, city, code):
    found = special_court_warnings(level=level, kind=kind, province=city, city=city, path=PATHS[cause])
    assert [warning.code for warning in found] == ([code] if code else [])


def test_the_main_job_raises_no_warning():
    assert court_warnings(
        level=4, kind="general", province="北京市", city="北京市", path=PATHS["民间借贷纠纷"], amount=Decimal(300_000)
    ) == []  # fmt: skip


def test_every_warning_names_its_law():
    [warning] = special_court_warnings(
        level=4, kind="general", province="", city="", path=PATHS["船舶碰撞损害责任纠纷"]
    )
    assert str(warning).endswith("（海事诉讼特别程序法第四条）")
