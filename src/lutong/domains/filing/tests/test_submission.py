"""提交: everything or nothing, once, with a receipt; 补正 changes only what was named."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from lutong.domains.audit.models import CourtEvent
from lutong.domains.dossier.models import Document
from lutong.domains.exchange.models import CourtOutbox
from lutong.domains.filing import actions, queries
from lutong.domains.filing.actions import submission
from lutong.domains.filing.models import Draft, Filing, ReceiptCounter
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.world import NOW
from lutong.domains.identity.models import Lawyer
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor, system
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.databases import Database

LATER = NOW + dt.timedelta(days=3)


@pytest.fixture
def zhou(db: None) -> Actor:
    return world.lawyer()


@pytest.fixture
def draft(zhou: Actor) -> Draft:
    return world.ready(zhou)


def seen_by_court(court_id: int, look: Callable[[], Any]) -> Any:
    with reading(system(court_id)):
        return look()


def filed() -> int:
    """How many filings the court holds, seen by the court: without an actor no row is visible at all."""
    court_id = world.court_id()
    return int(seen_by_court(court_id, Filing.objects.filter(court_id=court_id).count))


def test_a_submission_leaves_filing_papers_trail_and_outbox(zhou: Actor, draft: Draft) -> None:
    filing = world.submit(zhou, draft)
    assert (filing.receipt_no, filing.state, filing.round) == ("收2026112000001", "submitted", 1)
    assert (filing.plaintiffs, filing.defendants, filing.amount_fen) == ("苏晚晴", "程屿舟", 30_000_000)
    assert (filing.clock_from, filing.review_due_on) == (dt.date(2026, 11, 20), dt.date(2026, 11, 27))

    def rows() -> tuple[list[str], int, int]:
        papers = Document.objects.filter(court_id=filing.court_id, filing_id=filing.id).order_by("place")
        trail = CourtEvent.objects.filter(court_id=filing.court_id, action="filing.submit").count()
        out = CourtOutbox.objects.filter(court_id=filing.court_id, topic="filing.submitted").count()
        return [paper.kind for paper in papers], trail, out

    papers, trail, out = seen_by_court(filing.court_id, rows)
    assert papers == ["complaint", "identity", "mandate", "firm_letter", "evidence"]
    assert (trail, out) == (1, 1)
    mine = queries.get_draft(actor=zhou, draft_id=draft.id)
    assert (mine.state, mine.receipt_no, mine.filing_id) == ("submitted", filing.receipt_no, filing.id)


def test_all_defects_are_told_at_once_and_nothing_is_handed_in(zhou: Actor) -> None:
    draft = actions.start_draft(actor=zhou, now=NOW)
    with pytest.raises(Invalid) as refused:
        world.submit(zhou, draft)
    assert {"court_id", "cause_id", "facts", "mediation_will", "files.complaint"} <= refused.value.fields.keys()
    assert filed() == 0
    assert not ReceiptCounter.objects.exists()


def test_pressing_twice_gives_the_same_receipt(zhou: Actor, draft: Draft) -> None:
    first = world.submit(zhou, draft)
    assert world.submit(zhou, draft).id == first.id
    assert world.submit(zhou, draft, key="another-key-12345").id == first.id
    assert filed() == 1


def test_a_key_used_for_another_draft_is_refused(zhou: Actor, draft: Draft) -> None:
    world.submit(zhou, draft)
    with pytest.raises(Conflict, match="另一份申请"):
        world.submit(zhou, world.ready(zhou))


def test_a_change_after_the_check_page_is_noticed(zhou: Actor, draft: Draft) -> None:
    actions.save_step(
        actor=zhou, draft_id=draft.id, version=draft.version, step="facts", now=NOW,
        content_patch={"facts": "另一个窗口改成了别的内容，足够长", "reasons": "理由"},
    )  # fmt: skip
    with pytest.raises(Conflict, match="重新核对"):
        world.submit(zhou, draft)


def test_without_a_licence_in_force_nothing_is_handed_in(zhou: Actor, draft: Draft) -> None:
    Lawyer.objects.filter(lawyer_id=zhou.person_id).update(status="suspended", status_label="停止执业")
    with pytest.raises(NotAllowed, match="停止执业"):
        world.submit(zhou, draft)
    assert filed() == 0


def test_a_file_still_on_its_way_holds_the_submission(zhou: Actor, draft: Draft) -> None:
    late = world.upload(zhou, draft, "借条.pdf", state="receiving")
    saved = actions.save_step(
        actor=zhou, draft_id=draft.id, version=draft.version, step="evidence", now=NOW,
        content_patch={"evidence": draft.content["evidence"]}, where={late: "evidence:e1"},
    )  # fmt: skip
    with pytest.raises(Invalid):
        world.submit(zhou, saved)


def test_somebody_elses_upload_never_becomes_a_paper(zhou: Actor, draft: Draft) -> None:
    other = world.lawyer(1)
    stolen = world.upload(other, actions.start_draft(actor=other, now=NOW), "别人的.pdf")
    saved = actions.save_step(
        actor=zhou, draft_id=draft.id, version=draft.version, step="evidence", now=NOW,
        content_patch={"evidence": draft.content["evidence"]}, where={stolen: "other"},
    )  # fmt: skip
    with pytest.raises(Invalid):
        world.submit(zhou, saved)


def test_another_lawyer_sees_neither_draft_nor_filing(zhou: Actor, draft: Draft) -> None:
    filing = world.submit(zhou, draft)
    other = world.lawyer(1)
    with pytest.raises(NotFound):
        world.submit(other, draft)
    with reading(other):
        assert not Filing.objects.filter(court_id=filing.court_id).exists()  # the second lock alone


def test_only_the_named_field_changes_in_a_correction(zhou: Actor, draft: Draft) -> None:
    filing = world.submit(zhou, draft)
    returned = world.return_for_correction(filing, "parties.1.address")
    parties = [dict(party) for party in returned.content["parties"]]
    parties[0]["name"], parties[1]["address"] = "换了原告", "北京市朝阳区新地址 8 号"
    saved = actions.save_step(
        actor=zhou, draft_id=draft.id, version=returned.version, step="parties", now=LATER,
        content_patch={"parties": [*parties, {"side": "defendant", "name": "又加一个"}]},
    )  # fmt: skip
    assert [p["name"] for p in saved.content["parties"]] == ["苏晚晴", "程屿舟"]
    assert saved.content["parties"][1]["address"] == "北京市朝阳区新地址 8 号"
    corrected = actions.correct(actor=zhou, draft_id=draft.id, version=saved.version, now=LATER)
    assert (corrected.state, corrected.round) == ("submitted", 2)
    assert corrected.content["parties"][1]["address"] == "北京市朝阳区新地址 8 号"


def test_the_clock_runs_anew_from_the_day_after_the_correction(zhou: Actor, draft: Draft) -> None:
    returned = world.return_for_correction(world.submit(zhou, draft), "facts")
    corrected = actions.correct(actor=zhou, draft_id=draft.id, version=returned.version, now=LATER)
    assert (corrected.clock_from, corrected.review_due_on) == (dt.date(2026, 11, 23), dt.date(2026, 11, 30))
    again = actions.correct(actor=zhou, draft_id=draft.id, version=returned.version, now=LATER)
    assert again.round == 2  # the second click


def test_a_submitted_filing_takes_no_edits(zhou: Actor, draft: Draft) -> None:
    world.submit(zhou, draft)
    with pytest.raises(Conflict, match="不能再修改"):
        actions.save_step(
            actor=zhou, draft_id=draft.id, version=draft.version + 1, step="facts", now=NOW,
            content_patch={"facts": "改", "reasons": ""},
        )  # fmt: skip
    with pytest.raises(Conflict, match="不能删除"):
        actions.delete_draft(actor=zhou, draft_id=draft.id, now=NOW)


def test_a_filing_can_be_withdrawn_until_it_is_decided(zhou: Actor, draft: Draft) -> None:
    world.submit(zhou, draft)
    assert actions.withdraw(actor=zhou, draft_id=draft.id, now=LATER).state == "withdrawn"
    with pytest.raises(Conflict):
        actions.withdraw(actor=zhou, draft_id=draft.id, now=LATER)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work` in threads that start together; answers results and refusals."""
    gate, found = threading.Barrier(count), [None] * count

    def run(place: int) -> None:
        gate.wait()
        try:
            found[place] = work(place)
        except Exception as error:  # noqa: BLE001  # what a thread met is judged by the test
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_eight_threads_with_one_key_make_one_filing(committed_db: Database) -> None:
    zhou = world.lawyer()
    draft = world.ready(zhou)
    found = at_once(8, lambda _: world.submit(zhou, draft))
    assert len({filing.id for filing in found}) == 1, found
    assert _count(committed_db) == (1, 5)


