"""What hearings do when other domains announce something; see site/wiring.py."""

from lutong.domains.cases.events import CounselJoined, CounselLeft
from lutong.domains.hearings import actions


def counsel_joined(event: CounselJoined) -> None:
    """New counsel of record gets the coming hearings into his calendar."""
    actions.follow_counsel(
        actor=event.actor, court_id=event.court_id, case_id=event.case_id, lawyer_id=event.lawyer_id, now=event.now
    )


def counsel_left(event: CounselLeft) -> None:
    """Counsel who has left loses them."""
    actions.leave_calendar(
        actor=event.actor, court_id=event.court_id, case_id=event.case_id, lawyer_id=event.lawyer_id, now=event.now
    )
