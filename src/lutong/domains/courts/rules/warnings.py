"""级别管辖与专门管辖: what speaks against the chosen court, as sentences with their articles. Never a refusal:
the court decides on its jurisdiction (民事诉讼法第三十七条); the clerk sees the same warnings.
"""

from dataclasses import dataclass
from decimal import Decimal

HUNDRED_MILLION = Decimal(100_000_000)
INTERMEDIATE_SAME_SIDE = 5 * HUNDRED_MILLION  # both parties inside, or both outside, the court's province
INTERMEDIATE_OTHER_SIDE = 1 * HUNDRED_MILLION  # one party outside it
HIGH = 50 * HUNDRED_MILLION
LEVEL_LAW = "法发〔2021〕27号第一条、第二条"
HIGH_LAW = "法发〔2019〕14号第一条"

MARITIME, IP = "海事海商纠纷", "知识产权与竞争纠纷"
_MARITIME_PROCEDURE = "海事诉讼特别程序案件"
# 法释〔2022〕13号 第一条: technical rights; 第二条: designs. (Trade marks and copyright: designated basic courts.)
_TECHNICAL = (
    "发明专利权权属、侵权纠纷", "实用新型专利权权属、侵权纠纷", "外观设计专利权权属、侵权纠纷", "标准必要专利纠纷",
    "植物新品种权权属、侵权纠纷", "集成电路布图设计专有权权属、侵权纠纷", "侵害技术秘密纠纷",
    "计算机软件著作权权属纠纷", "侵害计算机软件著作权纠纷", "垄断纠纷",
)  # fmt: skip
# 法释〔2025〕14号, in force 2025-11-01: what the three internet courts take from the basic courts of their city.
_INTERNET = (
    "数据纠纷", "网络虚拟财产纠纷", "网络不正当竞争纠纷", "网络域名权属、侵权纠纷", "网络域名合同纠纷",
    "信息网络买卖合同纠纷", "网络服务合同纠纷",
)  # fmt: skip
INTERNET_COURTS = {"北京市": "北京互联网法院", "杭州市": "杭州互联网法院", "广州市": "广州互联网法院"}
INTERNET_LAW = "最高人民法院关于互联网法院案件管辖的规定（法释〔2025〕14号）"
IP_LAW = "法释〔2022〕13号第一条、第二条，民诉解释第二条"
MARITIME_LAW = "海事诉讼特别程序法第四条"
_FINANCIAL = (
    "证券纠纷",
    "期货交易纠纷",
    "信托纠纷",
    "保险纠纷",
    "票据纠纷",
    "信用证纠纷",
    "独立保函纠纷",
    "金融借款合同纠纷",
)
FINANCIAL_COURTS = {
    "北京市": "北京金融法院",
    "上海市": "上海金融法院",
    "重庆市": "成渝金融法院",
    "四川省": "成渝金融法院",
}


@dataclass(frozen=True, slots=True)
class Warning:
    """One objection to the choice of the court; `article` is its law."""

    code: str
    message: str
    article: str

    def __str__(self) -> str:
        return f"{self.message}（{self.article}）"


def court_warnings(
    *, level: int, kind: str, province: str, city: str, path: str,
    amount: Decimal | None = None, party_outside_province: bool = False,
) -> list[Warning]:  # fmt: skip
    """Everything that speaks against bringing a case of this cause and amount (yuan) before this court."""
    special = special_court_warnings(level=level, kind=kind, province=province, city=city, path=path)
    return special + level_warnings(
        level=level, kind=kind, path=path, amount=amount, party_outside_province=party_outside_province
    )


def level_warnings(
    *, level: int, kind: str, path: str, amount: Decimal | None, party_outside_province: bool = False
) -> list[Warning]:
    """Whether the court's level fits the amount in yuan. `amount` None: a case without one, basic courts by rule.

    Law: 法发〔2021〕27号 (500 M, or 100 M with one party outside the province; not for intellectual property,
    maritime and foreign-related cases, its 第四条), 法发〔2019〕14号 (5 billion for high courts).
    """
    if level == 1:
        return [
            Warning(
                "supreme", "最高人民法院只管辖在全国有重大影响或者认为应当由其审理的一审案件", "民事诉讼法第二十一条"
            )
        ]
    top = path.split(" > ")[0]
    if top in (MARITIME, IP) or kind in ("maritime", "ip", "financial"):
        return []
    line = INTERMEDIATE_OTHER_SIDE if party_outside_province else INTERMEDIATE_SAME_SIDE
    sides = "一方住所地不在本省" if party_outside_province else "双方住所地均在或者均不在本省"
    shown = f"{line / HUNDRED_MILLION:.0f}亿元"
    claimed = amount or Decimal(0)
    if claimed >= HIGH and level > 2:
        return [Warning("too_low_high", "诉讼标的额在50亿元以上，应由高级人民法院管辖一审", HIGH_LAW)]
    if level == 4 and claimed >= line:
        return [Warning("too_low", f"{sides}且诉讼标的额在{shown}以上，应由中级人民法院管辖一审", LEVEL_LAW)]
    if level == 3 and claimed < line:
        return [Warning("too_high", f"{sides}且诉讼标的额不满{shown}，一般由基层人民法院管辖一审", LEVEL_LAW)]
    if level == 2 and claimed < HIGH:
        return [Warning("too_high", "诉讼标的额不满50亿元，高级人民法院一般不管辖一审", HIGH_LAW)]
    return []


def special_court_warnings(*, level: int, kind: str, province: str, city: str, path: str) -> list[Warning]:
    """Whether the cause belongs to, or does not belong to, a special court."""
    names = path.split(" > ")
    found = []
    is_maritime = MARITIME in names or _MARITIME_PROCEDURE in names
    if is_maritime and kind != "maritime" and level > 2:
        found.append(Warning("needs_maritime", "海事海商案件由海事法院专门管辖，请改选海事法院", MARITIME_LAW))
    if kind == "maritime" and not is_maritime:
        found.append(Warning("maritime_only", "海事法院只受理海事海商案件", MARITIME_LAW))
    if level == 4 and kind != "internet" and _any(names, _TECHNICAL):
        found.append(Warning("needs_ip", "技术类知识产权案件由知识产权法院或者指定的中级人民法院管辖", IP_LAW))
    if kind == "ip" and IP not in names:
        found.append(Warning("ip_only", "知识产权法院只受理知识产权与竞争案件", IP_LAW))
    internet = INTERNET_COURTS.get(city)
    if internet and level == 4 and kind in ("general", "development_zone") and _any(names, _INTERNET):
        found.append(
            Warning("needs_internet", f"本市应由基层人民法院审理的这类网络案件由{internet}集中管辖", INTERNET_LAW)
        )
    if kind == "internet" and not (_any(names, _INTERNET) or _any(names, ("隐私权、个人信息保护纠纷", "产品责任纠纷"))):
        found.append(
            Warning("internet_only", "互联网法院只受理规定范围内的网络案件，请说明本案的网络因素", INTERNET_LAW)
        )
    financial = FINANCIAL_COURTS.get(province)
    if financial and level == 3 and kind == "general" and _any(names, _FINANCIAL):
        found.append(
            Warning(
                "needs_financial", f"应由中级人民法院管辖的金融案件由{financial}管辖", f"关于{financial}案件管辖的规定"
            )
        )
    if kind == "military":
        found.append(
            Warning("military_only", "军事法院管辖双方当事人均为军人或者军队单位的民事案件", "民诉解释第十一条")
        )
    return found


def _any(names: list[str], wanted: tuple[str, ...]) -> bool:
    return any(name in wanted for name in names)
