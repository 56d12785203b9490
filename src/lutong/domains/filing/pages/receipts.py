"""收件凭证 and the court's papers on a filing as PDF, set on demand: the same facts always give the same bytes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from lutong.domains.courts.queries import get_court
from lutong.domains.filing import queries
from lutong.gateways import typesetting
from lutong.kernel.clock import BEIJING
from lutong.kernel.errors import NotFound
from lutong.kernel.faces import actor_in, for_lawyers

DECISIONS = {"refused": "不予受理裁定书", "transferred": "告知书"}


@require_GET
@for_lawyers
def receipt_pdf(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Download the receipt of a submitted filing."""
    actor = actor_in(request)
    submitted = queries.get_submitted(actor=actor, draft=queries.get_draft(actor=actor, draft_id=draft_id))
    filing = submitted.filing
    pdf = typesetting.render("paper", receipt_data(filing, submitted.documents), now=filing.received_at)
    return _download(pdf, f"收件凭证 {filing.receipt_no}.pdf")


@require_GET
@for_lawyers
def paper_pdf(request: HttpRequest, draft_id: UUID, which: str) -> HttpResponse:
    """The court's paper on a filing: `correction-<round>`, or `decision` (refusal or pointing to another court)."""
    actor = actor_in(request)
    submitted = queries.get_submitted(actor=actor, draft=queries.get_draft(actor=actor, draft_id=draft_id))
    filing = submitted.filing
    for notice in submitted.corrections:
        if which == f"correction-{notice.round}":
            pdf = typesetting.render("paper", correction_data(filing, notice), now=notice.issued_at)
            return _download(pdf, f"补正告知书 {filing.receipt_no}.pdf")
    if which == "decision" and filing.state in DECISIONS and filing.decided_at:
        pdf = typesetting.render("paper", decision_data(filing), now=filing.decided_at)
        return _download(pdf, f"{DECISIONS[filing.state]} {filing.receipt_no}.pdf")
    raise NotFound("没有这份文书")


def _download(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def correction_data(filing: Any, notice: Any) -> dict[str, Any]:
    """补正告知书. Law: 登记立案规定第七条, 在线诉讼规则第九条第（二）项."""
    at = filing.received_at.astimezone(BEIJING)
    items = [f"{item['title']}（{item['code']}）：{item['note']}（{item['law']}）" for item in notice.items]
    return {
        "court": filing.court_name,
        "title": "补正告知书",
        "number": filing.receipt_no,
        "to": f"{filing.lawyer_name}律师",
        "blocks": [
            {"text": f"你于{at:%Y年%m月%d日}提交的{filing.title}起诉材料收悉。经审查，请一次性补正下列事项："},
            {"items": items},
            {
                "text": f"请于{notice.due_on:%Y年%m月%d日}前在网上立案中逐项补正。本院自收到补正材料的次日起重新计算"
                "审查期限。逾期不补正或者经补正仍不符合规定而坚持起诉的，依法裁定不予受理。"
            },
        ],
        "sign": {
            "by": filing.court_name,
            "people": [f"立案庭 {notice.issued_by}"],
            "date": f"{notice.issued_at.astimezone(BEIJING):%Y年%m月%d日}",
        },
    }


def decision_data(filing: Any) -> dict[str, Any]:
    """不予受理裁定书 or 告知书. Law: 民事诉讼法第一百二十六条、第一百二十七条、第一百七十一条第二款."""
    court = get_court(court_id=filing.court_id)
    above = get_court(court_id=court.parent_id).name if court.parent_id else "上一级人民法院"
    if filing.state == "refused":
        closing = (
            f"依照民事诉讼法第一百二十六条的规定，裁定如下：对{filing.plaintiffs}的起诉，本院不予受理。如不服本裁定，"
            f"可以在裁定书送达之日起十日内，向本院递交上诉状，上诉于{above}。"
        )
    else:
        closing = "依照民事诉讼法第一百二十七条第（四）项的规定，告知你向有管辖权的人民法院起诉。"
    return {
        "court": filing.court_name,
        "title": DECISIONS[filing.state],
        "number": filing.receipt_no,
        "blocks": [
            {"fields": [["起诉人", filing.plaintiffs], ["被起诉人", filing.defendants], ["案由", filing.cause_name]]},
            {"text": filing.decision_note},
            {"text": closing},
        ],
        "sign": {"by": filing.court_name, "date": f"{filing.decided_at.astimezone(BEIJING):%Y年%m月%d日}"},
    }


def receipt_data(filing: Any, documents: list[Any]) -> dict[str, Any]:
    """What the paper says. Law: 登记立案规定第二条."""
    at = filing.received_at.astimezone(BEIJING)
    rows = [
        [str(place), document.title, str(document.pages or "—"), f"SHA-256 {document.sha256}\nSM3 {document.sm3}"]
        for place, document in enumerate(documents, 1)
    ]
    return {
        "court": filing.court_name,
        "title": "收到诉讼材料凭证",
        "number": filing.receipt_no,
        "blocks": [
            {
                "fields": [
                    ["收件号", filing.receipt_no],
                    ["收到时间", f"{at:%Y 年 %m 月 %d 日 %H:%M:%S}（北京时间）"],
                    ["案件", filing.title],
                    ["提交人", f"{filing.lawyer_name} 律师"],
                    ["审查期起算依据日", f"{filing.clock_from:%Y-%m-%d}（次日起算）"],
                ]
            },
            {"table": {"head": ["序号", "材料", "页数", "校验值"], "rows": rows, "widths": [1, 4, 1, 9]}},
            {"text": "本凭证证明法院收到上列材料及收到的时间，不表示起诉符合受理条件。"},
        ],
        "sign": {"by": filing.court_name, "date": f"{at:%Y 年 %m 月 %d 日}"},
    }
