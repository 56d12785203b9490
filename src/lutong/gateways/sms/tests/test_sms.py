"""Short messages over the wire: carried once, refused unsigned, and said to be down when it is."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lutong.gateways.sms.keys import load_sms_config
from lutong.gateways.sms.port import SmsDown, SmsRefused
from lutong.gateways.sms.real import PATH, HttpSms
from lutong.gateways.sms.stand_in.app import build
from lutong.gateways.tests.serving import serving

TEXT = "【律通】验证码 123456，10 分钟内有效"


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[str]:
    with serving(build(tmp_path)) as address:
        yield address


def test_a_message_appears_on_the_marked_page(carrier: str, tmp_path: Path) -> None:
    HttpSms(load_sms_config(tmp_path, carrier)).send(message_id=uuid.uuid4(), mobile="13900000001", text=TEXT)
    page = httpx.get(carrier, params={"mobile": "13900000001"})
    assert "123456" in page.text and "替身" in page.text
    assert "123456" not in httpx.get(carrier, params={"mobile": "13900000002"}).text


def test_a_message_handed_over_twice_is_carried_once(carrier: str, tmp_path: Path) -> None:
    client, one = HttpSms(load_sms_config(tmp_path, carrier)), uuid.uuid4()
    for _ in range(2):
        client.send(message_id=one, mobile="13900000001", text=TEXT)
    assert httpx.get(carrier).text.count("123456") == 1


def test_text_is_shown_as_text(carrier: str, tmp_path: Path) -> None:
    client = HttpSms(load_sms_config(tmp_path, carrier))
    client.send(message_id=uuid.uuid4(), mobile="13900000001", text="<script>alert(1)</script>")
    assert "<script>" not in httpx.get(carrier).text


@pytest.mark.parametrize("mobile", ["", "1390000000", "139000000012", "+8613900000001", "1390000000x"])
def test_a_number_that_cannot_be_is_refused_for_good(carrier: str, tmp_path: Path, mobile: str) -> None:
    with pytest.raises(SmsRefused):
        HttpSms(load_sms_config(tmp_path, carrier)).send(message_id=uuid.uuid4(), mobile=mobile, text=TEXT)


def test_an_unsigned_an_altered_and_an_old_message_are_refused(carrier: str, tmp_path: Path) -> None:
    config = load_sms_config(tmp_path, carrier)
    body = json.dumps({"id": str(uuid.uuid4()), "to": "13900000001", "text": TEXT})
    assert httpx.post(carrier + PATH, content=body).status_code == 401
    old = HttpSms(config, clock=lambda: time.time() - 3600)
    with pytest.raises(SmsDown):
        old.send(message_id=uuid.uuid4(), mobile="13900000001", text=TEXT)
    stranger = HttpSms(type(config)(base_url=carrier, key_id=config.key_id, secret="0" * 64))
    with pytest.raises(SmsDown):
        stranger.send(message_id=uuid.uuid4(), mobile="13900000001", text=TEXT)
    assert "123456" not in httpx.get(carrier).text


def test_a_carrier_that_is_away_is_said_to_be_down(carrier: str, tmp_path: Path) -> None:
    client = HttpSms(load_sms_config(tmp_path, carrier))
    httpx.post(f"{carrier}/control", data={"mode": "down"})
    with pytest.raises(SmsDown):
        client.send(message_id=uuid.uuid4(), mobile="13900000001", text=TEXT)
    with pytest.raises(SmsDown):
        HttpSms(load_sms_config(tmp_path, "http://127.0.0.1:9")).send(
            message_id=uuid.uuid4(), mobile="13900000001", text=TEXT
        )
