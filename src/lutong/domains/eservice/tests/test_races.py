"""Counsel joins in the very moment in which a paper for his party is being put on the 书记员's list."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from lutong.domains.cases import queries as case_queries
from lutong.domains.eservice import actions
from lutong.domains.eservice.actions import serving
from lutong.domains.eservice.tests.conftest import GU, NOW, Suit, work

TITLE = "应诉通知书"
OTHER_IS_DONE = 1.5  # seconds; long enough for the other act to end where nothing makes it wait


def join_while_it_is_queued(suit: Suit) -> None:
    """Let counsel join, and his papers follow him, after it was seen that there is none and before the paper is put."""
    paper = [suit.file("response_notice", "应诉通知书.pdf")]
    seen, joined = threading.Event(), threading.Event()
    place = serving._place

    def late(*what: Any) -> Any:
        seen.set()
        joined.wait(OTHER_IS_DONE)
        return place(*what)

    def queue() -> None:
        actions.serve_or_queue(
            actor=suit.system, **suit.ids, party_id=suit.party("defendant").id, document_ids=paper, title=TITLE,
            facts={}, key="respond", now=NOW,
        )  # fmt: skip
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(serving, "_place", late)
            queued = other.submit(queue)
            assert seen.wait(20)
        suit.join(GU, "defendant")
        work()
        joined.set()
        queued.result(20)
    work()


def of_defendant(suit: Suit) -> list[str]:
    return sorted(d.state for d in suit.deliveries("defendant"))


def test_the_paper_follows_counsel_who_joins_while_it_is_queued(suit: Suit) -> None:
    work()
    join_while_it_is_queued(suit)
    assert suit.inbox(GU) == [TITLE]
    assert of_defendant(suit) == ["sent", "withdrawn"]


def test_without_the_lock_the_paper_would_stay_behind(suit: Suit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same race where the case is only read."""
    locking = case_queries.get_case
    monkeypatch.setattr(serving.case_queries, "get_case", lambda **wanted: locking(**{**wanted, "lock": False}))
    work()
    join_while_it_is_queued(suit)
    assert suit.inbox(GU) == []
    assert of_defendant(suit) == ["waiting"]
