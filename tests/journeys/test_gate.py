"""A day at a gate of 朝阳法院: the camera reads a slip, the network goes, the tablet goes on, and tells later."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from lutong.site.doctor import CHROMIUM, first_program
from tests.support.bureau import WITHIN, report, suspend
from tests.support.journeys import FLAGS, Product
from tests.support.people import DU, ZHOU, Person, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
HALL = "CY-FW-001"
DOOR = "[data-view=result]:not([hidden]) h1"


def slip(hall: Person) -> tuple[str, bytes]:
    """A slip for the southern gate from the counter: its text, and a picture of its symbol."""
    hall.go("/desk/gate/counter/")
    hall.page.get_by_label("执业证号").fill(DU)
    hall.page.get_by_role("button", name="核验", exact=True).click()
    hall.page.get_by_label("南门").check()
    hall.page.get_by_role("button", name="人证相符，开具通行条").click()
    symbol = hall.page.locator("qr-code")
    return symbol.get_attribute("data-text") or "", symbol.screenshot()


def film(picture: bytes, path: Path) -> Path:
    """What a camera sees that somebody holds the slip before: a second of motion JPEG."""
    frame = Image.new("RGB", (640, 480), "#b8bcc4")
    symbol = Image.open(io.BytesIO(picture)).convert("RGB").resize((360, 360))
    frame.paste(symbol, (140, 60))
    still = io.BytesIO()
    frame.save(still, "JPEG", quality=90)
    path.write_bytes(still.getvalue() * 30)
    return path


def token(hall: Person) -> str:
    hall.go("/desk/gate/devices/")
    hall.page.get_by_role("button", name="换发配对码：南门平板").click()
    return hall.page.locator(".gp__tokenline code").inner_text()


@pytest.fixture(scope="module")
def hall(product: Product, browser: "Browser") -> Iterator[Person]:
    """蒋一苇 of the hall, signed in once for all of these stories."""
    person = sign_in(browser, product.web_url, HALL)
    yield person
    assert person.faults == []
    person.context.close()


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


def test_the_gate_reads_online_and_without_network_and_tells_the_court(
    product: Product, browser: "Browser", hall: Person, tablet: "Page"
) -> None:
    photos: list[str] = []
    tablet.on("request", lambda one: photos.extend(one.post_data_json["digests"] if "/gate/photos" in one.url else []))
    tablet.goto(f"{product.web_url}/gate/#{token(hall)}")
    expect(tablet.get_by_text("刚刚同步")).to_be_visible()
    tablet.evaluate("navigator.serviceWorker.ready.then(() => true)")
    text, _ = slip(hall)
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
    with tablet.expect_response("**/gate/sync"):
        tablet.get_by_role("button", name="立即同步").click()  # it bears this name again when it has synced
    with tablet.expect_response("**/gate/sync") as again:
        tablet.get_by_role("button", name="立即同步").click()
    assert again.value.json()["bundle"] is None
    assert len(again.value.body()) < 1000
    assert len(photos) == len(set(photos)) > 0, "each photo came once"
    tablet.context.set_offline(True)
    tablet.reload()
    expect(tablet.get_by_text("离线核验")).to_be_visible()
    assert scan(tablet, text) == "请通行"
    expect(tablet.get_by_text("杜若")).to_be_visible()
    assert scan(tablet, text) == "这个码已经用过"
    assert scan(tablet, code.replace(code[100], "A" if code[100] != "A" else "B", 1)) != "请通行"
    tablet.context.set_offline(False)
    hall.wait_for("/desk/gate/", "离线核验", within=60)
    assert not zhou.faults
    zhou.go("/gatepass/history/")
    expect(zhou.page.get_by_text("南门").first).to_be_visible()


def test_a_suspension_shuts_the_gate_within_a_minute_also_where_the_browser_keeps_nothing(
    product: Product, hall: Person, tablet: "Page", record_property: Callable[[str, object], None]
) -> None:
    """杜若 has just come in by one slip; the other, never read, is refused as soon as her bureau has reported."""
    tablet.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }")
    tablet.goto(f"{product.web_url}/gate/#{token(hall)}")
    expect(tablet.get_by_text("本机不能离线保存")).to_be_visible()
    expect(tablet.get_by_text("刚刚同步")).to_be_visible()
    (one, _), (other, _) = slip(hall), slip(hall)
    assert scan(tablet, one) == "请通行"
    reported = time.monotonic()
    suspend(product, DU)
    try:
        while (said := scan(tablet, one)) == "这个码已经用过":
            assert time.monotonic() - reported < WITHIN, "the gate never heard of it"
        seconds = time.monotonic() - reported
        assert "停止执业" in said
        assert scan(tablet, other) == said
        expect(tablet.locator("[data-advice]")).to_contain_text("诉讼服务大厅")
        record_property("停牌生效（门禁）", f"{seconds:.1f} 秒")
    finally:
        report(product, "resume", DU)
    deadline = time.monotonic() + WITHIN
    while (said := scan(tablet, other)) != "请通行":
        assert time.monotonic() < deadline, f"she never came back: {said}"


def test_the_camera_reads_a_slip(product: Product, browser: "Browser", hall: Person, tmp_path: Path) -> None:
    secret = token(hall)
    _, picture = slip(hall)
    eye = film(picture, tmp_path / "slip.mjpeg")
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
             f"--use-file-for-fake-video-capture={eye}"]  # fmt: skip
    seeing = browser.browser_type.launch(executable_path=first_program(CHROMIUM), headless=True, args=flags)
    try:
        page = seeing.new_page(viewport={"width": 1024, "height": 768}, locale="zh-CN")
        page.goto(f"{product.web_url}/gate/#{secret}")
        expect(page.locator(DOOR)).to_have_text("请通行", timeout=20_000)
        expect(page.get_by_text("杜若")).to_be_visible()
    finally:
        seeing.close()
