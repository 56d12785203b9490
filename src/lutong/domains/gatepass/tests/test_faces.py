"""Pages and questions of devices over HTTP."""

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

import pytest
from django.test import Client

from lutong.domains.gatepass import actions, api, queries
from lutong.domains.gatepass.actions import counter
from lutong.domains.gatepass.models import Slip
from lutong.domains.gatepass.rules import Purpose, Reason, read
from lutong.domains.gatepass.tests.world import (
    GU,
    LUO,
    NOW,
    ZHOU,
    World,
    build,
    enrol,
    lawyer,
    licence,
    licence_no,
    suspend,
)
from lutong.domains.identity.actions import (
    create_token,
    follow_registry,
    forget_standings,
    photo,
    standing,
    watch_standing,
)
from lutong.domains.identity.models import LicencePhoto
from lutong.domains.identity.queries import get_photo
from lutong.domains.identity.tests.browser import browser
from lutong.gateways.registry.port import Licence, LicenceStatus, NoSuchLicence, RegistryDown, StatusChange
from lutong.gateways.registry.tests.peer import PHOTOS
from lutong.kernel import clock
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotAllowed

DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


@pytest.fixture
def world(db: None) -> World:
    made = build()
    enrol(ZHOU, clock.now())
    return made


def ask(path: str, token: str, body: Any) -> Any:
    return Client().post(
        path, json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )


def test_a_code_over_the_api_opens_the_gate_once(world: World) -> None:
    choices = browser(lawyer()).get(f"/api/v1/gatepass/code?court_id={world.court_id}").json()
    door = next(c for c in choices["doors"] if c["purpose"] == "entrance")
    wanted = {name: door[name] for name in ("court_id", "purpose", "place")}
    code = browser(lawyer()).post("/api/v1/gatepass/code", json.dumps(wanted), content_type="application/json").json()
    assert code["refresh_after"] < 30
    token = world.tokens["entrance"]
    first = ask("/gate/verify", token, {"seq": 1, "text": code["text"]}).json()
    assert (first["admitted"], first["person"]["name"]) == (True, "周岚")
    assert ask("/gate/verify", token, {"seq": 2, "text": code["text"]}).json()["reason"] == "replayed"
    history = browser(lawyer()).get("/api/v1/gatepass/scans").json()["items"]
    assert [scan["outcome"] for scan in history] == ["refused", "admitted"]


def program(*scopes: str) -> Client:
    """The firm's own software, with a token of 周岚."""
    word = create_token(actor=lawyer(), name="律所小程序", scopes=scopes, days=30, now=clock.now())[1]
    return Client(headers={"Authorization": f"Bearer {word}"})


def wanted_code(asker: Client, world: World, purpose: str, place: uuid.UUID) -> Any:
    body = {"court_id": world.court_id, "purpose": purpose, "place": str(place)}
    return asker.post("/api/v1/gatepass/code", json.dumps(body), content_type="application/json")


def test_a_program_gets_codes_of_its_lawyer_that_die_within_thirty_seconds(world: World) -> None:
    shows, looks = program("gatepass:show"), program("gatepass:read", "cases:read")
    door = world.venues["entrance"].id
    said = wanted_code(shows, world, "entrance", door).json()
    code, _, _ = read(said["text"])
    until, now = (dt.datetime.fromisoformat(said[name]) for name in ("until", "now"))
    assert dt.timedelta(0) < until - now <= 30 * SECOND
    assert (code.court_id, code.purpose, code.place) == (world.court_id, Purpose.ENTRANCE, door)
    assert code.holder == queries.holder_id(court_id=world.court_id, licence_no=licence_no(ZHOU))
    again = wanted_code(shows, world, "entrance", door).json()
    assert read(again["text"])[0].code_id != code.code_id
    refused = wanted_code(looks, world, "entrance", door)
    assert (refused.status_code, refused.json()["scope"]) == (403, "gatepass:show")


def test_a_program_gets_the_courtrooms_code_on_the_day_and_for_its_lawyers_hearings_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for person in (ZHOU, LUO):
        enrol(person)
    code = wanted_code(browser(lawyer()), world, "courtroom", world.hearing.id)
    assert world.scan(code.json()["text"], "courtroom").admitted
    assert wanted_code(browser(lawyer(LUO)), world, "courtroom", world.hearing.id).status_code == 404
    assert wanted_code(browser(lawyer()), world, "courtroom", uuid.uuid4()).status_code == 404
    assert wanted_code(browser(lawyer()), world, "hall", world.venues["entrance"].id).status_code == 404
    monkeypatch.setattr(clock, "now", lambda: NOW - DAY)
    enrol(ZHOU, NOW - DAY)
    assert wanted_code(browser(lawyer()), world, "courtroom", world.hearing.id).status_code == 409


