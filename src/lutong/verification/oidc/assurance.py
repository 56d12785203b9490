"""Whether the person was seen in this very visit."""

import datetime as dt

from lutong.verification.entrance.models import Visit
from lutong.verification.registry.queries import LicenceView


def seen_in(*, visit: Visit, licence: LicenceView) -> dt.datetime | None:
    """When a live check was passed since this visit began; None without one."""
    at = licence.assured_at
    return at if at is not None and at >= visit.started_at else None
