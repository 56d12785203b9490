"""管辖依据: why a court may hear a civil case of the first instance, with the article for each reason.

Law: 民事诉讼法 (2023) 第二十二条至第三十六条; 民诉解释 (2022) 第三条至第三十四条;
劳动争议解释（一）法释〔2020〕26号 第三条.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason. `exclusive` excludes every other court (专属管辖); `hint` says what the lawyer should look for."""

    code: str
    label: str
    article: str
    hint: str = ""
    exclusive: bool = False

    def __str__(self) -> str:
        return f"{self.label}（{self.article}）"


GROUNDS = {
    ground.code: ground
    for ground in (
        Ground(
            "defendant_domicile", "被告住所地", "民事诉讼法第二十二条、民诉解释第三条",
            "公民为户籍所在地，法人为主要办事机构所在地",
        ),
        Ground(
            "defendant_residence", "被告经常居住地", "民事诉讼法第二十二条、民诉解释第四条",
            "离开住所地至起诉时已连续居住一年以上，住院就医除外",
        ),
        Ground(
            "plaintiff_domicile", "原告住所地", "民事诉讼法第二十三条",
            "限于：被告不在境内居住、下落不明或者宣告失踪（身份关系诉讼），被采取强制性教育措施，被监禁",
        ),
        Ground("spouse_away", "原告住所地（对方离开住所地超过一年）", "民诉解释第十二条", "限于离婚案件"),
        Ground(
            "support_plaintiff", "原告住所地（几个被告不在同一辖区）", "民诉解释第九条",
            "限于追索赡养费、扶养费、抚养费",
        ),
        Ground("agreed_performance", "合同履行地：合同约定的履行地点", "民事诉讼法第二十四条、民诉解释第十八条第一款"),
        Ground(
            "money_receiver", "合同履行地：接收货币一方所在地", "民诉解释第十八条第二款",
            "争议标的为给付货币且合同对履行地没有约定或者约定不明确",
        ),
        Ground(
            "immovable_delivered", "合同履行地：不动产所在地", "民诉解释第十八条第二款", "争议标的为交付不动产",
        ),
        Ground(
            "other_obligation", "合同履行地：履行义务一方所在地", "民诉解释第十八条第二款",
            "争议标的为其他标的；即时结清的合同为交易行为地",
        ),
        Ground("lease_place", "合同履行地：租赁物使用地", "民诉解释第十九条", "合同对履行地有约定的，从其约定"),
        Ground(
            "online_purchase", "合同履行地：买受人住所地或者收货地", "民诉解释第二十条",
            "通过网络交付的为买受人住所地，其他方式交付的为收货地",
        ),
        Ground(
            "insured_object", "保险标的物所在地", "民事诉讼法第二十五条、民诉解释第二十一条",
            "人身保险可为被保险人住所地",
        ),
        Ground("bill_payment", "票据支付地", "民事诉讼法第二十六条"),
        Ground("company_seat", "公司住所地", "民事诉讼法第二十七条、民诉解释第二十二条"),
        Ground("transport_ends", "运输始发地、目的地", "民事诉讼法第二十八条"),
        Ground("tort_act", "侵权行为实施地", "民事诉讼法第二十九条、民诉解释第二十四条"),
        Ground("tort_result", "侵权结果发生地", "民事诉讼法第二十九条、民诉解释第二十四条"),
        Ground(
            "online_tort", "信息设备所在地、被侵权人住所地", "民诉解释第二十五条", "限于信息网络侵权",
        ),
        Ground("product_place", "产品制造地、销售地或者服务提供地", "民诉解释第二十六条"),
        Ground("accident_place", "事故发生地或者车辆、船舶最先到达地、航空器最先降落地", "民事诉讼法第三十条"),
        Ground("collision_place", "碰撞发生地、碰撞船舶最先到达地、加害船舶被扣留地", "民事诉讼法第三十一条"),
        Ground("salvage_place", "救助地、被救助船舶最先到达地", "民事诉讼法第三十二条"),
        Ground("general_average", "船舶最先到达地、共同海损理算地、航程终止地", "民事诉讼法第三十三条"),
        Ground("employer_seat", "用人单位所在地", "劳动争议解释（一）第三条"),
        Ground("work_place", "劳动合同履行地", "劳动争议解释（一）第三条", "履行地不明确的，由用人单位所在地法院管辖"),
        Ground("immovable", "不动产所在地", "民事诉讼法第三十四条第一项、民诉解释第二十八条", "专属管辖", True),
        Ground("port", "港口所在地", "民事诉讼法第三十四条第二项", "专属管辖", True),
        Ground(
            "inheritance", "被继承人死亡时住所地或者主要遗产所在地", "民事诉讼法第三十四条第三项", "专属管辖", True,
        ),
        Ground("debtor_domicile", "债务人住所地的基层人民法院", "民诉解释第二十三条", "限于申请支付令"),
        Ground(
            "preserving_court", "采取保全措施的人民法院", "民诉解释第二十七条",
            "当事人没有在法定期间起诉或者申请仲裁的",
        ),
        Ground("ward_domicile", "被监护人住所地", "民诉解释第十条"),
        Ground(
            "agreement", "书面协议选择的法院", "民事诉讼法第三十五条、民诉解释第二十九条至第三十四条",
            "须与争议有实际联系，不得违反级别管辖和专属管辖",
        ),
    )
}  # fmt: skip

