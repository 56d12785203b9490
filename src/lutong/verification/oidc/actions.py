"""Consent given and taken back, applications registered, and notices of logout."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from lutong.kernel.errors import Invalid, NotAllowed, NotFound
from lutong.verification.oidc import rules
from lutong.verification.oidc.models import (
    AccessToken,
    Application,
    Bookmark,
    Connection,
    Consent,
    LogoutNotice,
)
from lutong.verification.oidc.secrets import digest, new_secret
from lutong.verification.registry.actions import record
from lutong.verification.registry.actors import BureauActor
from lutong.verification.registry.bodies import MINISTRY

_ON_RECORD = (
    "name", "operator", "purpose", "public", "redirect_uris", "post_logout_uris", "logout_uri", "scopes", "active",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the operator writes about an application."""

    name: str
    operator: str
    purpose: str
    public: bool
    redirect_uris: Collection[str]
    post_logout_uris: Collection[str]
    logout_uri: str
    scopes: Collection[str]


def give_consent(*, person_id: int, application: Application, scopes: Collection[str], now: dt.datetime) -> Consent:
    """Remember what a person allows an application; a wider consent takes the place of a narrower one."""
    with transaction.atomic():
        held, made = Consent.objects.select_for_update().get_or_create(
            person_id=person_id, application=application,
            defaults={"scopes": sorted(scopes), "given_at": now, "used_at": now},
        )  # fmt: skip
        if not made:
            kept = set() if held.revoked_at else set(held.scopes)
            held.scopes, held.given_at, held.used_at = sorted(kept | set(scopes)), now, now
            held.revoked_at = None
            held.save()
        return held


def connect(*, person_id: int, visit_id: uuid.UUID, application: Application, now: dt.datetime) -> None:
    """An application is told of this visit now, so it will be told when the visit ends."""
    Consent.objects.filter(person_id=person_id, application=application).update(used_at=now)
    Connection.objects.update_or_create(
        visit_id=visit_id, application=application,
        defaults={"person_id": person_id, "ended_at": None}, create_defaults={"person_id": person_id, "since": now},
    )  # fmt: skip


def revoke_consent(*, person_id: int, application_id: int, now: dt.datetime) -> Application:
    """撤回授权: the application gets nothing any more and is told to end the person's sessions. Raises NotFound."""
    with transaction.atomic():
        found = Consent.objects.select_for_update().filter(
            person_id=person_id, application_id=application_id, revoked_at=None
        )
        held = found.first()
        if held is None:
            raise NotFound("没有授权过这个应用")
        held.revoked_at = now
        held.save(update_fields=["revoked_at"])
        AccessToken.objects.filter(
            code__person_id=person_id, code__application_id=application_id, revoked_at=None
        ).update(revoked_at=now)
        application = Application.objects.get(pk=application_id)
        _close(person_id, application, now)
        _notify(application, person_id, None, "revoked", now)
        return application


def disconnect_everywhere(*, person_id: int, now: dt.datetime) -> int:
    """The licence is not in force: every application that the person is connected with is told; answers how many."""
    with transaction.atomic():
        AccessToken.objects.filter(code__person_id=person_id, revoked_at=None).update(revoked_at=now)
        held = Consent.objects.filter(person_id=person_id, revoked_at=None).select_related("application")
        for consent in held:
            _close(person_id, consent.application, now)
            _notify(consent.application, person_id, None, "status", now)
        return len(held)


def end_connections(*, connections: Collection[Connection], now: dt.datetime) -> int:
    """Tell applications that a visit is over; answers how many notices were written."""
    with transaction.atomic():
        for connection in connections:
            closed = Connection.objects.filter(pk=connection.pk, ended_at=None).update(ended_at=now)
            if closed:
                AccessToken.objects.filter(code__visit_id=connection.visit_id, revoked_at=None).update(revoked_at=now)
                _notify(connection.application, connection.person_id, connection.visit_id, "out", now)
    return len(connections)


def register_application(
    *, actor: BureauActor, registration: Registration, now: dt.datetime, client_id: str = "", secret: str = ""
) -> tuple[Application, str]:
    """登记应用: the secret is answered once and never kept; none for a public one.

    Raises NotAllowed for officers of provinces, Invalid.
    """
    _only_the_ministry(actor)
    _check(registration)
    secret = "" if registration.public else secret or new_secret()
    with transaction.atomic():
        application = Application.objects.create(
            client_id=client_id or f"app-{uuid.uuid4().hex[:16]}", secret_digest=digest(secret) if secret else "",
            public=registration.public, registered_at=now, registered_by=actor.name, **_columns(registration),
        )  # fmt: skip
        _note(actor, "register_application", application, _changes({}, _stated(application)), now)
    return application, secret


def change_application(
    *, actor: BureauActor, application_id: int, registration: Registration, active: bool, now: dt.datetime
) -> Application:
    """Change what is registered; an application that is closed gets nothing from then on. The type stays."""
    _only_the_ministry(actor)
    _check(registration)
    with transaction.atomic():
        held = _locked(application_id)
        before = _stated(held)
        for name, value in _columns(registration).items():
            setattr(held, name, value)
        held.active = active
        _save(actor, held, before, now)
        return held


def close_application(*, actor: BureauActor, application_id: int, now: dt.datetime) -> None:
    """停用应用: it gets nothing from now on. Raises NotFound, NotAllowed."""
    _only_the_ministry(actor)
    with transaction.atomic():
        held = _locked(application_id)
        before, held.active = _stated(held), False
        _save(actor, held, before, now)


