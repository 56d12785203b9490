"""Pure rules of scheduling: travel, clashes, free slots, notice. No Django, no database, no clock."""

from lutong.domains.hearings.rules.clashes import Engagement, Finding, find_clash, reach
from lutong.domains.hearings.rules.lanes import Lane, lanes_of
from lutong.domains.hearings.rules.notice import Caution, cautions, earliest_day
from lutong.domains.hearings.rules.slots import Busy, Slot, free_slots, half_days, working_days
from lutong.domains.hearings.rules.travel import NOWHERE, ONLINE, Place, Travel, travel_between

__all__ = [
    "NOWHERE", "ONLINE", "Busy", "Caution", "Engagement", "Finding", "Lane", "Place", "Slot", "Travel",
    "cautions", "earliest_day", "find_clash", "free_slots", "half_days", "lanes_of", "reach", "travel_between",
    "working_days",
]  # fmt: skip
