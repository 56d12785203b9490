"""The client of a short-message carrier: one signed POST a message.

Carriers differ only in this envelope; an operator whose carrier wants another one puts a bridge at `base_url` or
writes a second client of the port.
"""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from lutong.gateways.sms.port import LONGEST, SmsDown, SmsRefused

PATH = "/v1/messages"
SIGNATURE_HEADER = "X-Sms-Signature"
KEY_HEADER = "X-Sms-Key"
TIME_HEADER = "X-Sms-Time"
_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsConfig:
    """Where the carrier answers, and the account with it."""

    base_url: str
    key_id: str
    secret: str


def signature(*, secret: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 over time and body, in hexadecimal."""
    return hmac.new(secret.encode(), at.encode() + b"\n" + body, hashlib.sha256).hexdigest()


class HttpSms:
    """An SmsCarrier over HTTP."""

    def __init__(self, config: SmsConfig, *, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._clock = clock
        self._http = httpx.Client(base_url=config.base_url, timeout=_SECONDS, follow_redirects=False, trust_env=False)

    def send(self, *, message_id: uuid.UUID, mobile: str, text: str) -> None:
        if len(text) > LONGEST:
            raise SmsRefused(f"{len(text)} characters are too long")
        body = json.dumps({"id": str(message_id), "to": mobile, "text": text}, ensure_ascii=False).encode()
        at = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            KEY_HEADER: self._config.key_id,
            TIME_HEADER: at,
            SIGNATURE_HEADER: signature(secret=self._config.secret, at=at, body=body),
        }
        try:
            response = self._http.post(PATH, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise SmsDown(type(error).__name__) from error
        if response.status_code == 400:
            raise SmsRefused("the carrier does not take this message")
        if response.status_code != 202:
            raise SmsDown(f"HTTP {response.status_code}")
