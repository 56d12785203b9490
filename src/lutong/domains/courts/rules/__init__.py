"""The law of this domain as plain Python: case numbers and jurisdiction."""

from lutong.domains.courts.rules.case_number import (
    CaseNumber,
    accept_case_number,
    compose_case_number,
    parse_case_number,
)
from lutong.domains.courts.rules.grounds import Ground, jurisdiction_reasons
from lutong.domains.courts.rules.warnings import Warning, court_warnings, level_warnings, special_court_warnings

__all__ = [
    "CaseNumber",
    "Ground",
    "Warning",
    "accept_case_number",
    "compose_case_number",
    "court_warnings",
    "jurisdiction_reasons",
    "level_warnings",
    "parse_case_number",
    "special_court_warnings",
]
