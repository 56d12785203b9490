"""People without account whose card a counter has checked: their standing is followed while a slip of theirs is good.

Law: 《律师法》第四十七条至第五十一条 (suspension, revocation); 意见第十六条第二款 (it takes effect at once).
"""

import datetime as dt

from lutong.domains.identity.models import CheckedLicence, Lawyer
from lutong.gateways.registry.port import Licence


def watch_standing(*, licence: Licence, until: dt.datetime) -> None:
    """Follow the standing of somebody without account until `until`; whoever has one is followed by it anyway."""
    if not Lawyer.objects.filter(licence_no=licence.licence_no).exists():
        keep_standing(licence=licence, until=until)


def is_watched(*, licence_no: str) -> bool:
    """Whether a change that the feed brings now would be noticed: by an account, or because a counter asked."""
    return (
        CheckedLicence.objects.filter(licence_no=licence_no).exists()
        or Lawyer.objects.filter(licence_no=licence_no).exists()
    )


def keep_standing(*, licence: Licence, until: dt.datetime) -> None:
    """Write what the registry stated, unless a later statement has been written meanwhile."""
    facts = {
        "status": licence.status, "status_label": licence.status_label, "remedy": licence.remedy,
        "stated_at": licence.checked_at,
    }  # fmt: skip
    CheckedLicence.objects.get_or_create(licence_no=licence.licence_no, defaults={**facts, "needed_until": until})
    row = CheckedLicence.objects.filter(licence_no=licence.licence_no)
    row.filter(stated_at__lt=licence.checked_at).update(**facts)
    row.filter(needed_until__lt=until).update(needed_until=until)


def forget_standings(*, now: dt.datetime) -> int:
    """Forget people whose slips are over; answers how many."""
    return CheckedLicence.objects.filter(needed_until__lt=now).delete()[0]
