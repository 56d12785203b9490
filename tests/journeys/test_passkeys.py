"""Passkeys in a real browser: make one, sign in with it, confirm with it, take it away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.support.journeys import Product
from tests.support.people import DU, Person, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.journey


@contextmanager
def authenticator(page: Page) -> Iterator[None]:
    """The finger of a phone, as Chromium plays it: makes and uses passkeys without asking anybody."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made = line.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }},
    )  # fmt: skip
    yield
    line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})


# Chromium's virtual finger agrees to an offer under the account field at once, where a person would choose first.
NO_OFFER = "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false"


def sign_out(person: Person) -> None:
    person.go("/account/logout/")
    person.page.locator("main").get_by_role("button", name="退出登录").click()
    expect(person.page).to_have_url(f"{person.base}/account/login/")


def test_a_passkey_is_made_used_and_taken_away(product: Product, browser: "Browser") -> None:
    lawyer = sign_in(browser, product.web_url, DU)
    page = lawyer.page
    page.add_init_script(NO_OFFER)
    with authenticator(page):
        lawyer.go("/account/2fa/passkeys/add/")
        page.fill("#id_name", "律所电脑")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("通行密钥已添加")).to_be_visible()

        sign_out(lawyer)
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.locator("header.top")).to_be_visible()
        expect(page.get_by_text("杜若").first).to_be_visible()

        lawyer.go("/account/2fa/passkeys/")
        expect(page.get_by_text("最近使用").first).to_be_visible()
        page.get_by_role("link", name="移除 律所电脑").click()
        page.get_by_role("button", name="移除").click()
        expect(page.get_by_text("通行密钥已移除")).to_be_visible()

        sign_out(lawyer)
        page.get_by_role("button", name="用通行密钥登录").click()
        expect(page.get_by_text("通行密钥没有通过")).to_be_visible()
    assert not lawyer.faults, lawyer.faults


def test_a_passkey_is_the_second_factor_after_the_password(product: Product, browser: "Browser") -> None:
    lawyer = sign_in(browser, product.web_url, DU)
    page = lawyer.page
    page.add_init_script(NO_OFFER)
    with authenticator(page):
        lawyer.go("/account/2fa/passkeys/add/")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("通行密钥已添加")).to_be_visible()
        sign_out(lawyer)
        page.fill("#id_login", DU)
        page.fill("#id_password", "lutong-demo-2026")
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="用通行密钥确认").click()
        expect(page.locator("header.top")).to_be_visible()
        lawyer.go("/account/2fa/passkeys/")
        page.get_by_role("link", name="移除").first.click()
        page.get_by_role("button", name="移除").click()
        expect(page.get_by_text("通行密钥已移除")).to_be_visible()
    assert not lawyer.faults, lawyer.faults


def test_the_browser_offers_the_passkey_under_the_account_field(product: Product, browser: "Browser") -> None:
    lawyer = sign_in(browser, product.web_url, DU)
    page = lawyer.page
    with authenticator(page):
        lawyer.go("/account/2fa/passkeys/add/")
        page.get_by_role("button", name="添加").click()
        expect(page.get_by_text("通行密钥已添加")).to_be_visible()
        lawyer.go("/account/logout/")
        page.locator("main").get_by_role("button", name="退出登录").click()
        expect(page.locator("header.top")).to_be_visible()
        lawyer.go("/account/2fa/passkeys/")
        page.get_by_role("link", name="移除").first.click()
        page.get_by_role("button", name="移除").click()
        expect(page.get_by_text("通行密钥已移除")).to_be_visible()
    assert not lawyer.faults, lawyer.faults
