"""A registry that lies on demand, for the client's tests: the wire of 律师身份核验平台, its people in memory.

The service itself is `lutong.verification`, whose tests hold the same client against it.
"""

import asyncio
import base64
import datetime as dt
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lutong.gateways.registry.keys import ISSUER, ensure_keys
from lutong.gateways.registry.port import LicenceKind, LicenceStatus
from lutong.gateways.registry.real import BATCH, SIGNATURE_HEADER

ROLL = json.loads((Path(__file__).parents[3] / "verification" / "registry" / "data" / "roll.json").read_text("utf-8"))
_KINDS = {
    LicenceStatus.ACTIVE: "resume",
    LicenceStatus.SUSPENDED: "suspend",
    LicenceStatus.REVOKED: "revoke",
    LicenceStatus.CANCELLED: "cancel",
}
# One white pixel; the same with more behind it than a photo may have; and what is no picture, whatever it calls itself.
_FACE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTXuFQAAAABJRU5ErkJggg==")
PHOTOS = {
    "face": _FACE,
    "other": _FACE + b"other",
    "large": _FACE + bytes(64 * 1024),
    "page": b"<!doctype html><script>alert(1)</script>",
    "empty": b"",
}
CALM = {"mode": "normal", "slow_seconds": 10.0}


@dataclass
class Roll:
    """What this registry knows and how it shall misbehave."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    wishes: dict[str, Any] = field(default_factory=lambda: dict(CALM))

    def decide(self, number: str, status: LicenceStatus, reason: str, firm_uscc: str = "") -> None:
        """Record a decision that takes effect today."""
        person, now = self.people[number], dt.datetime.now(dt.UTC)
        old = {"old_firm_uscc": person["firm_uscc"], "old_firm_name": person["firm_name"]}
        if firm_uscc:
            firm = next(firm for firm in ROLL["firms"] if firm["uscc"] == firm_uscc)
            person |= {"firm_uscc": firm_uscc, "firm_name": firm["name"]}
        person |= _standing(status, reason, now.date().isoformat())
        self.changes.append(
            {
                "seq": len(self.changes) + 1, "licence_no": number, "licence_kind": person["kind"],
                "kind": "transfer" if firm_uscc else _KINDS[status], "status": status, "reason": reason,
                "since": now.date().isoformat(), "recorded_at": now.isoformat(), **old,
                "new_firm_uscc": person["firm_uscc"], "new_firm_name": person["firm_name"],
            }
        )  # fmt: skip


def _standing(status: LicenceStatus, reason: str, since: str) -> dict[str, Any]:
    active = status is LicenceStatus.ACTIVE
    return {
        "status": status, "status_label": status.label, "status_reason": "" if active else reason,
        "status_since": since, "remedy": "" if active else "向所在地司法行政部门申请恢复执业；不服的可以申请行政复议。",
    }  # fmt: skip


def seeded() -> Roll:
    """The fictional people of the demo world."""
    roll, firms = Roll(), {firm["key"]: firm for firm in ROLL["firms"]}
    today = dt.datetime.now(dt.UTC).date()
    everybody = [
        *ROLL["lawyers"],
        *({**one, "licence_no": one["number"], "kind": "trainee"} for one in ROLL["trainees"]),
        *({**one, "licence_no": one["number"], "kind": "grassroots"} for one in ROLL["grassroots"]),
    ]
    for one in everybody:
        firm = firms[one["firm"]]
        roll.people[one["licence_no"]] = {
            "licence_no": one["licence_no"], "name": one["name"], "sex": one["sex"], "kind": one["kind"],
            "firm_name": firm["name"], "firm_uscc": firm["uscc"], "firm_kind": firm["kind"], "scope": one.get("scope"),
            "body_name": firm["name"] if firm["kind"] in ("company", "public_body") else "",
            "region": one.get("region", ""), "supervisor_no": one.get("supervisor", ""),
            "province": firm["province"], "city": firm["city"],
            **_standing(LicenceStatus.ACTIVE, "", one.get("since") or today.isoformat()),
        }  # fmt: skip
        if "status" in one:
            roll.decide(one["licence_no"], LicenceStatus(one["status"]), one["reason"])
            since = dt.date.fromisoformat(one.get("status_since", "2026-10-12")).isoformat()
            roll.people[one["licence_no"]]["status_since"] = since
    return roll


def build(home: Path) -> Starlette:
    """The ASGI application; its key is in `home`/secrets/registry."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        ensure_keys(home / "secrets" / "registry")
        key = OKPKey.import_key(json.loads((home / "secrets" / "registry" / "private.jwk").read_text("utf-8")))
        app.state.roll, app.state.key = seeded(), key
        yield

    routes = [
        Route("/v1/lawyers", _answering(_lawyers)),
        Route("/v1/lawyers/{number}", _answering(_lawyer)),
        Route("/v1/people/{number}", _answering(_person)),
        Route("/v1/firms/{uscc}/people", _answering(_firm_people)),
        Route("/v1/events", _answering(_events)),
        Route("/photos/{name}.png", _photo),
        Route("/control", _control, methods=["POST"]),
        Route("/lawyers/{number}", _decide, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _lawyer(roll: Roll, request: Request) -> dict[str, Any] | None:
    found = _person(roll, request)
    return found if found and LicenceKind(found["kind"]).is_lawyer else None


def _person(roll: Roll, request: Request) -> dict[str, Any] | None:
    return roll.people.get(request.path_params["number"])


def _lawyers(roll: Roll, request: Request) -> list[dict[str, Any]]:
    wanted = [number for number in request.query_params.get("ids", "").split(",") if number]
    assert 1 <= len(wanted) <= BATCH
    return [roll.people[number] for number in dict.fromkeys(wanted) if number in roll.people]


def _firm_people(roll: Roll, request: Request) -> dict[str, Any] | None:
    uscc, after = request.path_params["uscc"], request.query_params.get("after", "")
    if uscc not in {firm["uscc"] for firm in ROLL["firms"]}:
        return None
    people = sorted(
        (one for one in roll.people.values() if one["firm_uscc"] == uscc and one["status"] in ("active", "suspended")),
        key=lambda one: str(one["licence_no"]),
    )
    page = [one for one in people if one["licence_no"] > after]
    return {"firm": {"uscc": uscc}, "people": page[:3], "more": len(page) > 3}


def _events(roll: Roll, request: Request) -> list[dict[str, Any]]:
    return [one for one in roll.changes if one["seq"] > int(request.query_params["after"])][:BATCH]


def _answering(find: Callable[[Roll, Request], Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        roll: Roll = request.app.state.roll
        mode = roll.wishes["mode"]
        if mode == "down":
            return JSONResponse({"error": "系统维护"}, 503)
        if mode == "slow":
            await asyncio.sleep(roll.wishes["slow_seconds"])
        data = find(roll, request)
        told = {
            "iss": ISSUER,
            "iat": int(time.time()) - (3600 if mode == "stale" else 0),
            "jti": secrets.token_hex(16),
            "nonce": "recorded-0123456789" if mode == "replayed" else request.query_params["nonce"],
            "asked": {"path": request.url.path} | {k: v for k, v in request.query_params.items() if k != "nonce"},
            "status": 404 if data is None else 200,
            "data": _contradicted(data) if mode == "contradictory" else data,
        }
        if mode == "other_licence" and isinstance(data, dict):
            told["data"] = next(one for one in roll.people.values() if one is not data)
        body = json.dumps(told, ensure_ascii=False).encode()
        return Response(body, told["status"], _signature(request, body, mode), media_type="application/json")

    return endpoint


def _signature(request: Request, body: bytes, mode: str) -> dict[str, str]:
    if mode == "unsigned":
        return {}
    key = request.app.state.key
    if mode == "wrong_signature":
        key = OKPKey.generate_key("Ed25519", private=True)
    return {
        SIGNATURE_HEADER: jws.detach_content(
            jws.serialize_compact({"alg": "Ed25519"}, body, key, algorithms=["Ed25519"])
        )
    }


def _contradicted(data: Any) -> Any:
    lie = {"status": "active", "status_label": "停止执业", "status_reason": "停止执业三个月"}
    return data | lie if isinstance(data, dict) else [one | lie for one in data] if data else data


async def _photo(request: Request) -> Response:
    """What lies at a photo's address, good and bad; `down` counts here, too."""
    if request.app.state.roll.wishes["mode"] == "down":
        return Response(status_code=503)
    if request.path_params["name"] == "moved":
        return Response(status_code=302, headers={"location": "/photos/face.png"})
    return Response(PHOTOS[request.path_params["name"]], media_type="image/png")


async def _control(request: Request) -> Response:
    request.app.state.roll.wishes = CALM | await request.json()
    return JSONResponse({})


async def _decide(request: Request) -> Response:
    sent = await request.json()
    roll: Roll = request.app.state.roll
    status = LicenceStatus(sent["status"])
    roll.decide(request.path_params["number"], status, sent["reason"], sent.get("firm_uscc", ""))
    return JSONResponse({})
