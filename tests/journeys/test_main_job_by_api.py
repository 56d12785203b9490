"""The lawyer's part of the main job over /api/v1, as a firm's own software does it; the court works in its browser."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from lutong.domains.identity.scopes import SCOPES
from lutong.gateways.payments.stand_in.notices import FORGERIES
from lutong.kernel.clock import BEIJING
from tests.support.api_story import (
    DEFENDANT,
    PLACES,
    Api,
    Cashier,
    Draft,
    claim_papers,
    eventually,
    revoke_token,
    sign_token,
)
from tests.support.court_story import confirm_claim, desk_case, pass_everything, plan, register, schedule, take_next
from tests.support.journeys import Product
from tests.support.people import CLERK, DU, GU, ZHOU, Person, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
RECORDER = "CY-MS-202"
TOKEN = "所内案管系统"
ENVELOPES = ("wrong_signature", "wrong_key", "wrong_serial", "unsigned", "replay_old")


@dataclass
class Cast:
    """Three lawyers' programs, the court's people, and where the story has got to."""

    api: Api
    gu: Api
    stranger: Api
    lawyer: Person
    clerk: Person
    recorder: Person
    base: str
    files: Path
    digests: set[str] = field(default_factory=set)
    filing: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/cases/{self.case['court_id']}/{self.case['id']}"


def hearing_day() -> dt.date:
    """The second Thursday from now, on which the demo world has both counsel before 浦东法院 from 10:30 to 12:00."""
    today = dt.datetime.now(BEIJING).date()
    return today + dt.timedelta(days=(3 - today.weekday()) % 7 + 7)


@pytest.fixture(scope="module")
def cast(product: Product, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    people = [sign_in(browser, product.web_url, name) for name in (ZHOU, GU, DU, CLERK, RECORDER)]
    api, gu, stranger = (sign_token(person, product.web_url, TOKEN, list(SCOPES)) for person in people[:3])
    lawyer, _, _, clerk, recorder = people
    yield Cast(api, gu, stranger, lawyer, clerk, recorder, product.web_url, tmp_path_factory.mktemp("files"))
    faults = [fault for person in people for fault in person.faults]
    for person in people:
        person.context.close()
    assert not faults


@pytest.fixture(scope="module")
def draft(cast: Cast) -> Draft:
    """A complete draft with the seven demo files in their places."""
    made = Draft(cast.api)
    cast.digests = {file["sha256"] for file in made.fill(cast.files).values()}
    return made


@pytest.fixture(scope="module")
def filed(cast: Cast, draft: Draft) -> Cast:
    cast.filing = cast.api.post(f"{draft.path}/submit", key=uuid.uuid4().hex, match=draft.etag)
    return cast


@pytest.fixture(scope="module")
def case(filed: Cast, draft: Draft) -> Cast:
    """The court has registered the case; nobody agreed to mediation, so the fee is due."""
    take_next(filed.clerk, filed.filing["receipt_no"][1:])
    pass_everything(filed.clerk.page)
    register(filed.clerk, judge="闻人嘉", recorder="庄序")
    told = filed.api.get(f"{draft.path}/filing")
    assert told["state"] == "registered"
    filed.case = filed.api.get(f"/cases/{told['court_id']}/{told['case_id']}")
    return filed


@pytest.fixture(scope="module")
def cashier(product: Product) -> Iterator[Cashier]:
    desk = Cashier(product.pay_url)
    yield desk
    desk.http.post("/control/reset", json={})


@pytest.fixture(scope="module")
def paid(case: Cast, cashier: Cashier) -> Cast:
    """Paid while the gateway sends its notice five times at the same moment, a forgery ahead of it."""
    bill = eventually(lambda: bill_or_none(case))
    case.order = case.api.post(f"/bills/{bill['court_id']}/{bill['id']}/order")
    cashier.wish(copies=5, forge="wrong_amount")
    cashier.pay(case.order["code_url"])
    refreshed = f"/bills/{bill['court_id']}/{bill['id']}/refresh"
    assert eventually(lambda: case.api.post(refreshed)["state"] == "paid")
    eventually(lambda: case.api.get(case.path)["stage"] == "trial")
    return case


@pytest.fixture(scope="module")
def joined(paid: Cast) -> Cast:
    """The other side's lawyer has been confirmed and a trial is fixed over a conference before another court."""
    claimed = claim(paid, paid.gu, uuid.uuid4().hex)
    assert claimed["state"] == "claimed"
    confirm_claim(paid.recorder, "顾衡")
    desk = desk_case(paid.recorder, paid.case["number"])
    plan(paid.recorder, desk, dt.datetime.now(BEIJING).date() + dt.timedelta(days=8))
    schedule(paid.recorder, desk, hearing_day(), "11:00", "第十五法庭", reason="审限将届，双方代理人均可调整线上会议")
    return paid


