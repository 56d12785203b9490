"""The window of a court looks at what the person gave it: at nothing else, and nobody else looks at that."""

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from lutong.kernel.errors import Invalid, NotAllowed, NotFound
from lutong.verification.livecheck import actions, queries
from lutong.verification.livecheck.films import FilmShelf
from lutong.verification.livecheck.models import Check
from lutong.verification.livecheck.rules import Level, Purpose
from lutong.verification.livecheck.states import State
from lutong.verification.livecheck.tests.conftest import COURTS, FILM, NOW, World
from lutong.verification.registry.actors import BureauActor, DeskActor
from lutong.verification.registry.models import Officer, TrailEvent

CHAOYANG = COURTS[0][1]
SEEN = "面部与照片一致，朗读正确"


def handed_in(world: World, court: str | None = "朝阳") -> Check:
    check = actions.start(actor=world.actor, number=world.number, purpose=Purpose.FIRST, now=NOW)
    actions.consent(actor=world.actor, check_id=check.pk, method="manual", court=court, agreed=True, now=NOW)
    actions.begin_recording(actor=world.actor, check_id=check.pk, now=NOW)
    return actions.submit(actor=world.actor, check_id=check.pk, film=FILM, now=NOW)


def to_do(actor: DeskActor) -> list[uuid.UUID]:
    return [one.pk for one in queries.list_to_do(actor=actor, now=NOW, limit=9)]


def test_the_window_of_the_chosen_court_decides_and_the_film_is_gone(world: World, shelf: FilmShelf) -> None:
    check = handed_in(world)
    assert to_do(world.window) == [check.pk]
    actions.take(actor=world.window, check_id=check.pk, now=NOW)
    assert actions.film_for_review(actor=world.window, check_id=check.pk, now=NOW) == (FILM, "video/webm")
    done = actions.decide(actor=world.window, check_id=check.pk, passed=True, reason=SEEN, now=NOW)
    assert (State(done.state), done.level) == (State.PASSED, Level.LIVE_MANUAL)
    assert not list(shelf.ids())
    hall = f"{CHAOYANG}诉讼服务大厅"
    trail = [(one.act, one.actor_name, one.desk_name) for one in queries.events_of(check_id=check.pk)]
    assert trail[-3:] == [("take", "邬窗口", hall), ("look", "邬窗口", hall), ("pass", "邬窗口", hall)]
    assert {desk for _, _, desk in trail[:-3]} == {""}


@pytest.mark.parametrize("court", [None, "朝阳"])
def test_no_other_desk_finds_the_film(world: World, court: str | None) -> None:
    check = handed_in(world, court)
    ministry = BureauActor(99, world.officer.role, "部", bureau="00")
    theirs = world.officer if court is None else world.window
    reads = {theirs.desk, "00"} if court is None else {theirs.desk}
    for actor in (world.officer, world.stranger, world.window, world.other_window, ministry):
        assert to_do(actor) == ([check.pk] if actor.desk in reads else [])
        if actor.desk == theirs.desk:
            continue
        refusal = NotAllowed if actor.desk in reads else NotFound
        for act in (
            lambda a=actor: actions.take(actor=a, check_id=check.pk, now=NOW),
            lambda a=actor: actions.film_for_review(actor=a, check_id=check.pk, now=NOW),
            lambda a=actor: actions.decide(actor=a, check_id=check.pk, passed=True, reason=SEEN, now=NOW),
            lambda a=actor: actions.release(actor=a, check_id=check.pk, now=NOW),
        ):
            with pytest.raises(refusal):
                act()


def test_a_desk_that_sees_every_film_would_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    check = handed_in(world)
    monkeypatch.setattr(queries, "_of_desk", lambda actor: Check.objects.all())
    assert to_do(world.other_window) == [check.pk]


def test_the_bureau_looks_unless_a_court_is_named(world: World) -> None:
    assert handed_in(world, None).desk_name == "北京市司法局"


@pytest.mark.parametrize(
    ("words", "why"),
    [("", "请填写法院名称"), ("海南", "没有设核验岗"), ("人民法院", "不止一家"), ("%", "没有设核验岗"), ("京0105", "")],
)
def test_a_court_is_named_without_doubt(world: World, words: str, why: str) -> None:
    if not why:
        assert handed_in(world, words).court_name == CHAOYANG
        return
    with pytest.raises(Invalid) as refusal:
        handed_in(world, words)
    assert why in refusal.value.fields["court"]