def test_neither_an_assistant_nor_a_suspended_lawyer_gets_a_code_over_the_api(world: World) -> None:
    shows, door = program("gatepass:show"), world.venues["entrance"].id
    helper = Actor(8801, Role.ASSISTANT, "沈砚", for_id=ZHOU, for_name="周岚")
    assert wanted_code(browser(helper), world, "entrance", door).status_code == 404
    with pytest.raises(NotAllowed, match="律师本人"):
        create_token(actor=helper, name="x", scopes=["gatepass:show"], days=1, now=clock.now())
    assert wanted_code(shows, world, "entrance", door).status_code == 200
    suspend(ZHOU)
    refused = wanted_code(shows, world, "entrance", door)
    assert refused.status_code == 403
    assert "停止执业" in refused.json()["title"]


def test_nobody_gets_a_stock_of_codes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "CODES", 2)
    moment = clock.now() + 100 * DAY  # of no other test
    monkeypatch.setattr(clock, "now", lambda: moment)
    enrol(GU, moment)
    asker, door = browser(lawyer(GU)), world.venues["entrance"].id
    answers = [wanted_code(asker, world, "entrance", door) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def test_a_device_learns_its_list_and_is_shut_out_when_revoked(world: World) -> None:
    token, device = world.tokens["entrance"], world.devices["entrance"]
    answer = ask("/gate/sync", token, {"scans": []}).json()
    assert answer["bundle"]["door"]["name"] == "南门"
    assert answer["kept"] == []
    actions.revoke_device(actor=world.hall, court_id=world.court_id, device_id=device.id, now=NOW)
    refused = ask("/gate/sync", token, {})
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:lutong:device_revoked")
    _, renewed = actions.renew_device(actor=world.hall, court_id=world.court_id, device_id=device.id, now=NOW)
    assert ask("/gate/sync", token, {}).json()["type"] == "urn:lutong:not_signed_in"
    assert ask("/gate/sync", renewed, {}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [[], {"scans": 1}, {"scans": [1]}, {"scans": [{"seq": -1}]},
     {"scans": [{"seq": 1, "at": "x", "text": "", "reason": "ok"}]},
     {"scans": [{"seq": 1, "at": 1e300, "text": "", "reason": "ok"}]},
     {"waiting": True}, {"scans": [{"seq": 2**60}]}],
)  # fmt: skip
def test_a_device_that_talks_nonsense_is_told_so(world: World, body: Any) -> None:
    assert ask("/gate/sync", world.tokens["entrance"], body).status_code == 422


@pytest.mark.parametrize("body", [{}, {"seq": 1}, {"seq": "1", "text": "x"}, {"seq": 1, "text": "x" * 9000}])
def test_a_scan_without_text_or_number_is_refused(world: World, body: Any) -> None:
    assert ask("/gate/verify", world.tokens["entrance"], body).status_code == 422


def test_the_shell_of_the_gate_is_kept_by_its_worker_and_holds_no_data(world: World) -> None:
    worker = Client().get("/gate/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert '"/gate/"' in worker.content.decode()
    assert "周岚" not in Client().get("/gate/").content.decode()


def test_the_hall_sees_the_log_and_the_token_only_once(world: World) -> None:
    enrol(ZHOU)
    world.scan(world.code())
    hall = browser(world.hall)
    shown = hall.post(f"/desk/gate/devices/{world.devices['hall'].id}/renew/")
    token = f"lg_{world.court_id}_"
    assert token in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert token not in hall.get("/desk/gate/devices/").content.decode()
    assert "周岚" in hall.get(f"/desk/gate/?on={NOW.date()}").content.decode()


class Registry:
    """The answers of the registry, as its port gives them; `changed` is whom its feed names."""

    def __init__(self, answer: Any, changed: Licence | None = None, image: bytes = b"") -> None:
        self.answer, self.changed, self.image = answer, changed, image

    def photo(self, *, url: str) -> bytes:
        assert url
        return self.image

    def changes(self, *, after: int) -> list[StatusChange]:
        one = self.changed
        return [] if one is None else [
            StatusChange(seq=after + 1, licence_no=one.licence_no, status=one.status, reason="", since=one.status_since,
                         recorded_at=one.checked_at)
        ]  # fmt: skip

    def look_up_person(self, *, number: str) -> Any:
        return self.look_up(licence_no=number)

    def look_up(self, *, licence_no: str) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_the_counter_prints_one_slip_for_a_form_sent_twice_and_it_opens_its_door_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "registry", lambda: Registry(licence(clock.now())))
    hall, venue = browser(world.hall), world.venues["hall"]
    assert "杜若" in hall.post("/desk/gate/counter/", {"licence_no": "13115201311325988"}).content.decode()
    form = {"licence_no": "13115201311325988", "choice": f"hall:{venue.id}", "key": "form-0001"}
    one, two = (hall.post("/desk/gate/counter/slip/", form) for _ in range(2))
    assert one["Location"] == two["Location"]
    slips = queries.list_slips(actor=world.hall, court_id=world.court_id, day=clock.beijing_date(clock.now()))
    token = world.tokens["hall"]
    verdicts = [ask("/gate/verify", token, {"seq": n, "text": slips[0].code["text"]}).json() for n in (1, 2)]
    assert [v["reason"] for v in verdicts] == ["ok", "replayed"]
    assert verdicts[0]["person"]["name"] == "杜若"


@pytest.mark.parametrize(("image", "shown", "absent"), [
    (PHOTOS["face"], "杜若的名册照片", "无照片"), (b"", "无照片，请核对证件原件", "名册照片"),
])  # fmt: skip
def test_the_counter_shows_the_rolls_photo_or_says_that_there_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch, image: bytes, shown: str, absent: str
) -> None:
    answer = licence(clock.now(), photo_url="http://registry/photos/face.png" if image else "")
    monkeypatch.setattr(counter, "registry", lambda: Registry(answer))
    monkeypatch.setattr(photo, "registry", lambda: Registry(answer, image=image))
    page = browser(world.hall).post("/desk/gate/counter/", {"licence_no": "13115201311325988"}).content.decode()
    assert shown in page
    assert absent not in page


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (RegistryDown(reason="timeout"), "纸质台账"),
        (NoSuchLicence(licence_no="1"), "查无此执业证号"),
        (licence(status=LicenceStatus.SUSPENDED, status_label="停止执业", status_reason="停止执业三个月"),
         "不能以律师身份通行"),
    ],
)  # fmt: skip
def test_the_counter_says_why_there_is_no_slip_and_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: Any, says: str
) -> None:
    monkeypatch.setattr(counter, "registry", lambda: Registry(answer))
    page = browser(world.hall).post("/desk/gate/counter/", {"licence_no": "13115201311325988"})
    assert says in page.content.decode()
    form = {"licence_no": "13115201311325988", "choice": f"hall:{world.venues['hall'].id}", "key": "form-0001"}
    assert browser(world.hall).post("/desk/gate/counter/slip/", form).status_code >= 400


