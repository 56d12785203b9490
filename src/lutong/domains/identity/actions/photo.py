"""名册照片: 律通 keeps a small copy of the registry's photo, so that a gate without network can show it."""

import datetime as dt
import hashlib
import logging

from lutong.domains.identity.actions.registry import registry
from lutong.domains.identity.models import LicencePhoto
from lutong.gateways.registry.port import Licence, RegistryDown
from lutong.gateways.registry.real import kind_of_photo

LONGEST_URL = 300
log = logging.getLogger(__name__)


def keep_photo(*, lawyer_id: int, licence: Licence, now: dt.datetime) -> None:
    """Fetch the photo of a licence if its address is new; goes over the network, so never inside a transaction.

    No photo is no reason to refuse anything: what cannot be had is asked for again at the next look-up.
    """
    held = LicencePhoto.objects.filter(lawyer_id=lawyer_id).values_list("url", flat=True).first()
    if held == licence.photo_url or (held is None and not licence.photo_url):
        return
    if held is not None:  # the face of yesterday is worse than none
        LicencePhoto.objects.filter(lawyer_id=lawyer_id).delete()
    image = fetch_photo(licence=licence)
    if image:
        LicencePhoto.objects.update_or_create(
            lawyer_id=lawyer_id,
            defaults={
                "url": licence.photo_url, "image": image, "kind": kind_of_photo(image),
                "digest": hashlib.sha256(image).hexdigest(), "fetched_at": now,
            },
        )  # fmt: skip


def fetch_photo(*, licence: Licence) -> bytes:
    """The photo of a licence as the registry has it now; empty if there is none or it cannot be had."""
    if not 0 < len(licence.photo_url) <= LONGEST_URL:
        return b""
    try:
        return registry().photo(url=licence.photo_url)
    except RegistryDown as down:
        log.warning("photo: %s", down.reason)
        return b""
