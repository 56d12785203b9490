"""Who may see which document and which upload."""

import uuid

from django.db.models import Q, QuerySet

from lutong.domains.cases.queries import holds, missing, my_case_ids, staff_rows
from lutong.domains.delegation.queries import entrusted_drafts
from lutong.domains.dossier.models import Document, Upload
from lutong.kernel.actor import Actor, Role
from lutong.kernel.capabilities import Capability
from lutong.kernel.duties import Duty, may


def uploads_of(actor: Actor) -> QuerySet[Upload]:
    """An upload is the actor's to work with if, and only if:

    * he put it there himself; or
    * it belongs to a draft that the lawyer for whom he acts lets him prepare now.
    """
    if not actor.is_assistant:
        return Upload.objects.filter(lawyer_id=actor.person_id)
    purposes = [draft_purpose(draft_id) for draft_id in entrusted_drafts(actor) if draft_id]
    both = Upload.objects.filter(lawyer_id__in=[actor.person_id, actor.lawyer_id])
    return both.filter(Q(lawyer_id=actor.person_id) | Q(lawyer_id=actor.lawyer_id, purpose__in=purposes))


def draft_purpose(draft_id: uuid.UUID) -> str:
    """The purpose under which the files of a draft are uploaded."""
    return f"{OF_DRAFT}{draft_id.hex}"


def owner_of(actor: Actor, *, purpose: str) -> int | None:
    """Whose an upload to this purpose is: what goes to a draft is the lawyer's like the draft. None: it may not."""
    if not (actor.is_assistant and purpose.startswith(OF_DRAFT)):
        return actor.person_id
    prepared = {draft_purpose(draft_id) for draft_id in entrusted_drafts(actor) if draft_id}
    return actor.lawyer_id if purpose in prepared else None


OF_DRAFT = "filing:"


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Document]:
    """A document of a court is visible if, and only if:

    * the actor reads dossiers in that court, and its case is his work there, or he opened it urgently; or
    * he reviews filings in that court, and it came with one; or
    * he submitted it himself, acting for nobody; or
    * it lies in the main volume (正卷) of a case in which he is counsel of record now, or assists one who granted
      阅卷; or
    * as an assistant he submitted it himself, and may still submit in that case.

    The sub volume (副卷) is never visible to counsel (诉讼代理人查阅民事案件材料的规定).
    """
    documents = Document.objects.filter(court_id=court_id)
    if actor.is_staff:
        return _of_staff(documents, actor, court_id)
    in_my_cases = Q(case_id__in=my_case_ids(actor=actor, court_id=court_id, needs=Capability.READ_DOSSIER))
    own = Q(submitted_by=actor.person_id)
    if actor.is_assistant:
        own &= Q(case_id__in=my_case_ids(actor=actor, court_id=court_id, needs=Capability.SUBMIT_MATERIAL))
    return documents.filter(own | in_my_cases, volume="main")


def sees_case(actor: Actor, *, court_id: int, case_id: uuid.UUID) -> bool:
    """True if, and only if, the actor reads its dossier in the court, is counsel of record now, or assists him.

    An assistant who sees the case without being allowed to read its dossier is told so (NotAllowed).
    """
    if actor.is_staff:
        reads = _reads(actor) and actor.court_id == court_id
        return reads and holds(actor=actor, court_id=court_id, case_id=case_id)
    may_read = my_case_ids(actor=actor, court_id=court_id, needs=Capability.READ_DOSSIER)
    if may_read.filter(case_id=case_id).exists():
        return True
    refuse_assistant(actor, court_id=court_id, case_id=case_id)
    return False


def refuse_assistant(actor: Actor, *, court_id: int, case_id: uuid.UUID | None) -> None:
    """Raise NotAllowed, naming the permission, when the case is within an assistant's sight and its dossier is not."""
    if actor.is_assistant and my_case_ids(actor=actor, court_id=court_id).filter(case_id=case_id).exists():
        raise missing(actor, Capability.READ_DOSSIER)


def _reads(actor: Actor) -> bool:
    return actor.role is Role.SYSTEM or may(actor, Duty.DOSSIERS)


def _of_staff(documents: QuerySet[Document], actor: Actor, court_id: int) -> QuerySet[Document]:
    if not _reads(actor) or actor.court_id != court_id:
        return documents.none()
    seen = staff_rows(actor=actor, court_id=court_id, rows=documents)
    return seen | documents.filter(filing_id__isnull=False) if may(actor, Duty.FILINGS) else seen
