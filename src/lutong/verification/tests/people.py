"""Everybody who comes to this service, in browsers and as programs, before the fictional roll."""

import base64
import datetime as dt
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from lutong.gateways.registry.account import load_account
from lutong.gateways.registry.asking import ASKING_HEADER, sign_question
from lutong.gateways.registry.keys import ISSUER
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.verification.entrance.models import Passkey, Visit
from lutong.verification.livecheck import actions as livecheck
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.rules import Purpose
from lutong.verification.oidc import actions as oidc
from lutong.verification.oidc.models import AccessToken, Application, AuthorizationCode
from lutong.verification.oidc.secrets import digest
from lutong.verification.registry import queries, wire
from lutong.verification.registry.actors import DeskActor
from lutong.verification.registry.bureaukeys import private_key_of
from lutong.verification.registry.faces import SESSION_KEY
from lutong.verification.registry.models import Licence, Officer

FILM = b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm" + b"moving face " * 500
LAWYER, OTHER, SUSPENDED, TRAINEE = "11105201211603034", "11105201611735792", "11108201110154761", "11052609210031"
HOLDERS = {"lawyer": LAWYER, "other": OTHER, "suspended": SUSPENDED, "trainee": TRAINEE}
OFFICERS = {
    "bureau": "SF-11-001", "elsewhere": "SF-31-001", "ministry": "SF-00-001", "court": "CY-HY-001",
    "othercourt": "PD-HY-001",
}  # fmt: skip
CHAOYANG = "北京市朝阳区人民法院"
# OAuth 2 without TLS is refused at any other name.
HERE: dict[str, Any] = {
    "raise_request_exception": False,
    "SERVER_NAME": "localhost",
}


@dataclass(frozen=True)
class World:
    """The roll, two films under review, an application that one holder allowed, and who asks."""

    clients: dict[str, Client]
    things: dict[str, object]
    at_court: Check  # of `lawyer`; at the window of a court
    at_bureau: Check  # of `other`; at the bureau of both


def build() -> World:
    """Load the demo world into whatever database Django points at."""
    call_command("load_demo_registry", verbosity=0)
    call_command("load_demo_oidc", verbosity=0)
    at_court, at_bureau = film_of(LAWYER, court="朝阳"), film_of(OTHER, court=None)
    for check, staff_no in ((at_court, OFFICERS["court"]), (at_bureau, OFFICERS["bureau"])):
        livecheck.take(actor=officer(staff_no), check_id=check.pk, now=clock.now())
    application = Application.objects.get(client_id="lutong")
    holder = queries.get_licence(number=LAWYER)
    assert holder is not None
    oidc.give_consent(
        person_id=holder.person_id, application=application, scopes={"openid", "licence"}, now=clock.now()
    )
    clients = {"visitor": Client(**HERE)}
    clients |= {who: browser_of(number) for who, number in HOLDERS.items()}
    clients |= {who: desk_of(staff_no) for who, staff_no in OFFICERS.items()}
    clients |= {"relying": _RelyingParty(application), "asker": _Asker(), "reporter": _Reporter()}
    things = {
        "number": LAWYER, "uscc": holder.firm_uscc, "address": holder.photo, "application_id": application.pk,
        "check_id": at_court.pk, "key_id": key_of(LAWYER).pk, "category": "lawyers", "topic": "privacy",
    }  # fmt: skip
    return World(clients, things, at_court, at_bureau)


def key_of(number: str) -> Passkey:
    """A passkey that this holder added."""
    return Passkey.objects.create(
        person_id=actor_of(number).person_id, credential_id=number.encode(), credential=b"-", name="手机",
        made_at=clock.now(),
    )  # fmt: skip


def film_of(number: str, *, court: str | None) -> Check:
    """A film that this holder handed in just now, for his bureau or for a court."""
    check, actor, now = begun_by(number), actor_of(number), clock.now()
    livecheck.consent(actor=actor, check_id=check.pk, method="manual", court=court, agreed=True, now=now)
    livecheck.begin_recording(actor=actor, check_id=check.pk, now=now)
    return livecheck.submit(actor=actor, check_id=check.pk, film=FILM, now=now)


