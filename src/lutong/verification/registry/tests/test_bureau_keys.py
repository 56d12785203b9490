"""Public keys of the bureaus: registered, replaced and retired by command; what each counts for."""

import json
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from joserfc.jwk import ECKey, OKPKey

from lutong.gateways.registry.keys import ISSUER
from lutong.kernel import clock
from lutong.kernel.errors import NotAllowed
from lutong.verification.registry import actions, wire
from lutong.verification.registry.models import TrailEvent

FIRMS = {1: "31110105MD4591511E", 2: "31110108MD25522959"}
pytestmark = pytest.mark.usefixtures("db")


def typed(*words: object) -> str:
    said = StringIO()
    call_command("bureau_key", *map(str, words), stdout=said)
    return said.getvalue()


def handed_over(home: Path, key: OKPKey, *, pem: bool = False) -> Path:
    """The file that a bureau sends."""
    file = home / "key"
    file.write_bytes(key.as_pem(private=False) if pem else json.dumps(key.as_dict(private=False)).encode())
    return file


def report(key: OKPKey, seq: int) -> str:
    """Register a body: one signed report of Beijing."""
    event = {
        "kind": "firm",
        "uscc": FIRMS[seq],
        "name": "北京试所",
        "firm_kind": "law_firm",
        "city": "北京市",
    }
    body = {"aud": ISSUER, "bureau": "11", "seq": seq, "iat": int(time.time()), "event": event}
    return wire.sign_report(body, private_key=key)


def new_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", private=True)


@pytest.mark.parametrize("pem", [True, False])
def test_a_registered_key_opens_the_feed_and_a_retired_one_closes_it(tmp_path: Path, pem: bool) -> None:
    key = new_key()
    said = typed("register", "11", handed_over(tmp_path, key, pem=pem))
    assert "已登记" in said and key.thumbprint() in said
    assert actions.take_report(text=report(key, 1), now=clock.now()).state == "taken"
    assert key.thumbprint() in typed("list") and "taken in 1" in typed("list")
    assert "一律拒绝" in typed("retire", "11")
    with pytest.raises(NotAllowed, match="签名不能通过"):
        actions.take_report(text=report(key, 2), now=clock.now())
    assert "已停用" in typed("list")
    with pytest.raises(CommandError, match="没有登记报送公钥"):
        typed("retire", "11")
    assert list(TrailEvent.objects.filter(subject="11").order_by("id").values_list("action", flat=True)) == [
        "registry.enrol_bureau", "registry.retire_bureau_key",
    ]  # fmt: skip


def test_a_new_key_takes_the_place_of_the_old_and_the_numbers_go_on(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    typed("register", "11", handed_over(tmp_path, old))
    assert actions.take_report(text=report(old, 1), now=clock.now()).last_seq == 1
    assert "旧公钥立即失效" in typed("register", "11", handed_over(tmp_path, new))
    with pytest.raises(NotAllowed):
        actions.take_report(text=report(old, 2), now=clock.now())
    assert actions.take_report(text=report(new, 2), now=clock.now()).last_seq == 2


def test_a_private_key_another_kind_of_key_and_nonsense_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for content, words in (
        (json.dumps(new_key().as_dict(private=True)), "这是私钥"),
        (new_key().as_pem(private=True).decode(), "这是私钥"),
        (json.dumps(OKPKey.generate_key("X25519", private=True).as_dict(private=False)), "Ed25519"),
        (json.dumps(ECKey.generate_key("P-256", private=True).as_dict(private=False)), "读不出公钥"),
        ("{}", "读不出公钥"),
        ("hello", "读不出公钥"),
        ("", "读不出公钥"),
    ):
        file.write_text(content, "utf-8")
        with pytest.raises(CommandError, match=words):
            typed("register", "11", file)
    with pytest.raises(CommandError, match="无法读取"):
        typed("register", "11", tmp_path / "nothing")
    with pytest.raises(CommandError):
        typed("register", "99", file)
    assert not TrailEvent.objects.exists()
