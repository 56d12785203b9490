"""Acts upon cases; each module is one family of use cases."""

from lutong.domains.cases.actions.counsel import (
    claim_representation,
    claim_representation_once,
    decide_representation,
    end_representation,
    note_claim_papers,
)
from lutong.domains.cases.actions.deadlines import set_deadline, settle_deadline
from lutong.domains.cases.actions.gate import Standing, require_power
from lutong.domains.cases.actions.handing_over import follow_firm, name_successor, share_deadlines
from lutong.domains.cases.actions.indexing import index_earlier_cases
from lutong.domains.cases.actions.lookup import look_up_status
from lutong.domains.cases.actions.mandates import (
    ask_powers_change,
    decide_powers_change,
    note_change_paper,
    withdraw_powers_change,
)
from lutong.domains.cases.actions.mediating import appoint_mediator, write_note
from lutong.domains.cases.actions.opening import CaseOpening, NewCounsel, NewParty, open_case
from lutong.domains.cases.actions.planning import allot, set_plan
from lutong.domains.cases.actions.progress import end_expired_mediations, extend_mediation, take_step
from lutong.domains.cases.actions.sharing import close_to_assistant, open_to_assistant
from lutong.domains.cases.actions.timeline import add_milestone, note_export, note_next_hearing
from lutong.domains.cases.actions.urgent import open_urgently, review_urgent

__all__ = [
    "CaseOpening",
    "NewCounsel",
    "NewParty",
    "Standing",
    "add_milestone",
    "allot",
    "appoint_mediator",
    "ask_powers_change",
    "claim_representation",
    "claim_representation_once",
    "close_to_assistant",
    "decide_powers_change",
    "decide_representation",
    "end_expired_mediations",
    "end_representation",
    "extend_mediation",
    "follow_firm",
    "index_earlier_cases",
    "look_up_status",
    "name_successor",
    "note_change_paper",
    "note_claim_papers",
    "note_export",
    "note_next_hearing",
    "open_case",
    "open_to_assistant",
    "open_urgently",
    "require_power",
    "review_urgent",
    "set_deadline",
    "set_plan",
    "settle_deadline",
    "share_deadlines",
    "take_step",
    "withdraw_powers_change",
    "write_note",
]
