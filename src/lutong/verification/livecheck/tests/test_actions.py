"""The live check: consent first, a phrase that lives a minute, a person who decides, and films that do not last."""

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.verification.livecheck import actions, queries, rules
from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.livecheck.models import Check, CheckEvent
from lutong.verification.livecheck.rules import Level, Purpose
from lutong.verification.livecheck.states import State
from lutong.verification.livecheck.tests.conftest import FILM, NOW, World
from lutong.verification.registry.models import Person

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def begun(world: World, *, method: str = "manual", now: dt.datetime = NOW) -> Check:
    check = actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=now)
    return actions.consent(actor=world.actor, check_id=check.pk, method=method, agreed=True, now=now)


def handed_in(world: World, *, now: dt.datetime = NOW) -> Check:
    check = actions.begin_recording(actor=world.actor, check_id=begun(world, now=now).pk, now=now)
    return actions.submit(actor=world.actor, check_id=check.pk, film=FILM, now=now + dt.timedelta(seconds=20))


def traces_of(film: bytes, home: Path, check: Check) -> list[str]:
    """Where the film, or the key that would open it, can still be found."""
    found = [str(path) for path in home.rglob("*") if path.is_file() and film[40:80] in path.read_bytes()]
    found += [str(path) for path in (home / "live-films").glob("*")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM livecheck_check WHERE id = %s AND film_key IS NOT NULL", [check.pk])
        found += ["the key"] * cursor.fetchone()[0]
        cursor.execute("SELECT c::text FROM livecheck_check c WHERE id = %s", [check.pk])
        found += ["the row"] * (film[40:80].hex() in cursor.fetchone()[0])
    return found


def test_a_whole_check_passes_by_hand_and_leaves_no_film(world: World, shelf: FilmShelf, tmp_path: Path) -> None:
    check = handed_in(world)
    assert State(check.state) is State.SUBMITTED
    assert traces_of(FILM, tmp_path, check) == [str(shelf._path(check.pk)), "the key"]  # the search finds what is there
    actions.take(actor=world.officer, check_id=check.pk, now=NOW + MINUTE)
    assert actions.film_for_review(actor=world.officer, check_id=check.pk, now=NOW + MINUTE) == (FILM, "video/webm")
    done = actions.decide(
        actor=world.officer, check_id=check.pk, passed=True, reason="面部与照片一致，朗读正确", now=NOW + 2 * MINUTE
    )
    assert State(done.state) is State.PASSED
    assert traces_of(FILM, tmp_path, check) == []
    latest = queries.latest_check(person_id=world.actor.person_id, now=NOW + HOUR)
    assert latest is not None
    assert (latest.level, latest.at) == (Level.LIVE_MANUAL, NOW + 2 * MINUTE)
    assert Person.objects.get(pk=world.actor.person_id).assured_at == NOW + 2 * MINUTE
    with pytest.raises(NotFound, match="已经删除"):
        actions.film_for_review(actor=world.officer, check_id=check.pk, now=NOW + 3 * MINUTE)


def test_every_step_and_look_is_in_the_trail(world: World) -> None:
    check = handed_in(world)
    actions.take(actor=world.officer, check_id=check.pk, now=NOW)
    actions.film_for_review(actor=world.officer, check_id=check.pk, now=NOW)
    actions.decide(actor=world.officer, check_id=check.pk, passed=False, reason="画面过暗，看不清", now=NOW)
    acts = [(one.act, one.actor_name) for one in queries.events_of(check_id=check.pk)]
    assert acts == [
        ("request", "周岚"), ("consent", "周岚"), ("record", "周岚"), ("submit", "周岚"), ("take", "何经办"),
        ("look", "何经办"), ("fail", "何经办"),
    ]  # fmt: skip
    assert queries.latest_check(person_id=world.actor.person_id, now=NOW) is None


def test_without_consent_nothing_is_recorded(world: World) -> None:
    check = actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=NOW)
    with pytest.raises(Invalid) as refusal:
        actions.consent(actor=world.actor, check_id=check.pk, method="manual", agreed=False, now=NOW)
    assert "窗口" in refusal.value.fields["agreed"]
    with pytest.raises(Conflict):
        actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW)
    with pytest.raises(Conflict):
        actions.submit(actor=world.actor, check_id=check.pk, film=FILM, now=NOW)


