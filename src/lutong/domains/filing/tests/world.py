"""The lawyer, his files and a filing that passes every check."""

import datetime as dt
import uuid
from typing import Any

from lutong.domains.courts.queries import get_court_by_code, search_causes
from lutong.domains.dossier.models import Upload
from lutong.domains.filing import actions
from lutong.domains.filing.models import Correction, Draft, Filing
from lutong.domains.filing.queries import purpose_of
from lutong.domains.filing.states import FilingState
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.tests.licences import JUST_ASKED
from lutong.kernel import acting
from lutong.kernel.actor import Actor, Role, system

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)  # Friday 10:00 in Beijing
KEY = "0123456789abcdef"
LICENCE = "11105201211603034"


def lawyer(number: int = 0) -> Actor:
    """An enrolled lawyer whose licence the registry has just confirmed."""
    account, _ = Account.objects.get_or_create(sign_name=f"lawyer-{number}", defaults={"name": "周岚"})
    Lawyer.objects.update_or_create(
        lawyer_id=account.pk,
        defaults={"licence_no": f"{LICENCE[:-2]}{34 + number}", "name": "周岚", "firm_name": "北京衡川律师事务所",
                  "kind": "专职律师", "status": "active", "status_label": "正常执业", "checked_at": JUST_ASKED},
    )  # fmt: skip
    return Actor(account.pk, Role.LAWYER, "周岚")


def court_id() -> int:
    return get_court_by_code(code="京0105").id


def upload(actor: Actor, draft: Draft, name: str = "文件.pdf", state: str = "stored") -> str:
    """A file that has arrived."""
    made = Upload.objects.create(
        lawyer_id=actor.person_id, purpose=purpose_of(draft.id), filename=name, declared_size=9, offset=9,
        sha256="a" * 64, sm3="b" * 64, media_type="application/pdf", pages=1, state=state, object_key=uuid.uuid4().hex,
        sealed_key=b"k", created_at=NOW, finished_at=NOW, expires_at=NOW,
    )  # fmt: skip
    return str(made.id)


def sound(actor: Actor, draft: Draft) -> dict[str, dict[str, Any]]:
    """What each step holds when nothing is left to mend."""
    files = {slot: [upload(actor, draft, f"{slot[:4]}.pdf")] for slot in
             ("complaint", "identity:p1", "authority:a1", "firm_letter:a1")}  # fmt: skip
    cause = search_causes(text="民间借贷纠纷")[0]
    return {
        "court": {"court_id": court_id(), "cause_id": str(cause.id), "jurisdiction_ground": "money_receiver",
                  "contract_on": "2025-03-18"},
        "mediation": {"mediation_will": "no", "mediation_told": True},
        "parties": {"parties": [
            {"id": "p1", "side": "plaintiff", "name": "苏晚晴", "id_number": "110105199003070025", "ethnicity": "汉族",
             "phone": "13812345678", "address": "北京市朝阳区望京街 9 号"},
            {"id": "p2", "side": "defendant", "name": "程屿舟", "address": "北京市朝阳区酒仙桥路 2 号"},
        ]},
        "agents": {"agents": [
            {"id": "a1", "party_id": "p1", "kind": "lawyer", "lawyer_id": str(actor.person_id), "name": "周岚",
             "licence_no": LICENCE, "firm": "北京衡川律师事务所", "powers": "general"},
        ]},
        "claims": {"claims": [{"id": "c1", "kind": "principal", "amount": "300000", "basis": "借条第 1 条"}],
                   "costs_claim": True},
        "facts": {"facts": "2025 年 3 月 18 日被告借款 30 万元，至今未还。", "reasons": "民法典第六百七十五条。"},
        "evidence": {"files": files, "evidence": [
            {"id": "e1", "kind": "document", "name": "借条", "source": "被告出具", "purpose": "借款事实",
             "upload_ids": [upload(actor, draft, "借条.jpg")]},
        ]},
        "address": {"service_addresses": [
            {"party_id": "p1", "recipient": "周岚", "electronic": True, "mobile": "13912345678",
             "address": "北京市朝阳区", "agreed": True},
        ], "refund_account": {}},
    }  # fmt: skip


def ready(actor: Actor) -> Draft:
    """A draft that may be submitted."""
    draft = actions.start_draft(actor=actor, now=NOW)
    for step, patch in sound(actor, draft).items():
        draft = actions.save_step(
            actor=actor, draft_id=draft.id, version=draft.version, step=step, content_patch=patch, now=NOW
        )
    return draft


def submit(actor: Actor, draft: Draft, *, key: str = KEY, now: dt.datetime = NOW) -> Filing:
    return actions.submit(actor=actor, draft_id=draft.id, version=draft.version, submit_key=key, now=now)


def return_for_correction(filing: Filing, *fields: str) -> Draft:
    """The court's side of a correction notice, as the desk's action leaves it."""
    clerk = system(filing.court_id)
    with acting.reading(clerk):
        Filing.objects.filter(court_id=filing.court_id, id=filing.id).update(state=FilingState.RETURNED)
        Draft.objects.filter(lawyer_id=filing.lawyer_id, id=filing.draft_id).update(state=FilingState.RETURNED)
        Correction.objects.create(
            court_id=filing.court_id, filing_id=filing.id, lawyer_id=filing.lawyer_id, round=1, issued_at=NOW,
            issued_by="孟书宁", due_on=dt.date(2026, 11, 27),
            items=[{"code": "ZT-03", "title": "被告信息", "law": "", "note": "请补充", "step": "parties",
                    "fields": list(fields)}],
        )  # fmt: skip
        return Draft.objects.get(lawyer_id=filing.lawyer_id, id=filing.draft_id)
