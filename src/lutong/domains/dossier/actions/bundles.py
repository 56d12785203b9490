"""案卷打包: all papers of a case that a person may read, in one ZIP file."""

import datetime as dt
import uuid

from django.db.models import QuerySet

from lutong.domains.audit.actions import record
from lutong.domains.courts.queries import document_label
from lutong.domains.dossier.access import sees_case, visible_to
from lutong.domains.dossier.actions.documents import StoredBytes
from lutong.domains.dossier.bundling import Entry
from lutong.domains.dossier.models import Bundle, Document
from lutong.domains.dossier.queries import CURRENT, get_bundle
from lutong.domains.exchange.actions import put_out
from lutong.kernel.acting import action, as_actor, refuse_on
from lutong.kernel.actor import Actor, Role
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import Conflict, NotAllowed, NotFound
from lutong.kernel.tickets import ReadTicket, issue_read

KEPT = dt.timedelta(hours=24)
MOST_BYTES = 4_000_000_000

refuse_on("bundle_one_at_a_time", lambda: Conflict("这个案件的打包正在进行，请等待完成"))


@action
def order_bundle(*, actor: Actor, court_id: int, case_id: uuid.UUID, number: str, now: dt.datetime) -> Bundle:
    """Order the ZIP file of a case; one at a time, the earlier ones go. Conflict when there is nothing, or too much."""
    if not sees_case(actor, court_id=court_id, case_id=case_id):
        raise NotFound("没有这个案件，或您无权查看")
    sizes = list(_papers(actor, court_id, case_id).values_list("size", flat=True))
    if not sizes:
        raise Conflict("卷宗里还没有文件，暂时不能打包")
    if sum(sizes) > MOST_BYTES:
        raise Conflict(f"全部文件超过 {MOST_BYTES // 10**9} GB，不能打成一个文件，请逐份下载")
    mine = Bundle.objects.filter(court_id=court_id, case_id=case_id, requested_by=actor.person_id)
    running = mine.filter(state__in=["waiting", "making"], requested_at__gt=now - dt.timedelta(hours=1)).first()
    if running is not None:
        return running
    mine.delete()
    bundle = Bundle.objects.create(
        court_id=court_id, case_id=case_id, requested_by=actor.person_id, requested_at=now, total=len(sizes),
        requester={
            "role": actor.role, "name": actor.name, "court_id": actor.court_id, "for_id": actor.for_id,
            "for_name": actor.for_name,
        },
        name=f"{number}_电子卷宗_{beijing_date(now):%Y%m%d}.zip"[:120],
    )  # fmt: skip
    record(
        actor=actor, court_id=court_id, action="dossier.order_bundle", subject=bundle.name, now=now, case_id=case_id,
        bundle=str(bundle.id), papers=len(sizes),
    )  # fmt: skip
    put_out(court_id=court_id, topic="dossier.bundle", payload={"id": str(bundle.id)}, now=now)
    return bundle


@action
def begin_bundle(*, actor: Actor, court_id: int, bundle_id: uuid.UUID, now: dt.datetime) -> list[Entry]:
    """What goes in, seen with the eyes of who ordered it; empty when it is made already or he lost the case since."""
    bundle = Bundle.objects.select_for_update().filter(court_id=court_id, id=bundle_id).first()
    if bundle is None or bundle.state in ("ready", "failed"):
        return []
    who = bundle.requester
    reader = Actor(
        bundle.requested_by, Role(who["role"]), who["name"], who["court_id"], for_id=who.get("for_id"),
        for_name=who.get("for_name", ""),
    )  # fmt: skip
    # The worker may see everything; the bundle holds only what its requester may see now.
    with as_actor(reader):
        allowed = _still_sees(reader, court_id, bundle.case_id)
        papers = list(_papers(reader, court_id, bundle.case_id)) if allowed else []
    bundle.state, bundle.total, bundle.done = "making" if papers else "failed", len(papers), 0
    bundle.save(update_fields=["state", "total", "done"])
    return [_packed(paper) for paper in papers]


@action
def note_bundle(*, actor: Actor, court_id: int, bundle_id: uuid.UUID, done: int, now: dt.datetime) -> None:
    """How many papers are in; the page shows it."""
    Bundle.objects.filter(court_id=court_id, id=bundle_id, state="making").update(done=done)


@action
def finish_bundle(
    *, actor: Actor, court_id: int, bundle_id: uuid.UUID, stored: StoredBytes, left_out: int, now: dt.datetime
) -> None:
    """The ZIP file is in the store."""
    Bundle.objects.filter(court_id=court_id, id=bundle_id, state="making").update(
        state="ready", object_key=stored.object_key, sealed_key=stored.sealed_key, size=stored.size,
        sha256=stored.sha256, left_out=left_out, finished_at=now,
    )  # fmt: skip


@action
def open_bundle(*, actor: Actor, court_id: int, bundle_id: uuid.UUID, now: dt.datetime) -> str:
    """A ticket to the ZIP file, for who ordered it, while he is in the case and the file is not older than a day."""
    bundle = get_bundle(actor=actor, court_id=court_id, bundle_id=bundle_id)
    if bundle.state != "ready":
        raise Conflict("打包还没有完成，请稍候")
    if bundle.finished_at is None or bundle.finished_at < now - KEPT:
        raise Conflict("打包文件只保留 24 小时，已经过期，请重新打包")
    record(
        actor=actor, court_id=court_id, action="dossier.download_bundle", subject=bundle.name, now=now,
        case_id=bundle.case_id, bundle=str(bundle.id), sha256=bundle.sha256,
    )  # fmt: skip
    ticket = ReadTicket(
        object_key=bundle.object_key, sealed_key=bytes(bundle.sealed_key), size=bundle.size, name=bundle.name,
        media_type="application/zip", person_id=actor.person_id, disposition="attachment", sha256=bundle.sha256,
    )  # fmt: skip
    return issue_read(ticket, now=now)


def _still_sees(reader: Actor, court_id: int, case_id: uuid.UUID) -> bool:
    try:
        return sees_case(reader, court_id=court_id, case_id=case_id)
    except NotAllowed:  # an assistant whose 阅卷 was taken back since he ordered
        return False


def _papers(actor: Actor, court_id: int, case_id: uuid.UUID) -> QuerySet[Document]:
    return visible_to(actor, court_id=court_id).filter(case_id=case_id, state__in=CURRENT).order_by("place", "id")


def _packed(paper: Document) -> Entry:
    return Entry(
        volume="副卷" if paper.volume == "sub" else "正卷", kind=document_label(paper.kind), title=paper.title,
        filename=paper.filename, pages=paper.pages, size=paper.size, sha256=paper.sha256, sm3=paper.sm3,
        submitter=paper.submitter, submitted_at=paper.submitted_at, object_key=paper.object_key,
        sealed_key=bytes(paper.sealed_key), damaged=paper.damaged_at is not None,
    )  # fmt: skip
