"""顾衡 left his laptop signed in. The thief reads, but does nothing grave; 顾衡 sees it on his phone and ends it.

The thief sits in the very session of the owner, an hour after he last showed who he is.
"""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from lutong.site.demo_people import PASSWORD
from tests.support.filing_story import begin
from tests.support.journeys import Product
from tests.support.people import GU, Person, fits, sign_in
from tests.support.platform_story import be_filmed, enter_platform, sent_code

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
LAPTOP = {
    "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
}
PHONE = {
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1",
    "viewport": {"width": 390, "height": 844},
}
REGISTERED = "13800010217"  # 顾衡's mobile in the roll of the platform, whatever he tells 律通
TYPED = "原告主张的货物迟延到港系不可抗力所致，我方已于当日通知。"
AN_HOUR_LATER = """
import sys
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore({key!r})
session["account_authentication_methods"] = [
    {{**record, "at": record["at"] - 3600}} for record in session["account_authentication_methods"]
]
session.save()
"""
A_DAY_LATER = """
from lutong.domains.identity.models import Account, Tries
pk = Account.objects.get(sign_name={sign_name!r}).pk
Tries.objects.filter(key__regex=f"^code[.](account|device):{{pk}}(:|$)").delete()
"""


def let(product: Product, code: str) -> None:
    """Let time pass in the product, which no test can wait for."""
    environment = {**os.environ, "LUTONG_HOME": str(product.home), "LUTONG_PORT": str(product.port)}
    kept = {name: value for name, value in environment.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "lutong.site.cli", "manage", "shell", "-c", code],
        env=kept, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def grow_old(product: Product, person: Person) -> None:
    """The person showed who he is an hour ago, for the last time."""
    key = next(c["value"] for c in person.context.cookies() if c["name"] == "lutong")
    let(product, AN_HOUR_LATER.format(key=key))


@dataclass
class Theft:
    laptop: Person
    phone: Person
    draft: str


@pytest.fixture(scope="module")
def theft(product: Product, browser: Browser) -> Iterator[Theft]:
    """The owner began a complaint, went away, and comes to his phone later."""
    laptop = sign_in(browser, product.web_url, GU, **LAPTOP)
    draft = begin(laptop)
    laptop.go(f"{draft}step/facts/")
    laptop.page.fill('[name="facts"]', TYPED)
    laptop.page.locator('button[name="go"][value="next"]').click()
    laptop.page.wait_for_load_state()
    grow_old(product, laptop)
    phone = sign_in(browser, product.web_url, GU, **PHONE)
    yield Theft(laptop, phone, draft)
    let(product, A_DAY_LATER.format(sign_name=GU))
    faults = laptop.faults + phone.faults
    for person in (laptop, phone):
        person.context.close()
    assert faults == []


def is_asked(page: Page, act: str) -> None:
    """He stands before the question who he is, and it says what for."""
    expect(page.get_by_role("heading", name="请确认是您本人")).to_be_visible()
    expect(page.locator(".acc__lead b")).to_have_text(act)


def a_case(person: Person) -> str:
    person.go("/cases/")
    links = person.page.locator("main a[href^='/cases/']").evaluate_all("found => found.map(a => a.pathname)")
    return next(str(link) for link in links if re.fullmatch(r"/cases/\d+/[0-9a-f-]{36}/", link))


def test_the_thief_reads_what_is_open(theft: Theft) -> None:
    thief = theft.laptop
    thief.go(a_case(thief))
    expect(thief.page.locator("h1")).to_contain_text("民初")
    thief.go("/service/")
    expect(thief.page.get_by_role("heading", name="电子送达")).to_be_visible()


def test_the_thief_signs_for_nothing_and_takes_nothing_away(theft: Theft) -> None:
    thief, page = theft.laptop, theft.laptop.page
    thief.go("/service/")
    page.get_by_role("button", name=re.compile("全部签收（")).click()
    page.get_by_role("dialog").get_by_role("button", name="全部签收", exact=True).click()
    is_asked(page, "签收送达")
    thief.go("/service/")
    page.locator("main a", has_text="传票").first.click()
    page.get_by_role("button", name="签收", exact=True).click()
    is_asked(page, "签收送达")
    case = a_case(thief)
    thief.go("/cases/export.csv")
    is_asked(page, "批量下载")
    thief.go(f"{case}dossier/")
    page.get_by_role("link", name="打包下载").click()
    page.get_by_role("button", name=re.compile("打包")).click()
    is_asked(page, "批量下载")
    thief.go("/service/")
    expect(page.get_by_role("button", name=re.compile("全部签收（"))).to_be_visible()


def test_the_thief_changes_nothing_that_opens_the_account(theft: Theft) -> None:
    thief, page = theft.laptop, theft.laptop.page
    thief.go("/account/tokens/")
    page.fill("#t-name", "小偷的程序")
    page.locator('[name="scopes"]').first.check()
    page.get_by_role("button", name="签发", exact=True).click()
    is_asked(page, "签发接口令牌")
    thief.go("/assistants/")
    page.fill("#number", "11082609110041")
    page.get_by_role("button", name="邀请", exact=True).click()
    is_asked(page, "添加助理")
    for path in ("password/", "2fa/passkeys/add/", "2fa/codes/", "2fa/codes/new/", "2fa/codes/file/"):
        thief.go(f"/account/{path}")
        is_asked(page, "更改密码、通行密钥或动态口令")
    thief.go("/account/tokens/")
    expect(page.get_by_text("小偷的程序")).to_have_count(0)


