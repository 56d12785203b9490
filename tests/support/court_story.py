"""What the court and both counsel do after filing, page by page."""

import datetime as dt
import re
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from lutong.site.demo_files import write_all
from tests.support.people import Person

CASE_NUMBER = re.compile(r"（\d{4}）京0105民初\d+号")


def pick(page: Page, field: str, text: str) -> None:
    """Choose the option that holds a text."""
    page.locator(field).select_option(page.locator(f"{field} option", has_text=text).first.get_attribute("value"))


def take_next(clerk: Person, receipt_no: str = "") -> str:
    """领取下一件, or the filing of this receipt number where others wait, too; answers the address of the review."""
    if receipt_no:
        clerk.go(f"/desk/filings/?q={receipt_no}")
        clerk.page.locator("main a", has_text=receipt_no).first.click()
    else:
        clerk.go("/desk/filings/")
        clerk.page.get_by_role("button", name="领取下一件").click()
    clerk.page.wait_for_url(re.compile(r"/desk/filings/[0-9a-f-]{36}/"))
    return clerk.page.url.removeprefix(clerk.base)


def pass_everything(page: Page) -> None:
    """Mark what the machine has left to human eyes."""
    for row in page.locator("fieldset.chk").all():
        if not row.locator("input:checked").count():
            row.locator("label", has_text="通过").first.click()
    expect(page.locator("#actions")).to_contain_text(re.compile(r"(\d+)/\1 通过"), timeout=15_000)


def mark_defect(page: Page, code: str, note: str) -> None:
    page.locator(f'label[for="{code}-d"]').click()
    page.locator(f"#{code}-note").fill(note)
    expect(page.locator("#notice")).to_contain_text(note, timeout=15_000)


def ask_to_correct(clerk: Person) -> None:
    clerk.page.get_by_role("button", name=re.compile("发出补正（")).click()
    clerk.page.locator("dialog#return").get_by_role("button", name="发出").click()
    expect(clerk.page.locator("main")).to_contain_text("已发出补正告知")


def register(clerk: Person, *, judge: str, recorder: str) -> None:
    page = clerk.page
    page.locator("#actions").get_by_role("button", name="登记立案").click()
    pick(page, "#judge_id", judge)
    pick(page, "#recorder_id", recorder)
    page.get_by_role("button", name="确认登记").click()
    expect(page.locator("main")).to_contain_text("已登记立案")


def case_of(lawyer: Person) -> tuple[str, str]:
    """The newest case of the lawyer before 朝阳法院: (address, 案号)."""
    lawyer.go("/cases/")
    link = lawyer.page.locator("main a", has_text="京0105").first
    number = CASE_NUMBER.search(link.inner_text())
    assert number is not None
    return str(link.get_attribute("href")), number.group(0)


def desk_case(staff: Person, number: str) -> str:
    staff.go(f"/desk/cases/search/?q={number}")
    link = staff.page.locator("main a", has_text=number).first
    return str(link.get_attribute("href"))


def to_trial(judge: Person, address: str) -> None:
    judge.go(address)
    judge.page.get_by_role("button", name="转审理并通知交费").click()
    expect(judge.page.locator("main")).to_contain_text("待交费")


def pay(lawyer: Person, address: str) -> None:
    """From the case to the bill, through the stand-in's telephone page, until the money is booked."""
    lawyer.go(address)
    lawyer.page.get_by_role("link", name="去交费").first.click()
    lawyer.page.get_by_role("button", name="获取微信支付付款码").click()
    with lawyer.context.expect_page() as opened:
        lawyer.page.get_by_role("link", name="在本机打开付款页").click()
    telephone = opened.value
    telephone.get_by_role("button", name=re.compile("支付")).click()
    telephone.wait_for_load_state()
    telephone.close()
    expect(lawyer.page.locator("#pay")).to_contain_text("已到账", timeout=30_000)


def claim(lawyer: Person, number: str, party: str, files: Path) -> None:
    """核实代理关系 with both papers."""
    page = lawyer.page
    paths = {p.name: p for p in write_all(files)}
    lawyer.go("/representation/")
    page.fill("#number", number)
    page.fill("#party_name", party)
    page.locator('[name="powers"][value="general"]').check()
    for slot, name in (("mandate", "授权委托书.pdf"), ("firm_letter", "律师事务所函.pdf")):
        page.locator(f"#box-{slot} input[type=file]").first.set_input_files(paths[name])
        page.locator(f'#box-{slot} input[type=hidden][name="{slot}"]').wait_for(state="attached", timeout=30_000)
    page.get_by_role("button", name="提交核实").click()
    expect(page.locator("main")).to_contain_text("待核实")


