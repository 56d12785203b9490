"""Passkeys in a real Chromium with a virtual finger: the scripts, the origin and the bytes are the browser's own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from lutong.site.doctor import CHROMIUM, first_program
from lutong.verification.entrance.models import Passkey, Visit
from lutong.verification.entrance.tests.conftest import Lawyer, make_lawyer
from tests.support.databases import Database
from tests.support.journeys import FLAGS, PATIENCE
from tests.support.serving import served

pytestmark = pytest.mark.journey
FINGER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
# Chromium's virtual finger agrees to an offer under the number at once, where a person would choose first.
NO_OFFER = "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false"


@pytest.fixture
def site(committed_db: Database, settings: Any) -> Iterator[tuple[str, Lawyer]]:
    """The service on a port of its own, under a name: no browser makes a passkey for an IP address."""
    lawyer = make_lawyer()
    with served("localhost") as address:
        settings.LUTONG_VERIFICATION_URL = address
        settings.CSRF_TRUSTED_ORIGINS = [address]
        yield address, lawyer


@contextmanager
def page_of(address: str, lawyer: Lawyer) -> Iterator[Any]:
    """A page of the lawyer's browser, signed in, with a finger."""
    program = first_program(CHROMIUM)
    if program is None:
        pytest.skip("no chromium on this machine: apt install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": lawyer.browser().cookies[name].value, "url": address}
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        context = running.new_context(locale="zh-CN")
        context.add_cookies([cookie])
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("WebAuthn.enable")
        line.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
        yield page
        running.close()


def asked(question: Callable[[], Any]) -> Any:
    """Ask the database from a thread of its own: Playwright keeps an event loop in this one, which Django minds."""

    def answer() -> Any:
        try:
            return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(answer).result()


def test_a_passkey_is_made_used_offered_and_taken_away(site: tuple[str, Lawyer]) -> None:
    from playwright.sync_api import expect

    address, lawyer = site
    with page_of(address, lawyer) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/me/passkeys/add/")
        page.fill("#name", "办公室电脑")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("通行密钥已添加")).to_be_visible()
        expect(page.get_by_role("region", name="通行密钥")).to_contain_text("办公室电脑")

        # Under the number the browser offers the key by itself; this finger takes the offer.
        page.get_by_role("button", name="退出", exact=True).click()
        expect(page.get_by_role("heading", name="已退出登录")).to_be_visible()
        page.goto(f"{address}/sign-in/?next=/card/")
        expect(page).to_have_url(f"{address}/card/")
        assert asked(lambda: Visit.objects.filter(way="passkey", ended_at=None).count()) == 1

        # Asked by the button; a removed key opens nothing, and the form for the code is still there.
        page.add_init_script(NO_OFFER)
        page.goto(f"{address}/sign-in/")
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_role("heading", name="我的执业登记")).to_be_visible()
        expect(page.get_by_role("region", name="通行密钥")).to_contain_text("最近使用")
        page.get_by_role("link", name="管理 办公室电脑").click()
        page.get_by_role("button", name="移除").click()
        expect(page.get_by_text("已移除通行密钥")).to_be_visible()
        assert not faults, faults
        page.goto(f"{address}/sign-in/")
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_text("通行密钥没有通过")).to_be_visible()
        expect(page.get_by_role("button", name="获取验证码")).to_be_visible()


def test_a_real_device_s_counter_that_goes_back_stops_the_key(site: tuple[str, Lawyer]) -> None:
    from playwright.sync_api import expect

    address, lawyer = site
    with page_of(address, lawyer) as page:
        page.add_init_script(NO_OFFER)
        page.goto(f"{address}/me/passkeys/add/")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("通行密钥已添加")).to_be_visible()
        asked(lambda: Passkey.objects.update(sign_count=1_000_000))  # as if a twin had been used that often
        page.goto(f"{address}/sign-in/")
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_text("疑似被复制，已经停用")).to_be_visible()
        assert asked(lambda: Passkey.objects.get().stopped_at) is not None


def test_under_a_numeric_address_the_page_says_what_to_do(site: tuple[str, Lawyer]) -> None:
    from playwright.sync_api import expect

    address, lawyer = site
    numeric = address.replace("localhost", "127.0.0.1")
    with page_of(numeric, lawyer) as page:
        page.goto(f"{numeric}/me/passkeys/add/")
        expect(page.get_by_text("请从平台的域名打开")).to_be_visible()
        expect(page.get_by_role("button", name="添加")).to_be_hidden()
        page.goto(f"{numeric}/sign-in/")
        expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
        expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
