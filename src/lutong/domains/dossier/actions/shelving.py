"""卷宗整理: the order of a volume, main and sub volume, papers that the court adds itself."""

import datetime as dt
import uuid
from collections.abc import Sequence

from lutong.domains.audit.actions import record
from lutong.domains.cases.queries import get_case
from lutong.domains.courts.queries import document_code
from lutong.domains.dossier import queries
from lutong.domains.dossier.actions.documents import TakeIn, take_in
from lutong.domains.dossier.models import Document, PageImage
from lutong.domains.dossier.queries import CURRENT, Volume
from lutong.domains.dossier.rules import KEEPERS, VOLUMES, objection_to_move
from lutong.domains.exchange.actions import first_time
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

MOST_AT_ONCE = 100


@action
def reorder(
    *, actor: Actor, court_id: int, document_id: uuid.UUID, volume: str, place: int, now: dt.datetime
) -> Document:
    """Put one document into the main or the sub volume (正卷、副卷) and at its place."""
    _must_keep(actor, court_id)
    if not 0 <= place < 100_000:
        raise Invalid("次序不对", fields={"place": "请填 0 至 99999 的整数"})
    document = Document.objects.select_for_update().filter(court_id=court_id, id=document_id).first()
    if document is None:
        raise NotFound("没有这份材料，或您无权查看")
    _put(actor, document, volume, place, now)
    return document


@action
def arrange(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    order: Sequence[tuple[uuid.UUID, str]],
    now: dt.datetime,
) -> int:
    """Put the whole volume of a case into the given order, each paper with its 卷别; answer how many moved.

    Conflict when the volume has changed meanwhile: whoever sorted had not seen the new paper.
    """
    _must_keep(actor, court_id)
    get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    held = {
        d.id: d
        for d in Document.objects.select_for_update()
        .filter(court_id=court_id, case_id=case_id, state__in=CURRENT)
        .order_by("id")
    }
    if {one for one, _ in order} != held.keys() or len(order) != len(held):
        raise Conflict("卷宗已有变化（有人新增或整理了文件），请刷新页面后再整理")
    moved = 0
    for place, (document_id, volume) in enumerate(order, 1):
        document = held[document_id]
        if (document.volume, document.place) != (volume, place):
            _put(actor, document, volume, place, now)
            moved += 1
    return moved


@action
def add_court_papers(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    uploads: Sequence[uuid.UUID],
    kind: str,
    title: str,
    now: dt.datetime,
    volume: str = "",
) -> list[Document]:
    """Take finished uploads of court staff into a case. Without `volume` the kind decides; `title` names one file."""
    _must_keep(actor, court_id)
    if not uploads:
        raise Invalid("还没有选择文件", fields={"uploads": "请先上传文件，等上传完成后再归入卷宗"})
    if len(uploads) > MOST_AT_ONCE:
        raise Invalid(f"一次最多归入 {MOST_AT_ONCE} 份", fields={"uploads": "请分几次归入"})
    if len(title) > 200:
        raise Invalid("名称太长", fields={"title": "请控制在 200 字以内"})
    code = document_code(code=kind)
    target = volume or code.side
    if target not in VOLUMES:
        raise Invalid("卷别不对", fields={"volume": "请选择正卷或副卷"})
    if objection := objection_to_move(from_court=True, kind=code.code, side=code.side, target=target):
        raise Invalid(objection, fields={"volume": objection})
    get_case(actor=actor, court_id=court_id, case_id=case_id, lock=True)
    last = Document.objects.filter(court_id=court_id, case_id=case_id).order_by("-place").first()
    start = (last.place if last else 0) + 1
    items = [
        TakeIn(upload_id=one, kind=code.code, title=_title(title, len(uploads), i), place=start + i, volume=target)
        for i, one in enumerate(uploads)
    ]
    return take_in(actor=actor, court_id=court_id, case_id=case_id, items=items, now=now)


@action
def open_volume(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, now: dt.datetime, after: str = "", limit: int = 100
) -> Volume:
    """The volume for a page (see queries.volume); papers that should be in it and are not are reported at once."""
    shown = queries.volume(actor=actor, court_id=court_id, case_id=case_id, after=after, limit=limit)
    if not shown.check.complete:
        wrong = [*shown.check.hidden, *shown.check.foreign]
        report_hidden(actor=actor, court_id=court_id, case_id=case_id, documents=wrong, now=now)
    return shown


@action
def report_hidden(
    *, actor: Actor, court_id: int, case_id: uuid.UUID, documents: Sequence[uuid.UUID], now: dt.datetime
) -> None:
    """Papers of record were not shown to the actor: write it down and tell judge and 书记员, once an hour."""
    if not first_time(court_id=court_id, key=f"hidden:{case_id}:{actor.person_id}:{now:%Y%m%d%H}", now=now):
        return
    case = get_case(actor=actor, court_id=court_id, case_id=case_id)
    record(
        actor=actor, court_id=court_id, action="dossier.report_hidden", subject=case.number, now=now,
        case_id=case_id, documents=[str(one) for one in documents],
    )  # fmt: skip
    for person_id in {case.judge_id, case.recorder_id} - {None}:
        tell(
            person_id=person_id or 0, key=f"hidden:{court_id}:{case_id}:{now:%Y%m%d}", kind="dossier", tone="danger",
            title=f"{case.number} 卷宗显示不完整", now=now, link=f"/desk/dossier/{case_id}/",
            body=f"有 {len(documents)} 份材料在案却未能显示给查阅人，请核对卷宗并联系技术支持。",
        )  # fmt: skip


def _must_keep(actor: Actor, court_id: int) -> None:
    if not actor.is_staff or actor.court_id != court_id:
        raise NotFound("没有这个案件，或您无权查看")
    if actor.role not in KEEPERS:
        raise NotAllowed("卷宗由书记员和承办法官整理")


def _put(actor: Actor, document: Document, volume: str, place: int, now: dt.datetime) -> None:
    if volume not in VOLUMES:
        raise Invalid("卷别不对", fields={"volume": "请选择正卷或副卷"})
    before = document.volume, document.place
    if volume != document.volume:
        _check_move(document, volume)
    document.volume, document.place = volume, place
    document.save(update_fields=["volume", "place"])
    PageImage.objects.filter(court_id=document.court_id, document_id=document.id).update(volume=volume)
    record(
        actor=actor, court_id=document.court_id, action="dossier.reorder", subject=document.title, now=now,
        case_id=document.case_id, document=str(document.id), before=before, after=(volume, place),
    )  # fmt: skip


def _check_move(document: Document, volume: str) -> None:
    code = document_code(code=document.kind)
    objection = objection_to_move(
        from_court=document.from_court, kind=code.code, side=code.side, target=volume
    )  # fmt: skip
    if objection:
        raise Conflict(f"《{document.title[:60]}》：{objection}")


def _title(title: str, count: int, place: int) -> str:
    title = title.strip()
    return title if count == 1 or not title else f"{title}（{place + 1}）"