def test_eight_threads_with_eight_keys_make_one_filing_of_a_draft(committed_db: Database) -> None:
    zhou = world.lawyer()
    draft = world.ready(zhou)
    found = at_once(8, lambda place: world.submit(zhou, draft, key=f"key-number-{place}"))
    assert len({filing.id for filing in found}) == 1, found
    assert _count(committed_db) == (1, 5)


def test_receipt_numbers_have_no_gaps_and_no_doubles_under_eight_writers(committed_db: Database) -> None:
    zhou = world.lawyer()
    drafts = [world.ready(zhou) for _ in range(8)]
    found = at_once(8, lambda place: world.submit(zhou, drafts[place], key=f"key-number-{place}"))
    assert sorted(filing.receipt_no for filing in found) == [f"收20261120{n:05d}" for n in range(1, 9)]


def test_the_control_without_lock_and_constraints_makes_several(
    committed_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The races above would notice: take both guards away and the draft is filed more than once."""
    zhou = world.lawyer()
    draft = world.ready(zhou)
    with psycopg.connect(**committed_db.conninfo("lutong_owner"), autocommit=True) as owner:
        for name in ("filing_once", "filing_one_per_draft"):
            owner.execute(f"ALTER TABLE filing_filing DROP CONSTRAINT {name}")
        owner.execute("ALTER TABLE dossier_document DROP CONSTRAINT document_once_per_upload")
    together = threading.Barrier(8)
    monkeypatch.setattr(submission, "_lock", lambda actor, draft_id: (_unlocked(actor, draft_id), together.wait())[0])
    monkeypatch.setattr(submission, "_hand_over", lambda *_: None)
    at_once(8, lambda place: world.submit(zhou, draft, key=f"key-number-{place}"))
    filings, _ = _count(committed_db)
    assert filings > 1


def _unlocked(actor: Actor, draft_id: Any) -> Draft:
    return Draft.objects.get(lawyer_id=actor.person_id, id=draft_id)


def test_a_crash_in_the_middle_leaves_nothing(committed_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    zhou = world.lawyer()
    draft = world.ready(zhou)
    with monkeypatch.context() as broken:
        broken.setattr(submission, "put_out", _die)
        with pytest.raises(KeyboardInterrupt):
            world.submit(zhou, draft)
    assert _count(committed_db) == (0, 0)
    assert world.submit(zhou, draft).receipt_no == "收2026112000001"  # the number was given back


def _die(**_: object) -> None:
    raise KeyboardInterrupt


def _count(database: Database) -> tuple[int, int]:
    """Filings and documents, counted by the owner, whom no policy hides anything from."""
    with psycopg.connect(**database.conninfo("lutong_owner")) as owner:
        counts = [owner.execute(f"SELECT count(*) FROM {t}").fetchone() for t in ("filing_filing", "dossier_document")]
    return tuple(row[0] for row in counts if row)  # type: ignore[return-value]
