"""核实代理关系 and 提交材料 through the pages: files first, then the form, then the other side of the desk."""

import uuid
from typing import Any

import pytest

from lutong.domains.cases import queries
from lutong.domains.cases.tests import world
from lutong.domains.casespace.tests.conftest import Browser
from lutong.domains.dossier.models import Document, Upload
from lutong.kernel.acting import reading


def text(answer: Any) -> str:
    return str(answer.content.decode())


def put(person_id: int, purpose: str, slot: str = "", state: str = "stored") -> str:
    """A file that has arrived through the file process."""
    return str(Upload.objects.create(
        lawyer_id=person_id, purpose=purpose, slot=slot, filename=f"{slot or '证据'}.pdf", declared_size=1, offset=1,
        state=state, sha256="0" * 64, sm3="0" * 64, media_type="application/pdf", pages=1, object_key=uuid.uuid4().hex,
        sealed_key=b"0", created_at=world.NOW, expires_at=world.LATER,
    ).id)  # fmt: skip


def form(case: Any, person_id: int = world.GU, **changes: Any) -> dict[str, Any]:
    key = uuid.uuid4()
    return {
        "key": str(key), "number": case.number, "party_name": "程屿舟", "powers": "general",
        "mandate": put(person_id, f"claim:{key.hex}", "mandate"),
        "firm_letter": put(person_id, f"claim:{key.hex}", "firm_letter"), **changes,
    }  # fmt: skip


def waiting() -> Any:
    (claim,) = queries.list_claims(actor=world.staff())
    return claim


def test_a_claim_goes_to_the_court_and_opens_the_case_when_confirmed(browser: Browser) -> None:
    case = world.open_case()
    counsel, recorder = browser(world.lawyer(world.GU)), browser(world.staff(world.RECORDER))
    assert counsel.post("/representation/", form(case)).status_code == 302
    assert counsel.get(f"/cases/{case.court_id}/{case.id}/").status_code == 404
    assert "待核实" in text(counsel.get("/representation/"))
    assert case.number in text(recorder.get("/desk/representations/"))
    claim = waiting()
    page = text(recorder.get(f"/desk/representations/{claim.id}/"))
    assert "授权委托书" in page
    assert "律师事务所函" in page
    assert recorder.post(f"/desk/representations/{claim.id}/confirm/").status_code == 302
    assert counsel.get(f"/cases/{case.court_id}/{case.id}/").status_code == 200
    assert "已核实" in text(counsel.get("/representation/"))


def test_the_other_side_reads_the_papers_only_after_confirmation(browser: Browser) -> None:
    case = world.open_case()
    browser(world.lawyer(world.GU)).post("/representation/", form(case))
    opponent = browser(world.lawyer(world.ZHOU))
    volume = f"/cases/{case.court_id}/{case.id}/dossier/"
    assert "授权委托书" not in text(opponent.get(volume))
    world.confirm(waiting())
    assert "授权委托书" in text(opponent.get(volume))


def test_a_refusal_needs_a_reason_and_the_lawyer_reads_it(browser: Browser) -> None:
    case = world.open_case()
    counsel, recorder = browser(world.lawyer(world.GU)), browser(world.staff(world.RECORDER))
    counsel.post("/representation/", form(case))
    claim = waiting()
    assert recorder.post(f"/desk/representations/{claim.id}/refuse/", {"reason": "缺"}).status_code == 422
    assert recorder.post(f"/desk/representations/{claim.id}/refuse/", {"reason": "委托书没有签名"}).status_code == 302
    assert "委托书没有签名" in text(counsel.get("/representation/"))
    assert counsel.get(f"/cases/{case.court_id}/{case.id}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"number": "一百二十号"}, "受理法院由案号确定"),
        ({"party_name": ""}, "请填写您代理的当事人"),
        ({"party_name": "某甲"}, "没有找到这个案号下的这名当事人"),
        ({"mandate": ""}, "请上传授权委托书"),
        ({"mandate": "not a uuid"}, "请上传授权委托书"),
        ({"powers": "special"}, "请至少勾选一项具体权限"),
        ({"powers": "all"}, "请选择一般授权或者特别授权"),
    ],
)
def test_a_claim_that_does_not_fit_is_told_and_nothing_is_lost(
    browser: Browser, changes: dict[str, str], told: str
) -> None:
    case = world.open_case()
    fields = form(case) | changes
    refused = browser(world.lawyer(world.GU)).post("/representation/", fields)
    assert refused.status_code == 422
    assert told in text(refused)
    assert f'value="{fields["number"]}"' in text(refused)
    assert "firm_letter.pdf" in text(refused)
    assert queries.list_claims(actor=world.staff()) == []


