"""The lawyer's drafts and filings: his own rows, and what the court says about them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lutong.domains.dossier.queries import list_filing_documents
from lutong.domains.filing.access import drafts_of, filings_visible_to
from lutong.domains.filing.models import Correction, Draft, Filing
from lutong.domains.filing.states import FilingState
from lutong.kernel.acting import reading
from lutong.kernel.actor import Actor
from lutong.kernel.errors import NotFound

KEPT_FOR = dt.timedelta(days=30)
MANY = 100
S = FilingState
# The eight known tabs: address word, label, states.
TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("all", "全部", ()),
    ("draft", "待提交", (S.DRAFT,)),
    ("submitting", "提交中", (S.SUBMITTING,)),
    ("submitted", "待审核", (S.SUBMITTED,)),
    ("approved", "审核通过", (S.APPROVED,)),
    ("returned", "审核不通过", (S.RETURNED,)),
    ("registered", "已立案", (S.REGISTERED,)),
    ("refused", "不予立案", (S.REFUSED, S.TRANSFERRED)),
)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A filing as its lawyer sees it: the court's row, its correction notices and the papers received."""

    filing: Filing
    corrections: list[Correction]
    documents: list[Any]  # dossier documents

    @property
    def open_correction(self) -> Correction | None:
        """The notice that waits for an answer."""
        return next((notice for notice in self.corrections if notice.answered_at is None), None)


def list_drafts(
    *,
    actor: Actor,
    tab: str = "all",
    text: str = "",
    before: tuple[dt.datetime, uuid.UUID] | None = None,
    limit: int = 20,
) -> list[Draft]:
    """The actor's drafts and filings, newest change first, without their content. `before`: (updated_at, id)."""
    states = next((states for word, _, states in TABS if word == tab), None)
    if states is None:
        raise NotFound("没有这一类")
    with reading(actor):
        mine = drafts_of(actor).filter(deleted_at=None).defer("content")
        if states:
            mine = mine.filter(state__in=states)
        for word in text.split()[:4]:
            mine = mine.filter(
                Q(title__icontains=word)
                | Q(court_name__icontains=word)
                | Q(receipt_no__icontains=word)
                | Q(case_number__icontains=word)
            )
        if before is not None:
            mine = mine.filter(Q(updated_at__lt=before[0]) | Q(updated_at=before[0], id__lt=before[1]))
        return list(mine.order_by("-updated_at", "-id")[:limit])


def count_drafts(*, actor: Actor) -> dict[str, int]:
    """How many there are in each tab, counted up to 100."""
    with reading(actor):
        mine = drafts_of(actor).filter(deleted_at=None)
        return {
            word: len((mine.filter(state__in=states) if states else mine).values_list("id")[:MANY])
            for word, _, states in TABS
        }


def list_deleted(*, actor: Actor, now: dt.datetime) -> list[Draft]:
    """Deleted drafts that can still be fetched back, last deleted first."""
    with reading(actor):
        gone = drafts_of(actor).filter(deleted_at__gt=now - KEPT_FOR).defer("content")
        return list(gone.order_by("-deleted_at", "-id")[:MANY])


def get_draft(*, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """One draft of the actor's own. Raises NotFound for anybody else's and for deleted ones."""
    with reading(actor):
        draft = drafts_of(actor).filter(id=draft_id, deleted_at=None).first()
    if draft is None:
        raise NotFound("没有这份申请，或您无权查看")
    return draft


def get_submitted(*, actor: Actor, draft: Draft) -> Submitted:
    """What became of a submitted draft. Raises NotFound while it is a draft."""
    if draft.court_id is None or draft.filing_id is None:
        raise NotFound("这份申请还没有提交")
    with reading(actor):
        filing = filings_visible_to(actor, court_id=draft.court_id).filter(id=draft.filing_id).first()
        if filing is None:
            raise NotFound("没有这份申请，或您无权查看")
        notices = Correction.objects.filter(court_id=filing.court_id, filing_id=filing.id).order_by("-round")
        papers = list_filing_documents(actor=actor, court_id=filing.court_id, filing_id=filing.id)
        return Submitted(filing, list(notices), papers)


def list_opened_fields(*, actor: Actor, draft: Draft) -> list[str] | None:
    """The fields that a correction notice opens; None for a draft, where all are open."""
    if draft.state == FilingState.DRAFT:
        return None
    notice = get_submitted(actor=actor, draft=draft).open_correction if draft.state == FilingState.RETURNED else None
    return [path for item in (notice.items if notice else []) for path in item.get("fields", [])]
