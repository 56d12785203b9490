"""Numbers that identify people and bodies: 公民身份号码, 统一社会信用代码, 律师执业证号, phones, travel papers.

Each `check_…` answers None when the text is fine, else one Chinese sentence with the way out. The checks are
our own and follow the standards' text: the published validators refuse residence permits of Hong Kong, Macao
and Taiwan residents and accept birth dates to come.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

_LONGEST = 256  # far beyond any identifier; a megabyte pasted by mistake must not cost time
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}

PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾",
    "81": "香港", "82": "澳门",
}  # fmt: skip

# 港澳台居民居住证 carry these in place of a division code.
PERMIT_REGIONS = {"810000": "香港居民居住证", "820000": "澳门居民居住证", "830000": "台湾居民居住证"}


def normalise(text: str) -> str:
    """The text as an identifier: full-width characters narrowed, spaces and invisible characters dropped, upper case.

    NUL, zero-width and control characters go; anything else (emoji) stays and makes the check fail.
    """
    narrow = unicodedata.normalize("NFKC", text[:_LONGEST])
    return "".join(c for c in narrow if unicodedata.category(c) not in _INVISIBLE).upper()


@dataclass(frozen=True, slots=True)
class ResidentId:
    """What a valid 公民身份号码 tells."""

    number: str
    birth_on: dt.date
    sex: Literal["男", "女"]
    region: str  # 北京, 香港居民居住证 …


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def resident_id_check_digit(first17: str) -> str:
    """The last character by ISO 7064 MOD 11-2. Law: GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def check_resident_id(text: str, *, today: dt.date) -> str | None:
    """公民身份号码, also on the residence permits of Hong Kong, Macao and Taiwan residents. Law: GB 11643-1999."""
    number = normalise(text)
    if not number:
        return "请填写 18 位公民身份号码"
    if re.fullmatch(r"[0-9]{15}", number):
        return "15 位的旧号码已停用，请填写现行证件上的 18 位公民身份号码"
    if len(number) != 18:
        return f"公民身份号码应为 18 位，现在是 {len(number)} 位，请对照证件检查"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "公民身份号码只含数字，末位可为 X，请对照证件检查"
    if _region(number) is None:
        return "前 6 位不是有效的行政区划代码，请对照证件检查"
    birth_on = _birth_on(number)
    if birth_on is None or birth_on.year < 1850:
        return f"第 7 至 14 位 {number[6:14]} 不是有效的出生日期，请对照证件检查"
    if birth_on > today:
        return f"出生日期 {birth_on.isoformat()} 晚于今天，请对照证件检查"
    if resident_id_check_digit(number[:17]) != number[17]:
        return "校验位不符，号码中至少有一位有误，请对照证件逐位核对"
    return None


def read_resident_id(text: str, *, today: dt.date) -> ResidentId | None:
    """Birth date, sex and region of a valid number; None when `check_resident_id` objects."""
    if check_resident_id(text, today=today):
        return None
    number = normalise(text)
    birth_on, region = _birth_on(number), _region(number)
    if birth_on is None or region is None:
        return None
    return ResidentId(number, birth_on, "男" if int(number[16]) % 2 else "女", region)


def _region(number: str) -> str | None:
    if number[:6] in PERMIT_REGIONS:
        return PERMIT_REGIONS[number[:6]]
    return None if number[:2] in ("81", "82") else PROVINCES.get(number[:2])


def _birth_on(number: str) -> dt.date | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
LAW_FIRM_PREFIX = "31"  # 司法行政部门登记的律师执业机构


