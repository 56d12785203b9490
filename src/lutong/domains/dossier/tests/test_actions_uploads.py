"""Uploads as rows: limits, owners, and steps that may come twice."""

import datetime as dt
import uuid

import pytest

from lutong.domains.dossier import actions, queries
from lutong.domains.dossier.models import Upload
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotFound

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
LAWYER = Actor(person_id=7001, role=Role.LAWYER, name="甲律师")
OTHER = Actor(person_id=7002, role=Role.LAWYER, name="乙律师")
pytestmark = pytest.mark.django_db


def begin(size: int = 1000, *, actor: Actor = LAWYER, purpose: str = "filing:1") -> Upload:
    return actions.begin_upload(
        actor=actor, purpose=purpose, slot="evidence", filename="借条.jpg", size=size, object_key="aa/aa",
        sealed_key=b"k", now=NOW,
    )  # fmt: skip


def finish(upload: Upload) -> Upload:
    return actions.finish_upload(
        actor=LAWYER, upload_id=upload.id, sha256="a" * 64, sm3="b" * 64, media_type="image/jpeg", pages=1,
        warnings=[], now=NOW,
    )  # fmt: skip


def test_a_finished_upload_is_complete_and_finishing_twice_changes_nothing() -> None:
    upload = begin()
    done = finish(upload)
    assert (done.state, done.offset, done.finished_at) == ("stored", 1000, NOW)
    again = actions.finish_upload(
        actor=LAWYER, upload_id=upload.id, sha256="c" * 64, sm3="", media_type="", pages=None, warnings=[], now=NOW
    )
    assert again.sha256 == "a" * 64


def test_the_number_of_files_is_limited_and_refused_ones_do_not_count() -> None:
    rows = [
        Upload(lawyer_id=7001, purpose="filing:1", filename="x", declared_size=1, created_at=NOW, expires_at=NOW)
        for _ in range(actions.MOST_FILES)
    ]
    Upload.objects.bulk_create(rows)
    with pytest.raises(Conflict, match="最多上传 200 个文件"):
        begin()
    begin(purpose="filing:2")
    actions.refuse_upload(
        actor=LAWYER, upload_id=rows[0].id, refusal={"code": "broken", "sentence": "。", "way_out": "。"}, now=NOW
    )
    begin()


def test_all_files_together_are_limited() -> None:
    begin(actions.MOST_BYTES - 10)
    with pytest.raises(Conflict, match="合计不能超过 2 GB"):
        begin(11)
    begin(10)


@pytest.mark.parametrize(("size", "purpose"), [(0, "filing:1"), (-5, "filing:1"), (5, ""), (5, "x" * 41)])
def test_nonsense_is_refused(size: int, purpose: str) -> None:
    with pytest.raises(Invalid):
        begin(size, purpose=purpose)


def test_progress_lets_the_upload_wait_longer_and_never_touches_a_finished_one() -> None:
    upload = begin()
    later = NOW + dt.timedelta(hours=5)
    actions.note_progress(actor=LAWYER, upload_id=upload.id, offset=400, now=later)
    found = queries.get_upload(actor=LAWYER, upload_id=upload.id)
    assert (found.offset, found.expires_at) == (400, later + dt.timedelta(hours=48))
    finish(upload)
    actions.note_progress(actor=LAWYER, upload_id=upload.id, offset=1, now=later)
    assert queries.get_upload(actor=LAWYER, upload_id=upload.id).offset == 1000


def test_nobody_touches_another_persons_upload() -> None:
    upload = begin()
    for touch in (
        lambda: queries.get_upload(actor=OTHER, upload_id=upload.id),
        lambda: actions.discard_upload(actor=OTHER, upload_id=upload.id, now=NOW),
        lambda: actions.await_verdict(actor=OTHER, upload_id=upload.id, now=NOW),
        lambda: queries.get_upload(actor=LAWYER, upload_id=uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            touch()
    actions.note_progress(actor=OTHER, upload_id=upload.id, offset=9, now=NOW)
    assert queries.list_uploads(actor=OTHER, purpose="filing:1") == []
    assert [u.offset for u in queries.list_uploads(actor=LAWYER, purpose="filing:1")] == [0]


def test_an_upload_taken_back_is_gone() -> None:
    upload = begin()
    actions.discard_upload(actor=LAWYER, upload_id=upload.id, now=NOW)
    with pytest.raises(NotFound):
        queries.get_upload(actor=LAWYER, upload_id=upload.id)
