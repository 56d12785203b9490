"""The person's side: begin, consent, read a phrase aloud, hand in, withdraw."""

import datetime as dt
import random
import uuid

from django.conf import settings

from lutong.gateways.face.factory import face_service
from lutong.gateways.face.port import Comparison, FaceDown, Verdict
from lutong.kernel.acting import action, refuse_on
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import Conflict, Invalid, NotFound
from lutong.verification.livecheck import queries, rules
from lutong.verification.livecheck.actions.trail import advance, end, note, shelf
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.rules import Level, Method, Purpose
from lutong.verification.livecheck.states import State
from lutong.verification.registry import queries as registry
from lutong.verification.registry.actors import service
from lutong.verification.registry.queries import LicenceView

refuse_on("one_open_check", lambda: Conflict("您有一次核验正在进行，请先完成或者撤回"))


def holder(licence: LicenceView) -> Actor:
    """The holder of a licence as he acts here."""
    return Actor(licence.person_id, Role.LAWYER, licence.name)


def holder_of(*, number: str) -> LicenceView:
    """Who is signed in under this number. Raises NotFound when the roll has no such entry any more."""
    licence = registry.get_licence(number=number)
    if licence is None:
        raise NotFound("名册中没有您的登记，请联系所属司法行政机关")
    return licence


@action
def start(*, actor: Actor, number: str, purpose: Purpose, visit_id: uuid.UUID | None = None, now: dt.datetime) -> Check:
    """Begin a check, or go on with the one that is open. Raises Conflict beyond five a day.

    It vouches for the visit in which it was begun, and for no other that somebody else may have open.
    """
    licence = holder_of(number=number)
    held = queries.open_check(person_id=actor.person_id)
    if held is not None:
        return held
    today = [
        one for one in queries.list_own(person_id=actor.person_id) if one.requested_at > now - dt.timedelta(days=1)
    ]
    if len(today) >= rules.MOST_CHECKS_A_DAY:
        raise Conflict(f"24 小时内最多核验 {rules.MOST_CHECKS_A_DAY} 次，请稍后再试，或者到窗口当面核验")
    check = Check.objects.create(
        person_id=actor.person_id, number=licence.number, bureau=licence.bureau, purpose=purpose.value,
        state=State.REQUESTED, requested_at=now, visit_id=visit_id,
    )  # fmt: skip
    note(check, actor=actor, act="request", now=now, purpose=purpose.value)
    return check


@action
def consent(
    *, actor: Actor, check_id: uuid.UUID, method: str, court: str | None = None, agreed: bool, now: dt.datetime
) -> Check:
    """单独同意: agree to the use of face and voice for this one check, and say which way (个人信息保护法第二十九条).

    The film is looked at by the person's bureau, or at the window of the court that is named (by name, a part of it
    or its 代字).
    """
    if method not in methods():
        raise Invalid("请选择核验方式", fields={"method": "请选择一种核验方式"})
    if not agreed:
        raise Invalid(
            "没有您的单独同意，不能采集视频",
            fields={"agreed": "同意请勾选；不同意可以改到窗口当面核验，不影响其他操作"},
        )
    code, name = ("", "") if court is None else _window(court)
    check = _own(actor, check_id, now)
    check.court, check.court_name = code, name
    advance(check, "consent", actor=actor, now=now, method=method, text=rules.CONSENT.version, desk=check.desk_name)
    check.method, check.consented_at, check.consent_version = method, now, rules.CONSENT.version
    check.save()
    return check


def _window(words: str) -> tuple[str, str]:
    """代字 and name of the one court with a window that the words mean. Raises Invalid and says which are near."""
    tidy = " ".join(words.split())[:60]
    found = registry.find_windows(words=tidy, limit=4) if tidy else []
    if len(found) == 1:
        return found[0].code, found[0].name
    if not tidy:
        why = "请填写法院名称，或者改选登记机关"
    elif found:
        why = f"符合的法院不止一家（{'、'.join(one.name for one in found[:3])}），请填写全称"
    else:
        why = "这家法院没有设核验岗，或者名称不对；请核对，或者改选登记机关"
    raise Invalid("请改正标出的项目", fields={"court": why})


def methods() -> list[Method]:
    """The ways that this installation offers to somebody who is not at the counter; a person comes first."""
    return [Method.MANUAL, Method.FACE] if settings.LUTONG.face_url else [Method.MANUAL]


