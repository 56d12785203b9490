"""Public reference data over HTTP: courts and causes. Nobody signs in for these; clients may keep them a day."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from lutong.domains.courts import queries

router = Router(tags=["courts"], auth=None)

_DAY = "public, max-age=86400"
Text = Annotated[str, Query(max_length=80)]
CourtId = Annotated[int, Path(ge=1, le=32767)]
CauseId = Annotated[int, Query(ge=1, le=2_147_483_647)]
Kind = Literal["civil", "administrative", "criminal"]


class CourtOut(Schema):
    """人民法院."""

    id: int
    code: str
    name: str
    short_name: str
    level: int
    level_label: str
    kind: str
    kind_label: str
    parent_id: int | None
    province: str
    city: str
    latitude: Decimal
    longitude: Decimal
    address: str
    phone: str
    active_to: dt.date | None
    receives_civil_first: bool


class CauseOut(Schema):
    """案由."""

    id: int
    name: str
    kind: str
    level: int
    parent_id: int | None
    number: int | None
    path: str
    has_children: bool


@router.get("/courts", response=list[CourtOut], summary="查找法院")
def search_courts(
    request: HttpRequest,
    response: HttpResponse,
    text: Text = "",
    province: Annotated[str, Query(max_length=20)] = "",
    level: Annotated[int | None, Query(ge=1, le=4)] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> list[queries.CourtInfo]:
    response["Cache-Control"] = _DAY
    return queries.search_courts(text=text, province=province, level=level, limit=limit)


@router.get("/courts/provinces", response=list[str], summary="有法院的省份")
def list_provinces(request: HttpRequest, response: HttpResponse) -> list[str]:
    response["Cache-Control"] = _DAY
    return queries.list_provinces()


@router.get("/courts/{court_id}", response=CourtOut, summary="一个法院")
def get_court(request: HttpRequest, response: HttpResponse, court_id: CourtId) -> queries.CourtInfo:
    court = queries.get_court(court_id=court_id)
    response["Cache-Control"] = _DAY
    return court


@router.get("/causes", response=list[CauseOut], summary="查找案由")
def search_causes(
    request: HttpRequest,
    response: HttpResponse,
    text: Text = "",
    kind: Kind = "civil",
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> list[queries.CauseInfo]:
    response["Cache-Control"] = _DAY
    return queries.search_causes(text=text, kind=kind, limit=limit)


@router.get("/causes/tree", response=list[CauseOut], summary="案由目录的一层")
def read_causes(
    request: HttpRequest, response: HttpResponse, parent: CauseId | None = None, kind: Kind = "civil"
) -> list[queries.CauseInfo]:
    below = queries.cause_tree(kind=kind) if parent is None else queries.child_causes(parent_id=parent)
    response["Cache-Control"] = _DAY
    return below
