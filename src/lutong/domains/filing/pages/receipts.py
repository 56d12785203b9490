"""收件凭证 as a PDF, set on demand: the same filing always gives the same bytes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from lutong.domains.filing import queries
from lutong.gateways import typesetting
from lutong.kernel.clock import BEIJING
from lutong.kernel.faces import actor_in, for_lawyers


@require_GET
@for_lawyers
def receipt_pdf(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Download the receipt of a submitted filing."""
    actor = actor_in(request)
    submitted = queries.get_submitted(actor=actor, draft=queries.get_draft(actor=actor, draft_id=draft_id))
    filing = submitted.filing
    pdf = typesetting.render("paper", receipt_data(filing, submitted.documents), now=filing.received_at)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = (
        content_disposition_header(True, f"收件凭证 {filing.receipt_no}.pdf") or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


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
