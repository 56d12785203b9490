"""Applications, consents and what is on its way to them."""

import datetime as dt

from django.db.models import Q

from lutong.kernel.errors import NotFound
from lutong.verification.entrance.rules import VISIT_LIFE
from lutong.verification.oidc.models import AccessToken, Application, Connection, Consent, LogoutNotice
from lutong.verification.oidc.secrets import digest


def list_applications() -> list[Application]:
    """All registered applications, in order of name."""
    return list(Application.objects.order_by("name", "id"))


def get_application(*, application_id: int) -> Application:
    """One application. Raises NotFound."""
    held = Application.objects.filter(pk=application_id).first()
    if held is None:
        raise NotFound("没有登记这个应用")
    return held


def find_application(*, client_id: str) -> Application | None:
    """The application under a client_id, closed ones too; None if there is none."""
    return Application.objects.filter(client_id=client_id).first()


def get_consent(*, person_id: int, application_id: int) -> Consent | None:
    """What a person allows an application now; None if nothing."""
    return Consent.objects.filter(person_id=person_id, application_id=application_id, revoked_at=None).first()


def list_consents(*, person_id: int) -> list[Consent]:
    """The applications that a person is connected with, the last used first."""
    held = Consent.objects.filter(person_id=person_id, revoked_at=None).select_related("application")
    return list(held.order_by("-used_at"))


def get_token(*, word: str) -> AccessToken | None:
    """An access token by its word, with its code and application."""
    held = AccessToken.objects.filter(digest=digest(word)).select_related("code__application")
    return held.first()


def list_outlived_connections(*, now: dt.datetime, limit: int) -> list[Connection]:
    """Applications that believe in a visit which is over."""
    over = Q(visit__ended_at__isnull=False) | Q(visit__started_at__lt=now - VISIT_LIFE)
    found = Connection.objects.filter(over, ended_at=None).select_related("application")
    return list(found.order_by("id")[:limit])


def list_due_notices(*, now: dt.datetime, limit: int) -> list[LogoutNotice]:
    """Logout notices to be delivered now, oldest first."""
    due = LogoutNotice.objects.filter(next_at__lte=now).select_related("application")
    return list(due.order_by("next_at")[:limit])


def list_notices(*, application_id: int, limit: int) -> list[LogoutNotice]:
    """The last notices to one application."""
    return list(LogoutNotice.objects.filter(application_id=application_id).order_by("-made_at")[:limit])