def test_a_window_where_nobody_serves_is_not_offered(world: World) -> None:
    Officer.objects.filter(court="京0105").update(active=False)
    with pytest.raises(Invalid):
        handed_in(world, "朝阳")
    page = world.browser().post("/live/start/", follow=True)
    assert CHAOYANG not in page.text
    assert COURTS[1][1] in page.text


def test_a_window_vouches_for_a_lawyer_of_any_province(world: World) -> None:
    check = actions.vouch(actor=world.other_window, number=world.number, reason="核对执业证、身份证和本人", now=NOW)
    assert (State(check.state), check.court_name) == (State.PASSED, COURTS[1][1])
    assert [one.pk for one in queries.list_done(actor=world.other_window, limit=9)] == [check.pk]
    assert queries.list_done(actor=world.officer, limit=9) == []


def test_whoever_scans_the_code_at_the_window_is_sent_to_it(world: World) -> None:
    person, desk = world.browser(), world.desk(world.window)
    invitation = desk.get("/bureau/live/").context["invitation"]
    arrival = person.get("/live/" + invitation.partition("/live/")[2])
    assert f"{CHAOYANG}诉讼服务大厅" in arrival.text
    begun = person.post("/live/start/", follow=True)
    assert f'value="{CHAOYANG}"' in begun.text
    where = begun.redirect_chain[-1][0]
    sent = {"method": "manual", "agreed": "yes", "desk": "court", "court": CHAOYANG}
    unsure = person.post(f"{where}consent/", sent | {"court": "人民法院"})
    assert unsure.status_code == 422
    assert 'value="人民法院"' in unsure.text
    person.post(f"{where}consent/", sent)
    person.post(f"{where}phrase/")
    page = person.post(f"{where}film/", {"film": SimpleUploadedFile("f", FILM)}, follow=True)
    assert f"已交给{CHAOYANG}诉讼服务大厅" in page.text
    assert "周岚" in desk.get("/bureau/live/").text
    assert "周岚" not in world.desk(world.other_window).get("/bureau/live/").text
    assert world.desk(world.other_window).get(f"/bureau{where}").status_code == 404
    assert world.desk().get(f"/bureau{where}").status_code == 404
    desk.post(f"/bureau{where}take/")
    assert desk.get(f"/bureau{where}film").content == FILM
    assert "视频已删除" in desk.post(f"/bureau{where}decide/", {"answer": "pass", "reason": SEEN}, follow=True).text
    assert f"{CHAOYANG}诉讼服务大厅，经办人 邬窗口" in person.get(where).text


@pytest.mark.parametrize("window", ["-", "没有", "%", "x" * 400, "人民法院"])
def test_a_code_of_no_window_leads_to_the_bureau(world: World, window: str) -> None:
    person = world.browser()
    assert "诉讼服务大厅</b>" not in person.get("/live/", {"window": window}).text
    assert 'value="bureau" checked' in person.post("/live/start/", follow=True).text


def test_the_roll_is_not_there_for_a_court(world: World) -> None:
    desk = world.desk(world.window)
    pages = ["", "list/trainees/", "firms/", "feeds/", "trail/", "history.csv", "grant/lawyers/", "applications/"]
    for page in [*pages, f"people/{world.number}/", f"people/{world.number}/enter/"]:
        assert desk.get(f"/bureau/{page}").status_code == 404, page
    assert desk.get("/bureau/live/").status_code == 200
    assert Client().get("/bureau/live/").status_code == 302


def test_an_officer_is_of_one_desk(world: World) -> None:
    for bureau, court in (("11", "京0105"), ("", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Officer.objects.create(staff_no="X", name="某", password="-", bureau=bureau, court_id=court)


def test_an_operator_enrols_officers(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("enrol_officer", "GD-HY-1", "甲经办", court="粤0106", court_name="广州市天河区人民法院", bureau="44")
    told = capsys.readouterr().out
    assert "otpauth://totp/" in told
    officer = Officer.objects.get(staff_no="GD-HY-1")
    assert (officer.court_id, officer.bureau) == ("粤0106", "")
    assert str(officer.totp_secret) in told
    call_command("enrol_officer", "GD-1", "乙经办", bureau="44")
    assert Officer.objects.get(staff_no="GD-1").bureau == "44"
    with pytest.raises(CommandError, match="工号"):
        call_command("enrol_officer", "GD-1", "乙经办", bureau="44")
    with pytest.raises(CommandError, match="省级代码"):
        call_command("enrol_officer", "GD-2", "丙经办", bureau="99")
    assert TrailEvent.objects.filter(action="registry.enrol_officer").count() == 2
