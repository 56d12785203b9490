"""Pages and questions of devices over HTTP."""

import json
from typing import Any

import pytest
from django.test import Client

from lutong.domains.gatepass import actions, queries
from lutong.domains.gatepass.actions import counter
from lutong.domains.gatepass.queries import bundles
from lutong.domains.gatepass.tests.world import NOW, ZHOU, World, build, enrol, lawyer, licence
from lutong.domains.identity.models import LicencePhoto
from lutong.domains.identity.queries import get_photo
from lutong.domains.identity.tests.browser import browser
from lutong.gateways.registry.port import LicenceStatus, NoSuchLicence, RegistryDown
from lutong.gateways.registry.tests.peer import PHOTOS
from lutong.kernel import clock


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
    """The answers of the registry, as its port gives them."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

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


def test_the_gate_shows_the_face_of_whom_it_expects_online_and_from_its_list(world: World) -> None:
    keep_face(ZHOU)
    uri = get_photo(lawyer_id=ZHOU)
    assert uri.startswith("data:image/png;base64,")
    enrol(ZHOU, NOW)
    verdict = world.scan(world.code(purpose="courtroom"), "courtroom")
    assert (verdict.admitted, verdict.person.photo) == (True, uri)
    bundle = queries.published_bundle(actor=world.gate, device=world.devices["entrance"], now=NOW)
    assert {person["name"]: person["photo"] for person in bundle["people"]} == {"周岚": uri, "顾衡": ""}
    page = browser(lawyer()).get(f"/gatepass/?court={world.court_id}").content.decode()
    assert uri in page


def test_a_list_with_more_faces_than_a_gate_can_carry_shows_initials(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_face(ZHOU)
    monkeypatch.setattr(bundles, "PHOTOS_MOST", 10)
    bundle = queries.published_bundle(actor=world.gate, device=world.devices["entrance"], now=NOW)
    assert [person["photo"] for person in bundle["people"]] == ["", ""]


def test_a_scan_at_a_courtroom_names_the_case_and_one_at_the_door_does_not(world: World) -> None:
    enrol(ZHOU, NOW)
    world.scan(world.code(purpose="courtroom"), "courtroom")
    world.scan(world.code(), "entrance")
    cases = {scan.purpose: scan.case_id for scan in world.scans()}
    assert cases == {"courtroom": world.case.id, "entrance": None}
    assert {scan.purpose: scan.case_id for scan in queries.my_scans(actor=lawyer(), limit=5)} == cases


def keep_face(lawyer_id: int) -> None:
    LicencePhoto.objects.create(
        lawyer_id=lawyer_id, url="http://registry/photos/face.png", image=PHOTOS["face"], kind="image/png", digest="d",
        fetched_at=NOW,
    )  # fmt: skip
