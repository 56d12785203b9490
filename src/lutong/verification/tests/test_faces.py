"""The frame of the service: its pages, its refusals, and the rules that its models and migrations keep."""

import pytest
from django.apps import apps
from django.db import OperationalError
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test import Client
from django.utils.translation import override

from lutong.verification import pages


def test_the_home_page_says_what_it_is_and_what_it_is_not(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "律师身份核验平台" in page.text and "并非司法行政机关的官方服务" in page.text
    assert "script-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("target", ["/nothing/", "/about/nothing/", "/%2e%2e/etc/", "/" + "x" * 5000])
def test_an_unknown_page_is_not_found_in_words(client: Client, target: str) -> None:
    page = client.get(target)
    assert page.status_code == 404 and "没有这个页面" in page.text


def test_a_program_gets_its_refusal_as_json(client: Client) -> None:
    answer = client.get("/v1/nothing")
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_token_asked_for_over_an_open_network_is_refused_in_words(client: Client) -> None:
    answer = client.post("/oidc/token", {"grant_type": "authorization_code"}, SERVER_NAME="testserver")
    assert answer.status_code == 400 and answer.json()["error"] == "insecure_transport"


def test_nul_is_refused_at_the_door(client: Client) -> None:
    assert client.get("/", {"q": "a\0b"}).status_code == 422


def test_a_database_that_is_away_is_said_as_503(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone\nDETAIL: 甲某")

    monkeypatch.setattr(pages, "render", away)
    page = client.get("/")
    assert page.status_code == 503 and page["Retry-After"] == "10"
    assert "database unavailable: OperationalError: gone" in caplog.text and "甲某" not in caplog.text


def test_models_and_migrations_say_the_same() -> None:
    with override(None):
        loader = MigrationLoader(None)
        changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    assert {app: [o.describe() for one in found for o in one.operations] for app, found in changes.items()} == {}
