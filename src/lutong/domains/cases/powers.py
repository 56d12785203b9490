"""代理权限: the law of representation as the cases room uses it.

It stands in the kernel, because the filing check list judges by the very same rules.
"""

from lutong.kernel.acts import Act, acts_on, objection_to
from lutong.kernel.capacity import (
    Ban,
    Counsel,
    Objection,
    attendance_notice,
    bans,
    bans_on,
    capacity_objections,
    plain_name,
    refusing,
    too_many_agents,
)
from lutong.kernel.powers import (
    AGENT_KIND_LABELS,
    ALL_POWERS,
    POWER_LABELS,
    SPECIAL_POWERS,
    AgentKind,
    Paper,
    granted,
    is_bare_full_agency,
    objection_to_act,
    power_objections,
    required_papers,
)

__all__ = [
    "AGENT_KIND_LABELS",
    "ALL_POWERS",
    "POWER_LABELS",
    "SPECIAL_POWERS",
    "Act",
    "AgentKind",
    "Ban",
    "Counsel",
    "Objection",
    "Paper",
    "acts_on",
    "attendance_notice",
    "bans",
    "bans_on",
    "capacity_objections",
    "granted",
    "is_bare_full_agency",
    "objection_to",
    "objection_to_act",
    "plain_name",
    "power_objections",
    "refusing",
    "required_papers",
    "too_many_agents",
]
