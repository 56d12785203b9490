"""短信通道（替身）: takes signed messages like a carrier, delivers none, and shows them on a page.

Run it with `uvicorn lutong.gateways.sms.stand_in:application`. It reads LUTONG_HOME; its book is in `home`/sms.
"""

import os
from pathlib import Path

from lutong.gateways.sms.stand_in.app import build

__all__ = ["application", "build"]

application = build(Path(os.environ.get("LUTONG_HOME", ".lutong")).resolve())