_DEFENDANT = ("defendant_domicile", "defendant_residence")
_CONTRACT = (*_DEFENDANT, "agreed_performance")
_MONEY = (*_CONTRACT, "money_receiver", "agreement")
_TORT = ("tort_act", "tort_result", *_DEFENDANT)
_FAMILY = (*_DEFENDANT, "plaintiff_domicile")

# Read from the deepest cause upwards: the first line that names it, or one above it, gives the grounds.
TABLE: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("房屋租赁合同纠纷", "土地承包经营权合同纠纷", "农业承包合同纠纷"), ("immovable",)),
    (
        ("建设工程施工合同纠纷", "建设工程价款优先受偿权纠纷", "建设工程分包合同纠纷", "装饰装修合同纠纷"),
        ("immovable",),
    ),
    (("经济适用房转让合同纠纷",), ("immovable",)),
    (("不动产登记纠纷", "相邻关系纠纷", "建筑物区分所有权纠纷", "土地承包经营权纠纷"), ("immovable",)),
    (("建设用地使用权纠纷", "宅基地使用权纠纷", "地役权纠纷", "居住权纠纷", "土地经营权纠纷"), ("immovable",)),
    (("港口作业纠纷", "港口作业重大责任事故责任纠纷"), ("port",)),
    (("分家析产纠纷",), (*_DEFENDANT, "immovable")),
    (("继承纠纷",), ("inheritance",)),
    (("离婚纠纷",), (*_FAMILY, "spouse_away")),
    (("赡养纠纷", "扶养纠纷", "抚养纠纷"), (*_FAMILY, "support_plaintiff")),
    (("监护权特别程序案件",), ("ward_domicile",)),
    (("申请支付令",), ("debtor_domicile",)),
    (("劳动争议", "新就业形态用工纠纷", "人事争议"), ("employer_seat", "work_place")),
    (("信息网络买卖合同纠纷",), (*_CONTRACT, "online_purchase", "agreement")),
    (("车辆租赁合同纠纷", "建筑设备租赁合同纠纷", "融资租赁合同纠纷"), (*_CONTRACT, "lease_place", "agreement")),
    (
        ("运输合同纠纷", "海上、通海水域货物运输合同纠纷", "海上、通海水域旅客运输合同纠纷"),
        ("transport_ends", *_DEFENDANT, "agreement"),
    ),
    (("房屋买卖合同纠纷",), (*_CONTRACT, "immovable_delivered", "money_receiver", "agreement")),
    (("借款合同纠纷", "银行卡纠纷", "追偿权纠纷", "物业服务合同纠纷", "保证合同纠纷"), _MONEY),
    (("保险纠纷",), ("insured_object", *_DEFENDANT, "agreement")),
    (("票据纠纷",), ("bill_payment", *_DEFENDANT)),
    (("股权转让纠纷",), _MONEY),
    (("与公司有关的纠纷",), ("company_seat",)),
    (("船舶碰撞损害责任纠纷", "船舶触碰损害责任纠纷"), ("collision_place", *_DEFENDANT)),
    (("海难救助合同纠纷",), ("salvage_place",)),
    (("共同海损纠纷",), ("general_average",)),
    (("铁路运输损害责任纠纷", "水上运输损害责任纠纷", "航空运输损害责任纠纷"), ("accident_place", *_DEFENDANT)),
    (("机动车交通事故责任纠纷", "非机动车交通事故责任纠纷"), ("accident_place", *_TORT)),
    (("产品责任纠纷",), ("product_place", *_TORT)),
    (("因申请财产保全损害责任纠纷", "因申请行为保全损害责任纠纷"), ("preserving_court", *_DEFENDANT)),
    (
        ("网络不正当竞争纠纷", "网络域名权属、侵权纠纷", "侵害数据权益纠纷", "侵害网络虚拟财产权益纠纷"),
        ("online_tort", *_TORT),
    ),
    (("知识产权权属、侵权纠纷", "不正当竞争纠纷", "垄断纠纷"), _TORT),
    (("侵权责任纠纷",), _TORT),
    (("人格权纠纷",), (*_TORT, "online_tort")),
    (("婚姻家庭、继承纠纷",), _FAMILY),
    (("合同、准合同纠纷", "知识产权合同纠纷", "数据、网络虚拟财产纠纷"), (*_MONEY, "other_obligation")),
    (("物权纠纷",), (*_DEFENDANT, "immovable", "agreement")),
)  # fmt: skip


def jurisdiction_reasons(*, path: str) -> list[Ground]:
    """The reasons a lawyer may choose from for a cause, given by its path; an exclusive one stands alone.

    Where a cause may concern land or not (分家析产, 物权), the exclusive reason is offered beside the others.
    Never empty: 原告就被告 is the general rule.
    """
    for name in reversed(_names(path)):
        for causes, codes in TABLE:
            if name in causes:
                return [GROUNDS[code] for code in codes]
    return [GROUNDS[code] for code in (*_DEFENDANT, "agreement")]


def _names(path: str) -> Sequence[str]:
    return [name.strip() for name in path.split(">") if name.strip()]