def uscc_check_character(first17: str) -> str:
    """The last character by weights 3^(i-1) mod 31. Law: GB 32100-2015."""
    total = sum(_USCC_ALPHABET.index(char) * weight for char, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def check_uscc(text: str) -> str | None:
    """统一社会信用代码 of a body. Law: GB 32100-2015."""
    code = normalise(text)
    if not code:
        return "请填写 18 位统一社会信用代码"
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请对照营业执照检查"
    wrong = sorted(set(code) - set(_USCC_ALPHABET))
    if set(wrong) & set("IOSVZ"):
        return "统一社会信用代码不含字母 I、O、S、V、Z，请检查是否与数字 1、0、5、2 混淆"
    if wrong:
        return "统一社会信用代码只含数字和大写字母，请对照营业执照检查"
    if not code[2:8].isdigit():
        return "第 3 至 8 位应为数字（登记机关行政区划代码），请对照营业执照检查"
    if uscc_check_character(code[:17]) != code[17]:
        return "校验位不符，代码中至少有一位有误，请对照营业执照逐位核对"
    return None


LICENCE_CATEGORIES = {
    "1": "专职律师", "2": "兼职律师", "3": "香港居民律师", "4": "澳门居民律师", "5": "台湾居民律师", "6": "公职律师",
    "7": "公司律师", "8": "法律援助律师", "9": "军队律师",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LicenceNumber:
    """What a 律师执业证号 tells by its form alone; whether it is in force only the registry can say."""

    number: str
    province: str
    category: str
    first_year: int | None
    note: str  # "" or why a human should look: 旧证


def check_licence_no(text: str, *, today: dt.date) -> str | None:
    """律师执业证号: 17 digits, or the shorter or longer form of an older certificate (no check digit exists)."""
    number = normalise(text)
    if not number:
        return "请填写律师执业证号"
    if not re.fullmatch(r"[0-9]+", number):
        return "律师执业证号只含数字，请对照执业证检查"
    if len(number) != 17:
        return (
            None if 8 <= len(number) <= 20 else f"律师执业证号为 17 位数字，现在是 {len(number)} 位，请对照执业证检查"
        )
    if number[0] != "1" or number[1:3] not in PROVINCES:
        return "律师执业证号第 1 位应为 1，第 2、3 位为省级行政区划代码，请对照执业证检查"
    if number[9] not in LICENCE_CATEGORIES:
        return "律师执业证号第 10 位（执业类别）应为 1 至 9，请对照执业证检查"
    if not 1979 <= int(number[5:9]) <= today.year:
        return f"律师执业证号第 6 至 9 位 {number[5:9]} 不是有效的首次执业年份，请对照执业证检查"
    return None


def read_licence_no(text: str, *, today: dt.date) -> LicenceNumber | None:
    """Province, category and first year of a number; older certificates carry a note. None when not fine."""
    if check_licence_no(text, today=today):
        return None
    number = normalise(text)
    if len(number) != 17:
        return LicenceNumber(number, "", "", None, "旧证：号码不是现行 17 位格式，以身份核验平台的核验结果为准")
    return LicenceNumber(number, PROVINCES[number[1:3]], LICENCE_CATEGORIES[number[9]], int(number[5:9]), "")


def normalise_mobile(text: str) -> str:
    """A mobile number without country code, spaces and hyphens."""
    digits = re.sub(r"[-()]", "", normalise(text))
    return re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", digits)


def check_mobile(text: str) -> str | None:
    """手机号 of the mainland: 11 digits beginning with 13 to 19."""
    number = normalise_mobile(text)
    if not number:
        return "请填写手机号"
    if re.fullmatch(r"1[3-9][0-9]{9}", number):
        return None
    if re.fullmatch(r"[0-9]+", number) and len(number) != 11:
        return f"手机号应为 11 位，现在是 {len(number)} 位"
    return "请填写 11 位手机号，例如 13812345678"


def check_phone(text: str) -> str | None:
    """联系电话: a mobile, a land line with area code and optional extension, or a service number."""
    if check_mobile(text) is None:
        return None
    number = re.sub(r"[()]", "", normalise(text))
    if re.fullmatch(r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4}|\+[0-9]{6,15}", number):
        return None
    return "请填写手机号，或带区号的固定电话，例如 010-12345678"


def check_email(text: str) -> str | None:
    """电子邮箱 in its everyday form."""
    address = normalise(text)
    if not address:
        return "请填写电子邮箱"
    if len(address) <= 254 and re.fullmatch(r"[A-Z0-9._%+\-]{1,64}@([A-Z0-9](-*[A-Z0-9])*\.)+[A-Z]{2,24}", address):
        return None
    return "电子邮箱格式不对，应形如 name@example.com"


_PAPERS: dict[str, tuple[str, str]] = {
    "passport": (r"[A-Z0-9]{5,17}", "护照号码为 5 至 17 位字母和数字，请对照护照资料页检查"),
    "hk_macau_permit": (
        r"[HMC][0-9]{8}([0-9]{2})?",
        "港澳居民来往内地通行证号码为 H 或 M 加 8 位或 10 位数字，请对照证件检查",
    ),
    "taiwan_permit": (r"[0-9]{8}|[0-9]{10}([A-Z0-9]{1,2})?", "台湾居民来往大陆通行证号码为 8 位数字，请对照证件检查"),
    "foreign_permit": (
        r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]",
        "外国人永久居留身份证号码为 3 位字母加 12 位数字，或 9 开头的 18 位号码，请对照证件检查",
    ),
    "other": (r".{2,40}", "请填写证件号码"),
}

ID_KINDS = {
    "resident_id": "居民身份证",
    "residence_permit": "港澳台居民居住证",
    "passport": "护照",
    "hk_macau_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "foreign_permit": "外国人永久居留身份证",
    "other": "其他证件",
}


def check_identity(kind: str, text: str, *, today: dt.date) -> str | None:
    """The number of an identity paper of one of `ID_KINDS`; travel papers are checked loosely, by form only."""
    if kind in ("resident_id", "residence_permit"):
        return check_resident_id(text, today=today)
    if kind not in _PAPERS:
        return "请选择证件类型"
    pattern, sentence = _PAPERS[kind]
    return None if re.fullmatch(pattern, normalise(text)) else sentence


def check_bank_account(text: str) -> str | None:
    """银行账号: digits only, as printed on the card or the account licence."""
    number = normalise(text).replace("-", "")
    return None if re.fullmatch(r"[0-9]{8,32}", number) else "银行账号为 8 至 32 位数字，请对照银行卡或开户许可检查"


def mask(number: str) -> str:
    """An identifier for lists and logs: the first four and the last four characters."""
    return number if len(number) <= 8 else f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"
