"""What a lawyer does at 律师身份核验平台: number and code, a film, and an officer or the face service that decides."""

import re
import time

from playwright.sync_api import Browser, Page, expect

from lutong.site.demo_people import PASSWORD
from tests.support.journeys import Product

_seen_codes: set[str] = set()


def fitting(page: Page) -> None:
    """No page of the way is wider than a phone."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def enter_platform(page: Page, product: Product, *, number: str, mobile: str) -> None:
    """Number, then the code that the marked stand-in shows."""
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    fitting(page)
    page.get_by_label("执业证号").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("heading", name="填写验证码")).to_be_visible()
    fitting(page)
    page.get_by_label("6 位验证码").fill(sent_code(page, product, mobile))
    page.get_by_role("button", name="登录").click()


def sent_code(page: Page, product: Product, mobile: str) -> str:
    """The newest code in the outbox of the stand-in; the courier needs a moment."""
    for _ in range(60):
        shown = page.request.get(product.sms_url, params={"mobile": mobile}).text()
        codes = [code for code in re.findall(r"验证码 (\d{6})", shown) if code not in _seen_codes]
        if codes:
            _seen_codes.add(codes[0])
            return codes[0]
        time.sleep(0.5)
    raise AssertionError("no code was sent")


def be_filmed(page: Page, method: str = "人工视频核验") -> None:
    """Consent to the film and record it with the false camera; an officer or the face service looks at it next."""
    expect(page.get_by_role("heading", name="需要实人核验")).to_be_visible()
    fitting(page)
    page.get_by_role("button", name="开始核验").click()
    page.get_by_text(method, exact=True).click()
    page.get_by_text("我已阅读以上内容").click()
    page.get_by_role("button", name="同意并继续").click()
    page.get_by_role("button", name="开始录制").click()
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="读完了，停止").click()
    page.get_by_role("button", name="提交视频").click()


def officer_decides(browser: Browser, product: Product, *, number: str) -> None:
    """The bureau of the province looks at the film and decides."""
    base = product.registry_url
    page = browser.new_context(locale="zh-CN").new_page()
    for _ in range(3):
        page.goto(f"{base}/demo/")
        code = page.locator("tr", has_text="SF-33-001").locator("td").last.inner_text().strip()
        page.goto(f"{base}/bureau/sign-in/?next=/bureau/live/")
        page.get_by_label("工号").fill("SF-33-001")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("动态口令").fill(code)
        page.get_by_role("button", name="登录").click()
        if "/bureau/live" in page.url:
            break
        time.sleep(10)
    page.locator("tr", has_text=number).get_by_role("link", name="办理").click()
    page.get_by_role("button", name="开始审核").click()
    page.get_by_text("认定为本人").click()
    page.get_by_label("理由").fill("面部与照片一致，朗读无误")
    page.get_by_role("button", name="作出决定并删除视频").click()
    page.context.close()