def begun_by(number: str) -> Check:
    """A live check that this holder has begun."""
    return livecheck.start(actor=actor_of(number), number=number, purpose=Purpose.FIRST, now=clock.now())


def actor_of(number: str) -> Actor:
    """The holder of a number as he acts."""
    held = Licence.objects.select_related("person").get(number=number)
    return Actor(held.person_id, Role.LAWYER, held.person.name)


def officer(staff_no: str) -> DeskActor:
    """An officer as he acts."""
    actor = queries.officer_actor(officer_id=Officer.objects.get(staff_no=staff_no).pk)
    assert actor is not None
    return actor


def browser_of(number: str) -> Client:
    """A browser in which the holder of a number is signed in."""
    now = clock.now()
    visit = Visit.objects.create(
        person_id=actor_of(number).person_id, number=number, started_at=now, authenticated_at=now, seen_at=now
    )
    return _holding(Client(**HERE), visit=str(visit.pk))


def desk_of(staff_no: str) -> Client:
    """A browser in which an officer is signed in."""
    return _holding(Client(**HERE), **{SESSION_KEY: officer(staff_no).person_id})


def _holding(client: Client, **values: object) -> Client:
    session = client.session
    session.update(values)
    session.save()
    return client


class _Program(Client):
    """Somebody who comes with headers instead of a session."""

    def generic(self, method: str, path: str, *args: Any, **kwargs: Any) -> Any:
        return super().generic(method, path, *args, headers=self.shown(path.partition("?")[0]), **kwargs)

    def shown(self, path: str) -> dict[str, str]:
        raise NotImplementedError


class _RelyingParty(_Program):
    """律通 at the token endpoint with its secret, and with a token of `lawyer` for the claims."""

    def __init__(self, application: Application) -> None:
        super().__init__(**HERE)
        account, now = load_account(settings.LUTONG.home), clock.now()
        words = f"{account.client_id}:{account.client_secret}".encode()
        self._basic = f"Basic {base64.b64encode(words).decode()}"
        code = AuthorizationCode.objects.create(
            digest=digest("code"), application=application, person_id=actor_of(LAWYER).person_id, number=LAWYER,
            visit_id=uuid.uuid4(), redirect_uri="", scope="openid licence", auth_time=int(now.timestamp()),
            acr="urn:lutong:acr:code", made_at=now, expires_at=now, used_at=now,
        )  # fmt: skip
        AccessToken.objects.create(digest=digest("word"), code=code, expires_at=now + dt.timedelta(minutes=5))

    def shown(self, path: str) -> dict[str, str]:
        return {"Authorization": "Bearer word" if path == "/oidc/userinfo" else self._basic}


class _Asker(_Program):
    """律通 with the key that signs its questions."""

    def __init__(self) -> None:
        super().__init__(**HERE)

    def shown(self, path: str) -> dict[str, str]:
        return {ASKING_HEADER: sign_question(home=settings.LUTONG.home, path=path, now=clock.now())}


class _Reporter(_Program):
    """The system of a bureau, which signs its reports and its questions."""

    def __init__(self, code: str = "11") -> None:
        super().__init__(**HERE)
        self._asked = {"aud": ISSUER, "bureau": code}
        self._key = private_key_of(Path(settings.LUTONG.home), code)

    def generic(self, method: str, path: str, data: Any = "", **kwargs: Any) -> Any:
        if path == "/feed/v1/events":
            event = {
                "kind": "punish", "number": LAWYER, "effective_on": clock.beijing_date(clock.now()).isoformat(),
                "reason": "违反规定，予以警告", "article": "48", "document_no": "司演〔2026〕1号", "firm_uscc": "",
            }  # fmt: skip
            body = self._asked | {"seq": 1, "iat": int(time.time()), "event": event}
            data, kwargs["content_type"] = wire.sign_report(body, private_key=self._key), "application/jose"
        return super().generic(method, path, data, **kwargs)

    def shown(self, path: str) -> dict[str, str]:
        asked = self._asked | {"iat": int(time.time())}
        return {"Authorization": f"Bearer {wire.sign_report(asked, private_key=self._key, kind=wire.ASKING_TYPE)}"}
