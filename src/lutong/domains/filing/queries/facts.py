"""What the database adds to a draft or a filing before the check list judges it."""

import datetime as dt

from lutong.domains.courts.queries import get_cause, get_court
from lutong.domains.dossier.queries import list_filing_documents
from lutong.domains.filing.checks import Facts, Report, UploadFact, examine
from lutong.domains.filing.checks.report import CauseFact, CourtFact
from lutong.domains.filing.content import FilingContent, read_content
from lutong.domains.filing.models import Filing
from lutong.kernel.actor import Actor
from lutong.kernel.tariff import guess_fee_kind


def examine_filing(*, actor: Actor, filing: Filing, today: dt.date) -> Report:
    """Judge a filing as the court has it, by the very list that the lawyer saw."""
    documents = list_filing_documents(actor=actor, court_id=filing.court_id, filing_id=filing.id)
    uploads = {str(d.upload_id): UploadFact(d.filename) for d in documents}
    content = read_content(filing.content)
    facts = Facts(uploads=uploads, court=court_fact(content), cause=cause_fact(content), duplicates=_duplicates(filing))
    return examine(content=content, facts=facts, today=today)


def court_fact(content: FilingContent) -> CourtFact | None:
    """What the directory says of the chosen court; None when none is chosen."""
    if content.court_id is None:
        return None
    court = get_court(court_id=content.court_id)
    return CourtFact(court.name, court.level, f"{court.division_code[:2]}0000", court.receives_civil_first)


def cause_fact(content: FilingContent) -> CauseFact | None:
    """What the tree says of the chosen cause; None when none is chosen."""
    if not content.cause_id.isdigit():
        return None
    cause = get_cause(cause_id=int(content.cause_id))
    return CauseFact(cause.name, is_leaf=not cause.has_children, fee_kind=guess_fee_kind(cause.path))


def _duplicates(filing: Filing) -> list[str]:
    """Other filings of this court between the same parties on the same cause (民诉法解释第二百四十七条)."""
    alike = Filing.objects.filter(
        court_id=filing.court_id, plaintiffs=filing.plaintiffs, defendants=filing.defendants, cause_id=filing.cause_id
    ).exclude(id=filing.id)
    return [f"{f.receipt_no}（{f.get_state_display()}）" for f in alike.order_by("-received_at")[:5]]
