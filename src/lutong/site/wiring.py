"""Who listens to what, across domains: both tables in one place."""

from lutong.domains.cases import events as case_events
from lutong.domains.delegation import actions as delegation
from lutong.domains.dossier import tasks as dossier
from lutong.domains.dossier.actions import mandates
from lutong.domains.eservice import tasks as eservice
from lutong.domains.exchange import tasks as exchange
from lutong.domains.fees import events as fee_events
from lutong.domains.fees import tasks as fees
from lutong.domains.filing import actions as filing_actions
from lutong.domains.filing import tasks as filing
from lutong.domains.hearings import events as hearing_events
from lutong.domains.hearings import tasks as hearings
from lutong.domains.identity import events as identity_events
from lutong.domains.staffing import actions as staffing_actions
from lutong.domains.staffing import tasks as staffing
from lutong.kernel import events
from lutong.site import security_notices, summons

# In the announcer's transaction, in this order.
LISTENERS: dict[type, list[events.Handler]] = {
    case_events.CaseOpened: [dossier.attach_papers],
    case_events.CounselJoined: [
        mandates.on_counsel_joined,
        hearings.counsel_joined,
        delegation.on_counsel_joined,
    ],
    case_events.CounselLeft: [hearings.counsel_left, delegation.on_counsel_left],
    case_events.MovedToTrial: [fees.bill_on_trial],
    case_events.RepresentationClaimed: [mandates.on_representation_claimed],
    case_events.PowersChangeAsked: [mandates.on_powers_change_asked],
    case_events.PowersChanged: [mandates.on_powers_changed],
    fee_events.BillPaid: [fees.begin_trial_when_paid],
    identity_events.FirmChanged: [delegation.on_firm_changed, filing_actions.on_firm_changed],
    identity_events.StandingChanged: [
        security_notices.standing_changed,
        dossier.stop_uploads,
        delegation.on_standing_changed,
    ],
    hearing_events.HearingCancelled: [summons.call_off],
    hearing_events.HearingMoved: [summons.summon],
    hearing_events.HearingScheduled: [summons.summon],
    identity_events.CredentialsChanged: [security_notices.credentials_changed],
    identity_events.NewDevice: [security_notices.new_device],
    identity_events.PasswordFrozen: [staffing_actions.on_password_frozen],
    identity_events.PauseLifted: [security_notices.pause_lifted],
    identity_events.SignInPaused: [security_notices.sign_in_paused],
}

# After commit, by the worker, at least once.
TOPICS: dict[str, list[exchange.TopicHandler]] = {
    "cases.counsel_joined": [eservice.counsel_joined],
    "cases.opened": [eservice.case_opened],
    "cases.trial_began": [eservice.trial_began],
    "dossier.bundle": [dossier.make_bundle],
    "dossier.documents": [dossier.plan_views],
    "dossier.pages": [dossier.make_pages],
    "dossier.view": [dossier.make_view],
    "eservice.effective": [eservice.delivery_effective],
    "fees.billed": [eservice.fee_billed],
    "fees.nothing_due": [fees.begin_trial_without_fee],
    "fees.paid": [eservice.fee_paid],
    "filing.corrected": [filing.make_papers],
    "filing.submitted": [filing.make_papers],
    "hearings.cancelled": [eservice.hearing_cancelled],
    "hearings.fixed": [eservice.hearing_scheduled],
    "staffing.import": [staffing.enter_import],
}


def connect() -> None:
    """Install both tables; called once when the application starts."""
    events.wire(LISTENERS)
    exchange.wire_topics(TOPICS)
