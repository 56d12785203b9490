"""A licence is suspended by its bureau: page, program and upload of the lawyer end within a minute, in every process.

The bureau reports over the registry's signed feed; 律通 follows the registry's own. Afterwards he comes back and finds
what he had begun.
"""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.support.api_story import Api, Draft, sign_token
from tests.support.bureau import REASON, WITHIN, report, suspend
from tests.support.journeys import Product
from tests.support.people import DU, Person, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def lawyer(product: Product, browser: Browser) -> Iterator[Person]:
    person = sign_in(browser, product.web_url, DU)
    yield person
    assert person.faults == []
    person.context.close()


def half_an_upload(draft: Draft) -> tuple[str, dict[str, str]]:
    """Announce a file and send a part of it; answers its address and the headers of its ticket."""
    ticket = draft.api.post(f"{draft.path}/ticket")
    headers = TUS | {"Upload-Ticket": ticket["ticket"]}
    begun = httpx.post(ticket["url"], headers=headers | {"Upload-Length": "100"}, trust_env=False)
    assert begun.status_code == 201, begun.text
    address = begun.headers["Location"]
    assert patched(address, headers, 0) == 204
    return address, headers


def patched(address: str, headers: dict[str, str], offset: int) -> int:
    kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
    return httpx.patch(address, content=b"x" * 10, headers=headers | kind, trust_env=False).status_code


def shut_after(since: float, api: Api, address: str, headers: dict[str, str], lawyer: Person) -> float:
    """Seconds until program, upload and page are refused, all of them."""
    while time.monotonic() - since < WITHIN:
        program = api.ask("GET", "/cases").status_code
        upload = httpx.head(address, headers=headers, trust_env=False).status_code
        page = lawyer.page.get_by_text("暂不能使用平台").count()
        if (program, upload, page) == (403, 410, 1):
            return time.monotonic() - since
        lawyer.page.wait_for_timeout(250)
    raise AssertionError(f"after {WITHIN} s: program {program}, upload {upload}, page shows the reason: {page}")


def test_a_suspension_reaches_every_door_within_a_minute(
    product: Product, browser: Browser, lawyer: Person, record_property: Callable[[str, object], None]
) -> None:
    api = sign_token(
        lawyer, product.web_url, "停止执业演练", ["cases:read", "filing:read", "filing:write", "uploads:write"]
    )
    draft = Draft(api)
    address, headers = half_an_upload(draft)
    lawyer.go("/cases/")  # left open: nobody clicks
    reported = time.monotonic()
    suspend(product, DU)
    try:
        seconds = shut_after(reported, api, address, headers, lawyer)
        record_property("停牌生效（页面、程序、上传）", f"{seconds:.1f} 秒")
        expect(lawyer.page.get_by_text(REASON)).to_be_visible()
        expect(lawyer.page.get_by_text("怎样恢复")).to_be_visible()
        assert REASON in api.refused("GET", "/cases", 403)["reason"]
        assert patched(address, headers, 10) == 410
        lawyer.go("/cases/")
        assert "/account/login/" in lawyer.page.url, "the session is over"
    finally:
        report(product, "resume", DU)

    deadline = time.monotonic() + WITHIN
    while True:
        try:
            back = sign_in(browser, product.web_url, DU)
            break
        except AssertionError:
            assert time.monotonic() < deadline, "he never came back"
    back.go(f"/filing/{draft.id}/")
    assert back.page.locator("main").count() == 1, "what he had begun is there"
    assert api.ask("GET", "/cases").status_code == 401, "the old token stays dead"
    assert back.faults == []
    back.context.close()
