"""A running platform with a small roll, its holders' browsers, and registered applications."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from lutong.kernel import clock
from lutong.verification.entrance import actions as entrance
from lutong.verification.entrance.models import SignInCode, Visit
from lutong.verification.entrance.tests.devices import Device
from lutong.verification.oidc import actions
from lutong.verification.oidc.actions import Registration
from lutong.verification.oidc.models import Application
from lutong.verification.registry.actors import service
from lutong.verification.registry.models import Firm, Licence, Person, blind
from tests.support.databases import Database
from tests.support.serving import served

NUMBER, OTHER, TRAINEE = "11101201510123456", "11101201510654321", "1101202600001"
SECRET = "s" * 43
BACK = "http://127.0.0.1:9/callback"  # nobody listens: the test reads the address
ALL = ("openid", "licence", "firm", "live")


@pytest.fixture
def platform(committed_db: Database, settings: Any) -> Iterator[str]:
    """The provider on a real port; its address is its issuer."""
    with served() as address:
        settings.LUTONG_VERIFICATION_URL = address
        settings.CSRF_TRUSTED_ORIGINS = [address]
        _roll()
        yield address


def _roll() -> None:
    firm = Firm.objects.create(
        uscc="31110000MD0000001X", name="北京试所", kind="law_firm", bureau="11", city="北京市", division="110101"
    )
    people = ((NUMBER, "甲某", "full_time"), (OTHER, "乙某", "full_time"), (TRAINEE, "丙某", "trainee"))
    for place, (number, name, kind) in enumerate(people):
        person = Person.objects.create(
            name=name, sex="女", id_number=f"1101011880010{place:05d}", id_blind=blind(number),
            mobile=f"1380000000{place}", assured_at=clock.now() - dt.timedelta(days=30),
        )  # fmt: skip
        Licence.objects.create(
            number=number, person=person, kind=kind, bureau="11", firm=firm, granted_on=dt.date(2015, 1, 1),
            status="active", status_since=dt.date(2015, 1, 1),
        )  # fmt: skip


def register(client_id: str, *, public: bool = False, **more: Any) -> Application:
    registration = Registration(
        name=f"应用 {client_id}", operator="试验单位", purpose="试验登录", public=public,
        redirect_uris=more.get("redirect_uris", [BACK]), post_logout_uris=more.get("post_logout_uris", []),
        logout_uri=more.get("logout_uri", ""), scopes=more.get("scopes", ALL),
    )  # fmt: skip
    return actions.register_application(
        actor=service(), registration=registration, client_id=client_id, secret="" if public else SECRET,
        now=clock.now(),
    )[0]  # fmt: skip


@dataclass
class Landing:
    """Where the browser ended: an address of the application, or a page of the platform."""

    url: str
    page: httpx.Response | None

    @property
    def told(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.url).query).items()}


class Browser:
    """A person's browser without scripts: follows redirects inside the platform, fills its forms, stops outside."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.http = httpx.Client(follow_redirects=False, trust_env=False, timeout=20)

    def go(self, url: str, form: dict[str, str] | None = None) -> Landing:
        target = url if url.startswith("http") else self.platform + url
        for _ in range(10):
            if not target.startswith(self.platform):
                return Landing(target, None)
            response = self.http.get(target) if form is None else self._post(target, form)
            form = None
            if response.status_code not in {301, 302, 303}:
                return Landing(target, response)
            target = str(httpx.URL(target).join(response.headers["Location"]))
        raise AssertionError("redirects without end")

    def sign_in(self, landing: Landing, number: str = NUMBER) -> Landing:
        """From the page that asks for the number to whatever comes after the code."""
        asked = self.go("/sign-in/", {"number": number, "next": self._next(landing)})
        assert asked.page is not None and "填写验证码" in asked.page.text, asked.page and asked.page.text
        return self.go("/sign-in/code/", {"code": code_for(number)})

    def decide(self, landing: Landing, decision: str) -> Landing:
        """Press a button of the page's form."""
        return self.go(landing.url, {"decision": decision})

    def allowed(self, url: str, number: str = NUMBER) -> Landing:
        """Sign in and consent where asked; ends at the application."""
        landing = self.go(url)
        if landing.page is not None and "获取验证码" in landing.page.text:
            landing = self.sign_in(landing, number)
        return self.decide(landing, "allow") if landing.page is not None else landing

    def _next(self, landing: Landing) -> str:
        assert landing.page is not None
        found = re.search(r'name="next" value="([^"]*)"', landing.page.text)
        assert found, landing.page.text
        return found[1].replace("&amp;", "&")

    def _post(self, url: str, form: dict[str, str]) -> httpx.Response:
        if "lutong-verification-csrf" not in self.http.cookies:
            self.http.get(self.platform + "/sign-in/")
        mark = self.http.cookies["lutong-verification-csrf"]
        return self.http.post(url, data={**form, "csrfmiddlewaretoken": mark}, headers={"Origin": self.platform})


def code_for(number: str) -> str:
    """The code that the carrier would bring."""
    held = SignInCode.objects.filter(number=number).order_by("-made_at").first()
    assert held is not None
    found = re.search(r"验证码 (\d{6})", held.message["text"])
    assert found
    SignInCode.objects.filter(number=number).update(made_at=clock.now() - dt.timedelta(hours=2))  # the next at once
    return found[1]


@pytest.fixture
def browser(platform: str) -> Browser:
    return Browser(platform)


@pytest.fixture
def device(platform: str) -> Device:
    """A telephone with a passkey of the first lawyer."""
    register("court")
    person, now, made = Licence.objects.get(number=NUMBER).person, clock.now(), Device(origin=platform)
    visit = Visit.objects.create(person_id=person.pk, number=NUMBER, started_at=now, authenticated_at=now, seen_at=now)
    question = entrance.ask_to_make_key(visit=visit, now=now)
    entrance.add_key(visit=visit, state=question.state, answer=made.make(question.options), name="手机", now=now)
    entrance.leave(visit=visit, why="out", now=now)
    return made


def by_passkey(browser: Browser, device: Device, landing: Landing) -> Landing:
    """Press 用通行密钥登录 on the page that asks for the number."""
    assert landing.page is not None and "用通行密钥登录" in landing.page.text
    question = browser.go("/sign-in/passkey/").page
    assert question is not None
    sent = {"credential": device.use(question.json()), "next": browser._next(landing)}
    return browser.go("/sign-in/passkey/", sent)
