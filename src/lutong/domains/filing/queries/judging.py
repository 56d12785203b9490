"""What the database adds to a draft or a filing before the check list judges it: the same for lawyer and clerk."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db.models import QuerySet

from lutong.domains.capacity.queries import counsel_facts
from lutong.domains.courts import queries as courts
from lutong.domains.dossier.queries import draft_purpose, list_filing_documents, list_uploads
from lutong.domains.filing.checks import CauseFact, CourtFact, Facts, Report, UploadFact, examine
from lutong.domains.filing.content import FilingContent, read_content
from lutong.domains.filing.formdata import REMOVED
from lutong.domains.filing.jurisdiction import GROUNDS, Ground
from lutong.domains.filing.models import Filing
from lutong.kernel.actor import Actor
from lutong.kernel.capacity import Counsel, plain_name
from lutong.kernel.errors import NotFound
from lutong.kernel.powers import AgentKind
from lutong.kernel.tariff import guess_fee_kind

_UPLOAD_STATES = {"stored": "ready", "receiving": "processing", "examining": "processing", "refused": "broken"}


def purpose_of(draft_id: uuid.UUID) -> str:
    """The purpose under which the files of a draft are uploaded."""
    return draft_purpose(draft_id)


def examine_draft(*, actor: Actor, draft_id: uuid.UUID, content: FilingContent, today: dt.date) -> Report:
    """Judge a lawyer's draft with everything the platform knows about it."""
    uploads = {
        str(upload.id): UploadFact(upload.filename, _UPLOAD_STATES[upload.state])
        for upload in list_uploads(actor=actor, purpose=purpose_of(draft_id))
    }
    facts = replace(
        known_of(content), uploads=uploads, counsels=counsels_of(lawyer_id=actor.lawyer_id, content=content)
    )
    handed_in = content.model_copy(update={"files": {k: v for k, v in content.files.items() if k != REMOVED}})
    return examine(content=handed_in, facts=facts, today=today)


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


def known_of(content: FilingContent) -> Facts:
    """What the national tables say of the chosen court, cause and ground: the same for lawyer and clerk."""
    court = court_fact(content)
    return Facts(
        court=court,
        cause=cause_fact(content),
        ground=ground_fact(content),
        fee_province=court.province or None if court else None,
    )


def court_fact(content: FilingContent) -> CourtFact | None:
    """The chosen court as the directory knows it; a court that does not exist accepts nothing."""
    if content.court_id is None:
        return None
    try:
        court = courts.get_court(court_id=content.court_id)
    except NotFound:
        return CourtFact("所选法院", 4, accepts=False)
    accepts = court.receives_civil_first and court.active_to is None
    return CourtFact(court.name, court.level, court.division_code[:2] + "0000", accepts)


def cause_fact(content: FilingContent) -> CauseFact | None:
    """The chosen cause as the tree knows it."""
    if not (content.cause_id.isascii() and content.cause_id.isdigit() and len(content.cause_id) < 9):
        return None
    try:
        cause = courts.get_cause(cause_id=int(content.cause_id))
    except NotFound:
        return CauseFact(content.cause_name, is_leaf=False)
    return CauseFact(cause.name, not cause.has_children, guess_fee_kind(cause.path))


def ground_fact(content: FilingContent) -> Ground | None:
    """The chosen ground of jurisdiction, as the courts' table knows it for this cause."""
    for reason in list_grounds(content):
        if reason.code == content.jurisdiction_ground:
            known = GROUNDS.get(reason.code)
            return Ground(reason.code, reason.label, reason.article, known.ask if known else "")
    return None


def list_grounds(content: FilingContent) -> list[courts.Ground]:
    """The grounds that the law offers for the chosen cause; the general ones while no cause is chosen."""
    cause_id = int(content.cause_id) if content.cause_id.isascii() and content.cause_id.isdigit() else 0
    try:
        path = courts.get_cause(cause_id=min(cause_id, 2**31 - 1)).path
    except NotFound:
        path = ""
    return courts.jurisdiction_reasons(path=path)


def counsels_of(*, lawyer_id: int, content: FilingContent) -> dict[str, Counsel]:
    """What registry and declaration say of the lawyer who files; of other agents the registry is not asked here.

    Agents of the other side from his own firm are counted against him (律师法第五十条).
    """
    parties = {party.id: party for party in content.parties}
    places = [place for party in content.parties for place in (party.address, party.residence)]
    found = {}
    for agent in content.agents:
        party = parties.get(agent.party_id)
        if agent.lawyer_id != str(lawyer_id) or agent.kind not in (AgentKind.LAWYER, AgentKind.LEGAL_WORKER):
            continue
        opposing = [
            parties[other.party_id].name for other in content.agents
            if other.party_id in parties and party is not None and other.id != agent.id
            and {party.side, parties[other.party_id].side} == {"plaintiff", "defendant"}
            and other.firm.strip() and plain_name(other.firm) == plain_name(agent.firm)
            and plain_name(other.licence_no) != plain_name(agent.licence_no)
        ]  # fmt: skip
        found[agent.id] = counsel_facts(
            lawyer_id=lawyer_id, name=agent.name.strip(), court_id=content.court_id, firm=agent.firm.strip(),
            party_names=[party.name] if party else [], places=[*places, content.court_name], firm_other_sides=opposing,
        )  # fmt: skip
    return found


def _duplicates(filing: Filing) -> list[str]:
    """Other filings of this court between the same parties on the same cause (民诉法解释第二百四十七条)."""
    alike = filings_alike(filing).exclude(id=filing.id)
    return [f"{f.receipt_no}（{f.get_state_display()}）" for f in alike.order_by("-received_at")[:5]]


def filings_alike(filing: Filing) -> QuerySet[Filing]:
    """Filings with the same parties, as written, and the same cause; one look into the index filing_alike."""
    return Filing.objects.filter(
        court_id=filing.court_id, cause_id=filing.cause_id, plaintiffs=filing.plaintiffs, defendants=filing.defendants
    )
