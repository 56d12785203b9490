"""The officer's side: take, look, decide with a reason, or vouch for somebody at the counter."""

import datetime as dt
import uuid

from lutong.kernel.acting import action
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.verification.livecheck import queries, rules
from lutong.verification.livecheck.actions.holding import holder_of
from lutong.verification.livecheck.actions.trail import advance, end, note, shelf
from lutong.verification.livecheck.films import GONE
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.rules import Level, Method, Purpose
from lutong.verification.livecheck.states import State
from lutong.verification.registry.actors import BureauActor, CourtActor, DeskActor


@action
def take(*, actor: DeskActor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    """开始审核: from now on the check is this officer's, until he decides or puts it back."""
    check = _of_mine(actor, check_id)
    if check.state == State.UNDER_REVIEW and check.officer_id == actor.person_id:
        return check
    if check.state == State.UNDER_REVIEW:
        raise Conflict(f"{check.officer_name}正在审核，请选择其他待办")
    advance(check, "take", actor=actor, now=now)
    check.officer_id, check.officer_name, check.taken_at = actor.person_id, actor.name, now
    check.save()
    return check


@action
def release(*, actor: DeskActor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    """放回待办: a colleague may take it; also what an absent colleague has taken."""
    check = _of_mine(actor, check_id)
    advance(check, "release", actor=actor, now=now, taken_by=check.officer_name)
    check.officer_id, check.officer_name, check.taken_at = None, "", None
    check.save()
    return check


def film_for_review(*, actor: DeskActor, check_id: uuid.UUID, now: dt.datetime) -> tuple[bytes, str]:
    """The film and its type, for the officer who reviews it; every look is in the trail. Raises NotFound when gone."""
    check = _looked(actor=actor, check_id=check_id, now=now)
    if check.film_key is None or check.film_until is None or check.film_until <= now:
        raise NotFound(GONE)
    return shelf().get(check.pk, str(check.film_key)), check.film_type


def decide(*, actor: DeskActor, check_id: uuid.UUID, passed: bool | None, reason: str, now: dt.datetime) -> Check:
    """认定或者不能认定 (None: not said), with a reason that the person will read; the film is destroyed at once."""
    check = _decided(actor=actor, check_id=check_id, passed=passed, reason=reason, now=now)
    shelf().destroy(check.pk)
    return check


@action
def vouch(*, actor: DeskActor, number: str, reason: str, now: dt.datetime) -> Check:
    """窗口当面核验: the officer has seen the person with licence and identity card; no film is made.

    A bureau vouches for its own roll; to a court's window lawyers of every province come.
    """
    reason, licence = _sound(reason), holder_of(number=number.strip().upper())
    if isinstance(actor, BureauActor) and not (actor.sees(licence.bureau) and actor.may_decide):
        raise NotFound("名册中没有这一条，或者不属于本机关")
    if queries.open_check(person_id=licence.person_id) is not None:
        raise Conflict("此人有一次核验正在进行，请他先撤回，或者在待办中办理")
    check = Check.objects.create(
        person_id=licence.person_id, number=licence.number, bureau=licence.bureau, purpose=Purpose.FIRST.value,
        **_court_of(actor), method=Method.COUNTER.value, state=State.REQUESTED, requested_at=now,
        officer_id=actor.person_id, officer_name=actor.name, taken_at=now, reason=reason,
    )  # fmt: skip
    advance(check, "vouch", actor=actor, now=now, reason=reason)
    end(check, level=Level.LIVE_MANUAL, now=now)
    return check


@action
def _decided(*, actor: DeskActor, check_id: uuid.UUID, passed: bool | None, reason: str, now: dt.datetime) -> Check:
    check = _of_mine(actor, check_id)
    if passed is None:
        raise Invalid("请改正标出的项目", fields={"answer": "请选择认定结果"})
    reason = _sound(reason)
    if check.state == State.UNDER_REVIEW and check.officer_id != actor.person_id:
        raise Conflict(f"{check.officer_name}正在审核，由他作出决定，或者先放回待办")
    advance(check, "pass" if passed else "fail", actor=actor, now=now, reason=reason)
    check.reason = reason
    end(check, level=Level.LIVE_MANUAL if passed else None, now=now)
    return check


@action
def _looked(*, actor: DeskActor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    check = _of_mine(actor, check_id)
    if check.state != State.UNDER_REVIEW or check.officer_id != actor.person_id:
        raise NotFound(GONE)
    note(check, actor=actor, act="look", now=now)
    return check


def _of_mine(actor: DeskActor, check_id: uuid.UUID) -> Check:
    check = queries.get_for_desk(actor=actor, check_id=check_id, lock=True)
    if not actor.may_decide:
        raise NotAllowed("实人核验由省级司法行政机关和法院核验岗办理，司法部账号只能查看")
    return check


def _court_of(actor: DeskActor) -> dict[str, str]:
    return {"court": actor.court, "court_name": actor.court_name} if isinstance(actor, CourtActor) else {}


def _sound(reason: str) -> str:
    tidy = " ".join(reason.split())
    if not rules.SHORTEST_REASON <= len(tidy) <= rules.LONGEST_REASON:
        raise Invalid("请改正标出的项目", fields={"reason": "理由：请写明怎样判断，4–300 个字；本人会看到"})
    return tidy
