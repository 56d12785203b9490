"""The people, the court and the case of these tests; everything is made by the domain's own actions."""

import datetime as dt
import uuid
from typing import Any

from django.apps import apps

from lutong.domains.cases import actions
from lutong.domains.cases.models import Case, Representation
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.identity.models import Account, Lawyer, Post
from lutong.domains.identity.tests.licences import JUST_ASKED
from lutong.kernel.actor import Actor, Role

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)  # Friday 10:00 in Beijing
LATER = NOW + dt.timedelta(hours=3)
ZHOU, GU, LUO, WU = 9101, 9102, 9103, 9104
JUDGE, JUDGE_2, JUDGE_3, RECORDER, CLERK, PRESIDENT = 9201, 9202, 9203, 9204, 9205, 9206
PRESIDING, MEDIATOR, ARCHIVIST, FINANCE, HOTLINE, HALL, AUDITOR = 9207, 9208, 9209, 9210, 9211, 9212, 9213
FIRMS = {ZHOU: "北京衡准律师事务所", GU: "上海和川律师事务所", LUO: "北京衡准律师事务所", WU: "杭州清渠律师事务所"}
NAMES = {ZHOU: "周岚", GU: "顾衡", LUO: "罗清", WU: "吴桐"}
STAFF = {
    JUDGE: ("许知行", "judge"), JUDGE_2: ("柏然", "judge"), JUDGE_3: ("闻笛", "judge"), RECORDER: ("方蕾", "recorder"),
    CLERK: ("孟书宁", "clerk"), PRESIDENT: ("韩松", "president"), PRESIDING: ("闵行简", "presiding"),
    MEDIATOR: ("温叙", "mediator"), ARCHIVIST: ("乔知", "archivist"), FINANCE: ("简宁", "finance"),
    HOTLINE: ("苗青", "hotline"), HALL: ("颜路", "hall"), AUDITOR: ("卫明", "auditor"),
}  # fmt: skip


def court_id(code: str = "京0105") -> int:
    return get_court_by_code(code=code).id


def lawyer(person_id: int) -> Actor:
    return Actor(person_id, Role.LAWYER, NAMES[person_id])


def staff(person_id: int = JUDGE, code: str = "京0105") -> Actor:
    name, role = STAFF[person_id]
    return Actor(person_id, Role(role), name, court_id(code))


def enrol() -> None:
    """Lawyers with a licence asked a moment ago, and the staff of the court."""
    for person_id, name in NAMES.items():
        Account.objects.create(id=person_id, sign_name=f"1110120{person_id}", name=name)
        Lawyer.objects.create(
            lawyer_id=person_id, licence_no=f"1110120{person_id}", name=name, firm_name=FIRMS[person_id],
            kind="专职律师", status="active", status_label="执业", checked_at=JUST_ASKED,
        )  # fmt: skip
    for person_id, (name, role) in STAFF.items():
        account = Account.objects.create(id=person_id, sign_name=f"staff{person_id}", name=name)
        Post.objects.create(account=account, court_id=court_id(), role=role, department="民事审判第一庭")


def opening(**changes: Any) -> actions.CaseOpening:
    """苏晚晴 (counsel 周岚) against 程屿舟, who has no counsel yet; straight to trial unless changed."""
    court = get_court_by_code(code=str(changes.pop("code", "京0105")))
    facts: dict[str, Any] = {
        "filing_id": uuid.uuid4(), "received_on": dt.date(2026, 11, 18), "cause_id": 1, "cause_name": "民间借贷纠纷",
        "title": "苏晚晴 诉 程屿舟 民间借贷纠纷", "amount_fen": 34_573_151, "procedure": "ordinary",
        "mediation_agreed": False, "judge_id": JUDGE, "judge_name": "许知行", "recorder_id": RECORDER,
        "recorder_name": "方蕾", "division": "民事审判第一庭", "court_code": court.code, "court_name": court.name,
        "parties": (party("plaintiff", "苏晚晴"), party("defendant", "程屿舟")),
        "counsel": (counsel("plaintiff", ZHOU),),
    }  # fmt: skip
    return actions.CaseOpening(**(facts | changes))


def party(side: str, name: str, place: int = 1) -> actions.NewParty:
    return actions.NewParty(
        ref=f"{side}{place}", side=side, place=place, kind="natural", name=name, details={"phone": "13900000000"}
    )


def counsel(side: str, lawyer_id: int, place: int = 1) -> actions.NewCounsel:
    return actions.NewCounsel(
        party_ref=f"{side}{place}", lawyer_id=lawyer_id, name=NAMES[lawyer_id], licence_no=f"1110120{lawyer_id}",
        firm=FIRMS[lawyer_id], powers="general", special_powers=(),
    )  # fmt: skip


def open_case(**changes: Any) -> Case:
    code = str(changes.get("code", "京0105"))
    return actions.open_case(
        actor=staff(CLERK, code), court_id=court_id(code), opening=opening(**changes), now=NOW
    )  # fmt: skip


def upload(person_id: int) -> uuid.UUID:
    """A finished upload of that person; its table belongs to a domain above this one."""
    row: Any = apps.get_model("dossier", "Upload").objects.create(
        lawyer_id=person_id, purpose="representation", filename="委托书.pdf", declared_size=1, offset=1, state="stored",
        sha256="0" * 64, sm3="0" * 64, media_type="application/pdf", pages=1, object_key=uuid.uuid4().hex,
        sealed_key=b"0", created_at=NOW, expires_at=LATER,
    )  # fmt: skip
    return uuid.UUID(str(row.id))


def claim(case: Case, person_id: int = GU, party_name: str = "程屿舟", **changes: Any) -> Representation:
    facts: dict[str, Any] = {
        "actor": lawyer(person_id), "court_id": case.court_id, "number": case.number, "party_name": party_name,
        "powers": "general", "special_powers": (), "mandate_id": upload(person_id),
        "firm_letter_id": upload(person_id), "now": NOW,
    }  # fmt: skip
    return actions.claim_representation(**(facts | changes))


def confirm(representation: Representation, actor: Actor | None = None) -> Representation:
    return actions.decide_representation(
        actor=actor or staff(RECORDER), court_id=representation.court_id, representation_id=representation.id,
        confirm=True, reason="", now=LATER,
    )  # fmt: skip


def step(case: Case, name: str, actor: Actor | None = None, **facts: Any) -> Case:
    return actions.take_step(
        actor=actor or staff(JUDGE), court_id=case.court_id, case_id=case.id, step=name, facts=facts, now=LATER
    )
