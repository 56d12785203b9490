"""审核清单: the coded check list that the lawyer's pre-check and the clerk's review share.

`examine` is the one judge. What a machine can see is passed or named as a defect with its field and way out;
what needs human eyes says what to look at.
"""

import datetime as dt

from lutong.domains.filing.checks.claims import check_claims
from lutong.domains.filing.checks.papers import check_papers
from lutong.domains.filing.checks.people import check_people, party_label
from lutong.domains.filing.checks.report import (
    CHECKS,
    VERDICT_LABELS,
    CauseFact,
    Check,
    CheckItem,
    CourtFact,
    Facts,
    FieldError,
    Report,
    UploadFact,
    Verdict,
)
from lutong.domains.filing.content import FilingContent

__all__ = [
    "CHECKS",
    "VERDICT_LABELS",
    "CauseFact",
    "Check",
    "CheckItem",
    "CourtFact",
    "Facts",
    "FieldError",
    "Report",
    "UploadFact",
    "Verdict",
    "examine",
    "party_label",
]


def examine(*, content: FilingContent, facts: Facts, today: dt.date) -> Report:
    """Judge a draft or a filing against the whole list on a day.

    Law: 民事诉讼法第一百二十二条至第一百二十七条, 登记立案规定第四条、第六条.
    """
    items = (
        *check_people(content, facts, today),
        *check_claims(content, facts, today),
        *check_papers(content, facts),
    )
    return Report(items, today)
