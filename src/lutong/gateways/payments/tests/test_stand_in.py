"""The whole conversation with 微信支付 v3: merchant's client, payer's page, notices, refunds and faults."""

import datetime as dt
import json
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import wechatpayv3.utils
from wechatpayv3 import WeChatPay, WeChatPayType

from lutong.gateways.payments import wechat
from lutong.gateways.payments.keys import load_wechat_config
from lutong.gateways.payments.port import NewRefund, RefundStatus, Refused, TradeState, Unavailable, UnknownOrder
from lutong.gateways.payments.stand_in import Settings, build
from lutong.gateways.payments.tests.conftest import Counter
from lutong.gateways.payments.wechat import WeChatGateway
from lutong.gateways.tests.serving import serving, until


def test_an_order_is_opened_paid_noticed_and_found_paid(counter: Counter) -> None:
    order = counter.order(amount_fen=880000)
    code_url = counter.gateway.create_native(order=order)
    before = counter.gateway.query(out_trade_no=order.out_trade_no)
    page = counter.pay(code_url)
    notice = until(lambda: counter.merchant.notices, "the notice arrives")[0]
    after = counter.gateway.query(out_trade_no=order.out_trade_no)
    assert (before.state, before.transaction_id, before.amount_fen) == (TradeState.NOTPAY, None, 880000)
    assert (after.state, after.amount_fen, after.currency, after.attach) == (
        TradeState.SUCCESS,
        880000,
        "CNY",
        "110105",
    )
    assert "支付成功" in page.text and after.payer and after.paid_at
    assert (notice.out_trade_no, notice.amount_fen, notice.transaction_id, notice.trade_state) == (
        order.out_trade_no,
        880000,
        after.transaction_id,
        TradeState.SUCCESS,
    )
    assert notice.is_payment and notice.success_time == after.paid_at


def test_the_payers_page_says_that_no_real_money_moves_and_carries_a_strict_policy(counter: Counter) -> None:
    order = counter.order(amount_fen=1234567)
    page = httpx.get(counter.gateway.create_native(order=order))
    assert "<title>微信支付（替身，非真实收款）</title>" in page.text
    assert "12,345.67" in page.text and order.out_trade_no in page.text and "支付" in page.text and "取消" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'") and "<script" not in page.text


def test_cancelling_leaves_the_order_unpaid_and_payable(counter: Counter) -> None:
    order = counter.order()
    code_url = counter.gateway.create_native(order=order)
    sent = {"code": code_url.partition("code=")[2], "action": "cancel"}
    page = httpx.post(f"{counter.address}/pay", data=sent, follow_redirects=True)
    assert "您已取消" in page.text
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.NOTPAY
    assert "支付成功" in counter.pay(code_url).text


