"""Pages, the feed and the API of the calendar: the happy path, the refused path, hostile input."""

import uuid
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from lutong.domains.dossier.models import Upload
from lutong.domains.hearings import actions, queries
from lutong.domains.hearings.models import Hearing, LawyerHearing
from lutong.domains.hearings.tests.world import GU, NOW, ZHOU, at, case, court, judge, lawyer, recorder, room, wish
from lutong.domains.identity.tests.browser import browser
from lutong.kernel.ids import secret_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    """The frame names every page of the product; these tests need only ours and the frame's."""
    settings.ROOT_URLCONF = "lutong.domains.hearings.tests.addresses"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the faces stands at NOW."""
    monkeypatch.setattr("lutong.kernel.clock.now", lambda: NOW)


def told(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("view", ["", "week/", "month/", "agenda/"])
def test_every_view_shows_hearing_clash_and_own_event(view: str) -> None:
    here = court()
    actions.schedule(**wish(case(here, ZHOU), room(here).id, at(9, 30)))
    actions.add_own_event(
        actor=lawyer(), title="仲裁开庭", place="北京仲裁委员会", city="", mode="onsite", starts_at=at(10, 30),
        ends_at=at(12), now=NOW,
    )  # fmt: skip
    page = browser(lawyer()).get(f"/calendar/{view}?on=2026-12-03")
    assert page.status_code == 200
    for words in ("09:30", "第十九法庭", "仲裁开庭", "重叠 60 分钟", "待处理冲突"):
        assert words in told(page)
    assert 'style="' not in told(page)


def test_an_empty_week_says_what_will_come() -> None:
    assert "这段时间没有庭审和期限" in told(browser(lawyer()).get("/calendar/?on=2027-03-01"))


@pytest.mark.parametrize("on", ["", "2026-13-45", "0001-01-01", "9999-12-31", "x" * 500, "２０２６-01-01", "-1"])
@pytest.mark.parametrize("view", ["week", "month", "agenda"])
def test_no_address_breaks_the_calendar(view: str, on: str) -> None:
    assert browser(lawyer()).get(f"/calendar/{view}/", {"on": on}).status_code == 200


def test_court_staff_has_no_lawyers_calendar_and_lawyers_no_board() -> None:
    assert browser(judge(court())).get("/calendar/").status_code == 404
    assert browser(lawyer()).get("/desk/calendar/").status_code == 404


def test_a_bad_own_event_keeps_what_was_typed_and_points_at_the_field() -> None:
    typed = {"title": "讲课<b>", "place": "某地", "city": "", "mode": "onsite", "day": "2026-02-31", "starts": "9:00",
             "ends": "10:00"}  # fmt: skip
    page = browser(lawyer()).post("/calendar/own/new/", typed)
    assert page.status_code == 422
    assert "讲课&lt;b&gt;" in told(page) and "请填日期，例如 2026-11-21" in told(page) and 'href="#day"' in told(page)


def test_an_own_event_is_added_changed_and_removed_in_the_browser() -> None:
    client = browser(lawyer())
    typed = {"title": "讲课", "place": "", "city": "天津", "mode": "onsite", "day": "2026年12月3日", "starts": "09：00",
             "ends": "10:00"}  # fmt: skip
    assert client.post("/calendar/own/new/", typed)["Location"] == "/calendar/?on=2026-12-03"
    event = LawyerHearing.objects.get(lawyer_id=ZHOU)
    assert (event.city, event.starts_at) == ("天津市", at(9))
    address = f"/calendar/own/{event.id}/"
    assert "天津市" in told(client.get(address))
    assert client.post(address, typed | {"title": "讲座", "version": "1"}).status_code == 302
    assert client.post(address, typed | {"title": "又改", "version": "1"}).status_code == 409
    assert browser(lawyer(GU)).get(address).status_code == 404
    assert client.post(f"{address}remove/", {"version": "2"}).status_code == 302
    assert client.get(address).status_code == 404


def test_the_feed_tells_times_courts_and_rooms_only_and_stops_when_rotated() -> None:
    here = court()
    trial = case(here, ZHOU)
    actions.schedule(**wish(trial, room(here).id, at(9, 30)))
    token = actions.open_feed(actor=lawyer(), now=NOW)
    assert len(token) >= 32
    address = f"/calendar/feed/{ZHOU}/{token}.ics"
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == at(9, 30)
    assert "第十九法庭" in str(event["location"])
    assert trial.number not in told(answer) and "苏晚晴" not in told(answer)
    actions.open_feed(actor=lawyer(), now=NOW)
    assert Client().get(address).status_code == 404
    token = queries.feed_token_of(actor=lawyer())
    actions.close_feed(actor=lawyer(), now=NOW)
    assert Client().get(f"/calendar/feed/{ZHOU}/{token}.ics").status_code == 404
    assert Client().get(f"/calendar/feed/{ZHOU}/{secret_token()}.ics").status_code == 404


def test_the_download_holds_the_days_asked_for() -> None:
    here = court()
    for day in (3, 20):
        actions.schedule(**wish(case(here, ZHOU), None, at(9, 30, day)))
    answer = browser(lawyer()).get("/calendar/download.ics?from=2026-12-01&to=2026-12-06")
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1


def sending(trial: Any, **more: str) -> dict[str, str]:
    return {
        "case": str(trial.id), "kind": "trial", "mode": "online", "room": "", "day": "2026-12-03", "starts": "09:30",
        "minutes": "120", "pick": "", **more,
    }  # fmt: skip


def test_the_scheduling_page_opens_with_the_first_free_time() -> None:
    here = court()
    room(here)
    trial = case(here, ZHOU, GU)
    page = told(browser(judge(here)).get(f"/desk/calendar/new/?case={trial.id}"))
    assert 'value="2026-11-23"' in page and "双方律师、承办法官、第十九法庭均空闲" in page
    assert "代理律师、法庭均空闲" in page


def test_a_picked_proposal_overrules_the_fields() -> None:
    here = court()
    place = room(here)
    trial = case(here, ZHOU)
    picked = sending(trial, mode="onsite", pick=f"2026-12-08 14:00 {place.id}")
    assert browser(judge(here)).post("/desk/calendar/new/", picked).status_code == 302
    assert queries.list_hearings(actor=judge(here), court_id=here, case_id=trial.id)[0].during.lower == at(14, 0, 8)


def test_a_clash_asks_for_the_reason_and_keeps_the_form() -> None:
    here, there = court(), court("沪0115")
    foreign = case(there, ZHOU)
    actions.schedule(**wish(foreign, None, at(10, 30)))
    trial = case(here, ZHOU)
    client = browser(judge(here))
    preview = client.post("/desk/calendar/preview/", sending(trial))
    assert "重叠 60 分钟" in told(preview) and "浦东" in told(preview) and 'name="clash_reason"' in told(preview)
    assert foreign.number not in told(preview)
    refused = client.post("/desk/calendar/new/", sending(trial))
    assert refused.status_code == 409
    assert "请写明仍按此时间开庭的理由" in told(refused) and 'value="2026-12-03"' in told(refused)
    done = client.post("/desk/calendar/new/", sending(trial, clash_reason="被告在押"))
    assert done.status_code == 302
    assert "被告在押" in told(client.get(done["Location"]))


def test_a_hearing_is_moved_and_cancelled_in_the_browser() -> None:
    here = court()
    trial = case(here, ZHOU)
    hearing = actions.schedule(**wish(trial, None, at(9, 30)))
    client = browser(recorder(here))
    address = f"/desk/calendar/{hearing.id}/"
    assert 'value="2026-12-03"' in told(client.get(f"{address}move/"))
    moved = client.post(f"{address}move/", sending(trial, day="2026-12-04", version="1", hearing=str(hearing.id)))
    assert moved.status_code == 302
    assert client.post(f"{address}cancel/", {"version": "1", "reason": "x"}).status_code == 409
    assert client.post(f"{address}cancel/", {"version": "2", "reason": ""}).status_code == 422
    assert client.post(f"{address}cancel/", {"version": "2", "reason": "撤诉"}).status_code == 302
    assert client.post(f"{address}hold/", {"version": "3"}).status_code == 409


@pytest.mark.parametrize(
    "bad",
    [
        {"day": "2026-99-99"}, {"day": "x" * 999}, {"starts": "25:99"}, {"minutes": "-5"}, {"minutes": "9" * 30},
        {"mode": "onsite", "room": "not-a-uuid"}, {"kind": "x"}, {"pick": "a b c"}, {"pick": "2026-12-03 99:99 x"},
        {"minutes": "٣٠"},
    ],
)  # fmt: skip
def test_nonsense_is_told_at_the_field_never_500(bad: dict[str, str]) -> None:
    here = court()
    trial = case(here, ZHOU)
    client = browser(judge(here))
    assert client.post("/desk/calendar/new/", sending(trial, **bad)).status_code == 422
    assert client.post("/desk/calendar/preview/", sending(trial, **bad)).status_code == 200
    assert client.post("/desk/calendar/free/", sending(trial, **bad)).status_code == 200


def test_what_is_not_there_is_not_found() -> None:
    here = court()
    client = browser(judge(here))
    for address in (f"/desk/calendar/{uuid.uuid4()}/", f"/desk/calendar/new/?case={uuid.uuid4()}"):
        assert client.get(address).status_code == 404
    assert client.post("/desk/calendar/preview/", {"case": "x"}).status_code == 404
    assert client.post("/desk/calendar/rooms/", {"room": "x", "name": "y"}).status_code in (403, 404)


def test_the_board_shows_rooms_and_judges_of_the_week() -> None:
    here = court()
    actions.schedule(**wish(case(here, ZHOU), room(here).id, at(9, 30)))
    client = browser(judge(here))
    for by in ("room", "judge", "nonsense"):
        page = client.get("/desk/calendar/", {"by": by, "on": "2026-12-03"})
        assert page.status_code == 200 and "09:30–11:30" in told(page)


def test_rooms_are_kept_in_the_browser() -> None:
    here = court()
    client = browser(recorder(here))
    assert client.post("/desk/calendar/rooms/", {"name": "第一法庭", "seats": "12"}).status_code == 302
    again = client.post("/desk/calendar/rooms/", {"name": "第一法庭", "seats": "12"})
    assert again.status_code == 409 and "已有同名法庭" in told(again)
    assert client.post("/desk/calendar/rooms/", {"name": "", "seats": "a"}).status_code == 422


def test_the_api_reads_the_calendar_and_keeps_own_events() -> None:
    here = court()
    actions.schedule(**wish(case(here, ZHOU), None, at(9, 30)))
    client = browser(lawyer())
    span = {"start": "2026-12-01T00:00:00+08:00", "end": "2026-12-31T00:00:00+08:00"}
    assert [e["kind"] for e in client.get("/api/v1/calendar/entries", span).json()] == ["trial"]
    body = {"title": "讲课", "starts_at": "2026-12-03T10:00:00+08:00", "ends_at": "2026-12-03T11:00:00+08:00"}
    send = {"data": body, "content_type": "application/json", "headers": {"Idempotency-Key": "first-key-1"}}
    made = client.post("/api/v1/calendar/own-events", **send)
    again = client.post("/api/v1/calendar/own-events", **send)
    assert (made.status_code, again.status_code) == (201, 201) and made.json() == again.json()
    assert client.post("/api/v1/calendar/own-events", data=body, content_type="application/json").status_code == 422
    (clash,) = client.get("/api/v1/calendar/clashes").json()
    assert clash["text"] == "重叠 60 分钟"
    address = f"/api/v1/calendar/own-events/{made.json()['id']}"
    assert client.put(address, data=body | {"version": 9}, content_type="application/json").status_code == 409
    assert client.put(address, data=body | {"version": 1}, content_type="application/json").json()["version"] == 2
    assert client.delete(f"{address}?version=2").status_code == 204
    assert client.get(address).status_code == 404
    naive = client.get("/api/v1/calendar/entries", {"start": "2026-12-01T00:00:00", "end": "2026-12-02T00:00:00"})
    assert naive.status_code == 422 and naive["Content-Type"].startswith("application/problem+json")


def test_a_page_of_the_calendar_asks_few_questions(django_assert_max_num_queries: Any) -> None:
    here = court()
    for day in range(3, 13):
        actions.schedule(**wish(case(here, ZHOU), None, at(9, 30, day)))
    assert Hearing._meta.model_name == "hearing"
    client = browser(lawyer())
    client.get("/calendar/month/?on=2026-12-03")
    with django_assert_max_num_queries(22):
        client.get("/calendar/month/?on=2026-12-03")


def test_a_proof_is_kept_for_its_owner_and_let_go_on_demand() -> None:
    upload = Upload.objects.create(
        lawyer_id=ZHOU, purpose="own:x", slot="proof", filename="开庭通知.pdf", declared_size=9, state="stored",
        media_type="application/pdf", object_key="k", sealed_key=b"s", created_at=NOW, expires_at=NOW,
    )  # fmt: skip
    client = browser(lawyer())
    typed = {"title": "仲裁", "mode": "onsite", "day": "2026-12-03", "starts": "09:00", "ends": "10:00"}
    assert browser(lawyer(GU)).post("/calendar/own/new/", typed | {"proof": str(upload.id)}).status_code == 404
    assert client.post("/calendar/own/new/", typed | {"proof": str(upload.id)}).status_code == 302
    event = LawyerHearing.objects.get(lawyer_id=ZHOU)
    assert event.proof_name == "开庭通知.pdf"
    assert "/f/" in client.get(f"/calendar/own/{event.id}/proof/")["Location"]
    assert client.post(f"/calendar/own/{event.id}/", typed | {"version": "1"}).status_code == 302
    assert LawyerHearing.objects.get(lawyer_id=ZHOU).proof_id == upload.id
    client.post(f"/calendar/own/{event.id}/", typed | {"version": "2", "drop_proof": "1"})
    assert client.get(f"/calendar/own/{event.id}/proof/").status_code == 404
    ticket = client.post(f"/calendar/own/proof-ticket/{event.id}/").json()
    assert ticket["ticket"] and ticket["url"].endswith("/uploads")
