"""A day at a gate of 朝阳法院: codes are read, the network goes, the tablet goes on, and tells later."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.journeys import Product
from tests.support.people import ZHOU, Person, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HALL, DU = "CY-FW-001", "13115201311325988"
DOOR = "[data-view=result]:not([hidden]) h1"


def slip(hall: Person) -> str:
    """A slip for the southern gate from the counter."""
    hall.go("/desk/gate/counter/")
    hall.page.get_by_label("执业证号").fill(DU)
    hall.page.get_by_role("button", name="核验", exact=True).click()
    hall.page.get_by_label("南门").check()
    hall.page.get_by_role("button", name="人证相符，开具通行条").click()
    return hall.page.locator("qr-code").get_attribute("data-text") or ""


def token(hall: Person) -> str:
    hall.go("/desk/gate/devices/")
    hall.page.get_by_role("button", name="换发南门平板的配对码").click()
    return hall.page.locator(".gp__tokenline code").inner_text()


@pytest.fixture
def tablet(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()


def scan(page: "Page", text: str) -> str:
    """Let a scanner type; answers what the gate says."""
    if page.get_by_role("button", name="下一位").is_visible():
        page.get_by_role("button", name="下一位").click()
    page.get_by_label("扫码枪或手工输入").fill(text)
    page.get_by_role("button", name="核验").click()
    page.wait_for_selector(DOOR)
    return page.locator(DOOR).inner_text()


@pytest.mark.timeout(600)
def test_the_gate_reads_online_and_without_network_and_tells_the_court(
    product: Product, browser: "Browser", tablet: "Page"
) -> None:
    hall = sign_in(browser, product.web_url, HALL)
    tablet.goto(f"{product.web_url}/gate/#{token(hall)}")
    expect(tablet.get_by_text("刚刚同步")).to_be_visible()
    tablet.evaluate("navigator.serviceWorker.ready.then(() => true)")
    text = slip(hall)
    zhou = sign_in(browser, product.web_url, ZHOU)
    zhou.go("/gatepass/?q=朝阳")
    zhou.page.get_by_role("link", name="北京市朝阳区人民法院").click()
    with zhou.page.expect_response("**/api/v1/gatepass/code") as answer:
        zhou.page.get_by_role("button", name="南门").click()
    expect(zhou.page.locator("[data-symbol] svg")).to_be_visible()
    code = answer.value.json()["text"]
    assert scan(tablet, code) == "请通行"
    expect(tablet.get_by_text("周岚")).to_be_visible()
    assert scan(tablet, code) == "这个码已经用过"

    tablet.get_by_role("button", name="下一位").click()
    with tablet.expect_response("**/gate/sync") as synced:
        tablet.get_by_role("button", name="立即同步").click()
    assert "杜若" in synced.value.text()
    tablet.wait_for_timeout(1000)  # the list is put down
    tablet.context.set_offline(True)
    tablet.reload()
    expect(tablet.get_by_text("离线核验")).to_be_visible()
    assert scan(tablet, text) == "请通行"
    expect(tablet.get_by_text("杜若")).to_be_visible()
    assert scan(tablet, text) == "这个码已经用过"
    assert scan(tablet, code.replace(code[100], "A" if code[100] != "A" else "B", 1)) != "请通行"
    tablet.context.set_offline(False)
    hall.wait_for("/desk/gate/", "离线核验", within=60)
    assert not hall.faults
    assert not zhou.faults
    zhou.go("/gatepass/history/")
    expect(zhou.page.get_by_text("南门").first).to_be_visible()
