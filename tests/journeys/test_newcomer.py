"""一次核验: a lawyer without an account comes in through the verification platform, is seen, consents, and is home.

Afterwards: the platform's “disconnect” ends the session here, and the account is recovered by another live check.
"""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.support.journeys import Product
from tests.support.platform_story import be_filmed, enter_platform, fitting, officer_decides

pytestmark = pytest.mark.journey
YU, MOBILE, NAME = "13301201811655793", "13800020121", "俞听澜"  # of whom 律通 knows nothing
WORD, NEW_WORD = "mountain-river-2026", "river-mountain-2027"


def be_verified(page: Page, browser: Browser, product: Product) -> None:
    """Number, code, film, and the officer's decision."""
    enter_platform(page, product, number=YU, mobile=MOBILE)
    be_filmed(page)
    expect(page.get_by_text("等待审核")).to_be_visible(timeout=20000)
    officer_decides(browser, product, number=YU)
    page.reload()
    page.get_by_role("link", name="返回应用继续办理").click()


def set_up(page: Page, word: str) -> None:
    """Password, then the authenticator; ends past the second factor."""
    fitting(page)
    page.get_by_label("新密码").fill(word)
    page.get_by_label("再输一遍").fill(word)
    page.get_by_role("button", name="下一步：第二道验证").click()
    secret = page.locator(".acc__secret code").inner_text().strip()
    page.locator("#id_code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="启用").click()
    page.wait_for_load_state()


def test_a_newcomer_is_verified_once_and_comes_home(product: Product, filming: Browser) -> None:
    context = filming.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", permissions=["camera"])
    page = context.new_page()
    page.goto(f"{product.web_url}/account/login/")
    page.get_by_role("link", name="首次使用：律师身份核验").click()
    fitting(page)
    page.get_by_role("link", name="去核验").click()
    be_verified(page, filming, product)
    expect(page.get_by_role("heading", name="“律通”请求核验您的身份")).to_be_visible()
    fitting(page)
    page.get_by_role("button", name="同意并继续").click()
    expect(page.get_by_role("heading", name="设置密码")).to_be_visible()
    assert page.url.startswith(product.web_url)
    set_up(page, WORD)
    page.goto(f"{product.web_url}/")
    expect(page.get_by_text(NAME).first).to_be_attached()
    disconnect(page, product)
    recover(page, filming, product)
    context.close()


def disconnect(page: Page, product: Product) -> None:
    """撤回授权 at the platform ends the session here within seconds."""
    page.goto(f"{product.registry_url}/me/applications/")
    fitting(page)
    page.locator("section", has_text="律通").get_by_role("button", name="撤回授权").click()
    expect(page.get_by_text("已撤回对“律通”的授权")).to_be_visible()
    for _ in range(40):
        page.goto(f"{product.web_url}/account/")
        if "/account/login/" in page.url:
            return
        time.sleep(0.5)
    raise AssertionError("the session outlived the disconnection")


def recover(page: Page, browser: Browser, product: Product) -> None:
    """Password and authenticator are lost: the live check opens the account anew."""
    page.get_by_role("link", name="忘记密码，或手机丢了").click()
    page.get_by_role("link", name="律师身份核验平台").click()
    time.sleep(60)  # between two codes
    be_verified(page, browser, product)
    page.get_by_role("button", name="同意并继续").click()
    expect(page.get_by_role("heading", name="重新设置密码")).to_be_visible()
    set_up(page, NEW_WORD)
    page.goto(f"{product.web_url}/")
    expect(page.get_by_text(NAME).first).to_be_attached()
