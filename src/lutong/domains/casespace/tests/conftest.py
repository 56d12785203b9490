"""The court, its people and a signed-in browser."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lutong.domains.cases.tests import world
from lutong.domains.dossier.models import Document
from lutong.domains.identity.tests.browser import browser as signed_in
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor

Browser = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def people(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody of the cases' world; the clock of the faces stands at LATER."""
    world.enrol()
    monkeypatch.setattr("lutong.kernel.clock.now", lambda: world.LATER)


@pytest.fixture
def browser() -> Browser:
    """A browser in which this person has signed in."""

    return signed_in


def file_papers(case: Any, count: int) -> None:
    """Put papers into the main volume, as the court."""
    with reading(world.staff()):
        Document.objects.bulk_create(
            Document(
                court_id=case.court_id, case_id=case.id, kind="evidence", title=f"证据 {i}", place=i, size=1, pages=1,
                filename=f"{i}.pdf", media_type="application/pdf", sha256="0" * 64, sm3="0" * 64, object_key="k",
                sealed_key=b"k", submitted_by=world.ZHOU, submitter="周岚 律师", submitted_at=world.NOW,
                state="in_dossier", upload_id=uuid.uuid4(),
            )
            for i in range(count)
        )  # fmt: skip
