"""The key that signs our answers is changed by command while the service runs, and the trail says by whom."""

import dataclasses
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lutong.verification.registry import wire
from lutong.verification.registry.models import TrailEvent


def typed(what: str) -> str:
    said = StringIO()
    call_command("answer_key", what, stdout=said)
    return said.getvalue()


def test_a_new_key_signs_from_the_switch_on_without_a_restart(db: None, tmp_path: Path, settings: Any) -> None:
    settings.LUTONG = dataclasses.replace(settings.LUTONG, home=tmp_path)
    old = wire.signer(tmp_path)
    assert old.key.thumbprint() in typed("list")
    said = typed("prepare")
    assert '"d"' not in said and "public-next.jwk" in said
    assert wire.signer(tmp_path) is old
    with pytest.raises(CommandError, match="先 switch"):
        typed("prepare")
    typed("switch")
    new = wire.signer(tmp_path)
    assert new.key.thumbprint() != old.key.thumbprint() and new.key.thumbprint() in said
    assert Client().get("/.well-known/keys").json()["keys"] == [new.public]
    with pytest.raises(CommandError, match="先 prepare"):
        typed("switch")
    acts = TrailEvent.objects.filter(subject=new.key.thumbprint()).order_by("id")
    assert [one.label for one in acts] == ["准备新的应答密钥", "启用新的应答密钥"]
