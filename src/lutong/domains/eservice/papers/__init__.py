"""法院文书: the words of the papers that the court serves, as data for the typesetter. No database, no clock.

Each function answers the data of gateways/typesetting/templates/paper.typ.
"""

from lutong.domains.eservice.papers.letters import (
    acceptance_notice,
    cancellation_notice,
    evidence_notice,
    fee_notice,
    response_notice,
    summons,
)
from lutong.domains.eservice.papers.proofs import payment_receipt, service_receipt
from lutong.domains.eservice.papers.words import DEMO_MARK, CaseWords, HearingWords, capital_yuan, long_date

__all__ = [
    "DEMO_MARK",
    "CaseWords",
    "HearingWords",
    "acceptance_notice",
    "cancellation_notice",
    "capital_yuan",
    "evidence_notice",
    "fee_notice",
    "long_date",
    "payment_receipt",
    "response_notice",
    "service_receipt",
    "summons",
]
