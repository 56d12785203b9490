"""管辖依据: on which ground a court has territorial jurisdiction, as the lawyer picks it and the clerk judges it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground with its article. `ask` is what the lawyer must still write down ('' if nothing)."""

    key: str
    label: str
    law: str
    ask: str = ""


_ALL = (
    Ground("defendant_domicile", "被告住所地", "民事诉讼法第二十二条"),
    Ground("defendant_residence", "被告经常居住地", "民事诉讼法第二十二条第一款", "请写明被告何时起在该地居住"),
    Ground("agreement", "书面协议约定的法院", "民事诉讼法第三十五条", "请写明协议名称和条款，例如“借款合同第 9 条”"),
    Ground("money_receiver", "接收货币一方所在地", "民诉法解释第十八条第二款"),
    Ground("contract_performance", "合同履行地", "民事诉讼法第二十四条", "请写明合同约定或者实际的履行地点"),
    Ground("online_purchase", "网络购物的收货地或者买受人住所地", "民诉法解释第二十条", "请写明收货地"),
    Ground("tort", "侵权行为地（实施地或者结果发生地）", "民事诉讼法第二十九条", "请写明侵权行为实施地或者结果发生地"),
    Ground("accident", "事故发生地", "民事诉讼法第三十条", "请写明事故发生地"),
    Ground(
        "product", "产品制造地、销售地或者服务提供地", "民诉法解释第二十六条", "请写明产品制造地、销售地或者服务提供地"
    ),
    Ground("real_estate", "不动产所在地（专属管辖）", "民事诉讼法第三十四条第（一）项", "请写明不动产的坐落"),
    Ground(
        "inheritance",
        "被继承人死亡时住所地或者主要遗产所在地（专属管辖）",
        "民事诉讼法第三十四条第（三）项",
        "请写明该地点",
    ),
    Ground("port", "港口所在地（专属管辖）", "民事诉讼法第三十四条第（二）项", "请写明港口"),
    Ground("insurance", "保险标的物所在地", "民事诉讼法第二十五条", "请写明保险标的物所在地"),
    Ground("bill", "票据支付地", "民事诉讼法第二十六条", "请写明票据支付地"),
    Ground("company", "公司住所地", "民事诉讼法第二十七条"),
    Ground("transport", "运输始发地或者目的地", "民事诉讼法第二十八条", "请写明始发地或者目的地"),
    Ground("plaintiff_domicile", "原告住所地", "民事诉讼法第二十三条", "请写明属于第二十三条的哪一种情形"),
    Ground("other", "其他法定依据", "民事诉讼法第一百二十二条第（四）项", "请写明依据的法律条文和事实"),
)
GROUNDS = {ground.key: ground for ground in _ALL}