def test_the_consent_says_what_the_law_demands() -> None:
    words = " ".join(text for _, text in rules.CONSENT.points)
    for demanded in ("敏感个人信息", "只用于", "24 小时", "拒绝", "窗口", "撤回"):
        assert demanded in words or demanded in " ".join(name for name, _ in rules.CONSENT.points)
    assert "第二十八条" in rules.CONSENT_LAW


def test_a_phrase_lives_a_minute_and_a_new_one_replaces_it(world: World, shelf: FilmShelf) -> None:
    check = begun(world)
    first = actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW)
    with pytest.raises(Conflict, match="60 秒"):
        actions.submit(actor=world.actor, check_id=check.pk, film=FILM, now=NOW + dt.timedelta(seconds=91))
    assert not list(shelf.ids())
    again = actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW + 2 * MINUTE)
    assert again.phrase != first.phrase
    assert len(first.phrase.split("，")) == 3
    for _ in range(rules.MOST_PHRASES - 2):
        actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW + 2 * MINUTE)
    with pytest.raises(Conflict, match="已用完"):
        actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW + 2 * MINUTE)


@pytest.mark.parametrize("film", [b"", b"GIF89a", b"MZ" + FILM, b"<html>", FILM[:4], FILM + bytes(rules.LARGEST_FILM)])
def test_what_is_no_film_or_too_large_is_refused(world: World, shelf: FilmShelf, film: bytes) -> None:
    check = actions.begin_recording(actor=world.actor, check_id=begun(world).pk, now=NOW)
    with pytest.raises(Invalid) as refusal:
        actions.submit(actor=world.actor, check_id=check.pk, film=film, now=NOW)
    assert "film" in refusal.value.fields
    assert not list(shelf.ids())


def test_withdrawing_destroys_the_film_at_once(world: World, tmp_path: Path) -> None:
    check = handed_in(world)
    actions.take(actor=world.officer, check_id=check.pk, now=NOW)
    actions.withdraw(actor=world.actor, check_id=check.pk, now=NOW + MINUTE)
    assert traces_of(FILM, tmp_path, check) == []
    with pytest.raises(Conflict):
        actions.decide(actor=world.officer, check_id=check.pk, passed=True, reason="面部一致", now=NOW + 2 * MINUTE)


def test_no_film_outlives_a_day(world: World, tmp_path: Path) -> None:
    check = handed_in(world)
    actions.take(actor=world.officer, check_id=check.pk, now=NOW)
    almost = NOW + dt.timedelta(hours=23, minutes=59)
    assert actions.sweep(now=almost) == 0
    over = NOW + dt.timedelta(hours=24, seconds=20)
    with pytest.raises(NotFound):  # not even before the clock has struck
        actions.film_for_review(actor=world.officer, check_id=check.pk, now=over)
    assert actions.sweep(now=over) == 1
    assert traces_of(FILM, tmp_path, check) == []
    check.refresh_from_db()
    assert State(check.state) is State.EXPIRED


def test_a_film_whose_destruction_was_cut_short_is_found(world: World, shelf: FilmShelf, tmp_path: Path) -> None:
    check = handed_in(world)
    Check.objects.filter(pk=check.pk).update(state=State.WITHDRAWN, film_key=None, ended_at=NOW)
    assert list(shelf.ids()) == [check.pk]
    actions.sweep(now=dt.datetime.now(dt.UTC))
    assert list(shelf.ids()) == [check.pk]  # perhaps it is just being handed in
    old = time.time() - 3600
    os.utime(shelf._path(check.pk), (old, old))
    actions.sweep(now=dt.datetime.now(dt.UTC))
    assert traces_of(FILM, tmp_path, check) == []


def test_what_nobody_finishes_expires(world: World) -> None:
    check = begun(world)
    with pytest.raises(Conflict, match="30 分钟"):
        actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW + 31 * MINUTE)
    assert actions.sweep(now=NOW + 31 * MINUTE) == 1
    assert queries.open_check(person_id=world.actor.person_id) is None


def test_only_one_check_at_a_time_and_five_a_day(world: World) -> None:
    first = begun(world)
    assert actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=NOW).pk == first.pk
    for _ in range(rules.MOST_CHECKS_A_DAY):
        check = actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=NOW)
        actions.withdraw(actor=world.actor, check_id=check.pk, now=NOW)
    with pytest.raises(Conflict, match="窗口"):
        actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=NOW + HOUR)
    assert actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=NOW + 25 * HOUR)