@action
def begin_recording(*, actor: Actor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    """取挑战语: a new phrase that must be read within sixty seconds; the former one counts no longer."""
    check = _own(actor, check_id, now)
    if check.phrases >= rules.MOST_PHRASES:
        raise Conflict("取挑战语的次数已用完，请撤回后重新开始，或者到窗口当面核验")
    advance(check, "record", actor=actor, now=now)
    check.phrase, check.phrase_until = rules.new_phrase(random.SystemRandom()), now + rules.PHRASE_LIFE
    check.phrases += 1
    check.save()
    return check


def submit(*, actor: Actor, check_id: uuid.UUID, film: bytes, now: dt.datetime) -> Check:
    """Hand the film in. It rests sealed until a decision, 24 hours at most.

    Raises Invalid for what is no film, Conflict when the phrase is outlived. With the face service chosen, the
    service is asked at once; only an agreeing answer that fits the roll passes, anything else goes to a person
    (个人信息保护法第二十四条: no one is turned away by a machine alone).
    """
    media_type = rules.media_type_of(film[:64])
    if media_type is None:
        raise Invalid(
            "请改正标出的项目", fields={"film": "视频格式不认识，请用浏览器录制，或者用手机相机拍摄 MP4 后上传"}
        )
    if len(film) > rules.LARGEST_FILM:
        raise Invalid("请改正标出的项目", fields={"film": "视频超过 4 MB，请缩短到 12 秒以内或者降低清晰度"})
    check = queries.get_own(person_id=actor.person_id, check_id=check_id)
    _in_time(check, now)
    key = shelf().put(check.pk, film)
    try:
        check = _submitted(actor=actor, check_id=check_id, key=key, media_type=media_type, now=now)
    except BaseException:
        if check.pk not in queries.ids_with_film(ids=[check.pk]):
            shelf().destroy(check.pk)
        raise
    if check.method == Method.FACE:
        return _compare(check, film, media_type, now)
    return check


def withdraw(*, actor: Actor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    """撤回同意: the check ends, the film is destroyed at once (个人信息保护法第十五条)."""
    check = _withdrawn(actor=actor, check_id=check_id, now=now)
    shelf().destroy(check.pk)
    return check


@action
def _submitted(*, actor: Actor, check_id: uuid.UUID, key: str, media_type: str, now: dt.datetime) -> Check:
    check = queries.get_own(person_id=actor.person_id, check_id=check_id, lock=True)
    _in_time(check, now)
    advance(check, "submit", actor=actor, now=now)
    check.film_key, check.film_type, check.film_until = key, media_type, now + rules.FILM_LIFE
    check.submitted_at = now
    check.save()
    return check


@action
def _withdrawn(*, actor: Actor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    check = queries.get_own(person_id=actor.person_id, check_id=check_id, lock=True)
    advance(check, "withdraw", actor=actor, now=now)
    end(check, level=None, now=now)
    return check


def _compare(check: Check, film: bytes, media_type: str, now: dt.datetime) -> Check:
    """Ask the face service; the call goes outward in no transaction."""
    licence = holder_of(number=check.number)
    question = Comparison(
        licence_no=licence.number, name=licence.name, phrase=check.phrase, video=film, media_type=media_type
    )
    try:
        answer = face_service(home=settings.LUTONG.home, base_url=settings.LUTONG.face_url).compare(question)
    except FaceDown as down:
        return _to_a_person(
            actor=service(), check_id=check.pk, why="人脸比对服务没有可信的应答", seen=down.reason, now=now
        )
    if answer.name != licence.name:
        why = "人脸比对服务的应答与名册登记矛盾"
        return _to_a_person(actor=service(), check_id=check.pk, why=why, seen=answer.reference, now=now)
    if answer.verdict is not Verdict.MATCH:
        why = "人脸比对服务认为不一致"
        return _to_a_person(actor=service(), check_id=check.pk, why=why, seen=answer.reference, now=now)
    matched = _matched(actor=service(), check_id=check.pk, reference=answer.reference, now=now)
    shelf().destroy(matched.pk)
    return matched


@action
def _matched(*, actor: Actor, check_id: uuid.UUID, reference: str, now: dt.datetime) -> Check:
    check = Check.objects.select_for_update().get(pk=check_id)
    advance(check, "match", actor=actor, now=now, reference=reference)
    check.reference_no, check.reason = reference, "人脸比对服务应答一致，并与名册登记相符"
    end(check, level=Level.LIVE_FACE, now=now)
    return check


@action
def _to_a_person(*, actor: Actor, check_id: uuid.UUID, why: str, seen: str, now: dt.datetime) -> Check:
    check = Check.objects.select_for_update().get(pk=check_id)
    check.note = why
    check.save(update_fields=["note"])
    note(check, actor=actor, act="to_a_person", now=now, why=why, seen=seen)
    return check


def _own(actor: Actor, check_id: uuid.UUID, now: dt.datetime) -> Check:
    """The person's open check, locked, while its time lasts."""
    check = queries.get_own(person_id=actor.person_id, check_id=check_id, lock=True)
    if check.ended_at is None and check.film_until is None and check.requested_at + rules.BEGUN_LIFE <= now:
        raise Conflict("这次核验已超过 30 分钟，请重新开始")
    return check


def _in_time(check: Check, now: dt.datetime) -> None:
    if check.state != State.RECORDING or check.phrase_until is None:
        raise Conflict("请先取挑战语，再录制视频" if check.ended_at is None else "这次核验已经结束，请重新开始")
    if now > check.phrase_until + rules.UPLOAD_SLACK:
        raise Conflict("挑战语已超过 60 秒，视频没有提交。请取新的挑战语，重新录制")
