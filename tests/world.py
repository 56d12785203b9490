"""A small world made by the product's own acts: one filing waiting, one case under way, people on every side."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import QuerySet

from lutong.domains.cases import actions as cases
from lutong.domains.cases import queries as cases_queries
from lutong.domains.courts.queries import get_court_by_code
from lutong.domains.delegation import actions as delegation
from lutong.domains.delegation.actions import inviting
from lutong.domains.delegation.actions.roster import platform_for
from lutong.domains.delegation.rules import Registered
from lutong.domains.dossier import actions as dossier
from lutong.domains.dossier.models import Upload
from lutong.domains.eservice import actions as eservice
from lutong.domains.fees.models import Bill
from lutong.domains.filing import actions as filings
from lutong.domains.filing.actions import decision
from lutong.domains.filing.models import Draft, Filing
from lutong.domains.filing.tests import world as filing
from lutong.domains.gatepass import actions as gatepass
from lutong.domains.gatepass.actions import counter
from lutong.domains.gatepass.tests.world import licence
from lutong.domains.hearings import actions as hearings
from lutong.domains.identity import actions as identity
from lutong.domains.identity.models import Account, Lawyer
from lutong.domains.identity.tests.licences import JUST_ASKED
from lutong.domains.notices.models import Notice
from lutong.kernel import clock
from lutong.kernel.acting import as_actor, reading
from lutong.kernel.actor import Actor, Role, system
from lutong.kernel.capabilities import CASE_CAPABILITIES, DRAFT_CAPABILITIES

HERE, ELSEWHERE = "京0105", "沪0115"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"

# Everybody of the bar; "partner" is of own's firm and has nothing to do with the case.
BAR: dict[str, dict[str, object]] = {
    "own": {"firm_uscc": "FIRM"},
    "opposing": {"firm_name": "上海明渠律师事务所", "firm_uscc": "OTHER"},
    "stranger": {"firm_name": "杭州听潮律师事务所", "firm_uscc": "THIRD"},
    "partner": {"firm_uscc": "FIRM"},
    "grassroots": {
        "kind": "grassroots",
        "firm_name": "望河法律服务所",
        "firm_uscc": "FOURTH",
        "scope": ["民事诉讼代理"],
    },
}
# Everybody of the courts; "colleague" is a judge to whom the case is not assigned, "elsewhere" of another court.
STAFF = {
    "clerk": Role.CLERK, "judge": Role.JUDGE, "recorder": Role.RECORDER, "presiding": Role.PRESIDING,
    "president": Role.PRESIDENT, "colleague": Role.JUDGE, "finance": Role.FINANCE, "archivist": Role.ARCHIVIST,
    "mediator": Role.MEDIATOR, "hotline": Role.HOTLINE, "hall": Role.HALL, "bureau": Role.BUREAU,
    "sysadmin": Role.SYSADMIN, "secadmin": Role.SECADMIN, "auditor": Role.AUDITOR,
    "elsewhere": Role.RECORDER,
}  # fmt: skip


@dataclass
class World:
    """Everybody who may knock, and what they may knock for."""

    court_id: int
    people: dict[str, Actor]
    things: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Actor:
        return self.people[who]


def build() -> World:
    """The people first, then a submission registered into a case with counsel on both sides, and one that waits."""
    now = clock.now()
    here, elsewhere = get_court_by_code(code=HERE).id, get_court_by_code(code=ELSEWHERE).id
    people = {name: _lawyer(number, now) for number, name in enumerate(BAR)}
    for name, more in BAR.items():
        Lawyer.objects.filter(lawyer_id=people[name].person_id).update(**more)
    for name, role in STAFF.items():
        people[name] = _staff(name, role, elsewhere if name == "elsewhere" else here)
    people["idle"] = _trainee("idle", 9301, now)
    world = World(here, people, {"court_id": here, "lawyer_id": people["own"].person_id})
    _file(world, now)
    _open_case(world, now)
    _fill_case(world, now)
    _open_gate(world, now)
    _delegate(world, now)
    return world


def _trainee(name: str, person_id: int, now: dt.datetime) -> Actor:
    """An 实习人员 of own's firm, who acts for nobody yet."""
    account = Account.objects.create(id=person_id, sign_name=f"T-{name}", name=name)
    Lawyer.objects.create(
        lawyer_id=person_id, licence_no=f"T-{name}", name=name, firm_name="北京衡川律师事务所", firm_uscc="FIRM",
        kind="trainee", status="active", status_label="实习中", checked_at=JUST_ASKED,
    )  # fmt: skip
    TOTP.activate(account, generate_totp_secret())
    return Actor(person_id, Role.ASSISTANT, name)


