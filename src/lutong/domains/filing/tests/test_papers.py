"""What the platform makes for the lawyer after a submission."""

import pytest

from lutong.domains.dossier.queries import list_filing_documents
from lutong.domains.filing import actions
from lutong.domains.filing.actions.papers import make_papers
from lutong.domains.filing.models import Filing
from lutong.domains.filing.pages.receipts import receipt_data
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.world import NOW
from lutong.gateways import typesetting
from lutong.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed() -> tuple[Actor, Filing]:
    zhou = world.lawyer()
    return zhou, world.submit(zhou, world.ready(zhou))


def make(filing: Filing, round_no: int = 1) -> None:
    make_papers(court_id=filing.court_id, filing_id=filing.id, round_no=round_no, now=NOW)


def kinds(zhou: Actor, filing: Filing) -> list[str]:
    return [d.kind for d in list_filing_documents(actor=zhou, court_id=filing.court_id, filing_id=filing.id)]


def test_the_evidence_list_and_the_address_confirmation_are_made_once(filed: tuple[Actor, Filing]) -> None:
    zhou, filing = filed
    make(filing)
    make(filing)  # a job comes at least once
    assert kinds(zhou, filing)[-2:] == ["evidence_list", "address_confirmation"]
    assert len(kinds(zhou, filing)) == 7


def test_a_job_of_an_earlier_round_makes_nothing(filed: tuple[Actor, Filing]) -> None:
    zhou, filing = filed
    returned = world.return_for_correction(filing, "facts")
    actions.correct(actor=zhou, draft_id=filing.draft_id, version=returned.version, now=NOW)
    make(filing, round_no=1)
    assert "evidence_list" not in kinds(zhou, filing)
    make(filing, round_no=2)
    assert "evidence_list" in kinds(zhou, filing)


def test_the_receipt_is_the_same_bytes_each_time(filed: tuple[Actor, Filing]) -> None:
    zhou, filing = filed
    papers = list_filing_documents(actor=zhou, court_id=filing.court_id, filing_id=filing.id)
    data = receipt_data(filing, papers)
    first = typesetting.render("paper", data, now=filing.received_at)
    assert first == typesetting.render("paper", data, now=filing.received_at)
    assert first.startswith(b"%PDF")
    told = str(data)
    assert filing.receipt_no in told
    assert "10:00:00" in told
    assert "a" * 64 in told
    assert "b" * 64 in told
