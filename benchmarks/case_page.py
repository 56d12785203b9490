"""The whole HTML page of a case as its counsel opens it, with 10 and with 10,000 papers: statements, CPU, size."""

import datetime as dt
import gzip
import time
import uuid
from typing import Any

from benchmarks.measure import Line, at_most, interleaved, median, note
from benchmarks.world import World

TITLE = "case page (HTML): statements, processor time, size"
QUERIES, CPU_MS, KILOBYTES, GROWTH = 12, 15.0, 60.0, 1.5
FEW, MANY = 10, 10_000
REQUESTS = 20


def run(world: World) -> list[Line]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, lawyer_id = _signed_in()
    cases = {papers: _case() for papers in (FEW, MANY)}
    for papers, (court_id, case_id) in cases.items():
        _fill(court_id, case_id, lawyer_id, papers)
    with world.connect(autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE) dossier_document")
    pages = {papers: f"/cases/{court_id}/{case_id}/" for papers, (court_id, case_id) in cases.items()}
    told: dict[int, tuple[int, float]] = {}
    for papers, page in pages.items():
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page)
        assert answer.status_code == 200, answer.status_code
        asked = [
            q for q in queries.captured_queries if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        ]
        told[papers] = len(asked), len(gzip.compress(answer.content, 6)) / 1000

    def spent(page: str) -> float:
        begun = time.process_time()
        for _ in range(REQUESTS):
            client.get(page)
        return (time.process_time() - begun) * 1000 / REQUESTS

    found = interleaved(world.rounds, {str(papers): lambda page=page: spent(page) for papers, page in pages.items()})
    few, many = median(found[str(FEW)]), median(found[str(MANY)])
    return [
        at_most(f"statements, {FEW} papers", told[FEW][0], QUERIES),
        at_most(f"statements, {MANY:,} papers", told[MANY][0], QUERIES),
        at_most(f"processor time, {FEW} papers", few, CPU_MS, "ms"),
        at_most(f"processor time, {MANY:,} papers", many, CPU_MS, "ms"),
        at_most(f"growth from {FEW} to {MANY:,} papers", many / few, GROWTH, "×"),
        at_most(f"compressed, {MANY:,} papers", told[MANY][1], KILOBYTES, "kB"),
        note(f"compressed, {FEW} papers", f"{told[FEW][1]:.1f} kB"),
    ]


def _signed_in() -> tuple[Any, int]:
    """A browser of the case's counsel, after both factors."""
    from django.test import Client

    from lutong.domains.cases.tests import world as story
    from lutong.domains.identity.models import Account

    if not Account.objects.filter(pk=story.ZHOU).exists():
        story.enrol()
    client = Client(headers={"Accept": "text/html"})
    client.force_login(Account.objects.get(pk=story.ZHOU), "lutong.domains.identity.backend.SignInBackend")
    session = client.session
    session["actor"] = {"person_id": story.ZHOU, "role": "lawyer", "name": "周岚", "court_id": None}
    session.save()
    return client, story.ZHOU


def _case() -> tuple[int, uuid.UUID]:
    from lutong.domains.cases.tests import world as story

    case = story.open_case(filing_id=uuid.uuid4())
    return case.court_id, case.id


def _fill(court_id: int, case_id: uuid.UUID, lawyer_id: int, papers: int) -> None:
    """Put papers into the main volume, as the court."""
    from lutong.domains.cases.tests import world as story
    from lutong.domains.dossier.models import Document
    from lutong.kernel.acting import reading

    now = dt.datetime.now(dt.UTC)
    with reading(story.staff()):
        Document.objects.bulk_create(
            [
                Document(
                    court_id=court_id, case_id=case_id, kind="evidence", title=f"证据 {n}", place=n, size=81_000,
                    pages=3, filename=f"{n}.pdf", media_type="application/pdf", sha256="0" * 64, sm3="0" * 64,
                    object_key=uuid.uuid4().hex, sealed_key=b"k", submitted_by=lawyer_id, submitter="周岚 律师",
                    submitted_at=now, state="in_dossier", upload_id=uuid.uuid4(),
                )
                for n in range(1, papers + 1)
            ],
            batch_size=1000,
        )  # fmt: skip
