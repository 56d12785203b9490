"""What an operator types: signing keys come and go without breaking a token, and applications are registered."""

import datetime as dt
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lutong.gateways.registry.account import ClientAccount, load_account
from lutong.gateways.registry.oidc import VerificationLogin
from lutong.verification.cli import PASSED_ON
from lutong.verification.oidc import keys
from lutong.verification.oidc.management.commands import signing_keys
from lutong.verification.oidc.models import Application
from lutong.verification.oidc.tests.conftest import BACK, Browser
from lutong.verification.oidc.tests.test_protocol import asking, exchange

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def typed(*words: str) -> str:
    """The answer to a command."""
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def token(home: Path, *, at: dt.datetime) -> str:
    key = keys.signing_key(home, now=at)
    return jwt.encode({"alg": "RS256", "kid": key.kid}, {"sub": "x"}, key, ["RS256"])


def holds(home: Path, text: str, *, at: dt.datetime) -> bool:
    published: Any = keys.public_keys(home, now=at)
    try:
        jwt.decode(text, KeySet.import_key_set(published), algorithms=["RS256"])
    except (JoseError, ValueError):
        return False
    return True


# ---- Signing keys


def test_a_new_key_is_known_to_every_client_before_it_signs_and_the_old_one_stays_for_its_tokens(
    tmp_path: Path,
) -> None:
    keys.ensure_key(tmp_path, now=NOW)
    before = token(tmp_path, at=NOW)
    new = keys.rotate(tmp_path, now=NOW + MINUTE)
    turn = NOW + MINUTE + keys.AHEAD
    assert keys.AHEAD > keys.KEY_SET_LIFE, "a client may keep an old copy of the set for so long"
    assert keys.signing_key(tmp_path, now=turn - MINUTE).kid != new.kid
    assert keys.signing_key(tmp_path, now=turn).kid == new.kid
    assert holds(tmp_path, token(tmp_path, at=turn), at=NOW + 2 * MINUTE), "published from the first minute"
    last = token(tmp_path, at=turn - MINUTE)
    for text in (before, last):
        assert holds(tmp_path, text, at=turn + keys.STAYS - MINUTE)
        assert not holds(tmp_path, text, at=turn + keys.STAYS)
    assert len(list(tmp_path.glob("*.jwk"))) == 2
    assert keys.retire(tmp_path, now=turn + keys.STAYS - MINUTE) == 0
    assert keys.retire(tmp_path, now=turn + keys.STAYS) == 1
    assert keys.signing_key(tmp_path, now=turn + keys.STAYS).kid == new.kid
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.jwk")} == {0o600}


def test_nobody_rotates_twice_before_the_new_key_signs(tmp_path: Path) -> None:
    keys.rotate(tmp_path, now=NOW)
    with pytest.raises(ValueError, match="waiting"):
        keys.rotate(tmp_path, now=NOW + MINUTE)
    keys.rotate(tmp_path, now=NOW + keys.AHEAD)
    assert len(keys.list_keys(tmp_path)) == 3


def test_after_a_theft_the_old_key_counts_for_nothing_at_once(tmp_path: Path) -> None:
    keys.ensure_key(tmp_path, now=NOW)
    stolen = token(tmp_path, at=NOW)
    new = keys.replace(tmp_path, now=NOW + MINUTE)
    assert not holds(tmp_path, stolen, at=NOW + MINUTE)
    assert keys.signing_key(tmp_path, now=NOW + MINUTE).kid == new.kid
    assert len(list(tmp_path.glob("*.jwk"))) == 1


def test_the_command_tells_which_key_signs_and_which_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_keys, "KEYS", tmp_path)
    assert "正在签发" in typed("signing_keys", "list")
    said = typed("signing_keys", "rotate")
    assert "正在签发" not in said.splitlines()[0] and "旧钥" not in said
    assert re.search(r"正在签发.*\n.*已公布，\d{4}-\d\d-\d\d \d\d:\d\d 起签发", said)
    with pytest.raises(CommandError, match="还没有开始签发"):
        typed("signing_keys", "rotate")
    said = typed("signing_keys", "rotate", "--stolen")
    assert said.count("正在签发") == 1 and "已公布" not in said
    assert "已销毁 destroyed: 0" in typed("signing_keys", "retire")


# ---- Applications


