"""微信支付（替身）: a server that speaks 微信支付 v3 with real signatures and moves no money.

Run it with `uvicorn lutong.gateways.payments.stand_in:application`. It reads LUTONG_HOME (keys in secrets/wechat, its
own books in pay-stand-in), LUTONG_PAY_URL (where browsers reach it; default: as asked) and LUTONG_PAY_RETRY_SCALE
(seconds of the real retry plan are multiplied by it; default 1/15).
"""

import os
from pathlib import Path

from lutong.gateways.payments.stand_in.app import Settings, build

__all__ = ["Settings", "application", "build"]

application = build(
    Settings(
        home=Path(os.environ.get("LUTONG_HOME", ".lutong")).resolve(),
        public_url=os.environ.get("LUTONG_PAY_URL"),
        retry_scale=float(os.environ.get("LUTONG_PAY_RETRY_SCALE", str(1 / 15))),
    )
)
