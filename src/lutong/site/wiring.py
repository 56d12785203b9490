"""Who listens to what, across domains: both tables in one place."""

from lutong.domains.cases import events as case_events
from lutong.domains.dossier import tasks as dossier
from lutong.domains.dossier.actions import mandates
from lutong.domains.exchange import tasks as exchange
from lutong.domains.fees import events as fee_events
from lutong.domains.fees import tasks as fees
from lutong.domains.hearings import tasks as hearings
from lutong.kernel import events

# In the announcer's transaction, in this order.
LISTENERS: dict[type, list[events.Handler]] = {
    case_events.CounselJoined: [mandates.on_counsel_joined, hearings.counsel_joined],
    case_events.CounselLeft: [hearings.counsel_left],
    case_events.MovedToTrial: [fees.bill_on_trial],
    case_events.RepresentationClaimed: [mandates.on_representation_claimed],
    fee_events.BillPaid: [fees.begin_trial_when_paid],
    case_events.CaseOpened: [dossier.attach_papers],
}

# After commit, by the worker, at least once.
TOPICS: dict[str, list[exchange.TopicHandler]] = {
    "fees.nothing_due": [fees.begin_trial_without_fee],
    "dossier.documents": [dossier.plan_views],
    "dossier.view": [dossier.make_view],
    "dossier.pages": [dossier.make_pages],
    "dossier.bundle": [dossier.make_bundle],
}


def connect() -> None:
    """Install both tables; called once when the application starts."""
    events.wire(LISTENERS)
    exchange.wire_topics(TOPICS)
