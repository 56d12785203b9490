"""律师身份核验平台 as a real server, and people who can sign in."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache

from lutong.domains.identity import actions
from lutong.domains.identity.models import Account
from lutong.gateways.registry.tests.peer import build
from lutong.gateways.tests.serving import serving
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role

ZHOU_LAN = "11105201211603034"
PASSWORD = "long-enough-2026"


@dataclass
class Bureau:
    """The registry, and what the bureau may do at its desk."""

    address: str

    def misbehave(self, mode: str) -> None:
        assert httpx.post(f"{self.address}/control", json={"mode": mode}).status_code == 200

    def decide(self, licence_no: str, status: str, reason: str) -> None:
        done = httpx.post(f"{self.address}/lawyers/{licence_no}", json={"status": status, "reason": reason})
        assert done.status_code < 400, done.text


@pytest.fixture
def bureau(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    """A registry of this test's own; the product is pointed at it and pins its key."""
    with serving(build(tmp_path)) as address:
        monkeypatch.setenv("LUTONG_REGISTRY_URL", address)
        settings.LUTONG = replace(settings.LUTONG, home=tmp_path)
        yield Bureau(address)


@pytest.fixture(autouse=True)
def no_memory_of_other_tests(request: pytest.FixtureRequest) -> None:
    """The cache is a table, too; a race has a database of its own."""
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def lawyer(bureau: Bureau, db: Any) -> Actor:
    """周岚, enrolled through the registry, with a second factor."""
    person = actions.enrol_lawyer(licence_no=ZHOU_LAN, mobile="13800010216", password=PASSWORD, now=clock.now())
    return Actor(person, Role.LAWYER, "周岚")


def code_of(sign_name: str = ZHOU_LAN, *, at: float | None = None) -> str:
    """What the person's authenticator shows now (or at another moment)."""
    account = Account.objects.get(sign_name=sign_name)
    held = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP)
    counter = int(time.time() if at is None else at) // 30
    return str(format_hotp_value(hotp_value(decrypt(held.data["secret"]), counter)))
