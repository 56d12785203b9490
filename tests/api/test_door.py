"""The door of /api/v1: who may come in, how often, and what a refusal looks like. Over real HTTP semantics."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from lutong.domains.identity import actions as identity
from lutong.domains.identity.models import Account, ApiToken, Lawyer
from lutong.domains.identity.tests.browser import enter
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.site import api_access

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.probe")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def lawyer() -> Actor:
    account = Account.objects.create_user(sign_name="11105201211603034", name="周岚", password="x" * 12)
    Lawyer.objects.create(
        lawyer_id=account.pk, licence_no=account.sign_name, name="周岚", status="active", checked_at=clock.now()
    )
    return Actor(account.pk, Role.LAWYER, "周岚")


@pytest.fixture
def token(lawyer: Actor) -> str:
    return identity.create_token(
        actor=lawyer, name="律所系统", scopes=["cases:read", "filing:write"], days=30, now=clock.now()
    )[1]


def bearer(word: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {word}"}


def test_a_visitor_is_asked_to_enter(client: Client) -> None:
    answer = client.get("/api/v1/probe/whoami")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:lutong:not_signed_in"


def test_a_token_acts_for_its_lawyer_and_its_word_is_kept_nowhere(client: Client, lawyer: Actor, token: str) -> None:
    assert client.get("/api/v1/probe/whoami", headers=bearer(token)).json() == {
        "person": lawyer.person_id,
        "name": "周岚",
    }
    held = ApiToken.objects.get(lawyer_id=lawyer.person_id)
    assert token not in str(vars(held))
    assert held.last_used_at is not None


@pytest.mark.parametrize("how", ["expired", "revoked", "suspended", "disabled", "tampered", "other shape"])
def test_a_token_that_is_no_longer_good_is_refused_at_once(client: Client, lawyer: Actor, token: str, how: str) -> None:
    mine = ApiToken.objects.filter(lawyer_id=lawyer.person_id)
    if how == "expired":
        mine.update(expires_at=clock.now() - DAY)
    elif how == "revoked":
        identity.revoke_token(actor=lawyer, token_id=mine.get().id, now=clock.now())
    elif how == "suspended":
        Lawyer.objects.filter(lawyer_id=lawyer.person_id).update(status="suspended")
    elif how == "disabled":
        Account.objects.filter(pk=lawyer.person_id).update(is_active=False)
    word = {"tampered": token[:-1] + ("A" if token[-1] != "A" else "B"), "other shape": "lt_999999999999999999999_x"}
    answer = client.get("/api/v1/probe/whoami", headers=bearer(word.get(how, token)))
    assert answer.status_code == (403 if how == "suspended" else 401)
    assert ("暂不能使用平台" in answer.json()["title"]) == (how == "suspended"), "a suspended lawyer learns why"


def test_a_bad_token_does_not_fall_back_to_the_browsers_session(client: Client, lawyer: Actor) -> None:
    enter(client, lawyer)
    assert client.get("/api/v1/probe/whoami").status_code == 200
    assert client.get("/api/v1/probe/whoami", headers=bearer("lt_1_nonsense")).status_code == 401


def test_a_token_without_the_scope_is_told_which_one(client: Client, lawyer: Actor) -> None:
    word = identity.create_token(actor=lawyer, name="只读", scopes=["fees:read"], days=1, now=clock.now())[1]
    answer = client.get("/api/v1/probe/whoami", headers=bearer(word))
    assert answer.status_code == 403
    assert answer.json()["scope"] == "cases:read"


def test_court_staff_have_no_part_in_the_lawyers_api(client: Client) -> None:
    enter(client, Actor(Account.objects.create_user(sign_name="C1", name="孟").pk, Role.CLERK, "孟", 1))
    assert client.get("/api/v1/probe/whoami").status_code == 404


def test_a_session_writes_only_with_the_csrf_header(lawyer: Actor) -> None:
    browser = Client(enforce_csrf_checks=True)
    enter(browser, lawyer)
    body = {"name": "甲", "amount": 1}
    refused = browser.post(
        "/api/v1/probe/things", body, content_type="application/json", headers={"Idempotency-Key": "key-00000001"}
    )
    assert refused.status_code == 403
    browser.cookies["lutong-csrf"] = "a" * 32
    granted = browser.post(
        "/api/v1/probe/things",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "key-00000001", "X-CSRFToken": "a" * 32},
    )
    assert granted.status_code == 201


def test_a_repeated_creation_gets_the_first_answer_and_another_body_is_refused(client: Client, token: str) -> None:
    def post(key: str, amount: int) -> Any:
        return client.post(
            "/api/v1/probe/things",
            {"name": "甲", "amount": amount},
            content_type="application/json",
            headers={**bearer(token), "Idempotency-Key": key},
        )

    first = post("key-00000001", 1)
    assert first.status_code == 201
    assert post("key-00000001", 1).json() == first.json()
    assert post("key-00000002", 1).json() != first.json()
    assert post("key-00000001", 2).status_code == 409
    assert post("short", 1).status_code == 422
    assert post("key-00000003", -1).json()["amount"] == -1
    assert post("key-00000003", 5).status_code == 201, "a refused call leaves its key free"


def test_wrong_fields_are_named_in_chinese(client: Client, token: str) -> None:
    answer = client.post(
        "/api/v1/probe/things", {"amount": "x"}, content_type="application/json", headers=bearer(token)
    )
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"name": "必填", "amount": "应为整数"}
    assert answer.json()["title"] == "内容不符合要求：name 必填"


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff\xfe", b'{"name": "\\u0000", "amount": 1}', b'{"name": "\\ud800", "amount": 1}', b"[]"]
)
def test_a_broken_body_is_said_to_be_broken(client: Client, token: str, body: bytes) -> None:
    answer = client.generic(
        "POST", "/api/v1/probe/things", body, content_type="application/json", headers=bearer(token)
    )
    assert answer.status_code == (422 if body == b"[]" or not body else 400)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/courts/99999999999999999999", 422),
        ("/api/v1/courts/0", 422),
        ("/api/v1/courts/32766", 404),
        ("/api/v1/courts?text=%00", 422),
        ("/api/v1/courts?limit=x", 422),
        ("/api/v1/nothing", 404),
        ("/api/v1/probe/things/99999999999999999999", 422),
        ("/api/v1/probe/things/%00", 422),
    ],
)
def test_hostile_paths_and_queries_get_a_problem(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["title"]


def test_another_method_is_told_what_is_possible(client: Client) -> None:
    answer = client.delete("/api/v1/courts")
    assert answer.status_code == 405
    assert "GET" in answer.json()["title"]


def test_our_own_fault_tells_nothing_about_the_inside(client: Client) -> None:
    answer = client.get("/api/v1/probe/things/1")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:lutong:internal"
    assert "secret" not in answer.content.decode()


def test_the_version_travels_as_etag_and_a_foreign_one_is_refused(client: Client, token: str) -> None:
    def put(match: str) -> Any:
        return client.put(
            f"/api/v1/probe/things/{uuid.uuid4()}",
            {"name": "甲", "amount": 1},
            content_type="application/json",
            headers={**bearer(token), "If-Match": match},
        )

    assert put('"3"').json() == {"version": 3}
    assert put('"3"')["ETag"] == '"7"'
    assert put('"x"').status_code == 422
    assert put('"99999999999999"').status_code == 422


def test_a_program_gone_wild_is_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_access, "VISITOR", 3)
    answers = [client.get("/api/v1/courts", REMOTE_ADDR="203.0.113.9").status_code for _ in range(5)]
    assert answers[:3] == [200] * 3
    assert answers[-1] == 429
    refused = client.get("/api/v1/courts", REMOTE_ADDR="203.0.113.9")
    assert 1 <= int(refused["Retry-After"]) <= 120
    assert client.get("/api/v1/courts", REMOTE_ADDR="203.0.113.10").status_code == 200