def bill_or_none(cast: Cast) -> Any:
    answer = cast.api.ask("GET", f"{cast.path}/bill")
    return answer.json() if answer.status_code == 200 else None


def claim(cast: Cast, api: Api, key: str, party: str = DEFENDANT) -> Any:
    papers = claim_papers(api, cast.files)
    body = {"court_id": cast.case["court_id"], "number": cast.case["number"], "party_name": party, "powers": "general"}
    made = api.post("/representations", body | papers, key=key)
    assert api.post("/representations", body | papers, key=key) == made, "the same key is the same claim"
    return made


def test_a_draft_says_which_grounds_and_papers_it_needs(cast: Cast, draft: Draft) -> None:
    grounds = {ground["code"]: ground for ground in cast.api.get(f"{draft.path}/grounds")}
    assert grounds["money_receiver"]["article"]
    slots = {slot["key"]: slot for slot in cast.api.get(f"{draft.path}/materials")}
    placed = {place for place in PLACES.values() if not place.startswith("evidence:")}
    assert {key for key, slot in slots.items() if slot["upload_ids"]} == placed
    assert all(slot["upload_ids"] for slot in slots.values() if slot["required"])


def test_the_precheck_names_the_fields_and_then_finds_nothing(cast: Cast, draft: Draft) -> None:
    sound = cast.api.get(draft.path)["content"]
    draft.put("facts", {"facts": ""})
    report = cast.api.get(f"{draft.path}/check")
    assert (report["may_submit"], list(report["fields"])) == (False, ["facts"])
    headers = {"If-Match": draft.etag, "Idempotency-Key": uuid.uuid4().hex}
    problem = cast.api.refused("POST", f"{draft.path}/submit", 422, headers=headers)
    assert "facts" in problem["fields"]
    draft.put("facts", {"facts": sound["facts"]})
    report = cast.api.get(f"{draft.path}/check")
    assert report["may_submit"], report["fields"]


def test_a_stale_revision_changes_nothing(cast: Cast, draft: Draft) -> None:
    body = {"content": {"facts": "另一台机器上写的事实，不应覆盖已有内容。"}}
    step = f"{draft.path}/steps/facts"
    problem = cast.api.refused("PATCH", step, 409, json=body, headers={"If-Match": '"1"'})
    assert f'"{problem["version"]}"' == draft.etag
    assert problem["theirs"]["facts"] != problem["mine"]["facts"]
    cast.api.refused("PATCH", step, 422, json=body)
    cast.api.refused("PATCH", step, 422, json=body, headers={"If-Match": "*"})
    headers = {"If-Match": '"1"', "Idempotency-Key": uuid.uuid4().hex}
    cast.api.refused("POST", f"{draft.path}/submit", 409, headers=headers)
    assert cast.api.get(draft.path)["version"] == problem["version"]


def test_unstorable_words_are_refused_and_the_draft_is_as_it_was(cast: Cast, draft: Draft) -> None:
    headers = {"If-Match": draft.etag, "Content-Type": "application/json"}
    for step, body, status in (
        ("facts", b'{"content": {"facts": "\\u0000"}}', 400), ("facts", b'{"content": {"facts": "\\ud800"}}', 400),
        ("facts", b"{", 400), ("facts", b'{"content": {"facts": [1]}}', 422), ("facts", b'{"content": []}', 422),
        ("parties", b'{"content": {"parties": 7}}', 422), ("nothing", b"{}", 404),
    ):  # fmt: skip
        cast.api.refused("PATCH", f"{draft.path}/steps/{step}", status, content=body, headers=headers)
    cast.api.refused("GET", f"{draft.path}%00", 422)
    cast.api.refused("GET", "/cases", 422, params={"q": "\x00"})
    assert cast.api.ask("GET", draft.path).headers["ETag"] == draft.etag


def test_a_submission_is_received_once_however_often_it_is_sent(filed: Cast, draft: Draft) -> None:
    assert filed.filing["receipt_no"].startswith("收")
    for key in (uuid.uuid4().hex, uuid.uuid4().hex):
        assert filed.api.post(f"{draft.path}/submit", key=key, match=draft.etag)["id"] == filed.filing["id"]
    receipt = filed.api.get(f"{draft.path}/filing")
    assert receipt["receipt_no"] == filed.filing["receipt_no"]
    assert filed.digests <= {paper["sha256"] for paper in receipt["papers"]}
    assert all(len(paper["sm3"]) == 64 for paper in receipt["papers"])
    headers = {"If-Match": draft.etag}
    filed.api.refused("PATCH", f"{draft.path}/steps/facts", 409, json={"content": {"facts": "改"}}, headers=headers)
    filed.api.refused("POST", f"{draft.path}/ticket", 409)


