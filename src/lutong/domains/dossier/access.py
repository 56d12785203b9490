"""Who may see which document."""

import uuid

from django.db.models import Q, QuerySet

from lutong.domains.cases.queries import missing, my_case_ids
from lutong.domains.dossier.models import Document
from lutong.kernel.actor import Actor
from lutong.kernel.capabilities import Capability


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Document]:
    """A document of a court is visible if, and only if:

    * the actor is of that court's staff; or
    * he submitted it himself, acting for nobody; or
    * it lies in the main volume (正卷) of a case in which he is counsel of record now, or assists one who granted
      阅卷; or
    * as an assistant he submitted it himself, and may still submit in that case.

    The sub volume (副卷) is never visible to counsel (诉讼代理人查阅民事案件材料的规定).
    """
    documents = Document.objects.filter(court_id=court_id)
    if actor.is_staff:
        return documents if actor.court_id == court_id else documents.none()
    in_my_cases = Q(case_id__in=my_case_ids(actor=actor, court_id=court_id, needs=Capability.READ_DOSSIER))
    own = Q(submitted_by=actor.person_id)
    if actor.is_assistant:
        own &= Q(case_id__in=my_case_ids(actor=actor, court_id=court_id, needs=Capability.SUBMIT_MATERIAL))
    return documents.filter(own | in_my_cases, volume="main")


def sees_case(actor: Actor, *, court_id: int, case_id: uuid.UUID) -> bool:
    """True if, and only if, the actor is of the court's staff, counsel of record in the case now, or his assistant.

    An assistant who sees the case without being allowed to read its dossier is told so (NotAllowed).
    """
    if actor.is_staff:
        return actor.court_id == court_id
    may_read = my_case_ids(actor=actor, court_id=court_id, needs=Capability.READ_DOSSIER)
    if may_read.filter(case_id=case_id).exists():
        return True
    refuse_assistant(actor, court_id=court_id, case_id=case_id)
    return False


def refuse_assistant(actor: Actor, *, court_id: int, case_id: uuid.UUID | None) -> None:
    """Raise NotAllowed, naming the permission, when the case is within an assistant's sight and its dossier is not."""
    if actor.is_assistant and my_case_ids(actor=actor, court_id=court_id).filter(case_id=case_id).exists():
        raise missing(actor, Capability.READ_DOSSIER)
