"""Settings for the tests of 律师身份核验平台: its own, in the tests' home, without a connection pool."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]

os.environ["LUTONG_HOME"] = os.environ.get("LUTONG_HOME_TEST", str(REPOSITORY / ".lutong-test"))
for _name in ("DATABASE_URL", "OWNER_DATABASE_URL", "DATABASE"):
    os.environ.pop(f"LUTONG_VERIFICATION_{_name}", None)
os.environ.pop("LUTONG_DB_AS", None)

from lutong.verification.settings import *  # noqa: E402, F403
from lutong.verification.settings import DATABASES, STATIC_ROOT  # noqa: E402

DATABASES["default"]["OPTIONS"].pop("pool", None)  # a pool would hold connections to databases that tests drop
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty: tests serve the sources
