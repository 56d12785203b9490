"""Django settings of 律师身份核验平台. It shares code with 律通, but no table, no key and no session."""

import hashlib
import os
from pathlib import Path

from lutong.site.config import load
from lutong.site.defence import *  # noqa: F403  # settings are module names
from lutong.site.defence import WITHOUT_TLS, policy
from lutong.site.embedded.connection import VERIFICATION, database_settings
from lutong.site.embedded.secrets import field_keys, load_or_create

LUTONG = load()
_secrets = load_or_create(LUTONG.home)
_HERE = Path(__file__).resolve().parent
_LOOK = _HERE.parent / "site"  # templates and styles that both products wear


def _key(name: str) -> bytes:
    """A 256-bit key derived from a named secret of this service."""
    return hashlib.sha256(_secrets.get(f"verification.{name}").encode()).digest()


SECRET_KEY = _secrets.get("verification.django")
SECRET_KEY_FALLBACKS: list[str] = []
LUTONG_FIELD_KEYS = field_keys(os.environ.get("LUTONG_FIELD_KEYS", ""), own=_key("field"))  # sealed columns
LUTONG_BLIND_KEY = _key("blind")  # blind indexes: equality without the value
LUTONG_PAIRWISE_KEY = _key("pairwise")  # a person's number at each application; never changed
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LUTONG_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")
ALLOWED_HOSTS += [LUTONG.host] if LUTONG.host not in ALLOWED_HOSTS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton",
    "lutong.verification",
    "lutong.verification.registry",
    "lutong.verification.entrance",
    "lutong.verification.oidc",
    "lutong.verification.livecheck",
    "lutong.verification.cards",
]

MIDDLEWARE = [
    "lutong.site.door.store_down",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lutong.site.door.clean_input",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "lutong.site.door.refusals",
]

ROOT_URLCONF = "lutong.verification.urls"
WSGI_APPLICATION = "lutong.verification.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates", _LOOK / "templates"],  # ours first: frame, brand and footer differ
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lutong.verification.context.shell",
            ],
            "builtins": ["lutong.site.templatetags.lutong", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": database_settings(LUTONG, VERIFICATION)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
STATIC_URL = "/static/"
STATIC_ROOT = LUTONG.home / "static-verification"
STATICFILES_DIRS = [_LOOK / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lutong.site.assets.Storage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# ---- Defence. Cookies are shared by all ports of a host, so their names differ from those of 律通.
_https = LUTONG.verification_url.startswith("https://")
SESSION_COOKIE_NAME = "__Host-lutong-verification" if _https else "lutong-verification"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SILENCED_SYSTEM_CHECKS = [] if _https else WITHOUT_TLS
CSRF_COOKIE_NAME = "lutong-verification-csrf"
CSRF_FAILURE_VIEW = "lutong.verification.pages.csrf_failed"
CSRF_TRUSTED_ORIGINS = [LUTONG.verification_url]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
PASSWORD_HASHERS = ["lutong.verification.hashing.Argon2Owasp"]
CONTENT_SECURITY_POLICY = policy()

# A film of a live check must never lie unsealed on a disk, as Django's usual handlers would let it.
FILE_UPLOAD_HANDLERS = ["lutong.verification.livecheck.uploads.InMemoryOnly"]
LUTONG_LIVE_CHECK_DAYS = int(os.environ.get("LUTONG_LIVE_CHECK_DAYS", "180"))  # how long a passed check counts

LUTONG_VERIFICATION_URL = LUTONG.verification_url
LUTONG_DEMO = LUTONG.demo
