"""How a court is named and coded from the administrative division it serves (法〔2015〕137号 第五条)."""

import re
from dataclasses import dataclass
from typing import NamedTuple


class Province(NamedTuple):
    name: str
    abbreviation: str
    short: str


PROVINCES = {
    code: Province(name, abbreviation, short)
    for code, name, abbreviation, short in (
        line.split()
        for line in """
11 北京市 京 北京
12 天津市 津 天津
13 河北省 冀 河北
14 山西省 晋 山西
15 内蒙古自治区 内 内蒙古
21 辽宁省 辽 辽宁
22 吉林省 吉 吉林
23 黑龙江省 黑 黑龙江
31 上海市 沪 上海
32 江苏省 苏 江苏
33 浙江省 浙 浙江
34 安徽省 皖 安徽
35 福建省 闽 福建
36 江西省 赣 江西
37 山东省 鲁 山东
41 河南省 豫 河南
42 湖北省 鄂 湖北
43 湖南省 湘 湖南
44 广东省 粤 广东
45 广西壮族自治区 桂 广西
46 海南省 琼 海南
50 重庆市 渝 重庆
51 四川省 川 四川
52 贵州省 黔 贵州
53 云南省 云 云南
54 西藏自治区 藏 西藏
61 陕西省 陕 陕西
62 甘肃省 甘 甘肃
63 青海省 青 青海
64 宁夏回族自治区 宁 宁夏
65 新疆维吾尔自治区 新 新疆
""".strip().splitlines()
    )
}
MUNICIPALITIES = {"11", "12", "31", "50"}

# Which intermediate court hears the appeals of a district: the two last digits of the parent's 代字.
# Source: the courts' own published jurisdictions; 青浦、荣昌 follow the numbers of published appeals.
MUNICIPAL_APPEALS = {
    "11": {"01": "07 08 09 14 19", "02": "01 02 06 11 15", "03": "05 12 13 16 17 18"},
    "12": {"01": "01 04 06 11 14 15 19", "02": "02 03 05 12 13 18", "03": "10 16 17"},
    "31": {"01": "04 05 12 15 16 17 20", "02": "01 06 07 09 10 13 14 18 51"},
    "50": {
        "01": "05 06 09 11 12 15 17 20 51 52",
        "02": "01 54 55 29 33 35 36 37 38",
        "03": "02 19 30 31 56",
        "04": "14 40 41 42 43",
        "05": "03 04 07 08 10 13 16 18 53",
    },
}
# Counties under provincial administration, and the three counties of 雄安, by the court that hears their appeals.
DIRECT_APPEALS = {
    "419001": "豫96", "429004": "鄂96", "429005": "鄂96", "429006": "鄂96", "429021": "鄂05",
    "130629": "冀96", "130632": "冀96", "130638": "冀96",
    "469001": "琼96", "469002": "琼96", "469005": "琼96", "469006": "琼96", "469021": "琼96", "469022": "琼96",
    "469023": "琼96", "469028": "琼96", "469029": "琼96", "469030": "琼96",
    "469007": "琼97", "469024": "琼97", "469025": "琼97", "469026": "琼97", "469027": "琼97",
}  # fmt: skip
# No court of the general kind sits here: islands, districts without one, cities served by special courts.
NO_COURT = {"350527", "460321", "460322", "460323", "441900", "442000", "460400", "620201", "632857"}
COLLECTIVE = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_PEOPLES = """
满族 回族 蒙古族 蒙古 壮族 苗族 侗族 瑶族 土家族 彝族 藏族 羌族 白族 傣族
景颇族 哈尼族 傈僳族 拉祜族 佤族 布朗族 独龙族 怒族 纳西族 普米族 黎族 畲族 仡佬族 布依族
水族 仫佬族 毛南族 各族 朝鲜族 达斡尔族 鄂温克族 鄂伦春族 土族 撒拉族 东乡族 保安族 裕固族 哈萨克族
哈萨克 维吾尔 塔吉克 锡伯 柯尔克孜 达斡尔 鄂温克
"""
PEOPLES = tuple(_PEOPLES.split())


@dataclass(frozen=True)
class Division:
    code: str
    name: str
    city: str
    province: str

    @property
    def city_shown(self) -> str:
        if self.code[:2] in MUNICIPALITIES:
            return self.province
        return self.name if self.city in COLLECTIVE else self.city


def is_functional_zone(code: str) -> bool:
    """Codes …71 to …79 of the statistics bureau are development zones, not divisions with a court of course."""
    return code[4] == "7"


def high_court(province: Province) -> str:
    return f"{province.name}高级人民法院"


def area_court(division: Division) -> str | None:
    """The court that the rule gives to this division, or None when the rule gives none."""
    code, name = division.code, division.name
    if code in NO_COURT and not (code in ("441900", "442000") and division.name == division.city):
        return None
    if is_functional_zone(code) or code.startswith("6590"):
        return None
    if code.endswith("00"):
        if name in COLLECTIVE or code in ("654000", "460400"):
            return None
        return f"{division.province}{name}中级人民法院"
    if code[:2] in MUNICIPALITIES:
        return f"{division.province}{name}人民法院" if name.endswith("区") else f"{name}人民法院"
    prefix = division.city if name.endswith("区") and division.city.endswith("市") else ""
    return f"{prefix}{name}人民法院"


