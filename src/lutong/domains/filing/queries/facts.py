"""What the database adds to a draft or a filing before the check list judges it."""

import datetime as dt
from dataclasses import replace

from lutong.domains.dossier.queries import list_filing_documents
from lutong.domains.filing.checks import Report, UploadFact, examine
from lutong.domains.filing.content import read_content
from lutong.domains.filing.models import Filing
from lutong.domains.filing.queries.judging import counsels_of, known_of
from lutong.kernel.actor import Actor


def examine_filing(*, actor: Actor, filing: Filing, today: dt.date) -> Report:
    """Judge a filing as the court has it, by the very list that the lawyer saw."""
    documents = list_filing_documents(actor=actor, court_id=filing.court_id, filing_id=filing.id)
    uploads = {str(d.upload_id): UploadFact(d.filename) for d in documents}
    content = read_content(filing.content)
    facts = replace(
        known_of(content), uploads=uploads, duplicates=_duplicates(filing),
        counsels=counsels_of(lawyer_id=filing.lawyer_id, content=content),
    )  # fmt: skip
    return examine(content=content, facts=facts, today=today)


def _duplicates(filing: Filing) -> list[str]:
    """Other filings of this court between the same parties on the same cause (民诉法解释第二百四十七条)."""
    alike = Filing.objects.filter(
        court_id=filing.court_id, plaintiffs=filing.plaintiffs, defendants=filing.defendants, cause_id=filing.cause_id
    ).exclude(id=filing.id)
    return [f"{f.receipt_no}（{f.get_state_display()}）" for f in alike.order_by("-received_at")[:5]]
