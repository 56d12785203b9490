"""Settings for tests: the product's own, in a home of their own, without a connection pool."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]

os.environ["LUTONG_HOME"] = os.environ.get("LUTONG_HOME_TEST", str(REPOSITORY / ".lutong-test"))
for _name in ("LUTONG_DATABASE_URL", "LUTONG_OWNER_DATABASE_URL", "LUTONG_DB_AS", "LUTONG_DATABASE"):
    os.environ.pop(_name, None)

# Playwright keeps an event loop in the thread of the tests that use it; they may speak with the database all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from lutong.site.settings import *  # noqa: E402, F403
from lutong.site.settings import DATABASES, STATIC_ROOT  # noqa: E402

DATABASES["default"]["OPTIONS"].pop("pool", None)  # a pool would hold connections to databases that tests drop
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty: tests serve the sources
