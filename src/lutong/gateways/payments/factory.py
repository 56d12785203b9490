"""The payment gateway that this installation uses, one client a process."""

from functools import lru_cache
from pathlib import Path

from lutong.gateways.payments.keys import load_wechat_config
from lutong.gateways.payments.port import PaymentGateway
from lutong.gateways.payments.wechat import WeChatGateway


@lru_cache(maxsize=4)
def wechat(*, home: Path, base_url: str) -> PaymentGateway:
    """微信支付 at `base_url` with the merchant's keys kept in `home`; reading the keys costs once."""
    return WeChatGateway(load_wechat_config(home, base_url))
