"""What 周岚 does to file the complaint of the demo story, with the demo story's real files."""

import re
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, expect

from lutong.site.demo_files import write_all
from lutong.site.demo_story import COMPLAINT, DEFENDANT_ID, PLAINTIFF_ID
from tests.support.people import Person

SUBMIT_CORRECTION = "提交补正"


def fill(page: Page, **values: str) -> None:
    for path, value in values.items():
        page.locator(f'[name="{path.replace("__", ".")}"]').fill(value)


def go_on(page: Page) -> None:
    """Save the step and go to the next."""
    before = page.url
    page.locator('button[name="go"][value="next"]').click()
    try:
        page.wait_for_url(lambda url: url != before)
    except TimeoutError as late:
        raise AssertionError(f"still on {before}: {page.locator('main').inner_text()}") from late


def begin(person: Person) -> str:
    """Start a draft; answers its address."""
    person.go("/filing/")
    person.page.get_by_role("button", name=re.compile("立案")).first.click()
    person.page.wait_for_url(re.compile(r"/filing/[0-9a-f-]{36}/step/court/"))
    return re.search(r"/filing/[0-9a-f-]{36}/", person.page.url).group(0)  # type: ignore[union-attr]


def choose(page: Page, box: str, text: str, option: str) -> None:
    """Type into a combo box and take an option; the island must be awake first."""
    page.wait_for_selector(f"{box}[role=combobox]")
    page.locator(box).press_sequentially(text, delay=30)
    page.get_by_role("option", name=re.compile(option)).first.click()


def fill_court(page: Page, court: str = "北京市朝阳区人民法院") -> None:
    choose(page, "#court_id", "北京朝阳", court)
    expect(page.locator(".chosen__n").first).to_contain_text(court)
    choose(page, "#cause_id", "民间借贷", "民间借贷纠纷")
    page.wait_for_timeout(800)
    ground = page.locator('[name="jurisdiction_ground"]').first
    if ground.evaluate("e => e.tagName") == "SELECT":
        ground.select_option(index=1)
    else:
        ground.check()
    fill(page, jurisdiction_note="接收货币一方（原告）住所地在北京市朝阳区", contract_on="2025-03-18")


def fill_mediation(page: Page, will: str) -> None:
    page.locator('[name="mediation_told"]').check()
    page.locator(f'[name="mediation_will"][value="{will}"]').check()


def fill_parties(page: Page) -> None:
    people = (
        ("苏晚晴", PLAINTIFF_ID, "13900010001", "北京市朝阳区和风路12号院3号楼502室"),
        ("程屿舟", DEFENDANT_ID, "13900010002", "北京市朝阳区晴川路8号院1号楼1101室"),
    )
    rows = page.locator('[name^="parties."][name$=".name"]')
    for n in range(rows.count(), len(people)):
        page.locator(f'button[name="go"][value="add:parties:{("plaintiff", "defendant")[n]}"]').click()
        expect(rows).to_have_count(n + 1)
    for n, (who, number, phone, address) in enumerate(people):
        fill(page, **{f"parties__{n}__name": who, f"parties__{n}__id_number": number,
                      f"parties__{n}__ethnicity": "汉族", f"parties__{n}__phone": phone,
                      f"parties__{n}__address": address})  # fmt: skip


def fill_agents(page: Page) -> None:
    if page.locator('[name="agents.0.name"]').count() == 0:
        page.locator('button[name="go"][value="add:agents"]').click()
        page.wait_for_selector('[name="agents.0.name"]')
    party = page.locator('[name="agents.0.party_id"]')
    if not party.input_value():
        party.select_option(party.locator("option", has_text="苏晚晴").first.get_attribute("value"))
    page.locator('[name="agents.0.powers"][value="special"]').check()
    boxes = page.locator('[name="agents.0.special_powers"]')
    boxes.first.wait_for()
    for box in boxes.all():
        box.check()