def _delegate(world: World, now: dt.datetime) -> None:
    """Assistants of own: one with every permission in the case, one who may only see it, one who was let in once."""
    own, every = world["own"], [c.value for c in CASE_CAPABILITIES]
    wanted: dict[str, list[str]] = {"assistant": every, "watcher": ["read_case"], "revoked": every}
    for number, (name, capabilities) in enumerate(wanted.items(), 9302):
        person = _trainee(name, number, now)
        registered = Registered(
            number=f"T-{name}", name=name, kind="trainee", kind_label="实习人员", firm_name="北京衡川律师事务所",
            firm_uscc="FIRM", in_force=True, status_label="实习中", assertion_id="a",
        )  # fmt: skip
        asked = delegation.take_place(actor=own, lawyer_name=own.name, person=registered, now=now)
        inviting.agree(actor=person, principal_id=own.person_id, engagement_id=asked.id, now=now)
        inviting.settle(actor=platform_for(own.person_id), assistantship_id=asked.id, person=registered, now=now)
        grant = delegation.allow(
            actor=own, assistantship_id=asked.id, court_id=world.court_id, now=now,
            case_id=uuid.UUID(str(world.things["case_id"])),
            terms=delegation.Terms(capabilities=capabilities, expressly=capabilities),
        )  # fmt: skip
        if name != "watcher":
            terms = delegation.Terms(capabilities=[c.value for c in DRAFT_CAPABILITIES])
            filings.entrust_draft(
                actor=own, draft_id=uuid.UUID(str(world.things["entrusted_draft_id"])), assistantship_id=asked.id,
                terms=terms, now=now,
            )  # fmt: skip
        if name == "revoked":
            delegation.revoke_all(actor=own, assistantship_id=asked.id, now=now)
        else:
            world.things |= {"assistantship_id": asked.id, "grant_id": grant.id}
        world.people[name] = delegation.act_for(actor=person, lawyer_id=own.person_id, now=now)


def _lawyer(number: int, now: dt.datetime) -> Actor:
    actor = filing.lawyer(number)
    TOTP.activate(Account.objects.get(pk=actor.person_id), generate_totp_secret())
    return actor


def _staff(name: str, role: Role, court_id: int) -> Actor:
    person = identity.enrol_staff(
        sign_name=f"W-{name}", name=name, mobile=f"139{list(STAFF).index(name):08d}", password="x" * 12,
        court_id=court_id, role=role, department="立案庭",
    )  # fmt: skip
    return Actor(person, role, name, court_id)


def _file(world: World, now: dt.datetime) -> None:
    """A draft, a filing that waits at the desk, and one to be registered."""
    own = world["own"]
    draft = filing.ready(own)
    waiting = filing.submit(own, draft, key="waiting-filing-1", now=now)
    world.things |= {"draft_id": draft.id, "filing_id": waiting.id}
    world.things["registered"] = filing.submit(own, filing.ready(own), key="registered-filing", now=now).id
    world.things["free_draft_id"] = filing.ready(own).id
    world.things["entrusted_draft_id"] = filing.ready(own).id


def _open_case(world: World, now: dt.datetime) -> None:
    wanted = uuid.UUID(str(world.things["registered"]))
    with reading(world["clerk"]):
        version = Filing.objects.get(court_id=world.court_id, id=wanted).version
    done = decision.register(
        actor=world["clerk"], filing_id=wanted, version=version, now=now,
        assignment=decision.Assignment(
            procedure="ordinary", judge_id=world["judge"].person_id, recorder_id=world["recorder"].person_id
        ),
    )  # fmt: skip
    world.things["case_id"] = done.case_id
    with reading(world["recorder"]):
        number = Draft.objects.get(lawyer_id=world["own"].person_id, id=done.draft_id).case_number
    claimed = cases.claim_representation(
        actor=world["opposing"], court_id=world.court_id, number=number, party_name="程屿舟", powers="general",
        special_powers=(), mandate_id=_paper(world["opposing"], now), firm_letter_id=_paper(world["opposing"], now),
        now=now,
    )  # fmt: skip
    cases.decide_representation(
        actor=world["recorder"], court_id=world.court_id, representation_id=claimed.id, confirm=True, reason="", now=now
    )
    world.things["representation_id"] = claimed.id


