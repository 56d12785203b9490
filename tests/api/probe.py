"""The real API with a few operations more, which show what every domain's operations get. A URLconf for tests."""

import uuid
from typing import Any

from django.db import connection
from django.urls import path
from ninja import Router, Schema

from lutong.domains.exchange.actions import answer_once
from lutong.kernel import clock
from lutong.kernel.errors import Conflict
from lutong.kernel.faces import actor_in, etag, scoped, version_in
from lutong.site.api import build
from lutong.site.urls import handler404 as handler404
from lutong.site.urls import urlpatterns as product


class Thing(Schema):
    name: str
    amount: int


probe = Router()


@probe.get("/probe/whoami")
@scoped("cases:read")
def whoami(request: Any) -> dict[str, Any]:
    return {"person": actor_in(request).person_id, "name": actor_in(request).name}


@probe.post("/probe/things")
@scoped("filing:write")
def create(request: Any, thing: Thing) -> Any:
    def work() -> tuple[int, dict[str, Any]]:
        if thing.amount < 0:
            raise Conflict("金额不能为负", amount=thing.amount)
        return 201, {"id": str(uuid.uuid4())}

    status, body, _ = answer_once(
        actor=actor_in(request),
        key=request.headers.get("Idempotency-Key", ""),
        request_body=thing.dict(),
        work=work,
        now=clock.now(),
    )
    return api.create_response(request, body, status=status)


@probe.put("/probe/things/{thing_id}")
@scoped("filing:write")
def change(request: Any, thing_id: uuid.UUID, thing: Thing) -> Any:
    response = api.create_response(request, {"version": version_in(request)}, status=200)
    response["ETag"] = etag(7)
    return response


@probe.get("/probe/things/{thing_id}", auth=None)
def broken(request: Any, thing_id: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::int", [thing_id])
    raise RuntimeError("秘密 secret path")


api = build(probe, namespace="probe")
urlpatterns = [path("api/v1/", api.urls), *product]
