"""Reading orders for the ZIP file of a case."""

import uuid

from lutong.domains.dossier.access import sees_case
from lutong.domains.dossier.models import Bundle
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound


def get_bundle(*, actor: Actor, court_id: int, bundle_id: uuid.UUID) -> Bundle:
    """One of the actor's own bundles of a case that he sees now, or NotFound."""
    with reading(actor):
        bundle = Bundle.objects.filter(court_id=court_id, id=bundle_id, requested_by=actor.person_id).first()
        if bundle is not None and sees_case(actor, court_id=court_id, case_id=bundle.case_id):
            return bundle
    raise NotFound("没有这个打包文件，或您无权查看")


def latest_bundle(*, actor: Actor, court_id: int, case_id: uuid.UUID) -> Bundle | None:
    """The actor's newest bundle of a case; NotFound when he does not see the case."""
    with reading(actor):
        if not sees_case(actor, court_id=court_id, case_id=case_id):
            raise NotFound("没有这个案件，或您无权查看")
        mine = Bundle.objects.filter(court_id=court_id, case_id=case_id, requested_by=actor.person_id)
        return mine.order_by("-requested_at").first()
