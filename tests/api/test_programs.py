"""The door for programs: a call with a token passes by what is made for browsers, and means the same."""

import io
import sys
from typing import Any

import pytest
from django.test import Client

from lutong.domains.identity import actions as identity
from lutong.domains.identity.models import Account, Lawyer
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.pace import Calls
from lutong.site import wsgi

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def token() -> str:
    account = Account.objects.create_user(sign_name="11105201211603034", name="周岚", password="x" * 12)
    Lawyer.objects.create(
        lawyer_id=account.pk, licence_no=account.sign_name, name="周岚", status="active", checked_at=clock.now()
    )
    actor = Actor(account.pk, Role.LAWYER, "周岚")
    return identity.create_token(
        actor=actor, name="律所系统", scopes=["cases:read", "service:sign"], days=30, now=clock.now()
    )[1]


def call(path: str, **environ: str) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    body = wsgi.application(
        {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
         "SERVER_PORT": "80", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
         "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", **environ},
        lambda status, headers, error=None: told.append((status, dict(headers))),
    )  # fmt: skip
    return told[0][0], told[0][1], b"".join(body)


def test_both_doors_give_a_program_the_same_answer(client: Client, token: str) -> None:
    status, headers, body = call("/api/v1/cases", HTTP_AUTHORIZATION=f"Bearer {token}")
    browsers = client.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    assert status == "200 OK"
    assert body == browsers.content
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in headers, "it came through the browsers' door"


def test_a_bad_token_beside_a_good_cookie_is_refused(client: Client, token: str) -> None:
    client.force_login(Account.objects.get())
    cookie = f"lutong={client.cookies['lutong'].value}"
    status, headers, _ = call("/api/v1/cases", HTTP_AUTHORIZATION="Bearer lt_1_nonsense", HTTP_COOKIE=cookie)
    assert status.startswith("401")
    assert headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/cases/\x00"])
def test_refusals_are_problems_at_this_door_too(token: str, path: str) -> None:
    status, headers, _ = call(path, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert status[:3] in ("404", "422")
    assert headers["Content-Type"] == "application/problem+json"


def test_a_program_may_do_a_grave_act_without_a_session(token: str) -> None:
    path = "/api/v1/deliveries/443/0198c0de-0000-7000-8000-000000000000/sign"
    status, _, body = call(path, REQUEST_METHOD="POST", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert status.startswith("404"), body


def test_pages_and_visitors_take_the_browsers_door() -> None:
    assert "Content-Security-Policy" in call("/account/login/", HTTP_AUTHORIZATION="Bearer x")[1]
    assert "Content-Security-Policy" in call("/api/v1/courts")[1]


def test_calls_are_counted_over_the_last_minute_and_not_over_the_clocks() -> None:
    calls = Calls()
    assert [calls.admit("甲", 3, 59.0 + n / 10) for n in range(4)] == [True, True, True, False]
    assert not calls.admit("甲", 3, 60.0), "a new minute does not forgive the last second"
    assert calls.admit("乙", 3, 60.0)
    assert calls.admit("甲", 3, 90.0), "half of the last minute has passed"
    assert [calls.admit("甲", 3, 300.0) for _ in range(4)] == [True, True, True, False]