def confirm_claim(staff: Person, lawyer_name: str) -> None:
    staff.go("/desk/representations/")
    staff.page.locator("main a", has_text=lawyer_name).first.click()
    staff.page.get_by_role("button", name="核实通过").click()
    expect(staff.page.locator("main")).to_contain_text("已核实")


def plan(staff: Person, address: str, evidence_due_on: dt.date) -> None:
    page = staff.page
    staff.go(address)
    page.locator("summary", has_text="审理程序").click()
    page.fill("#evidence_due_on", evidence_due_on.isoformat())
    page.get_by_role("button", name="保存并告知各方").click()
    expect(page.locator("main")).to_contain_text("已确定审理程序")


def schedule(staff: Person, address: str, day: dt.date, starts: str, room: str, *, reason: str = "") -> None:
    """Fix a trial on site; where counsel clash the page asks for the court's reason."""
    page = staff.page
    staff.go(address)
    page.get_by_role("link", name="排期").last.click()
    page.locator("#kind").select_option("trial")
    page.locator('[name="mode"][value="onsite"]').check()
    page.locator('[name="pick"][value=""]').check()
    page.locator('[name="day"]').fill(day.isoformat())
    page.locator('[name="day"]').press("Tab")
    page.locator("#starts").select_option(label=starts)
    page.locator("#room_id").select_option(label=room)
    page.wait_for_timeout(1500)
    if reason:
        expect(page.locator("#preview")).to_contain_text("重叠")
        page.locator('[name="clash_reason"]').fill(reason)
    page.get_by_role("button", name="确认排期").click()
    expect(page.locator("main")).to_contain_text(room)


def decide(judge: Person, address: str) -> None:
    page = judge.page
    judge.go(address)
    page.locator("summary", has_text="录入裁判结果").click()
    page.locator("#outcome").select_option("judgment")
    page.locator("#note").fill("被告返还借款本金三十万元及利息。")
    page.get_by_role("button", name="录入", exact=True).click()
    expect(page.locator("main")).to_contain_text("已裁判")


def inbox_of(number: str) -> str:
    """The address of what waits to be signed in one case; the demo world's other cases have papers of the same name."""
    return f"/service/?{urlencode({'q': number})}"


def sign_newest(lawyer: Person, title: str, number: str) -> None:
    """Open a delivery of this case in the inbox and sign for it; its effect is explained on the page."""
    lawyer.wait_for(inbox_of(number), title)
    lawyer.page.locator("main a", has_text=title).first.click()
    expect(lawyer.page.locator("main")).to_contain_text("送达之日")
    lawyer.page.get_by_role("button", name="签收", exact=True).click()
    expect(lawyer.page.locator("main")).to_contain_text("已签收")


def read_first_paper(person: Person, case_address: str) -> None:
    """Open a paper of the dossier; its first page is there as a picture from the file process."""
    person.wait_for(f"{case_address}dossier/", "阅看")  # right after the start, papers are still being made
    person.page.locator("main a", has_text="阅看").first.click()
    picture = person.page.locator("main img").first
    picture.wait_for(timeout=30_000)
    person.page.wait_for_function(
        "() => { const i = document.querySelector('main img'); return i && i.complete && i.naturalWidth > 100 }",
        timeout=30_000,
    )


def serve_judgment(recorder: Person, address: str, files: Path) -> None:
    """Put the judgment into the volume and serve it on both sides."""
    page = recorder.page
    case_id = address.rstrip("/").rsplit("/", 1)[-1]
    recorder.go(f"/desk/dossier/{case_id}/")
    pick(page, "#dv-form #kind", "判决书")
    page.fill("#dv-form #title", "民事判决书")
    page.locator("#uploads input[type=file]").first.set_input_files(files / "银行流水.pdf")
    page.locator('#uploads input[type=hidden][name="upload"]').wait_for(state="attached", timeout=30_000)
    page.get_by_role("button", name="归入卷宗").click()
    expect(page.locator("main")).to_contain_text("民事判决书")
    recorder.go(f"/desk/deliveries/new/{case_id}/")
    for box in page.locator('[name="parties"]').all():
        box.check()
    for box in page.locator('[name="documents"]').all():
        box.uncheck()
    page.locator("label.opt", has_text="民事判决书").locator("input").check()
    page.fill("#s-title", "民事判决书")
    page.get_by_role("button", name="发出送达").click()
    expect(page.locator("main")).to_contain_text("民事判决书")
