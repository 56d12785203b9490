"""The pages and the API of service: a happy and a refused path each, and nothing that ends in a 500."""

import io
import uuid
import zipfile

import pytest

from lutong.domains.eservice.tests.conftest import GU, ZHOU, Suit, begin_trial, work
from lutong.domains.identity.tests.browser import browser

NOBODYS = "0198c0de-0000-7000-8000-00000000dead"


def test_the_inbox_lists_opens_and_signs(suit: Suit) -> None:
    work()
    client = browser(ZHOU)
    assert "受理案件通知书" in client.get("/service/").content.decode()
    delivery = suit.deliveries("plaintiff")[0]
    at = f"/service/{suit.court_id}/{delivery.id}/"
    page = client.get(at).content.decode()
    assert "到达受送达人主动提供或者确认的电子地址所在系统" in page
    assert client.post(f"{at}sign/").status_code == 302
    assert suit.deliveries("plaintiff")[0].state == "signed"
    assert client.get("/service/?tab=signed&q=受理").content.decode().count("inbox__i") == 1


def test_all_papers_come_in_one_zip(suit: Suit) -> None:
    work()
    delivery = suit.deliveries("plaintiff")[0]
    answer = browser(ZHOU).post(f"/service/{suit.court_id}/{delivery.id}/zip/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["01_受理案件通知书（苏晚晴）.pdf"]
        assert archive.read(archive.namelist()[0]).startswith(b"%PDF")


@pytest.mark.parametrize("path", ["", "sign/", "zip/"])
def test_the_other_side_finds_nothing(suit: Suit, path: str) -> None:
    work()
    delivery = suit.deliveries("plaintiff")[0]
    client = browser(GU)
    at = f"/service/{suit.court_id}/{delivery.id}/{path}"
    assert (client.post(at) if path else client.get(at)).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/service/?before=xx", "/service/?tab=nonsense&q=%25", "/service/?q=a%00b",
     f"/service/99999999/{NOBODYS}/", f"/service/1/{NOBODYS}/"],
)  # fmt: skip
def test_hostile_addresses_get_a_clear_answer(suit: Suit, path: str) -> None:
    assert browser(ZHOU).get(path).status_code in {200, 404, 422}


def test_the_desk_records_post_and_says_what_is_missing(suit: Suit) -> None:
    work()
    begin_trial(suit)
    (waiting,) = suit.deliveries("defendant")
    client = browser(suit.recorder)
    at = f"/desk/deliveries/{waiting.id}/"
    assert "登记送达" in client.get(at).content.decode()
    refused = client.post(f"{at}record/", {"mode": "post", "received_on": "31.02.2026", "note": "EMS 1"})
    assert refused.status_code == 422 and "EMS 1" in refused.content.decode()
    assert client.post(f"{at}record/", {"mode": "post", "note": "EMS 1"}).status_code == 302
    assert "尚无邮件回执" in client.get(at).content.decode()
    assert client.post(f"{at}record/", {"mode": "post", "receipt": "x"}).status_code == 422
    assert client.post(f"{at}fail/", {"reason": "查无此人"}).status_code == 302
    assert suit.deliveries("defendant")[0].state == "failed"


def test_the_desk_composes_once_even_when_sent_twice(suit: Suit) -> None:
    work()
    paper = suit.file("judgment", "民事判决书.pdf")
    client = browser(suit.recorder)
    at = f"/desk/deliveries/new/{suit.case_id}/"
    page = client.get(at).content.decode()
    assert "民事判决书" in page
    form = {
        "key": str(uuid.uuid4()), "parties": [str(suit.party(s).id) for s in ("plaintiff", "defendant")],
        "documents": [str(paper)], "title": "民事判决书", "mode": "auto",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(at, form).status_code == 302
    assert suit.inbox(ZHOU).count("民事判决书") == 1
    assert len(suit.deliveries("defendant", "waiting")) == 1
    nobody = client.post(at, form | {"parties": [], "key": str(uuid.uuid4())})
    assert nobody.status_code == 422 and "至少选择一名当事人" in nobody.content.decode()
    assert client.get(f"/desk/deliveries/?case={suit.case_id}").status_code == 200
    assert client.get("/desk/deliveries/?case=nonsense").status_code == 422
    assert browser(ZHOU).get("/desk/deliveries/").status_code == 404


def test_programs_read_and_sign(suit: Suit) -> None:
    work()
    client = browser(ZHOU)
    rows = client.get("/api/v1/deliveries").json()["items"]
    assert len(rows) == 3
    at = f"/api/v1/deliveries/{suit.court_id}/{rows[0]['id']}"
    told = client.get(at).json()
    assert told["effective_on"] == "2026-11-21" and told["papers"] and told["steps"][0]["law"]
    assert told["read_at"] is None
    assert client.post(f"{at}/sign").json()["state"] == "signed"
    assert browser(GU).get(at).status_code == 404