def test_an_officer_of_another_province_finds_nothing(world: World) -> None:
    check = handed_in(world)
    for act in (
        lambda: actions.take(actor=world.stranger, check_id=check.pk, now=NOW),
        lambda: actions.film_for_review(actor=world.stranger, check_id=check.pk, now=NOW),
        lambda: actions.decide(actor=world.stranger, check_id=check.pk, passed=True, reason="面部一致", now=NOW),
        lambda: actions.vouch(actor=world.stranger, number=world.number, reason="核对证件", now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.list_to_do(actor=world.stranger, now=NOW, limit=9) == []
    assert [one.pk for one in queries.list_to_do(actor=world.officer, now=NOW, limit=9)] == [check.pk]


def test_two_officers_do_not_review_one_film(world: World) -> None:
    check = handed_in(world)
    actions.take(actor=world.officer, check_id=check.pk, now=NOW)
    for act in (
        lambda: actions.take(actor=world.colleague, check_id=check.pk, now=NOW),
        lambda: actions.decide(actor=world.colleague, check_id=check.pk, passed=True, reason="面部一致", now=NOW),
    ):
        with pytest.raises(Conflict, match="何经办"):
            act()
    with pytest.raises(NotFound):
        actions.film_for_review(actor=world.colleague, check_id=check.pk, now=NOW)
    actions.release(actor=world.colleague, check_id=check.pk, now=NOW)
    assert actions.take(actor=world.colleague, check_id=check.pk, now=NOW).officer_name == "许经办"


def test_the_ministry_reads_and_does_not_decide(world: World) -> None:
    import dataclasses

    check = handed_in(world)
    ministry = dataclasses.replace(world.officer, bureau="00")
    with pytest.raises(NotAllowed):
        actions.take(actor=ministry, check_id=check.pk, now=NOW)


@pytest.mark.parametrize("reason", ["", "   ", "短", "长" * 301])
def test_a_decision_needs_a_reason(world: World, reason: str) -> None:
    check = handed_in(world)
    actions.take(actor=world.officer, check_id=check.pk, now=NOW)
    with pytest.raises(Invalid):
        actions.decide(actor=world.officer, check_id=check.pk, passed=True, reason=reason, now=NOW)
    check.refresh_from_db()
    assert check.film_key


def test_the_counter_is_a_real_alternative(world: World, shelf: FilmShelf) -> None:
    check = actions.vouch(actor=world.officer, number=world.number, reason="核对执业证、身份证和本人", now=NOW)
    assert State(check.state) is State.PASSED
    assert not list(shelf.ids())
    latest = queries.latest_check(person_id=world.actor.person_id, now=NOW)
    assert latest is not None
    assert latest.level is Level.LIVE_MANUAL


def test_a_passed_check_counts_for_its_period(world: World) -> None:
    actions.vouch(actor=world.officer, number=world.number, reason="核对执业证、身份证和本人", now=NOW)
    last = NOW + dt.timedelta(days=settings.LUTONG_LIVE_CHECK_DAYS)
    assert queries.latest_check(person_id=world.actor.person_id, now=last - MINUTE)
    assert queries.latest_check(person_id=world.actor.person_id, now=last) is None


def test_a_decision_is_announced_once(world: World) -> None:
    heard = []
    actions.on_decision(heard.append)
    check = actions.vouch(actor=world.officer, number=world.number, reason="核对执业证、身份证和本人", now=NOW)
    assert [(one.check_id, one.passed, one.level) for one in heard] == [(check.pk, True, "live_manual")]


def test_nobody_else_s_check_exists(world: World) -> None:
    import dataclasses

    check = begun(world)
    other = dataclasses.replace(world.actor, person_id=world.actor.person_id + 1)
    with pytest.raises(NotFound):
        actions.begin_recording(actor=other, check_id=check.pk, now=NOW)
    with pytest.raises(NotFound):
        actions.withdraw(actor=other, check_id=check.pk, now=NOW)


def test_the_trail_cannot_be_rewritten(world: World) -> None:
    from django.db import ProgrammingError, transaction

    begun(world)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        CheckEvent.objects.update(act="nothing")
