"""Django settings. What an operator may change comes from the environment (docs/operate/settings.md)."""

import hashlib
import os

from lutong.site.config import load
from lutong.site.defence import *  # noqa: F403  # settings are module names
from lutong.site.defence import WITHOUT_TLS, policy
from lutong.site.embedded.connection import database_settings
from lutong.site.embedded.secrets import field_keys, load_or_create

LUTONG = load()
_secrets = load_or_create(LUTONG.home)


def _key(name: str) -> bytes:
    """A 256-bit key derived from a named secret of this installation."""
    return hashlib.sha256(_secrets.get(name).encode()).digest()


SECRET_KEY = _secrets.get("django")
LUTONG_FIELD_KEYS = field_keys(os.environ.get("LUTONG_FIELD_KEYS", ""), own=_key("field"))  # sealed columns
LUTONG_STORE_KEY = _key("store")  # wraps the key of each stored file
LUTONG_BLIND_KEY = _key("blind")  # blind indexes and object names
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
    "django.contrib.humanize",
    "django_htmx",
    "django_cotton",
    "procrastinate.contrib.django",
    "lutong.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "lutong.domains.courts",
    "lutong.domains.identity",
    "lutong.domains.audit",
    "lutong.domains.exchange",
    "lutong.domains.notices",
    "lutong.domains.staffing",
    "lutong.domains.capacity",
    "lutong.domains.cases",
    "lutong.domains.delegation",
    "lutong.domains.dossier",
    "lutong.domains.fees",
    "lutong.domains.filing",
    "lutong.domains.hearings",
    "lutong.domains.eservice",
    "lutong.domains.gatepass",
    "lutong.domains.casespace",
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
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "lutong.site.middleware.who_acts",
    "lutong.site.door.refusals",
]

# What calls of programs to the API pass through (site/wsgi.py); the rest serves browsers.
LUTONG_PROGRAM_MIDDLEWARE = {
    "lutong.site.door.store_down",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lutong.site.door.clean_input",
    "lutong.site.door.refusals",
}

ROOT_URLCONF = "lutong.site.urls"
WSGI_APPLICATION = "lutong.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lutong.site.context.shell",
            ],
            "builtins": ["lutong.site.templatetags.lutong", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": database_settings(LUTONG)}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
STATIC_URL = "/static/"
STATIC_ROOT = LUTONG.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lutong.site.assets.Storage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# ---- Sign-in (django-allauth)
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["lutong.domains.identity.backend.SignInBackend"]
PASSWORD_HASHERS = ["lutong.domains.identity.backend.Argon2Owasp"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_name", "mobile", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lutong.domains.identity.passwords.NotTheCurrentOne"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lutong.domains.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_name"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "lutong.domains.identity.forms.SignInForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
LUTONG_TURNED_AWAY = "lutong.site.barred.answer"  # the page for whose licence is not in force
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reauthenticate": None,
}  # counted by identity.actions.limits
LUTONG_SECOND_FACTOR_GRACE_DAYS = int(os.environ.get("LUTONG_SECOND_FACTOR_GRACE_DAYS", "14"))
ALLAUTH_TRUSTED_PROXY_COUNT = LUTONG.proxies  # else every browser behind a proxy counts as one address
MFA_ADAPTER = "lutong.domains.identity.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RATE_LIMITS = False  # a passkey cannot be guessed; passwords and codes are counted by identity.actions.limits
MFA_FORMS = {
    "authenticate": "lutong.domains.identity.forms.CodeForm",
    "reauthenticate": "lutong.domains.identity.forms.ConfirmCodeForm",
    "add_webauthn": "lutong.domains.identity.forms.AddPasskeyForm",
    "edit_webauthn": "lutong.domains.identity.forms.RenamePasskeyForm",
    "authenticate_webauthn": "lutong.domains.identity.forms.PasskeyForm",
    "reauthenticate_webauthn": "lutong.domains.identity.forms.ConfirmPasskeyForm",
    "login_webauthn": "lutong.domains.identity.forms.SignInPasskeyForm",
}
MFA_TOTP_ISSUER = "律通"
MFA_TOTP_TOLERANCE = 1

# ---- Defence
_https = LUTONG.web_url.startswith("https://")
SESSION_COOKIE_NAME = "__Host-lutong" if _https else "lutong"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SILENCED_SYSTEM_CHECKS = [] if _https else WITHOUT_TLS
CSRF_COOKIE_NAME = "lutong-csrf"
CSRF_FAILURE_VIEW = "lutong.site.pages.csrf_failed"
CSRF_TRUSTED_ORIGINS = [LUTONG.web_url]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
CONTENT_SECURITY_POLICY = policy(
    img_src=[LUTONG.files_url], connect_src=[LUTONG.files_url, LUTONG.events_url], frame_src=[LUTONG.files_url]
)

LUTONG_WEB_URL = LUTONG.web_url
LUTONG_FILES_URL = LUTONG.files_url
LUTONG_EVENTS_URL = LUTONG.events_url
LUTONG_DEMO = LUTONG.demo
LUTONG_URGENT_HOURS = LUTONG.urgent_hours
SECRET_KEY_FALLBACKS: list[str] = []
