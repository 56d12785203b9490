"""The short-message carrier that this installation uses, one client a process."""

from functools import lru_cache
from pathlib import Path

from lutong.gateways.sms.keys import load_sms_config
from lutong.gateways.sms.port import SmsCarrier
from lutong.gateways.sms.real import HttpSms


@lru_cache(maxsize=4)
def sms(*, home: Path, base_url: str) -> SmsCarrier:
    """The carrier at `base_url` with the account kept in `home`."""
    return HttpSms(load_sms_config(home, base_url))