def transferred(path: str, token: str, body: Any) -> tuple[Any, int]:
    """The answer, and how many bytes went over the wire for it: bodies and our headers, both ways."""
    answer = ask(path, token, body)
    assert answer.status_code == 200, answer.content
    headers = sum(len(name) + len(value) + 4 for name, value in answer.items()) + len(token) + len(path)
    return answer.json(), len(json.dumps(body)) + len(answer.content) + headers


def test_a_gate_that_has_the_list_transfers_less_than_a_kilobyte_at_a_sync(world: World) -> None:
    token = world.tokens["entrance"]
    world.scan(world.code(now=clock.now()), now=clock.now())
    first, _ = transferred("/gate/sync", token, {"scans": [], "waiting": 0})
    digest = first["bundle"]["digest"]
    again, size = transferred("/gate/sync", token, {"scans": [], "waiting": 0, "have": digest})
    assert again["bundle"] is None
    assert again["issued"] >= first["issued"]
    assert size < 1000
    suspend(ZHOU)
    changed, _ = transferred("/gate/sync", token, {"scans": [], "waiting": 0, "have": digest})
    assert [person["name"] for person in changed["bundle"]["people"] if person["refusal"]] == ["周岚"]


def test_photos_travel_apart_by_digest_and_only_of_people_on_the_list(world: World) -> None:
    face, strangers = keep_face(ZHOU, "face"), keep_face(LUO, "other")
    enrol(ZHOU, clock.now())
    assert world.scan(world.code(now=clock.now()), now=clock.now()).person.photo == face
    token = world.tokens["entrance"]
    bundle = ask("/gate/sync", token, {}).json()["bundle"]
    assert {person["name"]: person["photo"] for person in bundle["people"]} == {"周岚": face}
    answer = ask("/gate/photos", token, {"digests": [face, strangers, "x"]}).json()
    assert answer == {"photos": {face: get_photo(lawyer_id=ZHOU)}}
    assert get_photo(lawyer_id=ZHOU) in browser(lawyer()).get(f"/gatepass/?court={world.court_id}").content.decode()