def test_somebody_elses_files_are_not_his_papers(browser: Browser) -> None:
    case = world.open_case()
    stolen = form(case, world.LUO)
    assert browser(world.lawyer(world.GU)).post("/representation/", stolen).status_code == 422


def test_counsel_of_the_plaintiff_cannot_claim_the_defendant(browser: Browser) -> None:
    case = world.open_case()
    refused = browser(world.lawyer(world.ZHOU)).post("/representation/", form(case, world.ZHOU))
    assert refused.status_code == 409
    assert "不能同时代理双方" in text(refused)


def test_the_number_names_its_court_while_it_is_typed(browser: Browser) -> None:
    lawyer = browser(world.lawyer(world.GU))
    assert "北京市朝阳区人民法院" in text(lawyer.get("/representation/court/?number=（2026）京0105民初1号"))
    assert "没有认出法院" in text(lawyer.get("/representation/court/?number=abc"))


def test_a_lawyer_has_no_way_to_the_courts_desk(browser: Browser) -> None:
    case = world.open_case()
    counsel = browser(world.lawyer(world.GU))
    counsel.post("/representation/", form(case))
    claim = waiting()
    assert counsel.post(f"/desk/representations/{claim.id}/confirm/").status_code == 404
    elsewhere = browser(world.staff(world.RECORDER, "沪0115"))
    assert elsewhere.post(f"/desk/representations/{claim.id}/confirm/").status_code == 404
    assert elsewhere.get(f"/desk/representations/{claim.id}/").status_code == 404


def test_ending_a_representation_closes_the_case_at_once(browser: Browser) -> None:
    case = world.open_case()
    counsel, recorder = browser(world.lawyer(world.GU)), browser(world.staff(world.RECORDER))
    counsel.post("/representation/", form(case))
    claim = world.confirm(waiting())
    assert "终止代理" in text(recorder.get(f"/desk/cases/{case.id}/people/"))
    ended = recorder.post(f"/desk/representations/{claim.id}/end/", {"reason": "当事人解除委托"})
    assert ended.status_code == 302
    assert counsel.get(f"/cases/{case.court_id}/{case.id}/").status_code == 404


def test_counsel_hands_papers_in_and_the_court_is_told(browser: Browser) -> None:
    case = world.open_case()
    counsel = browser(world.lawyer(world.ZHOU))
    path, purpose = f"/cases/{case.court_id}/{case.id}/hand-in/", f"case:{case.id.hex}"
    assert "证据材料" in text(counsel.get(path))
    files = [put(world.ZHOU, purpose), put(world.ZHOU, purpose)]
    assert counsel.post(path, {"kind": "evidence", "title": "聊天记录", "uploads": files}).status_code == 302
    with reading(world.staff()):
        papers = Document.objects.filter(court_id=case.court_id, case_id=case.id).order_by("place")
        assert [p.title for p in papers] == ["聊天记录（1）", "聊天记录（2）"]
    assert "提交材料" in text(counsel.get(f"/cases/{case.court_id}/{case.id}/timeline/"))
    assert "新材料" in text(browser(world.staff(world.JUDGE)).get("/notices/"))


def test_papers_are_refused_without_files_kind_or_an_open_case(browser: Browser) -> None:
    case = world.open_case(mediation_agreed=True)
    counsel = browser(world.lawyer(world.ZHOU))
    path, purpose = f"/cases/{case.court_id}/{case.id}/hand-in/", f"case:{case.id.hex}"
    assert counsel.post(path, {"kind": "evidence"}).status_code == 422
    assert counsel.post(path, {"kind": "judgment", "uploads": [put(world.ZHOU, purpose)]}).status_code == 422
    assert counsel.post(path, {"kind": "evidence", "uploads": [put(world.GU, purpose)]}).status_code == 422
    world.step(case, "settle")
    closed = counsel.post(path, {"kind": "evidence", "uploads": [put(world.ZHOU, purpose)]})
    assert closed.status_code == 409


def test_a_stranger_hands_nothing_in(browser: Browser) -> None:
    case = world.open_case()
    path = f"/cases/{case.court_id}/{case.id}/hand-in/"
    stranger = browser(world.lawyer(world.GU))
    files = [put(world.GU, f"case:{case.id.hex}")]
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"kind": "evidence", "uploads": files}).status_code == 404
    assert stranger.post(f"{path}ticket").status_code == 404
    with reading(world.staff()):
        assert not Document.objects.filter(court_id=case.court_id, case_id=case.id).exists()
