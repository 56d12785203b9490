"""Bureaus and the bodies in which lawyers practise: names by law and geography, plain Python."""

from enum import StrEnum

from lutong.gateways.registry.port import LicenceKind


class FirmKind(StrEnum):
    """执业机构的性质: where a person of the roll works."""

    LAW_FIRM = "law_firm"
    PUBLIC_BODY = "public_body"
    COMPANY = "company"
    LEGAL_AID = "legal_aid"
    MILITARY = "military"
    GRASSROOTS_OFFICE = "grassroots_office"

    @property
    def label(self) -> str:
        return _FIRM_LABELS[self]

    @property
    def is_one_body(self) -> bool:
        """Its lawyers act for this body alone (公职律师、公司律师管理办法)."""
        return self in (FirmKind.PUBLIC_BODY, FirmKind.COMPANY, FirmKind.MILITARY)


_FIRM_LABELS = {
    FirmKind.LAW_FIRM: "律师事务所",
    FirmKind.PUBLIC_BODY: "公职单位",
    FirmKind.COMPANY: "公司",
    FirmKind.LEGAL_AID: "法律援助机构",
    FirmKind.MILITARY: "军队单位",
    FirmKind.GRASSROOTS_OFFICE: "基层法律服务所",
}

# Where holders of each kind of licence work (律师法第十条、第十二条; 公职、公司律师管理办法).
FIRMS_OF = {
    LicenceKind.FULL_TIME: frozenset({FirmKind.LAW_FIRM}),
    LicenceKind.PART_TIME: frozenset({FirmKind.LAW_FIRM}),
    LicenceKind.PUBLIC: frozenset({FirmKind.PUBLIC_BODY}),
    LicenceKind.CORPORATE: frozenset({FirmKind.COMPANY}),
    LicenceKind.LEGAL_AID: frozenset({FirmKind.LEGAL_AID}),
    LicenceKind.MILITARY: frozenset({FirmKind.MILITARY}),
    LicenceKind.TRAINEE: frozenset({FirmKind.LAW_FIRM, FirmKind.LEGAL_AID}),
    LicenceKind.GRASSROOTS: frozenset({FirmKind.GRASSROOTS_OFFICE}),
}

# 省级司法行政机关 by the first two digits of the division code.
_MUNICIPALITIES = {"11": "北京市", "12": "天津市", "31": "上海市", "50": "重庆市"}
_REGIONS = {
    "15": "内蒙古自治区", "45": "广西壮族自治区", "54": "西藏自治区", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
}  # fmt: skip
_PROVINCES = {
    "13": "河北省", "14": "山西省", "21": "辽宁省", "22": "吉林省", "23": "黑龙江省", "32": "江苏省", "33": "浙江省",
    "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省",
    "44": "广东省", "46": "海南省", "51": "四川省", "52": "贵州省", "53": "云南省", "61": "陕西省", "62": "甘肃省",
    "63": "青海省",
}  # fmt: skip
PROVINCES = dict(sorted((_MUNICIPALITIES | _REGIONS | _PROVINCES).items()))
MINISTRY = "00"  # 司法部: sees every province, decides in none


def bureau_name(code: str) -> str:
    """北京市司法局, 广东省司法厅; 司法部 for "00"."""
    if code == MINISTRY:
        return "司法部"
    return f"{PROVINCES[code]}司法{'局' if code in _MUNICIPALITIES else '厅'}"


def window_name(court: str) -> str:
    """北京市朝阳区人民法院诉讼服务大厅."""
    return f"{court}诉讼服务大厅"


def province_of(number: str, kind: LicenceKind) -> str:
    """Which bureau a number belongs to by its digits: the second and third of a licence, else the first two."""
    return number[1:3] if kind.is_lawyer else number[:2]