def test_password_and_code_of_the_owner_do_not_help_the_thief_to_take_the_account_over(theft: Theft) -> None:
    """What he would need is the owner's registered mobile and face."""
    thief, page = theft.laptop, theft.laptop.page
    thief.go("/account/mobile/")
    page.fill("#id_mobile", "13900009999")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("heading", name="更换手机号：需要实人核验")).to_be_visible()
    page.get_by_role("link", name="去核验").click()
    expect(page.get_by_label("执业证号")).to_have_value(GU)
    thief.go("/account/2fa/totp/remove/")
    expect(page.get_by_role("heading", name="移除最后一个可靠的第二道验证：需要实人核验")).to_be_visible()
    thief.go("/account/mobile/")
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    expect(page.get_by_text("13900009999")).to_have_count(0)


def test_the_owner_is_seen_by_the_platform_and_what_he_typed_is_carried_out(
    product: Product, theft: Theft, filming: Browser
) -> None:
    owner, mobile = theft.phone, f"139{secrets.randbelow(10**8):08}"
    context = filming.new_context(locale="zh-CN", permissions=["camera"], **PHONE)
    context.add_cookies(owner.context.cookies())
    page = context.new_page()
    page.goto(f"{product.web_url}/account/mobile/")
    page.fill("#id_mobile", mobile)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("您填写的内容已保留")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="去核验").click()
    enter_platform(page, product, number=GU, mobile=REGISTERED)
    be_filmed(page, "人脸比对服务")
    page.get_by_role("link", name="返回应用继续办理").click(timeout=30000)
    page.get_by_role("button", name="同意并继续").click()
    expect(page.get_by_text(f"已发到 {mobile}")).to_be_visible()
    page.fill("#id_code", sent_code(page, product, mobile))
    page.get_by_role("button", name="确认更换").click()
    expect(page.get_by_text(f"手机号已更换，尾号 {mobile[-4:]}")).to_be_visible()
    context.close()


def test_guessing_is_paused_until_a_time_and_the_owner_is_told(theft: Theft) -> None:
    thief, page, owner = theft.laptop, theft.laptop.page, theft.phone
    for field, what, most in (("password", "密码", 10), ("code", "口令", 5)):
        thief.go("/account/password/")
        if field == "code":
            page.get_by_role("link", name="输入动态口令").click()
        for n in range(most + 1):  # the owner's own slips while signing in count, too
            page.fill(f"#id_{field}", f"00000{n}" if field == "code" else f"guess-{n}-guess")
            with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
                page.get_by_role("button", name="继续").click()
            if answered.value.status == 429:
                break
            expect(page.locator(f"#id_{field}-err")).to_be_visible()
        assert answered.value.status == 429, f"{most} tries and no more"
        assert 0 < int(answered.value.headers["retry-after"]) <= 300
        expect(page.locator("h1")).to_have_text(re.compile(r"请在\s*\d\d:\d\d\s*以后再试"))
        expect(page.get_by_text(f"{what}输错的次数太多")).to_be_visible()
    owner.wait_for("/notices/", "有人多次输错您的密码")
    owner.wait_for("/notices/", "有人多次输错您的动态口令或备用码")
    thief.go("/account/password/")
    is_asked(page, "更改密码、通行密钥或动态口令")


def test_the_owner_goes_on_with_what_he_typed_after_showing_himself(product: Product, theft: Theft) -> None:
    """His phone is a browser of its own: the thief's guesses do not pause it."""
    owner, page, name = theft.phone, theft.phone.page, "所内案管系统"
    grow_old(product, owner)
    owner.go("/account/tokens/")
    page.fill("#t-name", name)
    page.locator('[name="scopes"]').first.check()
    page.get_by_role("button", name="签发", exact=True).click()
    is_asked(page, "签发接口令牌")
    assert fits(page)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text("令牌已签发，只显示这一次")).to_be_visible()
    owner.go("/account/tokens/")
    row = page.locator("main li", has_text=name).filter(has=page.get_by_text("有效", exact=True)).first
    row.get_by_role("button", name="撤销令牌").click()


def test_the_owner_sees_the_laptop_on_his_phone_and_throws_it_out(theft: Theft) -> None:
    thief, owner, page = theft.laptop, theft.phone, theft.phone.page
    thief.go(a_case(thief))  # reading still, until the very next click
    owner.go("/account/devices/")
    assert fits(page)
    laptop = page.locator("li", has_text="Edge · Windows").get_by_role("button", name="退出 Edge · Windows")
    for _ in range(laptop.count()):
        laptop.first.click()
        expect(page.get_by_text("已退出：Edge · Windows")).to_be_visible()
    expect(page.locator("li", has_text="Edge · Windows")).to_have_count(0)
    thief.page.locator("nav.tabs a", has_text="案件进程").click()
    expect(thief.page).to_have_url(re.compile("/account/login/"))
    thief.go("/service/")
    expect(thief.page).to_have_url(re.compile("/account/login/"))


def test_nothing_that_the_owner_typed_is_lost(theft: Theft) -> None:
    owner = theft.phone
    owner.go(f"{theft.draft}step/facts/")
    expect(owner.page.locator('[name="facts"]')).to_have_value(TYPED)
    assert fits(owner.page)