def test_the_registered_case_stands_in_the_list_with_its_people_and_its_process(case: Cast) -> None:
    row = next(row for row in case.api.get("/cases")["items"] if row["id"] == case.case["id"])
    assert (row["number"], row["stage"], row["side"]) == (case.case["number"], case.case["stage"], "plaintiff")
    assert case.case["stage"] == "fee_due"
    assert [party["name"] for party in case.case["parties"]] == ["苏晚晴", DEFENDANT]
    assert [agent["name"] for agent in case.case["parties"][0]["counsel"]] == ["周岚"]
    assert "登记立案" in [node["title"] for node in case.api.get(f"{case.path}/timeline")]
    found = case.api.get("/cases", q=case.case["number"], limit=1)
    assert [one["id"] for one in found["items"]] == [case.case["id"]]


def test_a_bill_has_one_order_and_no_forged_notice_pays_it(case: Cast, cashier: Cashier) -> None:
    bill = eventually(lambda: bill_or_none(case))
    path = f"/bills/{bill['court_id']}/{bill['id']}"
    assert (bill["state"], bill["amount_fen"]) == ("due", 290_000)  # 5800 yuan, halved: 诉讼费用交纳办法第十三、十六条
    order = case.api.post(f"{path}/order")
    assert case.api.post(f"{path}/order")["out_trade_no"] == order["out_trade_no"]
    answers = {kind: cashier.forge(kind, order["out_trade_no"]) for kind in FORGERIES}
    assert {answers[kind] for kind in ENVELOPES} == {"401"}, answers
    assert not [answer for answer in answers.values() if answer == "500" or not answer.isdigit()], answers
    assert case.api.post(f"{path}/refresh")["state"] == "due"
    assert case.api.get(case.path)["stage"] == "fee_due"


def test_a_payment_is_booked_once_whatever_the_gateway_repeats(paid: Cast, cashier: Cashier) -> None:
    bill = eventually(lambda: (told := bill_or_none(paid)) and told["receipt_document_id"] and told)
    order = paid.api.ask("POST", f"/bills/{bill['court_id']}/{bill['id']}/order")
    assert order.status_code == 409, "a paid bill takes no order"
    number = paid.order["out_trade_no"]
    genuine = [notice for notice in cashier.notices(number) if not notice["forged"]]
    assert {cashier.resend(notice["id"]) for notice in genuine} <= {"200", "204"}
    for kind in ("wrong_order", "wrong_currency", "wrong_signature"):
        cashier.forge(kind, number)
    assert bill_or_none(paid) == bill
    kinds = [node["kind"] for node in paid.api.get(f"{paid.path}/timeline")]
    assert kinds.count("fee_paid") == 1
    receipt = paid.api.get(f"/documents/{bill['court_id']}/{bill['receipt_document_id']}")
    papers = paid.api.get(f"{paid.path}/documents")["papers"]
    assert [paper["id"] for paper in papers if paper["kind"] == receipt["kind"]] == [receipt["id"]]


def test_a_delivery_is_listed_opened_and_signed_once(paid: Cast) -> None:
    def mine() -> list[dict[str, Any]]:
        return [row for row in paid.api.get("/deliveries")["items"] if row["case_id"] == paid.case["id"]]

    row = eventually(mine)[0]
    path = f"/deliveries/{row['court_id']}/{row['id']}"
    looked = paid.api.get(path)
    assert looked["read_at"] is None, "looking over the API is not opening"
    assert looked["steps"]
    opened = paid.api.post(f"{path}/read")
    assert opened["read_at"]
    assert paid.api.post(f"{path}/read")["read_at"] == opened["read_at"]
    signed = paid.api.post(f"{path}/sign")
    assert (signed["state"], signed["effective_on"]) == ("signed", looked["effective_on"])
    assert paid.api.post(f"{path}/sign")["signed_at"] == signed["signed_at"]
    assert row["id"] in [one["id"] for one in paid.api.get("/deliveries", state="signed")["items"]]


def test_what_is_read_is_what_was_handed_in(case: Cast) -> None:
    volume = case.api.get(f"{case.path}/documents")
    assert volume["complete"]
    papers = {paper["sha256"]: paper for paper in volume["papers"]}
    assert case.digests <= papers.keys()
    for digest in case.digests:
        address = case.api.post(f"/documents/{case.case['court_id']}/{papers[digest]['id']}/address")
        read = httpx.get(address["url"], trust_env=False)
        assert hashlib.sha256(read.content).hexdigest() == digest == address["sha256"]


