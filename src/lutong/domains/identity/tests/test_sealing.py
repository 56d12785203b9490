"""Secrets of 动态口令 and 备用码: never readable in the database; keys can be changed; a lost key is said so."""

import os
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client

from lutong.domains.identity import actions
from lutong.domains.identity.actions.limits import count_tries
from lutong.domains.identity.actions.sealing import seal_second_factors
from lutong.domains.identity.tests.test_sign_in import give_password, recovery_codes, sign_in
from lutong.kernel.actor import Actor
from lutong.kernel.sealed import Unreadable, seal_text
from lutong.site.embedded.secrets import field_keys

migration = import_module("lutong.domains.identity.migrations.0011_second_factors_sealed")


def kept() -> str:
    """Everything that the table of second factors holds, as its reader sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def secrets_of(person_id: int) -> dict[str, str]:
    rows = Authenticator.objects.filter(user_id=person_id).values_list("type", "data")
    return {kind: actions.open_secret(sealed=data.get("secret") or data["seed"]) for kind, data in rows}


def plant(person_id: int) -> dict[str, str]:
    """Put the secrets back as they stood before this was mended."""
    plain = secrets_of(person_id)
    for row in Authenticator.objects.filter(user_id=person_id):
        row.data["secret" if row.type == "totp" else "seed"] = plain[row.type]
        row.save()
    return plain


def test_the_database_never_holds_a_secret_of_codes(lawyer: Actor) -> None:
    secrets = secrets_of(lawyer.person_id)
    assert set(secrets) == {"totp", "recovery_codes"}
    assert not any(secret in kept() for secret in secrets.values())
    planted = plant(lawyer.person_id)
    assert all(secret in kept() for secret in planted.values()), "the search finds what is there"


def test_secrets_that_stood_in_plaintext_are_sealed_by_the_migration(client: Client, lawyer: Actor) -> None:
    planted = plant(lawyer.person_id)
    migration.seal_secrets(apps, None)
    assert not any(secret in kept() for secret in planted.values())
    assert secrets_of(lawyer.person_id) == planted
    assert seal_second_factors() == 0, "and nothing is left to do"
    assert sign_in(client)["Location"] == "/"


def test_a_new_key_seals_and_the_old_one_opens_until_all_is_moved(client: Client, lawyer: Actor, settings: Any) -> None:
    old, new = settings.LUTONG_FIELD_KEYS[0], os.urandom(32)
    secrets = secrets_of(lawyer.person_id)
    settings.LUTONG_FIELD_KEYS = (new, old)
    assert secrets_of(lawyer.person_id) == secrets
    assert seal_second_factors() == 2
    settings.LUTONG_FIELD_KEYS = (new,)
    assert secrets_of(lawyer.person_id) == secrets
    assert sign_in(client)["Location"] == "/"
    settings.LUTONG_FIELD_KEYS = (old,)
    with pytest.raises(Unreadable):
        seal_second_factors()


def test_without_the_key_the_page_says_so_and_nothing_is_counted(client: Client, lawyer: Actor, settings: Any) -> None:
    code = recovery_codes(lawyer)[0]
    give_password(client)
    settings.LUTONG_FIELD_KEYS = (os.urandom(32),)
    answer = client.post("/account/2fa/authenticate/", {"code": code})
    assert answer.status_code == 409
    assert "通行密钥" in answer.content.decode()
    assert count_tries(limit="code.account", whom=str(lawyer.person_id)) == 0


def test_a_secret_put_in_by_hand_counts_for_nothing(client: Client, lawyer: Actor) -> None:
    plant(lawyer.person_id)
    give_password(client)
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 409


def test_the_pages_of_the_second_factor_answer_without_the_key(client: Client, lawyer: Actor, settings: Any) -> None:
    sign_in(client)
    settings.LUTONG_FIELD_KEYS = (os.urandom(32),)
    for page in ("/account/", "/account/2fa/codes/", "/account/2fa/codes/file/", "/account/2fa/totp/"):
        assert client.get(page).status_code < 500, page


def test_a_secret_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(Unreadable):
        actions.sealing.unseal_text(seal_text("x", bound_to="other.column"), bound_to=actions.sealing.PLACE)


@pytest.mark.parametrize("text", ["abc", "YWJj", "!", "a,b"])
def test_field_keys_that_are_no_keys_are_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="LUTONG_FIELD_KEYS"):
        field_keys(text, own=b"x" * 32)