def renew_secret(*, actor: BureauActor, application_id: int, now: dt.datetime) -> tuple[Application, str]:
    """换发密钥: the old one is worth nothing at once. Raises NotFound, NotAllowed."""
    _only_the_ministry(actor)
    secret = new_secret()
    with transaction.atomic():
        held = _locked(application_id)
        if held.public:
            raise NotFound("没有登记这个应用，或者它不使用密钥")
        held.secret_digest = digest(secret)
        held.save(update_fields=["secret_digest"])
        _note(actor, "renew_secret", held, [], now)
    return held, secret


def notice_taken(*, notice: LogoutNotice, now: dt.datetime) -> None:
    """The application took the logout token."""
    LogoutNotice.objects.filter(pk=notice.pk).update(delivered_at=now, next_at=None, tries=notice.tries + 1, problem="")


def notice_failed(*, notice: LogoutNotice, problem: str, now: dt.datetime) -> None:
    """Knock again later, for three days."""
    over = now - notice.made_at > rules.DELIVERY_ENDS
    next_at = None if over else now + rules.next_try(tries=notice.tries + 1)
    LogoutNotice.objects.filter(pk=notice.pk).update(tries=notice.tries + 1, next_at=next_at, problem=problem[:120])


def bookmark(*, name: str) -> int:
    """How far the changes of the roll have been followed."""
    return Bookmark.objects.get_or_create(name=name)[0].seq


def move_bookmark(*, name: str, seq: int) -> None:
    """Followed up to this change."""
    Bookmark.objects.filter(name=name, seq__lt=seq).update(seq=seq)


def _close(person_id: int, application: Application, now: dt.datetime) -> None:
    Connection.objects.filter(person_id=person_id, application=application, ended_at=None).update(ended_at=now)


def _notify(application: Application, person_id: int, visit_id: uuid.UUID | None, why: str, now: dt.datetime) -> None:
    if application.logout_uri and application.active:
        LogoutNotice.objects.create(
            application=application, person_id=person_id, visit_id=visit_id, why=why, made_at=now, next_at=now
        )


def _columns(registration: Registration) -> dict[str, object]:
    return {
        "name": registration.name.strip(), "operator": registration.operator.strip(),
        "purpose": registration.purpose.strip(), "redirect_uris": list(registration.redirect_uris),
        "post_logout_uris": list(registration.post_logout_uris), "logout_uri": registration.logout_uri,
        "scopes": [scope for scope in rules.SCOPES if scope in registration.scopes or scope == "openid"],
    }  # fmt: skip


def _locked(application_id: int) -> Application:
    held = Application.objects.select_for_update().filter(pk=application_id).first()
    if held is None:
        raise NotFound("没有登记这个应用")
    return held


def _save(actor: BureauActor, held: Application, before: dict[str, object], now: dt.datetime) -> None:
    """Keep what was changed, in the trail, too; nothing changed: nothing is written."""
    changes = _changes(before, _stated(held))
    if not changes:
        return
    held.save()
    act = "change_application"
    if before["active"] != held.active:
        act = "open_application" if held.active else "close_application"
    if not held.active:
        AccessToken.objects.filter(code__application=held, revoked_at=None).update(revoked_at=now)
    _note(actor, act, held, changes, now)


def _stated(application: Application) -> dict[str, object]:
    """What is on record of an application, without its secret."""
    return {name: getattr(application, name) for name in _ON_RECORD}


def _changes(before: dict[str, object], after: dict[str, object]) -> list[dict[str, object]]:
    """What the trail says of a change, in the words of the form; what is empty before and after is left out."""
    labels = {field.name: str(field.verbose_name) for field in Application._meta.fields}
    return [
        {"field": name, "label": labels[name], "before": before.get(name), "after": value}
        for name, value in after.items() if before.get(name) != value and (before or value)
    ]  # fmt: skip


def _note(
    actor: BureauActor, act: str, application: Application, changes: list[dict[str, object]], now: dt.datetime
) -> None:
    record(
        actor=actor, act=act, subject=application.client_id, now=now, room="oidc", name=application.name,
        changes=changes,
    )  # fmt: skip


def _only_the_ministry(actor: BureauActor) -> None:
    if actor.bureau != MINISTRY:
        raise NotAllowed("应用由司法部统一登记，请联系司法部律师工作局")


def _check(registration: Registration) -> None:
    fields = {}
    for name, longest in (("name", 60), ("operator", 120), ("purpose", 200)):
        if not 2 <= len(getattr(registration, name).strip()) <= longest:
            fields[name] = f"请填 2 至 {longest} 字"
    if not registration.redirect_uris:
        fields["redirect_uris"] = "请至少填一个登录返回地址"
    several = {"redirect_uris": registration.redirect_uris, "post_logout_uris": registration.post_logout_uris}
    if registration.logout_uri:
        several["logout_uri"] = [registration.logout_uri]
    for name, addresses in several.items():
        problem = next((f"{a}：{p}" for a in addresses if (p := rules.problem_with_address(a))), None)
        if problem or len(addresses) > 20 or any(len(a) > 300 for a in addresses):
            fields.setdefault(name, problem or "最多 20 个，每个不超过 300 字")
    if not set(registration.scopes) <= rules.SCOPES.keys():
        fields["scopes"] = "没有这一项信息"
    if fields:
        raise Invalid("请改正标出的项目", fields=fields)
