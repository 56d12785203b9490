"""The vault of this installation, from its settings; each process calls `install` once when it starts.

LUTONG_STORE_URL  file:///directory (default: `home`/store) or s3://bucket/prefix?endpoint=…
LUTONG_FILE_KEYS  name:base64 of 32 bytes, newest first (default: derived from `home`/secrets.json)
"""

import base64
import os

from django.conf import settings

from lutong.gateways import objectstore
from lutong.site.config import Config


def install() -> objectstore.Vault:
    """Make `objectstore.vault()` work in this process."""
    config: Config = settings.LUTONG
    url = os.environ.get("LUTONG_STORE_URL") or (config.home / "store").as_uri()
    own = base64.b64encode(settings.LUTONG_STORE_KEY).decode()
    keys = os.environ.get("LUTONG_FILE_KEYS") or f"1:{own}"
    return objectstore.install(store_url=url, file_keys=keys)
