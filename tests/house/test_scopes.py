"""Every operation of the API says which scope a token needs; only reference data needs none."""

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI, Router

from lutong.domains.identity.scopes import SCOPES
from lutong.site.api import api, build

OPEN_TAGS = {"courts"}  # public reference data


def without_scope(built: NinjaAPI) -> Iterator[str]:
    for bound in built._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                scope = getattr(operation.view_func, "scope", None)
                if scope not in SCOPES and not OPEN_TAGS & set(bound.tags or bound.template.tags or []):
                    yield f"{','.join(operation.methods)} {path}"


def test_every_operation_names_a_known_scope() -> None:
    assert list(without_scope(api)) == []


def test_an_operation_without_scope_is_found() -> None:
    planted = Router()

    @planted.get("/planted")
    def look(request: Any) -> dict[str, str]:
        return {}

    assert list(without_scope(build(planted, namespace="planted"))) == ["GET /planted"]
