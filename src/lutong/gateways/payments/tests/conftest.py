"""A stand-in of 微信支付 and a merchant that listens for its notices, both over real HTTP."""

import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lutong.gateways.payments.keys import load_wechat_config
from lutong.gateways.payments.port import ForgedNotice, NewOrder, Notice
from lutong.gateways.payments.stand_in import Settings, build
from lutong.gateways.payments.wechat import WeChatGateway
from lutong.gateways.tests.serving import serving, until

_numbers = itertools.count(1)


@dataclass
class Merchant:
    """Records what arrives at /notify; answers 401 to forgeries, else what `answers` lists next, else 200."""

    gateway: WeChatGateway
    letters: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def notify(self, request: Request) -> Response:
        body = await request.body()
        with self.lock:
            self.letters.append((dict(request.headers), body))
            try:
                self.notices.append(self.gateway.read_notice(headers=request.headers, body=body))
            except ForgedNotice as forgery:
                self.forged.append(forgery.reason)
                return Response(status_code=401)
            return Response(status_code=self.answers.pop(0) if self.answers else 200)


@dataclass
class Counter:
    """The gateway as its users meet it: the merchant's client, the payer's page, the control page."""

    address: str
    home: Path
    gateway: WeChatGateway
    merchant: Merchant

    def order(self, amount_fen: int = 880000, **changes: Any) -> NewOrder:
        expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
        facts: dict[str, Any] = {
            "out_trade_no": f"LT{next(_numbers):014d}",
            "amount_fen": amount_fen,
            "description": "案件受理费",
            "notify_url": f"{self.merchant.url}/notify",
            "expires_at": expires_at,
            "attach": "110105",
        }
        return NewOrder(**(facts | changes))

    def pay(self, code_url: str) -> httpx.Response:
        code = code_url.partition("code=")[2]
        return httpx.post(f"{self.address}/pay", data={"code": code, "action": "pay"}, follow_redirects=True)

    def control(self, **wishes: Any) -> None:
        assert httpx.post(f"{self.address}/control", json=wishes).status_code == 200

    def forge(self, out_trade_no: str, kind: str) -> None:
        sent = {"out_trade_no": out_trade_no, "kind": kind}
        assert httpx.post(f"{self.address}/control/forge", json=sent).status_code == 200

    def notices(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.address}/control").json()["notices"])


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    home = tmp_path_factory.mktemp("home")
    with serving(build(Settings(home=home, retry_scale=0.005))) as address:
        gateway = WeChatGateway(load_wechat_config(home, address))
        merchant = Merchant(gateway)
        with serving(Starlette(routes=[Route("/notify", merchant.notify, methods=["POST"])])) as merchant.url:
            yield Counter(address, home, gateway, merchant)


@pytest.fixture
def counter(standing: Counter) -> Iterator[Counter]:
    """The counter, calm and with an empty record."""
    assert httpx.post(f"{standing.address}/control/reset", json={}).status_code == 200
    merchant = standing.merchant
    for record in (merchant.letters, merchant.notices, merchant.forged, merchant.answers):
        record.clear()
    yield standing
    httpx.post(f"{standing.address}/control/reset", json={})
    until(lambda: all(row["state"] != "waiting" for row in standing.notices()), "all notices are settled")
