"""律通 as a relying party of 律师身份核验平台, through Authlib's client. Every call goes over the network or may."""

import json
import re
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lutong.gateways.registry.account import ClientAccount

with warnings.catch_warnings():  # it would rather have httpx2 than the httpx of all other gateways
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client

LIVE = "urn:lutong:acr:live"
SCOPES = "openid licence firm live"
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
MAX_AGE = 300  # seconds
_SECONDS = 5.0
_LEEWAY = 60
_LONGEST_LOGOUT_TOKEN = 8192
KEYS_KEPT = 300  # seconds: how long the platform allows a copy of its key set
KEYS_PAUSE = 15  # seconds between two questions for a key that nobody knew
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class VerificationDown(Exception):
    """No answer of the platform that can be trusted."""


class VerificationRefused(Exception):
    """The platform said no: `access_denied` when the person refused or may not, other words of the protocol else."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What the platform states of the person who came back, under its signature."""

    issuer: str
    subject: str  # his number at 律通, the same for ever
    sid: str
    name: str
    licence_no: str
    kind: str
    status: str
    live: bool  # seen by the live check in this very sign-in
    auth_time: int
    firm_name: str = ""
    firm_uscc: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """The browser is sent to `url`; `kept` stays in its session until it comes back."""

    url: str
    kept: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut:
    """A verified logout token: one visit's sessions, or with `sid` None all of the person's."""

    issuer: str
    subject: str
    sid: str | None


class _App(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]  # Authlib is untyped
    client_cls = OAuth2Client


class VerificationLogin:
    """The authorization code flow with PKCE, state, nonce and `iss`; answers are held to the pinned issuer."""

    def __init__(self, *, issuer: str, account: ClientAccount, redirect_uri: str) -> None:
        self._issuer, self._account, self._redirect_uri = issuer.rstrip("/"), account, redirect_uri

    def depart(self, *, live: bool, hint: str = "", again: bool = False) -> Departure:
        """Where to send the browser; `live`: be seen now, `again`: sign in anew. Raises VerificationDown."""
        more: dict[str, str] = {"max_age": str(MAX_AGE), "acr_values": LIVE} if live else {}
        if hint:
            more["login_hint"] = hint
        if again:
            more["prompt"] = "login"
        begun = self._reach(lambda app: app.create_authorization_url(self._redirect_uri, **more))
        kept = {name: begun[name] for name in ("state", "nonce", "code_verifier")}
        return Departure(url=begun["url"], kept={**kept, "live": live, "asked_at": int(time.time())})

    def arrive(self, *, told: dict[str, str], kept: dict[str, Any]) -> Verified:
        """Exchange what the browser brought back. Raises VerificationRefused, VerificationDown."""
        if told.get("state") != kept["state"]:
            raise VerificationRefused("state")
        if told.get("iss") != self._issuer:
            raise VerificationRefused("iss")
        if "error" in told or "code" not in told:
            raise VerificationRefused(told.get("error", "no_code")[:60])
        verified: Verified = self._reach(lambda app: self._exchanged(app, told["code"], kept))
        return verified

    def read_logout(self, *, token: str) -> LoggedOut:
        """Verify a logout token (Back-Channel Logout 1.0, 2.6). Raises VerificationRefused, VerificationDown."""
        if len(token) > _LONGEST_LOGOUT_TOKEN or not _TOKEN.fullmatch(token):
            raise VerificationRefused("not_a_token")  # before the platform is asked for its keys
        claims = self._decoded(token)
        if "nonce" in claims or not isinstance((claims.get("events") or {}).get(_LOGOUT), dict):
            raise VerificationRefused("not_a_logout_token")
        subject, sid = claims.get("sub"), claims.get("sid")
        if not isinstance(subject, str) or not (sid is None or isinstance(sid, str)):
            raise VerificationRefused("nobody_named")
        return LoggedOut(issuer=self._issuer, subject=subject, sid=sid)

    def _exchanged(self, app: _App, code: str, kept: dict[str, Any]) -> Verified:
        token = app.fetch_access_token(self._redirect_uri, code=code, code_verifier=kept["code_verifier"])
        told = app.parse_id_token(token, nonce=kept["nonce"], leeway=_LEEWAY)
        if told is None:
            raise VerificationRefused("no_id_token")
        if kept["live"]:
            _require_live(told, asked_at=kept["asked_at"], now=time.time())
        return Verified(
            issuer=self._issuer, subject=told["sub"], sid=told["sid"], name=told["name"],
            licence_no=told["licence_no"], kind=told["kind"], status=told["status"], live=told.get("acr") == LIVE,
            auth_time=int(told["auth_time"]), firm_name=told.get("firm", ""), firm_uscc=told.get("firm_uscc", ""),
            province=told.get("province", ""),
        )  # fmt: skip

    def _decoded(self, token: str) -> dict[str, Any]:
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
            keys = _shelf_of(self._issuer).keys_for(kid, fetch=self._key_set)
            held = jwt.decode(token, keys, algorithms=["RS256"])
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._account.client_id},
                iat={"essential": True}, exp={"essential": True}, jti={"essential": True},
            ).validate(held.claims)  # fmt: skip
        except (JoseError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise VerificationRefused(type(error).__name__) from error
        return dict(held.claims)

    def _key_set(self) -> KeySet:
        keys: KeySet = self._reach(lambda app: KeySet.import_key_set(app.fetch_jwk_set()))
        return keys

    def _reach(self, work: Any) -> Any:
        """Ask the platform; whatever is no proper answer counts as none."""
        app = _App(
            None, name="verification", client_id=self._account.client_id, client_secret=self._account.client_secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": SCOPES, "code_challenge_method": "S256", "timeout": _SECONDS, "trust_env": False,
                "token_endpoint_auth_method": "client_secret_basic",
            },
        )  # fmt: skip
        try:
            if app.load_server_metadata().get("issuer") != self._issuer:
                raise VerificationDown("the platform calls itself otherwise")
            return work(app)
        except OAuthError as error:
            raise VerificationRefused(str(error.error)[:60]) from error
        except JoseError as error:
            raise VerificationRefused(type(error).__name__) from error
        except (httpx.HTTPError, json.JSONDecodeError, KeyError, TypeError, ValueError, RuntimeError) as error:
            raise VerificationDown(type(error).__name__) from error


