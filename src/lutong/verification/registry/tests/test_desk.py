"""The bureaus' desk over HTTP: who may look, what a form does, and what stays in the trail."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from lutong.kernel import clock
from lutong.verification.registry import handout
from lutong.verification.registry.management.commands.load_demo_registry import PASSWORD, fictional_id
from lutong.verification.registry.models import Licence, LicenceEvent, Officer, TrailEvent
from lutong.verification.registry.otp import code_at
from lutong.verification.registry.tests.conftest import DU_RUO, ZHOU_LAN, at_desk

pytestmark = pytest.mark.usefixtures("roll")
TODAY = clock.beijing_date(clock.now())
PAGES = ["", "list/trainees/", "list/grassroots/", "firms/", "feeds/", "trail/", f"people/{ZHOU_LAN}/",
         f"people/{ZHOU_LAN}/enter/", "grant/lawyers/", "grant/trainees/", "grant/grassroots/", "firms/new/",
         "firms/31110105MD4591511E/", "history.csv", f"people/{ZHOU_LAN}/history.csv"]  # fmt: skip


@pytest.fixture(autouse=True)
def no_memory_of_other_tests(db: None) -> None:
    cache.clear()


def credentials(staff_no: str = "SF-11-001", **more: str) -> dict[str, str]:
    secret = str(Officer.objects.get(staff_no=staff_no).totp_secret)
    return {"staff_no": staff_no, "password": PASSWORD, "code": code_at(secret, clock.now().timestamp())} | more


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_sent_to_sign_in_and_an_officer_is_let_in(desk: Client, page: str) -> None:
    answer = Client().get(f"/bureau/{page}")
    assert answer.status_code == 302 and answer["Location"].startswith("/bureau/sign-in/?next=")
    assert desk.get(f"/bureau/{page}").status_code == 200


def test_an_officer_signs_in_with_password_and_code_and_each_code_counts_once() -> None:
    sent = credentials()
    client = Client()
    assert client.post("/bureau/sign-in/", sent)["Location"] == "/bureau/"
    assert client.get("/bureau/").status_code == 200
    assert Client().post("/bureau/sign-in/", sent).status_code == 403, "the code was used"
    assert TrailEvent.objects.filter(action="registry.sign_in", actor_name="俞慎之").count() == 1


def test_unknown_name_wrong_password_and_wrong_code_sound_the_same_and_then_there_is_a_pause() -> None:
    pages = [
        Client().post("/bureau/sign-in/", credentials() | wrong)
        for wrong in ({"staff_no": "SF-99-999"}, {"password": "wrong"}, {"code": "000000"})
    ]
    words = [re.search(r'role="alert">(.*?)</div>', page.text, re.S)[1] for page in pages]  # type: ignore[index]
    assert {page.status_code for page in pages} == {403} and len(set(words)) == 1
    for _ in range(5):
        Client().post("/bureau/sign-in/", credentials(password="wrong"))
    page = Client().post("/bureau/sign-in/", credentials())
    assert page.status_code == 429 and page["Retry-After"] == "300" and "5 分钟" in page.text
    assert "wrong" not in page.text


def test_a_closed_account_is_out_at_once(desk: Client) -> None:
    Officer.objects.filter(staff_no="SF-11-001").update(active=False)
    assert desk.get("/bureau/").status_code == 302


def test_sign_in_goes_on_to_no_foreign_site() -> None:
    answer = Client().post("/bureau/sign-in/?next=//evil.example/", credentials() | {"next": "//evil.example/"})
    assert answer["Location"] == "/bureau/"


def test_another_province_does_not_exist_and_the_ministry_only_reads(desk: Client) -> None:
    assert desk.get(f"/bureau/people/{DU_RUO}/").status_code == 404
    assert desk.get("/bureau/", {"q": "杜若"}).text.count("杜若") == 1, "only in the search field"
    ministry = at_desk("SF-00-001")
    assert ministry.get(f"/bureau/people/{DU_RUO}/").status_code == 200
    assert ministry.get(f"/bureau/people/{DU_RUO}/enter/").status_code == 403
    assert ministry.post("/bureau/grant/lawyers/", {}).status_code == 403


def decision(**more: str) -> dict[str, str]:
    return {
        "kind": "suspend", "article": "47", "effective_on": TODAY.isoformat(),
        "until_on": (TODAY + dt.timedelta(days=60)).isoformat(), "document_no": "京司罚〔2026〕12号",
        "reason": "在同一案件中为双方当事人担任代理人，情节严重", "firm": "",
    } | more  # fmt: skip


def test_a_decision_is_shown_first_and_entered_on_the_second_press(desk: Client) -> None:
    address = f"/bureau/people/{ZHOU_LAN}/enter/"
    events = LicenceEvent.objects.count()
    seen = desk.post(address, decision(step="look"))
    assert seen.status_code == 200 and "确认登记" in seen.text and "立即生效" in seen.text
    assert LicenceEvent.objects.count() == events, "looking writes nothing"
    assert desk.post(address, decision(step="enter")).status_code == 302
    page = desk.get(f"/bureau/people/{ZHOU_LAN}/")
    assert "停止执业" in page.text and "情节严重" in page.text and "工作台登记" in page.text
    assert Licence.objects.get(number=ZHOU_LAN).status == "suspended"
    assert TrailEvent.objects.filter(action="registry.enter.suspend", actor_name="俞慎之", subject=ZHOU_LAN).exists()


def test_a_wrong_decision_is_explained_at_its_field_and_nothing_typed_is_lost(desk: Client) -> None:
    sent = decision(step="enter", until_on=(TODAY + dt.timedelta(days=300)).isoformat())
    page = desk.post(f"/bureau/people/{ZHOU_LAN}/enter/", sent)
    assert page.status_code == 422 and "3 个月以下" in page.text
    assert "京司罚〔2026〕12号" in page.text and "双方当事人" in page.text
    assert Licence.objects.get(number=ZHOU_LAN).status == "active"


def test_a_decision_of_a_day_to_come_waits_for_it(desk: Client) -> None:
    later = (TODAY + dt.timedelta(days=10)).isoformat()
    sent = decision(step="enter", kind="cancel", article="", effective_on=later, until_on="", reason="本人申请注销")
    assert desk.post(f"/bureau/people/{ZHOU_LAN}/enter/", sent).status_code == 302
    assert Licence.objects.get(number=ZHOU_LAN).status == "active"
    assert "待生效" in desk.get(f"/bureau/people/{ZHOU_LAN}/").text


def newcomer(**more: str) -> dict[str, str]:
    return {
        "kind": "trainee", "number": "11052611210077", "name": "温以宁", "sex": "女",
        "id_number": fictional_id(910, "女"), "mobile": "13800050002",
        "firm": "31110105MD4591511E", "supervisor_no": ZHOU_LAN,
        "effective_on": TODAY.isoformat(), "period_to": (TODAY + dt.timedelta(days=364)).isoformat(),
        "document_no": "京律实〔2026〕77号", "reason": "符合实习条件，准予实习",
    } | more  # fmt: skip


def test_a_trainee_is_registered_with_a_guiding_lawyer_of_the_same_firm(desk: Client) -> None:
    refused = desk.post("/bureau/grant/trainees/", newcomer(supervisor_no="11108200910180174"))
    assert refused.status_code == 422 and "同一机构" in refused.text
    made = desk.post("/bureau/grant/trainees/", newcomer())
    assert made["Location"] == "/bureau/people/11052611210077/"
    assert "温以宁" in desk.get(f"/bureau/people/{ZHOU_LAN}/").text
    page = desk.get(made["Location"]).text
    assert newcomer()["id_number"] not in page and newcomer()["mobile"] not in page


def test_every_look_at_a_person_is_in_the_trail(desk: Client) -> None:
    desk.get(f"/bureau/people/{ZHOU_LAN}/")
    assert "查看人员" in desk.get("/bureau/trail/").text
    assert TrailEvent.objects.filter(action="registry.look_at_person", subject=ZHOU_LAN).count() == 1


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_a_cell_that_looks_like_a_formula_is_disarmed(word: str) -> None:
    assert handout.safe(word).startswith("'")


def test_the_handed_out_history_is_whole_and_opens_as_a_table(desk: Client) -> None:
    desk.post(f"/bureau/people/{ZHOU_LAN}/enter/", decision(step="enter", reason="=cmd|'/C calc'!A0 情节严重"))
    whole = b"".join(desk.get("/bureau/history.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=cmd" in whole and ZHOU_LAN in whole and DU_RUO not in whole
    assert whole.count("\n") == LicenceEvent.objects.filter(bureau="11").count() + 1


def test_faults_can_be_set_in_the_demo_world_only(desk: Client, settings: object) -> None:
    assert desk.get("/control").status_code == 200
    settings.LUTONG_DEMO = False  # type: ignore[attr-defined]
    for address in ("/control", "/demo/"):
        assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "?after=%00", "?q=" + "x" * 4000, "people/%00/", "people/%F0%9F%98%80/", "trail/?before=9" * 9,
        "?status=x&after=9999999999999999999999", "firms/?after=%27--", "list/nobody/",
    ],
)  # fmt: skip
def test_hostile_addresses_never_crash(desk: Client, page: str) -> None:
    assert desk.get(f"/bureau/{page}").status_code in (200, 404, 422)


@pytest.mark.parametrize("junk", ["\ud800", "😀" * 400, "9" * 400, "<script>", "2026-02-30"])
def test_hostile_forms_never_crash(desk: Client, junk: str) -> None:
    for address in (f"people/{ZHOU_LAN}/enter/", "grant/trainees/", "firms/new/"):
        names = (*decision(), *newcomer(), "uscc", "city")
        sent = urlencode({name: junk.encode("utf-8", "surrogatepass") for name in names})
        page = desk.post(f"/bureau/{address}", sent, content_type="application/x-www-form-urlencoded")
        assert page.status_code == 422 and "<script>" not in page.text
