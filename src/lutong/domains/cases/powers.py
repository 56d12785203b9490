"""代理权限: the law of representation as the cases room uses it.

It stands in the kernel, because the filing check list judges by the very same rules.
"""

from lutong.kernel.powers import (
    AGENT_KIND_LABELS,
    BANS,
    POWER_LABELS,
    SPECIAL_POWERS,
    AgentKind,
    Ban,
    Counsel,
    Objection,
    Paper,
    capacity_objections,
    granted,
    is_bare_full_agency,
    objection_to_act,
    power_objections,
    required_papers,
    too_many_agents,
)

__all__ = [
    "AGENT_KIND_LABELS",
    "BANS",
    "POWER_LABELS",
    "SPECIAL_POWERS",
    "AgentKind",
    "Ban",
    "Counsel",
    "Objection",
    "Paper",
    "capacity_objections",
    "granted",
    "is_bare_full_agency",
    "objection_to_act",
    "power_objections",
    "required_papers",
    "too_many_agents",
]
