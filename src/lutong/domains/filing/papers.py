"""律师一方的文书: papers that are made from what the lawyer typed, as data for the typesetter."""

from typing import Any

from lutong.domains.filing import content as shape
from lutong.domains.filing.checks import party_label
from lutong.domains.filing.content import FilingContent


def evidence_list(content: FilingContent, *, title: str, number: str, by: str, date: str) -> dict[str, Any]:
    """证据目录. Law: 证据规定第十九条."""
    rows = [
        [
            line.no.strip() or str(place),
            line.name,
            shape.EVIDENCE_KINDS.get(line.kind, ""),
            line.source,
            line.purpose,
            line.pages or "—",
        ]
        for place, line in enumerate(content.evidence, 1)
    ]
    head = ["编号", "证据名称", "种类", "来源", "证明目的", "页数"]
    return {
        "title": "证据目录",
        "number": number,
        "blocks": [
            {"fields": [["案件", title], ["提交人", by]]},
            {"table": {"head": head, "rows": rows, "widths": [1, 3, 2, 3, 5, 1]}},
        ],
        "sign": {"by": f"提交人：{by}", "date": date},
    }


def address_confirmation(content: FilingContent, *, title: str, number: str, by: str, date: str) -> dict[str, Any]:
    """送达地址确认书. Law: 民事诉讼法第九十条, 民诉法解释第一百三十六条、第一百三十七条."""
    parties = {party.id: party_label(party) for party in content.parties}
    blocks: list[dict[str, Any]] = [{"fields": [["案件", title]]}]
    for one in content.service_addresses:
        blocks.append({"heading": parties.get(one.party_id, "当事人")})
        pairs = [
            ["收件人", one.recipient],
            ["手机号", one.mobile],
            ["电子邮箱", one.email or "—"],
            ["邮寄地址", f"{one.address} {one.postcode}".strip()],
            ["电子送达", "同意" if one.electronic else "不同意"],
            ["裁判文书电子送达", "同意，需要纸质文书时另行提出" if one.consent_judgment_e_service else "不同意"],
            ["确认", "已阅读并确认" if one.agreed else "未确认"],
        ]
        blocks.append({"fields": pairs})
    blocks.append(
        {
            "text": "以上送达地址适用于第一审、第二审和执行程序。地址不准确、送达地址变更未及时告知人民法院，"
            "导致诉讼文书未能被实际接收的，文书退回之日视为送达之日。"
        }
    )
    return {
        "title": "送达地址确认书",
        "number": number,
        "blocks": blocks,
        "sign": {"by": f"代为确认：{by}", "date": date},
    }