def fill_claims(page: Page) -> None:
    rows = page.locator('[name^="claims."][name$=".kind"]')
    for n in range(rows.count(), 3):
        page.locator('button[name="go"][value="add:claims"]').click()
        expect(rows).to_have_count(n + 1)
    for n, kind in enumerate(("principal", "interest", "other")):
        if page.locator(f'[name="claims.{n}.kind"]').input_value() != kind:
            page.locator(f'[name="claims.{n}.kind"]').select_option(kind)
            page.wait_for_timeout(700)
    fill(page, claims__0__amount="300000", claims__0__basis="借条第一条；2025-03-18 转账",
         claims__1__base="300000", claims__1__rate="12", claims__1__start_on="2025-09-19",
         claims__1__end_on="2026-11-12", claims__1__basis="借条第三条、第四条",
         claims__2__amount="8000", claims__2__basis="借条第六条；委托代理合同")  # fmt: skip
    if page.locator('[name="claims.2.text"]').count():
        fill(page, claims__2__text="律师费")


def fill_facts(page: Page) -> None:
    fill(page, facts=COMPLAINT[9], reasons=COMPLAINT[10])


def fill_evidence(page: Page, files: Path) -> None:
    """Upload every demo file at once, say what each is, and describe the two pieces of evidence."""
    places = {
        "民事起诉状.docx": re.compile("^起诉状"), "原告身份证明.pdf": re.compile("苏晚晴的身份证明"),
        "授权委托书.pdf": re.compile("授权委托书"), "律师事务所函.pdf": re.compile("所函"),
        "律师执业证.jpg": re.compile("执业证"), "借条（扫描件）.jpg": re.compile("作为一份新证据"),
        "银行流水.pdf": re.compile("作为一份新证据"),
    }  # fmt: skip
    page.locator("upload-box input[type=file]").first.set_input_files(write_all(files))
    for filename, place in places.items():
        line = page.locator("li.file", has_text=filename).last
        choice = line.locator("select")
        choice.wait_for(timeout=60_000)
        label = next(o for o in choice.locator("option").all_inner_texts() if place.search(o.strip()))
        choice.select_option(label=label)
        page.wait_for_timeout(900)
    for n, (kind, source, purpose) in enumerate((
        ("document", "被告出具", "双方成立借贷合意，约定年利率 12% 和律师费负担"),
        ("document", "银行打印", "原告已于 2025-03-18 转账交付 300,000 元"),
    )):  # fmt: skip
        page.locator(f'[name="evidence.{n}.kind"]').select_option(kind)
        fill(page, **{f"evidence__{n}__source": source, f"evidence__{n}__purpose": purpose})


def fill_address(page: Page) -> None:
    fill(page, service_addresses__0__recipient="周岚", service_addresses__0__mobile="13800010216",
         service_addresses__0__address="北京市朝阳区和风路12号院3号楼502室")  # fmt: skip
    for tick in ("electronic", "consent_judgment_e_service", "agreed"):
        page.locator(f'[name="service_addresses.0.{tick}"]').check()


def file_complaint(person: Person, files: Path, *, mediation: str = "no") -> str:
    """The whole wizard, then submit; answers the draft's address /filing/<id>/."""
    page = person.page
    address = begin(person)
    fill_court(page)
    go_on(page)
    fill_mediation(page, mediation)
    go_on(page)
    fill_parties(page)
    go_on(page)
    fill_agents(page)
    go_on(page)
    fill_claims(page)
    go_on(page)
    fill_facts(page)
    go_on(page)
    fill_evidence(page, files)
    go_on(page)
    fill_address(page)
    go_on(page)
    expect(page.locator(".errsum")).to_have_count(0)
    page.get_by_role("button", name="提交立案申请").click()
    page.wait_for_url(re.compile(r"/receipt/|/filing/[0-9a-f-]{36}/$"))
    return address


def correct(person: Person, address: str, path: str, value: str) -> None:
    """逐项补正: read the notice, change the field that it opens, and hand in again."""
    page = person.page
    person.go(address)
    page.get_by_role("link", name="逐项补正").click()
    field = page.locator(f'[name="{path}"]')
    expect(field).to_be_enabled()
    field.fill(value)
    while not page.get_by_role("button", name=SUBMIT_CORRECTION).count():
        go_on(page)
    page.get_by_role("button", name=SUBMIT_CORRECTION).click()
    page.wait_for_url(re.compile(r"/receipt/|/filing/[0-9a-f-]{36}/$"))


def receipt_no(person: Person) -> str:
    """The number on the receipt page that a submission ends on."""
    found = re.search(r"收\s?(\d{13})", person.page.locator("main").inner_text())
    assert found is not None
    return found.group(1)