class KeyShelf:
    """The platform's key set as this process last saw it.

    A token under a new key has it fetched, so that a rotation needs no restart here. Whoever sends tokens under keys
    of his own invention has it fetched once in `KEYS_PAUSE` seconds, and holds up no token under a known key. A key
    that the platform takes back (a theft) counts for at most `KEYS_KEPT` more.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._keys: KeySet | None = None
        self._fetched_at = self._asked_at = float("-inf")

    def keys_for(self, kid: object, *, fetch: Callable[[], KeySet]) -> KeySet:
        """The key set to check a token under `kid` with. Raises what `fetch` raises, VerificationDown."""
        now, held = self._clock(), self._keys
        fresh = held is not None and now - self._fetched_at < KEYS_KEPT
        if held is not None and fresh and kid in {key.kid for key in held.keys}:
            return held
        with self._lock:
            if now - self._asked_at < KEYS_PAUSE:
                if self._keys is None or now - self._fetched_at >= KEYS_KEPT:
                    raise VerificationDown("asked for its keys a moment ago")
                return self._keys
            self._asked_at = now
            self._keys = fetch()
            self._fetched_at = now
            return self._keys


_shelves: dict[str, KeyShelf] = {}


def _shelf_of(issuer: str) -> KeyShelf:
    """One for each platform in this process; there is one platform."""
    return _shelves.setdefault(issuer, KeyShelf())


def _require_live(told: dict[str, Any], *, asked_at: int, now: float) -> None:
    """The level and the age that were asked for (OpenID Connect Core 3.1.3.7, 12 and 13).

    Signing in and being seen within `MAX_AGE` count, and whatever was done for this very request: an officer who looks
    at the film may take longer. Raises VerificationRefused: `too_weak` for a lower level, `too_old` for an old proof.
    """
    if told.get("acr") != LIVE:
        raise VerificationRefused("too_weak")
    oldest = min(asked_at, now - MAX_AGE) - _LEEWAY
    if not all(oldest <= int(told[name]) <= now + _LEEWAY for name in ("auth_time", "live_checked_at")):
        raise VerificationRefused("too_old")
