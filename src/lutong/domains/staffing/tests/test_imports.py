"""Lists of people are entered by the worker: it can be left, stopped, gone on with, and done twice without harm."""

import csv
import io
import uuid
from typing import Any

import pytest

from lutong.domains.identity import actions as identity
from lutong.domains.identity.tests.browser import browser
from lutong.domains.notices.models import Notice
from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.actions import importing
from lutong.domains.staffing.models import ImportBatch, Member
from lutong.domains.staffing.rules import Person
from lutong.domains.staffing.tasks import enter_import
from lutong.domains.staffing.tests.test_powers import admin, court
from lutong.kernel import clock
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotFound, Refusal

ROWS = 45


@pytest.fixture
def sysadmin(db: None) -> Actor:
    return admin(Role.SYSADMIN, 1)


@pytest.fixture
def batch(sysadmin: Actor) -> ImportBatch:
    """Forty-five people, of whom the third has the number of somebody of another name."""
    people = [Person(f"IMP-{n:03d}", f"人{n}", f"138{n:08d}", "立案庭", ("clerk",)) for n in range(ROWS)]
    identity.account_for(staff_no="IMP-002", name="别人", mobile="13700000000")
    return actions.keep_import(actor=sysadmin, filename="名单.csv", people=people, now=clock.now())


def work(batch: ImportBatch) -> None:
    enter_import(court_id=court(), payload={"id": str(batch.id)}, now=clock.now())


def entered(actor: Actor) -> int:
    with as_actor(actor):
        return Member.objects.filter(court_id=court()).count()


def test_nothing_happens_before_somebody_says_so(sysadmin: Actor, batch: ImportBatch) -> None:
    work(batch)
    assert entered(sysadmin) == 0


def test_the_worker_enters_everybody_once_and_tells_when_it_is_done(sysadmin: Actor, batch: ImportBatch) -> None:
    actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    work(batch)
    work(batch)
    found = queries.get_import(actor=sysadmin, batch_id=batch.id)
    assert (found.state, found.done, entered(sysadmin)) == ("finished", ROWS - 1, ROWS - 1)
    assert [row["person"]["staff_no"] for row in found.rows if row["state"] == "fault"] == ["IMP-002"]
    notice = Notice.objects.get(lawyer_id=sysadmin.person_id)
    assert "1 行有问题" in notice.body
    with pytest.raises(Refusal):
        actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())


def test_a_worker_that_dies_in_the_middle_is_gone_on_with(
    sysadmin: Actor, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    steps = iter([True])

    def dies(**given: Any) -> bool:
        if next(steps, False):
            return importing.enter_next(**given)
        raise ConnectionError("killed")

    monkeypatch.setattr(actions, "enter_next", dies)
    with pytest.raises(ConnectionError):
        work(batch)
    assert queries.get_import(actor=sysadmin, batch_id=batch.id).done == 19, "a fault among the first twenty"
    monkeypatch.undo()
    work(batch)
    assert entered(sysadmin) == ROWS - 1


def test_who_stops_it_keeps_what_is_entered_and_may_go_on(sysadmin: Actor, batch: ImportBatch) -> None:
    actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    assert actions.enter_next(actor=sysadmin, batch_id=batch.id, now=clock.now())
    actions.cancel_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    work(batch)
    assert entered(sysadmin) == 19
    actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    work(batch)
    assert entered(sysadmin) == ROWS - 1


def test_an_administrator_who_lost_his_post_enters_nobody(sysadmin: Actor, batch: ImportBatch) -> None:
    actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    identity.end_posts(person_id=sysadmin.person_id, court_id=court())
    work(batch)
    assert entered(sysadmin) == 0


def test_nobody_else_starts_stops_or_takes_out_an_import(sysadmin: Actor, batch: ImportBatch) -> None:
    for stranger in (admin(Role.SECADMIN, 2), admin(Role.AUDITOR, 3)):
        for act in (actions.start_import, actions.cancel_import, actions.take_faults):
            with pytest.raises(NotFound):
                act(actor=stranger, batch_id=batch.id, now=clock.now())
    with pytest.raises(NotFound):
        actions.start_import(actor=sysadmin, batch_id=uuid.uuid4(), now=clock.now())


def test_the_page_shows_how_far_it_is_and_the_faults_go_out_as_a_file(sysadmin: Actor, batch: ImportBatch) -> None:
    client, page = browser(sysadmin), f"/desk/admin/members/import/{batch.id}/"
    assert client.post(f"{page}start/")["Location"] == page
    assert actions.enter_next(actor=sysadmin, batch_id=batch.id, now=clock.now())
    running = client.get(page).content.decode()
    assert "登记中" in running
    assert 'hx-trigger="load delay:1s"' in running
    assert 'value="20"' in running
    assert "名单.csv" in client.get("/desk/admin/members/import/").content.decode(), "who left finds it again"
    work(batch)
    assert "load delay:1s" not in client.get(page).content.decode()
    lines = list(csv.reader(io.StringIO(client.get(f"{page}faults.csv").content.decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["工号", "IMP-002"]
    assert "姓名或手机号与之不符" in lines[1][-1]
