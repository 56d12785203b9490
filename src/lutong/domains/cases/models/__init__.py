"""Cases, their parties, counsel, access, timeline, deadlines and supervision."""

from lutong.domains.cases.models.core import (
    Case,
    CaseAccess,
    Deadline,
    LawyerCase,
    LawyerClaim,
    LawyerDeadline,
    MandateChange,
    Milestone,
    NumberCounter,
    Party,
    Representation,
)
from lutong.domains.cases.models.supervision import MediatorNote, UrgentAccess

__all__ = [
    "Case",
    "CaseAccess",
    "Deadline",
    "LawyerCase",
    "LawyerClaim",
    "LawyerDeadline",
    "MandateChange",
    "MediatorNote",
    "Milestone",
    "NumberCounter",
    "Party",
    "Representation",
    "UrgentAccess",
]
