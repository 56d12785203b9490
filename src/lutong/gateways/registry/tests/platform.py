"""A provider that signs whatever a test plants, for tests of the relying party; `lutong.verification` is real."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lutong.gateways.registry.oidc import LIVE
from lutong.gateways.tests.serving import serving


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@dataclass
class Platform:
    """The address, and the claims behind each code that was not exchanged yet."""

    address: str = ""
    is_down: bool = False
    key: RSAKey = field(default_factory=new_key)
    key_questions: int = 0
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)

    def logout_token(self, *, key: RSAKey | None = None, **claims: Any) -> str:
        """A logout token of all sessions of a person, under the platform's key unless another is given."""
        now, signer = int(time.time()), key or self.key
        told = {
            "iss": self.address, "aud": "lutong", "iat": now, "exp": now + 120, "jti": f"j{now}", "sub": "s1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **claims,
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": signer.kid, "typ": "logout+jwt"}, told, signer)

    def return_from(self, departure: str, **claims: Any) -> dict[str, str]:
        """What the browser brings back from there, after the person was seen just now (unless `claims` differ)."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(departure).query).items()}
        now, code = int(time.time()), f"code-{len(self.claims)}"
        self.claims[code] = {
            "iss": self.address, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "sub": "s1", "sid": "v1", "name": "周岚", "kind": "full_time", "status": "active", "acr": LIVE,
            "auth_time": now, "live_checked_at": now, **claims,
        }  # fmt: skip
        return {"code": code, "state": asked["state"], "iss": self.address}


@contextmanager
def lying_platform() -> Iterator[Platform]:
    platform = Platform()

    async def metadata(request: Request) -> Response:
        if platform.is_down:
            return Response(status_code=503)
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return JSONResponse({
            "issuer": platform.address, "id_token_signing_alg_values_supported": ["RS256"],
            **{name: f"{platform.address}/oidc/{path}" for name, path in paths.items()},
        })  # fmt: skip

    async def token(request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        claims = platform.claims.pop(form["code"][0])
        id_token = jwt.encode({"alg": "RS256", "kid": platform.key.kid}, claims, platform.key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token})

    async def keys(request: Request) -> Response:
        platform.key_questions += 1
        return Response(json.dumps(KeySet([platform.key]).as_dict(private=False)), media_type="application/json")

    routes = [
        Route("/.well-known/openid-configuration", metadata),
        Route("/oidc/token", token, methods=["POST"]),
        Route("/oidc/keys", keys),
    ]
    with serving(Starlette(routes=routes)) as platform.address:
        yield platform
