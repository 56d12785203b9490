"""Authlib's provider, told where our codes and tokens are. The protocol is the library's; here are its hooks only."""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.errors import RequestNotSupportedError, RequestURINotSupportedError
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.rpinitiated import EndSessionEndpoint
from django.conf import settings
from django.http import HttpResponse
from joserfc.jwk import KeySet, RSAKey

from lutong.kernel import clock
from lutong.verification.entrance.models import Visit
from lutong.verification.entrance.rules import Acr, Way, amr_of
from lutong.verification.oidc import keys, rules
from lutong.verification.oidc.claims import claims_of
from lutong.verification.oidc.models import AccessToken, Application, AuthorizationCode
from lutong.verification.oidc.secrets import digest, new_secret, subject_of
from lutong.verification.registry.queries import LicenceView, get_licence

KEYS = settings.LUTONG.home / "secrets" / "oidc"


def issuer() -> str:
    """The name of this provider: its address as relying parties see it."""
    return str(settings.LUTONG_VERIFICATION_URL)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a code or token is about: the resource owner in Authlib's words."""

    person_id: int
    number: str
    visit_id: Any
    licence: LicenceView
    application: Application
    auth_time: int = 0
    acr: str = Acr.CODE
    amr: tuple[str, ...] = ()

    @classmethod
    def of(cls, visit: Visit, licence: LicenceView, application: Application, level: Acr) -> "Holder":
        amr = amr_of(way=Way(visit.way), live=visit.live_at is not None)
        return cls(
            visit.person_id, visit.number, visit.pk, licence, application, int(visit.authenticated_at.timestamp()),
            level, tuple(amr),
        )  # fmt: skip

    def told(self, scope: str) -> dict[str, Any]:
        """The claims of the scopes, under this application's own number for the person."""
        sub = subject_of(client_id=self.application.client_id, person_id=self.person_id)
        return claims_of(licence=self.licence, scopes=set(scope.split()), sub=sub)


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib is untyped
    """The provider; answers carry `iss` (RFC 9207), so that no answer can be taken for another provider's."""

    def __init__(self) -> None:
        super().__init__(Application, AccessToken)
        self.register_token_generator(
            "default",
            BearerTokenGenerator(
                access_token_generator=lambda *_, **__: new_secret(),
                expires_generator=lambda *_: int(rules.TOKEN_LIFE.total_seconds()),
            ),
        )

    def query_client(self, client_id: str) -> Application | None:
        return Application.objects.filter(client_id=client_id, active=True).first()

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        now = clock.now()
        AccessToken.objects.create(
            digest=digest(token["access_token"]), code=request.authorization_code, expires_at=now + rules.TOKEN_LIFE
        )

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> HttpResponse:
        named = [(k, add_params_to_uri(v, {"iss": issuer()}) if k == "Location" else v) for k, v in headers]
        response: HttpResponse = super().handle_response(status_code, payload, named)
        return response

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens: this project uses no signals."""


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib is untyped
    """Authorization code, the only grant."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        holder, asked, now = request.user, request.payload.data, clock.now()
        AuthorizationCode.objects.create(
            digest=digest(code), application=request.client, person_id=holder.person_id, number=holder.number,
            visit_id=holder.visit_id, redirect_uri=request.payload.redirect_uri, scope=request.scope,
            nonce=asked.get("nonce", ""), code_challenge=asked.get("code_challenge", ""),
            code_challenge_method=asked.get("code_challenge_method", ""), auth_time=holder.auth_time, acr=holder.acr,
            amr=list(holder.amr), made_at=now, expires_at=now + rules.CODE_LIFE,
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Application) -> AuthorizationCode | None:
        """The code, locked: of two exchanges at once one wins. A second use takes back what the first was given."""
        found = AuthorizationCode.objects.select_for_update().filter(digest=digest(code), application=client)
        held, now = found.first(), clock.now()
        if held is not None and held.used_at is not None:
            held.tokens.filter(revoked_at=None).update(revoked_at=now)
            return None
        return held if held is not None and now < held.expires_at else None

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        authorization_code.used_at = clock.now()
        authorization_code.save(update_fields=["used_at"])

    def authenticate_user(self, authorization_code: AuthorizationCode) -> Holder | None:
        """The holder as he stands now: a licence that died within the minute gets no token."""
        licence = get_licence(number=authorization_code.number)
        if licence is None or not licence.may_practise:
            return None
        return holder_of(authorization_code, licence)


