"""What happens to a case that others hear of, in the same transaction."""

import datetime as dt
import uuid
from dataclasses import dataclass

from lutong.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """A fact about one case. `actor` caused it; listeners act in his name or as the court's system."""

    actor: Actor
    court_id: int
    case_id: uuid.UUID
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class CaseOpened(CaseEvent):
    """登记立案: the case has its number."""

    filing_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class MovedToTrial(CaseEvent):
    """转审理: the acceptance fee is now notified."""


@dataclass(frozen=True, slots=True)
class TrialBegan(CaseEvent):
    """费用到账，开始审理."""


@dataclass(frozen=True, slots=True)
class CounselJoined(CaseEvent):
    """代理关系核实: a counsel of record has been added."""

    lawyer_id: int = 0
    party_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CounselLeft(CaseEvent):
    """代理关系终止: a counsel of record was dismissed or withdrew."""

    lawyer_id: int = 0


@dataclass(frozen=True, slots=True)
class RepresentationClaimed(CaseEvent):
    """申请核实代理关系: a lawyer who cannot see the case yet hands in 授权委托书 and 所函 (ids of his uploads)."""

    representation_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    mandate_upload_id: uuid.UUID | None = None
    firm_letter_upload_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class PowersChangeAsked(CaseEvent):
    """申请变更授权: counsel of record hands in a new 授权委托书 (id of his upload)."""

    change_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    mandate_upload_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class PowersChanged(CaseEvent):
    """授权变更生效: the court has confirmed the new powers; `mandate_id` is the document that carries them."""

    lawyer_id: int = 0
    mandate_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseDecided(CaseEvent):
    """裁判: an outcome has been recorded; the paper is still to be served."""


@dataclass(frozen=True, slots=True)
class CaseClosed(CaseEvent):
    """结案."""
