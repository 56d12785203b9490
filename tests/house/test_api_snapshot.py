"""The contract of the API is a file: a changed API is a changed file, visible in review."""

import json

import pytest
from django.test import Client

from lutong.site.api import api
from lutong.site.management.commands.openapi import SNAPSHOT, contract


def test_the_api_is_the_one_of_the_snapshot() -> None:
    assert contract() == SNAPSHOT.read_bytes(), "the API changed: if that is wanted, run `lutong manage openapi`"


def test_a_changed_operation_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "description", api.description + "?")
    assert contract() != SNAPSHOT.read_bytes()


@pytest.mark.django_db
def test_the_contract_is_served_and_the_docs_page_is_not(client: Client) -> None:
    served = client.get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert served.json()["paths"].keys() == json.loads(SNAPSHOT.read_bytes())["paths"].keys()
    assert served.json()["openapi"] == "3.1.0"
    assert client.get("/api/v1/docs").status_code == 404