def registered(**more: str) -> str:
    asked = {
        "name": "某院窗口",
        "operator": "某人民法院",
        "purpose": "窗口办理时确认来人身份",
        "redirect": BACK,
        **more,
    }
    words = [word for name, value in asked.items() for word in (f"--{name}", value)]
    return typed("application", "register", *words, "--scope", "licence", "--scope", "live")


def test_an_application_registered_by_command_signs_people_in_with_the_secret_shown_once(
    platform: str, browser: Browser
) -> None:
    said = registered(**{"client-id": "court", "logout": "https://court.example/logout"})
    found = re.search(r"shown only once）: (\S+)", said)
    assert found and "client_id: court" in said
    made = Application.objects.get()
    assert made.secret_digest and found[1] not in made.secret_digest and made.scopes == ["openid", "licence", "live"]
    assert made.logout_uri == "https://court.example/logout"
    landed = browser.allowed(asking())
    assert exchange(platform, landed.told["code"], secret=found[1]).status_code == 200
    assert found[1] not in typed("application", "list")
    renewed = re.search(r"shown only once）: (\S+)", typed("application", "secret", "court"))
    landed = browser.allowed(asking())
    assert renewed and exchange(platform, landed.told["code"], secret=found[1]).status_code == 401
    assert exchange(platform, browser.allowed(asking()).told["code"], secret=renewed[1]).status_code == 200
    typed("application", "close", "court")
    refused = browser.go(asking())
    assert refused.page is not None and refused.page.status_code == 400
    assert "停用 closed" in typed("application", "list")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"redirect": "http://court.example/back"}, "https://"),
        ({"redirect": "https://*.example/back"}, "不能含有"),
        ({"logout": "javascript:1"}, "https://"),
        ({"name": "x"}, "2 至 60"),
    ],
)
def test_a_registration_that_is_not_sound_says_which_part(db: None, more: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=re.escape(words)):
        registered(**more)
    assert not Application.objects.exists()


def test_a_client_id_is_given_once_and_an_unknown_one_is_said(db: None) -> None:
    registered(**{"client-id": "court"})
    with pytest.raises(CommandError, match="已经登记"):
        registered(**{"client-id": "court"})
    for what in ("secret", "close"):
        with pytest.raises(CommandError, match="没有登记"):
            typed("application", what, "nobody")


def test_lutong_on_the_same_machine_signs_people_in_after_one_command(
    platform: str, browser: Browser, tmp_path: Path, settings: Any
) -> None:
    import dataclasses

    settings.LUTONG = dataclasses.replace(settings.LUTONG, home=tmp_path)
    web = "http://127.0.0.1:9"
    said = typed("application", "lutong", "--operator", "某高级人民法院", "--web-url", web)
    account = load_account(tmp_path)
    assert account.client_secret not in said, "both read it where it lies"
    login = VerificationLogin(issuer=platform, account=account, redirect_uri=f"{web}/account/verification/callback/")
    departure = login.depart(live=False)
    verified = login.arrive(told=browser.allowed(departure.url).told, kept=departure.kept)
    assert verified.name == "甲某"
    again = typed("application", "lutong", "--operator", "某高级人民法院", "--web-url", "https://lutong.example/")
    assert "密钥不变" in again
    held = Application.objects.get()
    assert held.redirect_uris == ["https://lutong.example/account/verification/callback/"]
    assert held.logout_uri == "https://lutong.example/account/verification/logout"
    assert held.secret_digest == Application.objects.get(client_id=account.client_id).secret_digest


def test_for_lutong_on_another_machine_the_two_variables_are_told(platform: str, browser: Browser) -> None:
    web = "http://127.0.0.1:9"
    said = typed("application", "lutong", "--operator", "某高级人民法院", "--web-url", web, "--elsewhere")
    told = dict(re.findall(r"LUTONG_OIDC_CLIENT_(\w+)=(\S+)", said))
    account = ClientAccount(client_id=told["ID"], client_secret=told["SECRET"])
    login = VerificationLogin(issuer=platform, account=account, redirect_uri=f"{web}/account/verification/callback/")
    departure = login.depart(live=False)
    assert login.arrive(told=browser.allowed(departure.url).told, kept=departure.kept).licence_no


def test_every_command_of_the_operator_is_there(db: None) -> None:
    from django.core.management import get_commands

    assert {command for _, command in PASSED_ON.values()} <= get_commands().keys()