def test_both_counsel_see_the_trial_its_clash_and_their_periods(joined: Cast) -> None:
    day = dt.datetime.combine(hearing_day(), dt.time(), BEIJING)
    span = {"start": day.isoformat(), "end": (day + dt.timedelta(days=1)).isoformat()}
    for api in (joined.api, joined.gu):
        entries = {entry["id"]: entry for entry in api.get("/calendar/entries", **span)}
        trial = next(entry for entry in entries.values() if entry["case_id"] == joined.case["id"])
        assert "第十五法庭" in trial["place"]
        clashes = [c for c in api.get("/calendar/clashes") if trial["id"] in (c["one"]["id"], c["other"]["id"])]
        courts = {c[side]["court_id"] for c in clashes for side in ("one", "other")}
        assert len(courts) == 2, "one calendar before all courts"
        assert any("重叠" in c["text"] for c in clashes)
        eventually(partial(periods, api, joined))
    answer = eventually(lambda: [d for d in periods(joined.gu, joined) if "答辩" in d["title"]])[0]
    told = next(d for d in joined.gu.get(joined.path)["deadlines"] if d["id"] == answer["id"])
    assert "第一百二十八条" in told["law"] + "".join(step["law"] for step in told["steps"])


def periods(api: Api, cast: Cast) -> list[dict[str, Any]]:
    return [one for one in api.get("/deadlines") if one["case_id"] == cast.case["id"]]


def test_the_second_lawyer_sees_the_case_only_once_the_court_has_confirmed_him(joined: Cast) -> None:
    mine = next(one for one in joined.gu.get("/representations") if one["case_id"] == joined.case["id"])
    assert (mine["state"], mine["party_name"]) == ("confirmed", DEFENDANT)
    assert joined.gu.get(joined.path)["parties"][1]["counsel"][0]["name"] == "顾衡"
    body = {"court_id": joined.case["court_id"], "number": joined.case["number"], "powers": "general",
            "party_name": "苏晚晴", **claim_papers(joined.gu, joined.files)}  # fmt: skip
    problem = joined.gu.ask("POST", "/representations", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert problem.status_code in (409, 422), "nobody represents both sides"


def test_another_lawyers_things_are_answered_like_things_that_do_not_exist(paid: Cast, draft: Draft) -> None:
    stranger, nowhere, court = paid.stranger, uuid.uuid4(), paid.case["court_id"]
    paper = paid.api.get(f"{paid.path}/documents")["papers"][0]["id"]
    bill = paid.api.get(f"{paid.path}/bill")["id"]
    key = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"'}
    for method, path, thing in (
        ("GET", "/filing/drafts/{}", draft.id), ("GET", "/filing/drafts/{}/check", draft.id),
        ("GET", "/filing/drafts/{}/filing", draft.id), ("POST", "/filing/drafts/{}/submit", draft.id),
        ("GET", "/filing/drafts/{}/materials", draft.id), ("POST", "/filing/drafts/{}/ticket", draft.id),
        ("DELETE", "/filing/drafts/{}", draft.id), ("POST", "/filing/drafts/{}/withdraw", draft.id),
    ):  # fmt: skip
        own, none = (stranger.refused(method, path.format(i), 404, headers=key) for i in (thing, nowhere))
        assert own == none, path
    for method, path, thing in (
        ("GET", "/cases/{c}/{}", paid.case["id"]), ("GET", "/cases/{c}/{}/timeline", paid.case["id"]),
        ("GET", "/cases/{c}/{}/documents", paid.case["id"]), ("GET", "/cases/{c}/{}/bill", paid.case["id"]),
        ("GET", "/documents/{c}/{}", paper), ("POST", "/documents/{c}/{}/address", paper),
        ("GET", "/bills/{c}/{}", bill), ("POST", "/bills/{c}/{}/order", bill), ("POST", "/bills/{c}/{}/refresh", bill),
    ):  # fmt: skip
        own, none = (stranger.refused(method, path.format(i, c=court), 404) for i in (thing, nowhere))
        assert own == none, path
    stranger.refused("GET", f"/bills/{10**30}/{bill}", 422)


def test_a_token_does_only_what_it_was_signed_for_and_nothing_once_revoked(paid: Cast) -> None:
    name = f"只读 {uuid.uuid4().hex[:6]}"
    api = sign_token(paid.lawyer, paid.base, name, ["cases:read"])
    assert api.get(paid.path)["id"] == paid.case["id"]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for method, path, scope in (
        ("GET", "/filing/drafts", "filing:read"), ("POST", "/filing/drafts", "filing:write"),
        ("GET", "/deliveries", "service:read"), ("GET", f"{paid.path}/bill", "fees:read"),
        ("POST", "/representations/ticket", "uploads:write"), ("GET", "/calendar/clashes", "calendar:read"),
    ):  # fmt: skip
        assert api.refused(method, path, 403, headers=key)["scope"] == scope
    revoke_token(paid.lawyer, name)
    assert api.refused("GET", paid.path, 401)["type"] == "urn:lutong:not_signed_in"
