"""From a hearing to its 传票: hearings and service do not know each other, so the site hands the facts over.

The hearing's act writes them into the outbox of its own transaction; the worker then makes and serves the papers.
"""

from lutong.domains.exchange.actions import put_out
from lutong.domains.hearings import queries as hearings
from lutong.domains.hearings.events import HearingCancelled, HearingMoved, HearingScheduled
from lutong.kernel.actor import system
from lutong.kernel.clock import BEIJING


def summon(event: HearingScheduled | HearingMoved) -> None:
    """A hearing was fixed, or fixed anew: every party is summoned (民事诉讼法第一百三十九条)."""
    _hand_over("hearings.fixed", event)


def call_off(event: HearingCancelled) -> None:
    """A hearing will not take place: every party hears of it."""
    _hand_over("hearings.cancelled", event, reason=event.reason)


def _hand_over(topic: str, event: HearingScheduled | HearingMoved | HearingCancelled, **more: str) -> None:
    hearing = hearings.get_hearing(actor=system(event.court_id), court_id=event.court_id, hearing_id=event.hearing_id)
    start, end = (moment.astimezone(BEIJING) for moment in (hearing.during.lower, hearing.during.upper))
    payload = {
        "case_id": str(event.case_id), "hearing_id": str(event.hearing_id), "version": hearing.version,
        "on": start.date().isoformat(), "when": f"{start:%Y年%-m月%-d日 %H:%M}至{end:%H:%M}",
        "place": hearing.room_name if hearing.mode == "onsite" else "在线庭审（登录律通“庭审日程”进入）",
        "kind": hearing.get_kind_display(), "online": hearing.mode != "onsite",
    }  # fmt: skip
    put_out(court_id=event.court_id, topic=topic, payload=payload | more, now=event.now)