@pytest.mark.parametrize("digests", [1, [1], ["x" * 65], ["x"] * 41, {"a": 1}])
def test_nonsense_for_photos_is_refused(world: World, digests: Any) -> None:
    assert ask("/gate/photos", world.tokens["entrance"], {"digests": digests}).status_code == 422
    assert ask("/gate/photos", "lg_1_x", {"digests": []}).status_code == 401


def test_a_scan_at_a_courtroom_names_the_case_and_one_at_the_door_does_not(world: World) -> None:
    enrol(ZHOU, NOW)
    world.scan(world.code(purpose="courtroom"), "courtroom")
    world.scan(world.code(), "entrance")
    cases = {scan.purpose: scan.case_id for scan in world.scans()}
    assert cases == {"courtroom": world.case.id, "entrance": None}
    assert {scan.purpose: scan.case_id for scan in queries.my_scans(actor=lawyer(), limit=5)} == cases


def keep_face(lawyer_id: int, name: str) -> str:
    """Answers the digest."""
    digest = hashlib.sha256(PHOTOS[name]).hexdigest()
    LicencePhoto.objects.create(
        lawyer_id=lawyer_id, url=f"http://registry/photos/{name}.png", image=PHOTOS[name], kind="image/png",
        digest=digest, fetched_at=NOW,
    )  # fmt: skip
    return digest


def test_a_suspension_from_the_feed_ends_the_slip_of_somebody_without_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = printed_slip(world, monkeypatch)
    assert world.scan(slip.code["text"], "hall", now=clock.now()).admitted
    word = licence(
        clock.now() + DAY, status=LicenceStatus.SUSPENDED, status_label="停止执业", remedy="处罚期满后申请恢复执业"
    )
    follow(monkeypatch, word)
    verdict = world.scan(slip.code["text"], "hall", now=clock.now())
    assert (verdict.reason, "停止执业" in verdict.title) == (Reason.SUSPENDED, True)
    assert "处罚期满后申请恢复执业" in verdict.advice
    bundle = ask("/gate/sync", world.tokens["hall"], {}).json()["bundle"]
    assert ["停止执业" in person["refusal"] for person in bundle["people"]] == [True]  # for gates that go offline now
    assert "这张通行条已失效" in browser(world.hall).get(f"/desk/gate/slips/{slip.id}/").content.decode()
    follow(monkeypatch, licence(clock.now() + 2 * DAY))
    assert world.scan(slip.code["text"], "hall", now=clock.now()).reason is Reason.REPLAYED  # in force again


def test_a_slip_that_was_asked_for_before_a_suspension_and_printed_after_it_is_void(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry's answer is older than what the feed brought meanwhile: the later statement stays."""
    asked = licence(clock.now() - SECOND)
    watch_standing(licence=asked, until=clock.now() + DAY)
    follow(monkeypatch, licence(clock.now(), status=LicenceStatus.SUSPENDED, status_label="停止执业"))
    slip = printed_slip(world, monkeypatch, asked)
    assert world.scan(slip.code["text"], "hall", now=clock.now()).reason is Reason.SUSPENDED


def test_who_came_to_a_counter_is_forgotten_when_his_slip_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed_slip(world, monkeypatch)
    assert forget_standings(now=clock.now() + DAY) == 0
    assert forget_standings(now=clock.now() + 3 * DAY) == 1


def printed_slip(world: World, monkeypatch: pytest.MonkeyPatch, answer: Licence | None = None) -> Slip:
    """杜若, who has no account here, gets a slip for the hall at the counter."""
    monkeypatch.setattr(counter, "registry", lambda: Registry(answer or licence(clock.now())))
    form = {"licence_no": "13115201311325988", "choice": f"hall:{world.venues['hall'].id}", "key": "form-0001"}
    assert browser(world.hall).post("/desk/gate/counter/slip/", form).status_code == 302
    return queries.list_slips(actor=world.hall, court_id=world.court_id, day=clock.beijing_date(clock.now()))[0]


def follow(monkeypatch: pytest.MonkeyPatch, word: Licence) -> None:
    """The registry's feed tells of a change, and the registry states it when asked."""
    monkeypatch.setattr(standing, "registry", lambda: Registry(word, word))
    assert follow_registry(now=clock.now()) == 1
