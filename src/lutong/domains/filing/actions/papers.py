"""Papers that the platform makes for the lawyer after a submission: 证据目录 and 送达地址确认书."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.dossier import actions as dossier
from lutong.domains.filing.access import filings_visible_to
from lutong.domains.filing.content import FilingContent
from lutong.domains.filing.models import Filing
from lutong.domains.filing.papers import address_confirmation, evidence_list
from lutong.gateways import typesetting
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.clock import BEIJING


def make_papers(*, court_id: int, filing_id: uuid.UUID, round_no: int, now: dt.datetime) -> None:
    """Set and file what one round of a filing lacks. Doing it again files nothing twice.

    Typesetting and storing happen outside any transaction; a paper is filed by a key made of filing, kind and round.
    """
    with reading(system(court_id)):
        filing = filings_visible_to(system(court_id), court_id=court_id).filter(id=filing_id).first()
    if filing is None or filing.round != round_no:
        return  # a newer round makes its own
    lawyer = Actor(filing.lawyer_id, Role.LAWYER, filing.lawyer_name)
    for kind, title, data in _wanted(filing):
        pdf = typesetting.render("paper", data, now=filing.received_at)
        dossier.file_paper(
            actor=lawyer, court_id=court_id, filing_id=filing.id, case_id=filing.case_id, kind=kind, title=title,
            stored=dossier.store_paper(data=pdf), key=uuid.uuid5(filing.id, f"{kind}:{round_no}"), now=now,
            submitter=f"{filing.lawyer_name} 律师（按填写内容生成）",
        )  # fmt: skip


def _wanted(filing: Filing) -> list[tuple[str, str, dict[str, Any]]]:
    content = FilingContent.model_validate(filing.content)
    facts = {
        "title": filing.title,
        "number": filing.receipt_no,
        "by": f"{filing.lawyer_name} 律师",
        "date": f"{filing.received_at.astimezone(BEIJING):%Y 年 %m 月 %d 日}",
    }
    again = f"（第 {filing.round - 1} 次补正）" if filing.round > 1 else ""
    papers = [
        ("address_confirmation", f"送达地址确认书{again}", address_confirmation(content, **facts)),
    ]
    if content.evidence and not content.files.get("evidence_list"):
        papers.insert(0, ("evidence_list", f"证据目录{again}", evidence_list(content, **facts)))
    return papers
