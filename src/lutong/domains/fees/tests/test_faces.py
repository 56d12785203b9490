"""The pages and the API of bills: a happy and a refused path each."""

import uuid

import pytest

from lutong.domains.fees.tests.conftest import (
    DEFENDANTS_COUNSEL,
    PLAINTIFFS_COUNSEL,
    STRANGER,
    Counter,
    Dispute,
)
from lutong.domains.identity.tests.browser import browser


def test_the_page_explains_the_fee_and_gives_a_code(dispute: Dispute, counter: Counter) -> None:
    client = browser(PLAINTIFFS_COUNSEL)
    at = f"/fees/{dispute.court_id}/{dispute.bill.id}/"
    page = client.get(at).content.decode()
    assert "金额怎样算出" in page and "诉讼费用交纳办法第十三条第一款第（一）项" in page
    assert client.post(f"{at}order/").status_code == 302
    assert f'data-text="{dispute.orders()[0].code_url}"' in client.get(at).content.decode()
    counter.control(lose=True)
    counter.pay(dispute.orders()[0])
    assert "已到账" in client.post(f"{at}refresh/", headers={"HX-Request": "true"}).content.decode()


def test_a_silent_gateway_is_said_on_the_page(dispute: Dispute, counter: Counter) -> None:
    counter.control(api="error")
    client = browser(PLAINTIFFS_COUNSEL)
    at = f"/fees/{dispute.court_id}/{dispute.bill.id}/"
    assert "没有回应，还没有扣款" in client.post(f"{at}order/", follow=True).content.decode()


def test_the_other_side_may_look_and_not_pay(dispute: Dispute) -> None:
    client = browser(DEFENDANTS_COUNSEL)
    at = f"/fees/{dispute.court_id}/{dispute.bill.id}/"
    assert "由原告一方支付" in client.get(at).content.decode()
    assert "只有原告的诉讼代理人可以支付" in client.post(f"{at}order/", follow=True).content.decode()
    assert dispute.orders() == []


@pytest.mark.parametrize("path", ["", "order/", "refresh/"])
def test_a_stranger_finds_nothing(dispute: Dispute, path: str) -> None:
    client = browser(STRANGER)
    at = f"/fees/{dispute.court_id}/{dispute.bill.id}/{path}"
    assert (client.post(at) if path else client.get(at)).status_code == 404
    assert client.get(f"/fees/99999999/{uuid.uuid4()}/").status_code == 404


def test_the_desk_lists_and_shows(dispute: Dispute) -> None:
    client = browser(dispute.staff)
    assert dispute.bill.notice_no in client.get("/desk/fees/").content.decode()
    assert "还没有支付订单" in client.get(f"/desk/fees/{dispute.bill.id}/").content.decode()
    assert client.get("/desk/fees/?tab=x&before=broken").status_code == 422
    assert browser(PLAINTIFFS_COUNSEL).get("/desk/fees/").status_code == 404


def test_programs_read_the_bill_and_get_a_code(dispute: Dispute, counter: Counter) -> None:
    client = browser(PLAINTIFFS_COUNSEL)
    bill = client.get(f"/api/v1/cases/{dispute.court_id}/{dispute.case_id}/bill").json()
    assert bill["amount_fen"] == dispute.bill.amount_fen and bill["lines"] and bill["due_on"] is None
    at = f"/api/v1/bills/{dispute.court_id}/{bill['id']}"
    first, second = (client.post(f"{at}/order").json() for _ in range(2))
    assert first["code_url"] == second["code_url"]
    assert browser(STRANGER).get(at).status_code == 404
    assert browser(DEFENDANTS_COUNSEL).post(f"{at}/order").status_code == 403
