"""The registry's key changes while 律通 runs: nothing is restarted, nothing is fetched, and no forger makes it work."""

import dataclasses
import json
import time
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from lutong.gateways.registry import keys, real
from lutong.gateways.registry.port import RegistryDown
from lutong.gateways.registry.real import RegistryClient

Answer = tuple[str, bytes]


def directory(home: Path) -> Path:
    return home / "secrets" / "registry"


def answered(home: Path) -> Answer:
    """What the registry at `home` says now."""
    return signed(OKPKey.import_key(json.loads((directory(home) / "private.jwk").read_text("utf-8"))))


def signed(key: OKPKey) -> Answer:
    body = json.dumps({"iss": keys.ISSUER, "iat": int(time.time())}).encode()
    whole = jws.serialize_compact({"alg": "Ed25519", "kid": str(key.kid)}, body, key, algorithms=["Ed25519"])
    return jws.detach_content(whole), body


def holds(client: RegistryClient, answer: Answer) -> bool:
    try:
        client._verified(*answer)
    except RegistryDown as down:
        assert "signature" in down.reason
        return False
    return True


def rotated(client: RegistryClient, home: Path) -> list[bool]:
    """Whether answers hold before, between and after the two steps of a rotation."""
    before = answered(home)
    told = [holds(client, before)]
    keys.prepare_next(directory(home))
    told.append(holds(client, answered(home)))
    keys.switch_to_next(directory(home))
    told.append(holds(client, answered(home)))
    assert answered(home)[0] != before[0]
    return told


def test_a_client_on_the_same_machine_takes_the_new_key_while_it_runs(tmp_path: Path) -> None:
    client = RegistryClient(keys.load_registry_config(tmp_path, "http://127.0.0.1:9"))
    for _ in range(3):
        old = answered(tmp_path)
        assert rotated(client, tmp_path) == [True, True, True]
        assert not holds(client, old), "what the former key signed counts no longer"


def test_a_client_that_reads_the_pin_once_is_found(tmp_path: Path) -> None:
    config = keys.load_registry_config(tmp_path, "http://127.0.0.1:9")
    assert rotated(RegistryClient(dataclasses.replace(config, pins=())), tmp_path) == [True, True, False]


def test_a_client_elsewhere_takes_the_key_that_its_operator_pinned_before(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    keys.ensure_keys(directory(here))
    directory(there).mkdir(parents=True)
    (directory(there) / keys.PINNED).write_text((directory(here) / keys.PINNED).read_text())
    client = RegistryClient(keys.load_registry_config(there, "http://127.0.0.1:9"))
    new = keys.prepare_next(directory(here))
    assert holds(client, answered(here))
    (directory(there) / keys.NEXT).write_text(json.dumps(new.as_dict(private=False)))
    assert holds(client, answered(here)), "the old one signs still"
    keys.switch_to_next(directory(here))
    assert holds(client, answered(here))
    assert not holds(client, signed(OKPKey.generate_key("Ed25519", private=True, auto_kid=True)))


def test_forged_answers_make_it_read_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, read = RegistryClient(keys.load_registry_config(tmp_path, "http://127.0.0.1:9")), []
    kept = real._pinned
    monkeypatch.setattr(real, "_pinned", lambda files: read.append(files) or kept(files))
    forged = signed(OKPKey.generate_key("Ed25519", private=True, auto_kid=True))
    assert not any(holds(client, forged) for _ in range(50)) and read == []
    assert rotated(client, tmp_path) == [True, True, True] and len(read) == 2


def test_a_broken_pin_is_said_and_a_mended_one_taken(tmp_path: Path) -> None:
    client = RegistryClient(keys.load_registry_config(tmp_path, "http://127.0.0.1:9"))
    pin = directory(tmp_path) / keys.PINNED
    good, stranger = pin.read_text(), signed(OKPKey.generate_key("Ed25519", private=True, auto_kid=True))
    pin.write_text("{")
    for answer in (stranger, answered(tmp_path)):
        with pytest.raises(RegistryDown, match="cannot be read"):
            client._verified(*answer)
    pin.write_text(good + " ")
    assert holds(client, answered(tmp_path)) and not holds(client, stranger)


def test_a_step_out_of_turn_is_refused_and_a_switch_cut_short_is_finished(tmp_path: Path) -> None:
    place = directory(tmp_path)
    keys.ensure_keys(place)
    with pytest.raises(ValueError, match="no next"):
        keys.switch_to_next(place)
    new = keys.prepare_next(place)
    with pytest.raises(ValueError, match="waiting already"):
        keys.prepare_next(place)
    (place / "private-next.jwk").replace(place / "private.jwk")  # the power failed here
    assert keys.switch_to_next(place).thumbprint() == new.thumbprint()
    assert [key.thumbprint() for key in keys.list_public(place)] == [new.thumbprint()]
    assert (place / "private.jwk").stat().st_mode & 0o077 == 0