def test_another_sites_page_cannot_press_the_pay_button(counter: Counter) -> None:
    order = counter.order()
    code_url = counter.gateway.create_native(order=order)
    sent = {"code": code_url.partition("code=")[2], "action": "pay"}
    answer = httpx.post(f"{counter.address}/pay", data=sent, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.NOTPAY


def test_pressing_pay_twice_pays_once(counter: Counter) -> None:
    order = counter.order()
    code_url = counter.gateway.create_native(order=order)
    counter.pay(code_url)
    first = counter.gateway.query(out_trade_no=order.out_trade_no)
    counter.pay(code_url)
    assert counter.gateway.query(out_trade_no=order.out_trade_no) == first
    until(lambda: counter.merchant.notices, "the notice arrives")
    assert len([row for row in counter.notices() if row["out_trade_no"] == order.out_trade_no]) == 1


def test_the_same_number_opens_the_same_order_and_refuses_other_terms(counter: Counter) -> None:
    order = counter.order()
    code_url = counter.gateway.create_native(order=order)
    assert counter.gateway.create_native(order=order) == code_url
    with pytest.raises(Refused) as refusal:
        counter.gateway.create_native(order=replace(order, amount_fen=order.amount_fen + 1))
    assert refusal.value.code == "OUT_TRADE_NO_USED"
    counter.pay(code_url)
    with pytest.raises(Refused) as refusal:
        counter.gateway.create_native(order=order)
    assert refusal.value.code == "ORDERPAID"


def test_a_closed_order_cannot_be_paid_and_a_paid_one_cannot_be_closed(counter: Counter) -> None:
    closed, paid = counter.order(), counter.order()
    code_url = counter.gateway.create_native(order=closed)
    counter.gateway.close(out_trade_no=closed.out_trade_no)
    counter.gateway.close(out_trade_no=closed.out_trade_no)
    assert "订单已关闭" in counter.pay(code_url).text
    assert counter.gateway.query(out_trade_no=closed.out_trade_no).state is TradeState.CLOSED
    counter.pay(counter.gateway.create_native(order=paid))
    with pytest.raises(Refused) as refusal:
        counter.gateway.close(out_trade_no=paid.out_trade_no)
    assert refusal.value.code == "ORDERPAID"


def test_an_order_past_its_time_is_closed(counter: Counter) -> None:
    order = counter.order(expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2))
    code_url = counter.gateway.create_native(order=order)
    until(lambda: counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.CLOSED, "it closes")
    assert "订单已关闭" in counter.pay(code_url).text


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 10**13},
        {"description": ""},
        {"description": "费" * 128},
        {"attach": "x" * 129},
        {"notify_url": "ftp://127.0.0.1/x"},
        {"notify_url": "http://127.0.0.1/x?a=1"},
        {"notify_url": "http://[/"},
        {"out_trade_no": "short"},
        {"out_trade_no": "汉字汉字汉字汉字"},
        {"out_trade_no": "LT/../../close"},
        {"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_a_wrong_order_is_refused_and_never_breaks_the_server(counter: Counter, changes: dict[str, object]) -> None:
    if changes.get("description") == "":
        changes = {"description": "\0" * 200}
    with pytest.raises(Refused) as refusal:
        counter.gateway.create_native(order=counter.order(**changes))
    assert refusal.value.code == "PARAM_ERROR" and refusal.value.status == 400


def test_an_unknown_order_or_refund_is_told_apart_from_silence(counter: Counter) -> None:
    with pytest.raises(UnknownOrder):
        counter.gateway.query(out_trade_no="LT-NOBODY-KNOWS")
    with pytest.raises(UnknownOrder):
        counter.gateway.close(out_trade_no="LT-NOBODY-KNOWS")
    with pytest.raises(UnknownOrder):
        counter.gateway.query_refund(out_refund_no="LT-NOBODY-KNOWS")


def test_refunds_settle_are_noticed_and_never_exceed_what_was_paid(counter: Counter) -> None:
    order = counter.order(amount_fen=1000)
    counter.pay(counter.gateway.create_native(order=order))
    until(lambda: counter.merchant.notices, "the payment's notice arrives")
    wish = NewRefund(
        out_trade_no=order.out_trade_no,
        out_refund_no="R" + order.out_trade_no,
        refund_fen=600,
        amount_fen=1000,
        reason="减半交纳，退还多收部分",
        notify_url=order.notify_url,
    )
    asked = counter.gateway.refund(refund=wish)
    again = counter.gateway.refund(refund=wish)
    assert asked.refund_id == again.refund_id and asked.refund_fen == 600
    with pytest.raises(Refused):
        counter.gateway.refund(refund=replace(wish, out_refund_no=wish.out_refund_no + "2", refund_fen=401))
    with pytest.raises(Refused):
        counter.gateway.refund(refund=replace(wish, refund_fen=1))
    notice = until(lambda: [n for n in counter.merchant.notices if not n.is_payment], "the refund's notice arrives")[0]
    assert (notice.event_type, notice.out_refund_no, notice.refund_fen) == ("REFUND.SUCCESS", wish.out_refund_no, 600)
    settled = counter.gateway.query_refund(out_refund_no=wish.out_refund_no)
    assert settled.status is RefundStatus.SUCCESS and settled.refunded_at
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.REFUND


def test_an_unpaid_order_is_not_refunded(counter: Counter) -> None:
    order = counter.order(amount_fen=1000)
    counter.gateway.create_native(order=order)
    wish = NewRefund(
        out_trade_no=order.out_trade_no,
        out_refund_no="R" + order.out_trade_no,
        refund_fen=1,
        amount_fen=1000,
        reason="无",
    )
    with pytest.raises(Refused) as refusal:
        counter.gateway.refund(refund=wish)
    assert refusal.value.code == "INVALID_REQUEST"


def test_a_notice_is_repeated_with_the_same_id_until_it_is_accepted(counter: Counter) -> None:
    counter.merchant.answers.extend([500, 503])
    counter.pay(counter.gateway.create_native(order=counter.order()))
    until(lambda: len(counter.merchant.notices) == 3, "the third attempt arrives")
    assert len({notice.notice_id for notice in counter.merchant.notices}) == 1
    until(lambda: counter.notices()[0]["state"] == "delivered", "the notice counts as delivered")
    time.sleep(0.3)
    assert len(counter.merchant.notices) == 3


def test_a_doubled_notice_carries_one_id(counter: Counter) -> None:
    counter.control(copies=5)
    counter.pay(counter.gateway.create_native(order=counter.order()))
    until(lambda: len(counter.merchant.notices) == 5, "five copies arrive")
    assert len({notice.notice_id for notice in counter.merchant.notices}) == 1


def test_a_delayed_notice_comes_late_while_the_query_knows_at_once(counter: Counter) -> None:
    counter.control(delay_seconds=0.6)
    order = counter.order()
    counter.pay(counter.gateway.create_native(order=order))
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.SUCCESS
    assert not counter.merchant.notices
    until(lambda: counter.merchant.notices, "the late notice arrives")


def test_a_lost_notice_never_comes_while_the_query_knows(counter: Counter) -> None:
    counter.control(lose=True)
    order = counter.order()
    counter.pay(counter.gateway.create_native(order=order))
    time.sleep(0.4)
    assert not counter.merchant.letters
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.SUCCESS


@pytest.mark.parametrize(
    "kind",
    [
        "wrong_signature",
        "wrong_key",
        "wrong_serial",
        "unsigned",
        "unencrypted",
        "wrong_apiv3_key",
        "replay_old",
        "wrong_mchid",
        "wrong_appid",
    ],
)
def test_a_forged_notice_is_refused_and_the_order_stays_unpaid(counter: Counter, kind: str) -> None:
    order = counter.order()
    counter.gateway.create_native(order=order)
    counter.forge(order.out_trade_no, kind)
    until(lambda: counter.merchant.forged, "the forgery is refused")
    assert not counter.merchant.notices
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.NOTPAY


@pytest.mark.parametrize("kind", ["wrong_amount", "wrong_order", "wrong_currency"])
def test_a_lie_under_a_genuine_signature_shows_only_beside_our_own_record(counter: Counter, kind: str) -> None:
    order = counter.order()
    counter.gateway.create_native(order=order)
    counter.forge(order.out_trade_no, kind)
    notice = until(lambda: counter.merchant.notices, "the notice verifies")[0]
    told = (notice.out_trade_no, notice.amount_fen, notice.currency)
    assert told != (order.out_trade_no, order.amount_fen, "CNY")
    assert counter.gateway.query(out_trade_no=order.out_trade_no).state is TradeState.NOTPAY


def test_a_forgery_on_demand_goes_ahead_of_the_genuine_notice(counter: Counter) -> None:
    counter.control(forge="wrong_key")
    counter.pay(counter.gateway.create_native(order=counter.order()))
    until(lambda: counter.merchant.notices and counter.merchant.forged, "both arrive")
    assert len(counter.merchant.notices) == len(counter.merchant.forged) == 1


@pytest.mark.parametrize("mode", ["error", "unsigned", "forged"])
def test_an_answer_that_cannot_be_trusted_is_no_answer(counter: Counter, mode: str) -> None:
    order = counter.order()
    counter.gateway.create_native(order=order)
    counter.control(api=mode)
    with pytest.raises(Unavailable):
        counter.gateway.query(out_trade_no=order.out_trade_no)


def test_a_hanging_gateway_blocks_for_less_than_ten_seconds(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(wechat._CONNECT_AND_READ_SECONDS) < 10 and wechat._DEADLINE_SECONDS < 10
    monkeypatch.setattr(wechat, "_DEADLINE_SECONDS", 0.5)
    counter.control(api="hang", hang_seconds=2)
    start = time.monotonic()
    with pytest.raises(Unavailable):
        counter.gateway.query(out_trade_no="LT-ANY-ORDER")
    assert time.monotonic() - start < 1.5


def test_a_closed_port_is_unavailable(counter: Counter) -> None:
    gateway = WeChatGateway(load_wechat_config(counter.home, "http://127.0.0.1:9"))
    with pytest.raises(Unavailable):
        gateway.query(out_trade_no="LT-ANY-ORDER")


def test_an_answer_recorded_for_another_order_does_not_count(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    paid, unpaid = counter.order(), counter.order()
    counter.pay(counter.gateway.create_native(order=paid))
    counter.gateway.create_native(order=unpaid)
    client = counter.gateway._client
    recorded = client.query(out_trade_no=paid.out_trade_no)
    monkeypatch.setattr(client, "query", lambda **_: recorded)
    with pytest.raises(Unavailable):
        counter.gateway.query(out_trade_no=unpaid.out_trade_no)


def test_the_gateway_refuses_a_merchant_with_a_strange_key_an_old_stamp_or_a_repeated_request(counter: Counter) -> None:
    config = load_wechat_config(counter.home, counter.address)
    path = f"/v3/pay/transactions/out-trade-no/LT-ANY-ORDER?mchid={config.mchid}"
    key = wechatpayv3.utils.load_private_key(config.private_key)
    mark = wechatpayv3.utils.build_authorization(path, "GET", config.mchid, config.serial, key)
    first = httpx.get(counter.address + path, headers={"Authorization": mark})
    replayed = httpx.get(counter.address + path, headers={"Authorization": mark})
    other_path = path.replace("ANY", "OTHER")
    fresh = wechatpayv3.utils.build_authorization(path, "GET", config.mchid, config.serial, key)
    moved = httpx.get(counter.address + other_path, headers={"Authorization": fresh})
    bare = httpx.get(counter.address + path)
    assert first.json()["code"] == "ORDER_NOT_EXIST"
    assert [answer.json()["code"] for answer in (replayed, moved, bare)] == ["SIGN_ERROR"] * 3


def test_the_platform_certificate_is_downloaded_and_opened_by_the_library_itself(counter: Counter) -> None:
    config = load_wechat_config(counter.home, counter.address)
    pay = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=config.mchid,
        private_key=config.private_key,
        cert_serial_no=config.serial,
        appid=config.appid,
        apiv3_key=config.apiv3_key,
        public_key=config.public_key,
        public_key_id=config.public_key_id,
    )
    pay._core._gate_way = counter.address
    pay._core._update_certificates()
    assert [f"{found.serial_number:040X}" for found in pay._core._certificates] == [
        json.loads((counter.home / "secrets/wechat/wechat.json").read_text())["platform_serial"]
    ]


def test_the_books_and_waiting_notices_survive_a_restart(tmp_path: Path, counter: Counter) -> None:
    settings = Settings(home=tmp_path, retry_scale=0.005)
    with serving(build(settings)) as address:
        gateway = WeChatGateway(load_wechat_config(tmp_path, address))
        counter.merchant.gateway, kept = gateway, counter.merchant.gateway
        order = counter.order()
        httpx.post(f"{address}/control", json={"delay_seconds": 1})
        code = gateway.create_native(order=order).partition("code=")[2]
        httpx.post(f"{address}/pay", data={"code": code, "action": "pay"})
    try:
        with serving(build(settings)) as address:
            gateway = WeChatGateway(load_wechat_config(tmp_path, address))
            assert gateway.query(out_trade_no=order.out_trade_no).state is TradeState.SUCCESS
            until(lambda: counter.merchant.notices, "the notice that waited arrives")
    finally:
        counter.merchant.gateway = kept


def test_keys_are_private_and_made_once(tmp_path: Path) -> None:
    first = load_wechat_config(tmp_path, "http://127.0.0.1:9")
    second = load_wechat_config(tmp_path, "http://127.0.0.1:9")
    assert first == second
    files = [path for path in (tmp_path / "secrets/wechat").iterdir() if path.name != ".lock"]
    assert len(files) == 7 and {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert first.private_key not in repr(first) and first.apiv3_key not in repr(first)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/pay", b"code=%00&action=pay"),
        ("/pay", b"\xff\xfe"),
        ("/control", b'{"copies": "many"}'),
        ("/control", b'{"delay_seconds": 1e999}'),
        ("/control", b'{"nothing": 1}'),
        ("/control", b"[" * 5000),
        ("/control/forge", b'{"kind": 7}'),
        ("/control/resend", b"{}"),
        ("/v3/pay/transactions/native", b"\xff" * 70000),
    ],
)
def test_broken_input_gets_a_refusal_and_never_a_crash(counter: Counter, path: str, content: bytes) -> None:
    kind = "application/x-www-form-urlencoded" if path == "/pay" else "application/json"
    answer = httpx.post(counter.address + path, content=content, headers={"Content-Type": kind})
    assert answer.status_code in {200, 400, 401, 404, 422}
    assert httpx.get(counter.address + "/healthz").json()["ok"]