def _fill_case(world: World, now: dt.datetime) -> None:
    """Paper, bill, room and hearing; the fee is waived, so to speak: the court lets the trial begin."""
    case_id = uuid.UUID(str(world.things["case_id"]))
    recorder, court_id = world["recorder"], world.court_id
    stored = dossier.store_paper(data=PAPER, pages=1)
    paper = dossier.file_paper(
        actor=recorder, court_id=court_id, case_id=case_id, kind="acceptance_notice", title="受理案件通知书",
        stored=stored, key=uuid.uuid4(), now=now,
    )  # fmt: skip
    room = hearings.add_courtroom(actor=recorder, court_id=court_id, name="第十九法庭", now=now)
    with reading(recorder):
        bill = Bill.objects.get(court_id=court_id, case_id=case_id)
    with as_actor(system(court_id)):
        cases.take_step(actor=system(court_id), court_id=court_id, case_id=case_id, step="begin_trial", now=now)
    party = cases_queries.counsel_of(actor=recorder, court_id=court_id, case_id=case_id)
    served = eservice.serve(
        actor=recorder, court_id=court_id, case_id=case_id, document_ids=[paper.id], title="受理案件通知书",
        party_id=next(one.party_id for one in party if one.lawyer_id == world["own"].person_id),
        mode="electronic", facts={}, key="world-delivery-1", now=now,
    )  # fmt: skip
    start = (now + dt.timedelta(days=30)).replace(hour=2, minute=0, second=0, microsecond=0)
    hearing = hearings.schedule(
        actor=recorder, court_id=court_id, case_id=case_id, kind="trial", mode="onsite", room_id=room.id,
        starts_at=start, ends_at=start + dt.timedelta(hours=2), now=now,
    )  # fmt: skip
    event = hearings.add_own_event(
        actor=world["own"], title="会见当事人", mode="onsite", place="", city="", starts_at=start,
        ends_at=start + dt.timedelta(hours=1), now=now,
    )  # fmt: skip
    notice: QuerySet[Notice] = Notice.objects.filter(lawyer_id=world["own"].person_id)
    change = cases.ask_powers_change(
        actor=world["own"], court_id=court_id, case_id=case_id, powers="special", special_powers=("settle",),
        mandate_id=_paper(world["own"], now), note="", now=now,
    )  # fmt: skip
    world.things |= {
        "change_id": change.id, "delivery_id": served[0].id, "document_id": paper.id, "bill_id": bill.id,
        "hearing_id": hearing.id,
        "event_id": event.id, "notice_id": notice.values_list("id", flat=True)[:1][0],
    }  # fmt: skip


def _open_gate(world: World, now: dt.datetime) -> None:
    """An entrance with a tablet that has read a code, and a slip of the counter."""
    clerk, court_id = world["clerk"], world.court_id
    venue = gatepass.add_venue(actor=clerk, court_id=court_id, kind="entrance", name="南门", now=now)
    device, _ = gatepass.add_device(actor=clerk, court_id=court_id, venue_id=venue.id, name="南门平板", now=now)
    code = gatepass.issue_code(actor=world["own"], court_id=court_id, purpose="entrance", place=venue.id, now=now)
    gatepass.verify(actor=system(court_id), device=device, seq=1, text=code.text, now=now)
    slip = counter.print_slip(
        actor=clerk, court_id=court_id, licence=licence(now), purpose="entrance", place=venue.id, key="world-slip-1",
        now=now,
    )  # fmt: skip
    world.things |= {"venue_id": venue.id, "gate_id": device.id, "slip_id": slip.id}


def _paper(actor: Actor, now: dt.datetime) -> uuid.UUID:
    """A finished upload of a mandate or a firm's letter, with its bytes in the store."""
    stored = dossier.store_paper(data=PAPER, pages=1)
    made = Upload.objects.create(
        lawyer_id=actor.person_id, purpose="representation", filename="授权委托书.pdf", declared_size=stored.size,
        offset=stored.size, state="stored", sha256=stored.sha256, sm3=stored.sm3, media_type="application/pdf",
        pages=1, object_key=stored.object_key, sealed_key=stored.sealed_key, created_at=now,
        expires_at=now + dt.timedelta(days=1),
    )  # fmt: skip
    return uuid.UUID(str(made.id))
