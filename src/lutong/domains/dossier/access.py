"""Who may see which document."""

import uuid

from django.db.models import Q, QuerySet

from lutong.domains.cases.queries import my_case_ids
from lutong.domains.dossier.models import Document
from lutong.kernel.actor import Actor


def visible_to(actor: Actor, *, court_id: int) -> QuerySet[Document]:
    """A document of a court is visible if, and only if:

    * the actor is of that court's staff; or
    * he submitted it himself; or
    * it lies in the main volume (正卷) of a case in which he is counsel of record now.

    The sub volume (副卷) is never visible to counsel (诉讼代理人查阅民事案件材料的规定).
    """
    documents = Document.objects.filter(court_id=court_id)
    if actor.is_staff:
        return documents if actor.court_id == court_id else documents.none()
    in_my_cases = Q(case_id__in=my_case_ids(actor=actor, court_id=court_id))
    return documents.filter(Q(submitted_by=actor.person_id) | in_my_cases, volume="main")


def sees_case(actor: Actor, *, court_id: int, case_id: uuid.UUID) -> bool:
    """True if, and only if, the actor is of the court's staff or counsel of record in the case now."""
    if actor.is_staff:
        return actor.court_id == court_id
    return bool(my_case_ids(actor=actor, court_id=court_id).filter(case_id=case_id).exists())
