"""权限关口 before there is a case: the draft itself names the agents and what they were given."""

import datetime as dt

from lutong.domains.filing.content import FilingContent
from lutong.kernel.actor import Actor
from lutong.kernel.acts import acts_on, objection_to
from lutong.kernel.clock import beijing_date
from lutong.kernel.errors import NotAllowed


def require_agency(*, actor: Actor, content: FilingContent, act: str, now: dt.datetime) -> None:
    """Let who files, corrects or withdraws be an agent of a plaintiff in this very filing, with powers that carry it.

    Law: 民事诉讼法第六十二条. Raises NotAllowed with `act`, `power`, `law` and `cure`.
    """
    rule = acts_on(beijing_date(now))[act]
    sides = {party.id: party.side for party in content.parties}
    mine = [agent for agent in content.agents if agent.lawyer_id == str(actor.lawyer_id)]
    if not any(sides.get(agent.party_id) == "plaintiff" for agent in mine):
        cure = "请在“代理人与授权”一步把自己列为原告的代理人，并上传授权委托书"
        raise NotAllowed(
            f"只有原告的诉讼代理人可以{rule.label}（{rule.law}）。{cure}", act=act, power=rule.required, law=rule.law,
            remedy=cure, cure={"paper": "mandate", "text": cure, "step": "agents"},
        )  # fmt: skip
    for agent in mine:
        objection = objection_to(
            act=rule, powers=agent.powers, special_powers=agent.special_powers, wording=agent.wording
        )
        if objection is not None:
            raise NotAllowed(
                f"{objection.text}。{objection.cure}", act=act, power=rule.required, law=objection.law,
                remedy=objection.cure, cure={"paper": "mandate", "text": objection.cure, "step": "agents"},
            )  # fmt: skip