def municipality_parent(code: str) -> str | None:
    """The appeal court where it is not simply the court of the prefecture."""
    if code in DIRECT_APPEALS:
        return DIRECT_APPEALS[code]
    for intermediate, districts in MUNICIPAL_APPEALS.get(code[:2], {}).items():
        if code[4:] in districts.split():
            return PROVINCES[code[:2]].abbreviation + intermediate
    return None


SHORTER = (
    ("中国人民解放军", "解放军"),
    ("新疆维吾尔自治区高级人民法院生产建设兵团分院", "新疆高院兵团分院"),
    ("新疆维吾尔自治区高级人民法院伊犁哈萨克自治州分院", "新疆高院伊犁分院"),
    ("新疆生产建设兵团", "兵团"),
    ("高新技术产业开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
    ("高技术产业开发区", "高新区"),
    ("新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("航空港经济综合实验区", "航空港区"),
    ("经济开发区", "经开区"),
    ("自由贸易试验区", "自贸区"),
    ("自由贸易区", "自贸区"),
    ("自由贸易港", "自贸港"),
    ("转型综合改革示范区", "综改区"),
    ("粤澳深度合作区", ""),
    ("铁路运输", "铁路"),
    ("中级人民法院", "中院"),
    ("中级法院", "中院"),
    ("人民法院", "法院"),
    ("第一中院", "一中院"),
    ("第二中院", "二中院"),
    ("第三中院", "三中院"),
    ("第四中院", "四中院"),
    ("第五中院", "五中院"),
    ("市第", "第"),
)


def short_name(name: str, level: int, division: Division | None, province: Province) -> str:
    """What lawyers call the court: 北京朝阳法院, 石家庄中院, 河北高院, 北京三中院."""
    if name == "最高人民法院":
        return "最高法院"
    if name == high_court(province):
        return f"{province.short}高院"
    if division and level == 3 and name == f"{division.province}{division.name}中级人民法院":
        return f"{_plain(division.name)}中院"
    if division and level == 4 and name == f"{division.name}人民法院":
        return f"{_county(division.name)}法院"
    if division and level == 4 and name == f"{division.city_shown}{division.name}人民法院":
        return f"{_plain(division.city_shown)}{_plain(division.name)}法院"
    short = name
    for long, brief in SHORTER:
        short = short.replace(long, brief)
    return short.replace(province.name, province.short)


def _county(name: str) -> str:
    """容城县 and 迁安市 keep their suffix (朝阳县 is not 朝阳区); 青龙满族自治县 becomes 青龙县."""
    return f"{_plain(name)}{name[-1]}" if re.search(r"自治(县|旗)$", name) else name


def _plain(name: str) -> str:
    """The name without its administrative suffix and the peoples of an autonomous division."""
    if re.search(r"(林|特|矿)区$", name):
        return name
    stem = re.sub(r"(自治州|自治县|自治旗|地区|新区|市|区|县|盟)$", "", name)
    if re.search(r"自治(州|县|旗)$", name):
        changed = True
        while changed:
            changed = False
            for people in PEOPLES:
                if stem.endswith(people) and len(stem) > len(people):
                    stem, changed = stem.removesuffix(people), True
    return stem if len(stem) > 1 else name


# Place names whose reading differs from the dictionary's first choice.
READINGS = """
朝阳 chao yang|六安 lu an|六合 lu he|乐清 yue qing|乐亭 lao ting|蚌埠 beng bu|丽水 li shui|台州 tai zhou|天台 tian tai
台山 tai shan|东阿 dong e|铅山 yan shan|番禺 pan yu|单县 shan xian|莘县 shen xian|牟平 mu ping|中牟 zhong mu
荥阳 xing yang|荥经 ying jing|浚县 xun xian|泌阳 bi yang|尉氏 wei shi|尉犁 yu li|涡阳 guo yang|枞阳 zong yang
歙县 she xian|洪洞 hong tong|繁峙 fan shi|蔚县 yu xian|大城 dai cheng|长子 zhang zi|黄陂 huang pi|监利 jian li
大埔 da bu|东莞 dong guan|珲春 hun chun|栖霞 qi xia|重庆 chong qing|犍为 qian wei|筠连 jun lian|曲阜 qu fu
盱眙 xu yi|吴堡 wu bu|柞水 zha shui|渑池 mian chi|那曲 na qu|厦门 xia men|长春 chang chun|长沙 chang sha|长治 chang zhi
长葛 chang ge|长垣 chang yuan|长宁 chang ning|长寿 chang shou|长清 chang qing|长乐 chang le
长海 chang hai|长丰 chang feng
西藏 xi zang|阿坝 a ba|会泽 hui ze|会昌 hui chang|会理 hui li|会东 hui dong|会宁 hui ning|浑源 hun yuan|隰县 xi xian
虹口 hong kou|济南 ji nan|济宁 ji ning|济源 ji yuan|济阳 ji yang|成都 cheng du|都匀 du yun|都昌 du chang|宁都 ning du
"""


def readings() -> dict[str, list[list[str]]]:
    pairs = (entry.split(" ", 1) for line in READINGS.strip().splitlines() for entry in line.split("|"))
    return {name: [[syllable] for syllable in reading.split()] for name, reading in pairs}