def holder_of(code: AuthorizationCode, licence: LicenceView) -> Holder:
    """Whom a code is about."""
    return Holder(code.person_id, code.number, code.visit_id, licence, code.application, code.auth_time, code.acr)


class Proof(CodeChallenge):  # type: ignore[misc]  # Authlib is untyped
    """PKCE: S256 only, and a must for applications that cannot keep a secret (RFC 9700 2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        sent = grant.request.payload.data
        if not sent.get("code_challenge") and grant.request.client.public:
            raise InvalidRequestError("Missing 'code_challenge'")
        if sent.get("code_challenge") and sent.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Unsupported 'code_challenge_method'")
        super().validate_code_challenge(grant, redirect_uri)


class Identity(OpenIDCode):  # type: ignore[misc]  # Authlib is untyped
    """The ID token."""

    def resolve_client_private_key(self, client: Application) -> RSAKey:
        return keys.signing_key(KEYS, now=clock.now())

    def get_encode_header(self, client: Application) -> dict[str, Any]:
        return {"alg": keys.ALGORITHM, "kid": keys.signing_key(KEYS, now=clock.now()).kid, "typ": "JWT"}

    def get_client_claims(self, client: Application) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": issuer(), "aud": client.client_id, "iat": now, "exp": now + _seconds(rules.ID_TOKEN_LIFE)}

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return AuthorizationCode.objects.filter(
            application__client_id=request.payload.client_id, nonce=nonce[:300]
        ).exists()

    def generate_user_info(self, user: Holder, scope: str) -> dict[str, Any]:
        return {**user.told(scope), "sid": str(user.visit_id)}


class Fitting:
    """What this provider does not do is said in the protocol's words, never passed over in silence."""

    def __call__(self, grant: Any) -> None:
        grant.register_hook("after_validate_authorization_request_payload", self.check)

    def check(self, grant: Any, redirect_uri: str) -> None:
        sent = grant.request.payload.data
        if "request" in sent:
            raise RequestNotSupportedError()
        if "request_uri" in sent:
            raise RequestURINotSupportedError()
        if sent.get("response_mode", "query") != "query":
            raise InvalidRequestError("Unsupported 'response_mode'")
        if "openid" not in grant.request.scope.split():
            raise InvalidScopeError("The scope must contain 'openid'")
        if len(sent.get("nonce", "")) > 300 or len(sent.get("state", "")) > 2000:
            raise InvalidRequestError("'nonce' or 'state' is too long")
        asked_of(sent)


class Leaving(EndSessionEndpoint):  # type: ignore[misc]  # Authlib is untyped
    """RP-initiated logout; the page ends the visit, for only the page knows the browser."""

    def get_server_jwks(self) -> KeySet:
        return keys.verifying_keys(KEYS, now=clock.now())

    def get_algorithms(self) -> list[str]:
        return [keys.ALGORITHM]

    def end_session(self, end_session_request: Any) -> None:
        """Done by the page before it asks for the answer."""


def asked_of(sent: dict[str, str]) -> rules.Asked:
    """What a request asks of the sign-in. Raises InvalidRequestError."""
    age = sent.get("max_age", "")
    if age and not (age.isascii() and age.isdigit() and len(age) < 10):
        raise InvalidRequestError("Invalid 'max_age' parameter.")
    prompts = frozenset(sent.get("prompt", "").split())
    if not prompts <= {"none", "login", "consent", "select_account"} or ("none" in prompts and len(prompts) > 1):
        raise InvalidRequestError("Invalid 'prompt' parameter.")
    known = tuple(Acr(word) for word in sent.get("acr_values", "").split() if word in set(Acr))
    return rules.Asked(prompts, int(age) if age else None, known)


def _seconds(span: dt.timedelta) -> int:
    return int(span.total_seconds())


server = Server()
server.register_grant(CodeGrant, [Fitting(), Proof(), Identity(require_nonce=False)])
server.register_endpoint(Leaving)
