"""The papers of a case over HTTP: list, one, and an address from which its bytes can be read for five minutes."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from lutong.domains.courts.queries import document_label
from lutong.domains.dossier import actions, queries
from lutong.kernel import clock
from lutong.kernel.capabilities import Capability
from lutong.kernel.faces import actor_in, scoped
from lutong.kernel.tickets import READ_LIFE

router = Router(tags=["dossier"])

CourtId = Annotated[int, Path(ge=1, le=32767)]


class PaperOut(Schema):
    """卷宗文件."""

    id: UUID
    case_id: UUID | None
    filing_id: UUID | None
    kind: str
    kind_label: str
    title: str
    filename: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    sm3: str
    submitter: str
    submitted_at: dt.datetime
    state: str
    view_state: str
    view_reason: str

    @staticmethod
    def resolve_kind_label(paper: Any) -> str:
        return document_label(paper.kind)


class VolumeOut(Schema):
    """电子卷宗的一段；`more` 非空时作为 `after` 取下一段。"""

    papers: list[PaperOut]
    more: str
    shown: int
    complete: bool


class AddressOut(Schema):
    """限时的读取地址，只供本人使用，五分钟内有效。"""

    url: str
    expires_at: dt.datetime
    sha256: str


@router.get("/cases/{court_id}/{case_id}/documents", response=VolumeOut, summary="案件的电子卷宗")
@scoped("cases:read", needs=Capability.READ_DOSSIER)
def list_papers(
    request: HttpRequest,
    court_id: CourtId,
    case_id: UUID,
    after: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
) -> dict[str, Any]:
    volume = queries.volume(
        actor=actor_in(request), court_id=court_id, case_id=case_id, after=after, limit=limit
    )  # fmt: skip
    papers = [paper for group in volume.groups for paper in group.papers]
    return {
        "papers": papers, "more": volume.more, "shown": volume.check.shown, "complete": volume.check.complete,
    }  # fmt: skip


@router.get("/documents/{court_id}/{document_id}", response=PaperOut, summary="一份卷宗文件")
@scoped("cases:read", needs=Capability.READ_DOSSIER)
def get_paper(request: HttpRequest, court_id: CourtId, document_id: UUID) -> Any:
    return queries.get_document(actor=actor_in(request), court_id=court_id, document_id=document_id)


@router.post("/documents/{court_id}/{document_id}/address", response=AddressOut, summary="取得限时读取地址")
@scoped("cases:read", needs=Capability.READ_DOSSIER)
def issue_address(
    request: HttpRequest, court_id: CourtId, document_id: UUID, which: Literal["original", "view"] = "original"
) -> dict[str, Any]:
    """Every address that is handed out is written into the trail as a download."""
    actor, now = actor_in(request), clock.now()
    ticket = actions.open_file(
        actor=actor, court_id=court_id, document_id=document_id, copy=which, how="download", now=now
    )
    paper = queries.get_document(actor=actor, court_id=court_id, document_id=document_id)
    sha256 = paper.sha256 if which == "original" else paper.view_sha256
    return {"url": f"{settings.LUTONG_FILES_URL}/f/{ticket}", "expires_at": now + READ_LIFE, "sha256": sha256}
