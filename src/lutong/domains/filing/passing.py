"""移交草稿: what of a draft stays as it is when a colleague takes it over, and what only he himself can give.

Law: 律师法第十条; 民事诉讼法第六十二条, 民诉法解释第八十八条 (授权委托书、所函).
"""

from lutong.domains.filing.content import Agent, FilingContent
from lutong.kernel.capacity import plain_name

PERSONAL = ("authority", "firm_letter", "licence")  # papers that name the agent, by the first word of their slot


def passed_on(content: FilingContent, *, giver_id: int, taker: Agent) -> FilingContent:
    """The same draft with the taker in the giver's place; of `taker` only who he is counts.

    Papers that name the giver lie with the draft unplaced, and what he confirmed waits for the taker's own word.
    """
    gone = {agent.id for agent in content.agents if agent.lawyer_id == str(giver_id)}
    beside = [agent for agent in content.agents if agent.id not in gone and _is(agent, taker)]
    mine = {agent.id for agent in beside[:1]}
    new = content.model_copy(deep=True)
    new.agents = [
        agent.model_copy(update=_facts(taker) if agent.id in gone | mine else {})
        for agent in content.agents
        if not (agent.id in gone and beside)
    ]
    new.files = {slot: ids for slot, ids in content.files.items() if not _names(slot, gone)}
    new.mediation_told = False
    new.service_addresses = [
        address.model_copy(update={"agreed": False, "consent_judgment_e_service": False})
        for address in content.service_addresses
    ]
    return new


def _is(agent: Agent, lawyer: Agent) -> bool:
    return bool(agent.licence_no.strip()) and plain_name(agent.licence_no) == plain_name(lawyer.licence_no)


def _facts(lawyer: Agent) -> dict[str, str]:
    return {name: getattr(lawyer, name) for name in ("lawyer_id", "name", "licence_no", "firm", "phone")}


def _names(slot: str, agents: set[str]) -> bool:
    paper, _, whose = slot.partition(":")
    return paper in PERSONAL and whose in agents
