"""Receipts: that money came in, and that papers were served."""

from collections.abc import Sequence
from typing import Any

from lutong.domains.eservice.papers.words import CaseWords, capital_yuan, frame


def payment_receipt(
    *, case: CaseWords, notice_no: str, payer: str, amount_fen: int, paid_at: str, channel: str, transaction_id: str
) -> dict[str, Any]:
    """交费凭证. It is not the fiscal invoice (财政电子票据), and says so."""
    fields = [
        ["通知书编号", notice_no],
        ["交费当事人", payer],
        ["项目", "案件受理费"],
        ["金额", f"人民币 {amount_fen // 100:,}.{amount_fen % 100:02d} 元"],
        ["大写", capital_yuan(amount_fen)],
        ["到账时间", paid_at],
        ["支付渠道", channel],
        ["交易单号", transaction_id],
    ]
    text = "以上款项已经收讫并记入本案。本凭证用于证明交费事实，财政电子票据由本院另行开具。"
    return frame(case, "交费凭证", blocks=[{"fields": fields}, {"text": text}])


def service_receipt(
    *, case: CaseWords, facts: Sequence[tuple[str, str]], papers: Sequence[tuple[str, str]], steps: Sequence[str]
) -> dict[str, Any]:
    """送达凭证: who, what, how, when, and why service took effect on that day. `papers` are (title, SHA-256).

    Law: 人民法院在线诉讼规则第三十一条第三款 (for electronic service it has the force of 送达回证).
    """
    blocks: list[dict[str, Any]] = [
        {"fields": [[label, value] for label, value in facts if value]},
        {"heading": "送达文书"},
        {"table": {"head": ["文书", "SHA-256"], "rows": [list(row) for row in papers], "widths": [2, 3]}},
        {"heading": "送达之日的认定"},
        {"items": list(steps)},
        {"text": "电子送达的，系统记录的信息与本凭证具有送达回证的效力（人民法院在线诉讼规则第三十一条第三款）。"},
    ]
    return frame(case, "送达凭证", blocks=blocks)
