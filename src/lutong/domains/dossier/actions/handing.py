"""提交材料: counsel of record hands papers into a case that is open."""

import datetime as dt
import uuid
from collections.abc import Sequence

from lutong.domains.cases.actions import add_milestone, require_power
from lutong.domains.cases.queries import get_case
from lutong.domains.courts.queries import document_code
from lutong.domains.delegation.actions import note_papers
from lutong.domains.dossier.actions.documents import TakeIn, take_in
from lutong.domains.dossier.models import Document
from lutong.domains.identity.actions import licensed
from lutong.domains.notices.actions import tell
from lutong.kernel.acting import action, as_actor
from lutong.kernel.actor import Actor, system
from lutong.kernel.capabilities import Capability
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

MOST_AT_ONCE = 50
MADE_BY_COURT = "court"


@licensed("hand_in")
@action
def hand_in(
    *,
    actor: Actor,
    court_id: int,
    case_id: uuid.UUID,
    uploads: Sequence[uuid.UUID],
    kind: str,
    title: str,
    now: dt.datetime,
) -> list[Document]:
    """Take counsel's finished uploads into the main volume; judge and 书记员 are told, the timeline shows it.

    `title` names one file; several get numbers (人民法院在线诉讼规则第十一条: papers are filed through the platform).
    Raises NotFound, NotAllowed, Invalid, Conflict when the case is closed.
    """
    case = get_case(actor=actor, court_id=court_id, case_id=case_id, needs=Capability.SUBMIT_MATERIAL)
    if not actor.is_counsel:
        raise NotAllowed("由诉讼代理人提交；法院文书请在卷宗整理中归入")
    if case.stage == "closed":
        raise Conflict("案件已结案，不能再提交材料；有新情况请联系承办法官")
    require_power(actor=actor, court_id=court_id, case_id=case_id, act="hand_in", now=now)
    code = document_code(code=kind)
    if code.producer == MADE_BY_COURT:
        raise Invalid("请选择材料种类", fields={"kind": "请选择"})
    if not uploads:
        raise Invalid("还没有文件", fields={"uploads": "请先上传文件，等检查完成后再提交"})
    if len(uploads) > MOST_AT_ONCE:
        raise Invalid(f"一次最多提交 {MOST_AT_ONCE} 份", fields={"uploads": "请分几次提交"})
    with as_actor(system(court_id)):  # an assistant may hand in without reading what is there
        last = Document.objects.filter(court_id=court_id, case_id=case_id).order_by("-place").first()
    start, name = (last.place if last else 0) + 1, title.strip()[:200]
    items = [
        TakeIn(upload_id=upload_id, kind=code.code, title=_title(name, len(uploads), number), place=start + number)
        for number, upload_id in enumerate(uploads)
    ]
    documents = take_in(actor=actor, court_id=court_id, case_id=case_id, items=items, now=now)
    note_papers(actor=actor, court_id=court_id, case_id=case_id, kind=code.code, now=now)
    told = f"{actor}提交{code.label} {len(documents)} 份"
    add_milestone(
        actor=actor, court_id=court_id, case_id=case_id, kind="papers", title="提交材料", detail=told, now=now
    )  # fmt: skip
    for person_id in sorted({i for i in (case.judge_id, case.recorder_id) if i is not None}):
        tell(
            person_id=person_id, key=f"papers:{documents[0].id}:{person_id}", kind="dossier",
            title=f"新材料：{case.number}", body=told, link=f"/desk/cases/{case_id}/dossier/", now=now,
        )  # fmt: skip
    if actor.is_assistant:
        tell(
            person_id=actor.lawyer_id, key=f"papers:{documents[0].id}:{actor.lawyer_id}", kind="dossier",
            title=f"助理已提交材料：{case.number}", body=told, now=now,
            link=f"/cases/{court_id}/{case_id}/dossier/",
        )  # fmt: skip
    return documents


def _title(name: str, count: int, number: int) -> str:
    return f"{name}（{number + 1}）" if name and count > 1 else name
