"""The pages and the API of the lawyer's side: what is answered to whom."""

import json
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from lutong.domains.capacity.actions import note_case
from lutong.domains.filing import queries
from lutong.domains.filing.content import STEPS
from lutong.domains.filing.models import Draft
from lutong.domains.filing.tests import world
from lutong.domains.filing.tests.world import KEY, NOW
from lutong.domains.identity.models import Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.kernel import clock
from lutong.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def zhou() -> Actor:
    return world.lawyer()


@pytest.fixture
def draft(zhou: Actor) -> Draft:
    return world.ready(zhou)


def step(draft: Draft, name: str, tail: str = "") -> str:
    return f"/filing/{draft.id}/step/{name}/{tail}"


@pytest.mark.parametrize("name", [key for key, _ in STEPS])
def test_every_step_shows_itself(name: str, zhou: Actor, draft: Draft) -> None:
    page = browser(zhou).get(step(draft, name))
    assert page.status_code == 200
    assert dict(STEPS)[name] in page.content.decode()


def test_without_script_next_saves_and_goes_on(zhou: Actor, draft: Draft) -> None:
    form = {"_version": draft.version, "facts": "没有脚本也能保存的一段事实", "reasons": "理由", "go": "next"}
    page = browser(zhou).post(step(draft, "facts"), form)
    assert (page.status_code, page["Location"]) == (302, step(draft, "evidence"))
    assert queries.get_draft(actor=zhou, draft_id=draft.id).content["facts"] == form["facts"]


def test_a_step_with_errors_shows_a_summary_that_leads_to_the_fields(zhou: Actor, draft: Draft) -> None:
    page = browser(zhou).post(
        step(draft, "facts"), {"_version": draft.version, "facts": "", "reasons": "", "go": "next"}
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert 'href="#facts"' in text
    assert 'id="facts"' in text
    assert 'aria-invalid="true"' in text


def test_rows_are_added_removed_and_put_back_without_script(zhou: Actor, draft: Draft) -> None:
    client, form = browser(zhou), {"claims.0.id": "c1", "claims.0.kind": "principal", "claims.0.amount": "300000"}
    client.post(step(draft, "claims"), form | {"_version": draft.version, "go": "add:claims"})
    now = queries.get_draft(actor=zhou, draft_id=draft.id)
    assert [row["kind"] for row in now.content["claims"]] == ["principal", "other"]
    page = client.post(
        step(draft, "claims"), form | {"_version": now.version, "go": "remove:claims:c1"}
    ).content.decode()
    now = queries.get_draft(actor=zhou, draft_id=draft.id)
    assert now.content["claims"] == []
    undo = re.search(r'name="_undo" value="([^"]*)"', page)
    assert undo
    kept = undo[1].replace("&quot;", '"')
    client.post(step(draft, "claims"), {"_version": now.version, "_undo": kept, "go": "undo"})
    assert queries.get_draft(actor=zhou, draft_id=draft.id).content["claims"][0]["amount"] == "300000"


def test_autosave_answers_the_new_revision_and_the_fee(zhou: Actor, draft: Draft) -> None:
    form = {"_version": draft.version, "claims.0.id": "c1", "claims.0.kind": "principal", "claims.0.amount": "8000元整"}
    told = browser(zhou).post(step(draft, "claims", "save/"), form).json()
    assert told["version"] == draft.version + 1
    assert told["errors"]["claims.0.amount"].startswith("只填数字")
    assert "受理费" in told["side"]
    assert "body" not in told  # fields are left alone while a person types


def test_a_conflict_is_answered_with_both_sides(zhou: Actor, draft: Draft) -> None:
    client = browser(zhou)
    client.post(
        step(draft, "facts", "save/"), {"_version": draft.version, "facts": "甲窗口的事实很长", "reasons": "理由"}
    )
    late = client.post(step(draft, "facts", "save/"), {"_version": draft.version, "facts": "乙窗口", "reasons": "理由"})
    assert late.status_code == 409
    assert "甲窗口的事实很长" in late.json()["html"]
    assert "乙窗口" in late.json()["html"]
    plain = client.post(
        step(draft, "facts"), {"_version": draft.version, "facts": "乙窗口", "reasons": "理由", "go": "next"}
    )
    assert plain.status_code == 409
    settled = {"_version": draft.version + 1, "facts": "乙窗口", "reasons": "理由", "pick:facts": "mine"}
    assert client.post(step(draft, "facts", "merge/"), settled).status_code == 302
    assert queries.get_draft(actor=zhou, draft_id=draft.id).content["facts"] == "乙窗口"


def test_submitting_from_the_page_ends_at_the_receipt_and_twice_at_the_same(zhou: Actor, draft: Draft) -> None:
    client = browser(zhou)
    form = {"_version": draft.version, "submit_key": KEY}
    for _ in range(2):
        assert client.post(f"/filing/{draft.id}/submit/", form)["Location"] == f"/filing/{draft.id}/receipt/"
    page = client.get(f"/filing/{draft.id}/receipt/").content.decode()
    assert "收2026112000001" in page
    assert "2026-11-20 10:00:00" in page
    assert "a" * 64 in page
    pdf = client.get(f"/filing/{draft.id}/receipt.pdf")
    assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    assert client.get(f"/filing/{draft.id}/").status_code == 200


def test_nobody_else_gets_any_page_of_a_draft(zhou: Actor, draft: Draft) -> None:
    world.submit(zhou, draft)
    other = browser(world.lawyer(1))
    for path in ("", "receipt/", "receipt.pdf", "step/court/"):
        assert other.get(f"/filing/{draft.id}/{path}").status_code == 404, path
    for path in ("delete/", "duplicate/", "withdraw/", "submit/", "ticket/", "step/facts/", "step/facts/save/"):
        assert other.post(f"/filing/{draft.id}/{path}", {"_version": 1}).status_code == 404, path
    assert Client().get(f"/filing/{draft.id}/").status_code == 302  # a visitor signs in first


@pytest.mark.parametrize(
    "form",
    [
        {"facts": "含\x00空字符", "reasons": ""},
        {"facts": "长" * 100_001, "reasons": ""},
        {"facts": "x", "_version": "9" * 400, "reasons": ""},
    ],
)
def test_takes_bad_input_is_refused_with_a_sentence(form: dict[str, str], zhou: Actor, draft: Draft) -> None:
    page = browser(zhou).post(step(draft, "facts", "save/"), form)
    assert page.status_code in (409, 422)
    assert re.search("[一-龥]", page.content.decode())


def test_a_body_of_ten_megabytes_is_refused_with_a_sentence(zhou: Actor, draft: Draft) -> None:
    page = browser(zhou).post(step(draft, "facts", "save/"), {"facts": "长" * 4_000_000})
    assert page.status_code in (400, 413, 422)
    assert re.search("[一-龥]", page.content.decode())


def test_a_thousand_parties_are_refused_with_a_sentence(zhou: Actor, draft: Draft) -> None:
    form = {f"parties.{n}.name": "某" for n in range(1000)} | {"_version": str(draft.version)}
    page = browser(zhou).post(step(draft, "parties", "save/"), form)
    assert page.status_code == 422
    assert "精简" in json.dumps(page.json(), ensure_ascii=False)


def test_courts_and_causes_are_suggested(zhou: Actor) -> None:
    client = browser(zhou)
    courts = client.get("/filing/options/courts/", {"q": "北京朝阳"}).json()["options"]
    assert courts[0]["label"] == "北京市朝阳区人民法院"
    assert client.get("/filing/options/causes/", {"q": "mjjd"}).json()["options"][0]["label"] == "民间借贷纠纷"


def api(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    call = getattr(client, method)
    return call(f"/api/v1/filing/drafts{path}", data=body, content_type="application/json", headers=headers)


def test_a_program_begins_saves_checks_and_submits(zhou: Actor, draft: Draft) -> None:
    client = browser(zhou)
    first = api(client, "post", "", **{"Idempotency-Key": "begin-0001"})
    again = api(client, "post", "", **{"Idempotency-Key": "begin-0001"})
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    path = f"/{first.json()['id']}"
    body = {"content": {"facts": "经接口填写的事实", "reasons": "理由"}}
    saved = api(client, "patch", f"{path}/steps/facts", body, **{"If-Match": first["ETag"]})
    assert (saved.status_code, saved["ETag"]) == (200, '"2"')
    stale = api(
        client, "patch", f"{path}/steps/facts", {"content": {"facts": "旧", "reasons": ""}}, **{"If-Match": '"1"'}
    )
    assert (stale.status_code, stale.json()["version"]) == (409, 2)
    assert not client.get(f"/api/v1/filing/drafts{path}/check").json()["may_submit"]
    refused = api(client, "post", f"{path}/submit", {}, **{"Idempotency-Key": KEY, "If-Match": '"2"'})
    assert refused.status_code == 422
    assert "court_id" in refused.json()["fields"]
    head = {"Idempotency-Key": "submit-000001", "If-Match": f'"{draft.version}"'}
    done = [api(client, "post", f"/{draft.id}/submit", {}, **head).json() for _ in range(2)]
    assert done[0]["receipt_no"] == done[1]["receipt_no"] == "收2026112000001"
    assert client.get(f"/api/v1/filing/drafts/{draft.id}/filing").json()["papers"][0]["sm3"] == "b" * 64


def test_the_api_knows_no_other_persons_draft(draft: Draft) -> None:
    other = browser(world.lawyer(1))
    assert other.get(f"/api/v1/filing/drafts/{draft.id}").status_code == 404
    assert other.get(f"/api/v1/filing/drafts/{uuid.uuid4()}").status_code == 404
    assert api(other, "delete", f"/{draft.id}").status_code == 404
    assert other.get("/api/v1/filing/drafts").json() == {"items": [], "next": ""}


def test_a_correction_opens_only_what_was_named(zhou: Actor, draft: Draft) -> None:
    world.return_for_correction(world.submit(zhou, draft), "parties.1.address")
    client = browser(zhou)
    shown = client.get(f"/filing/{draft.id}/").content.decode()
    assert "逐项补正" in shown
    page = client.get(step(draft, "parties")).content.decode()
    assert re.search(r'id="parties\.0\.name"[^>]*disabled', page)
    assert not re.search(r'id="parties\.1\.address"[^>]*disabled', page)
    mine = queries.get_draft(actor=zhou, draft_id=draft.id)
    form = {"_version": mine.version, "parties.0.id": "p1", "parties.1.id": "p2", "parties.1.address": "新地址 8 号"}
    assert client.post(step(draft, "parties", "save/"), form).json()["version"] == mine.version + 1
    now = queries.get_draft(actor=zhou, draft_id=draft.id).content["parties"]
    assert [(p["name"], p["address"]) for p in now][1] == ("程屿舟", "新地址 8 号")
    assert now[0]["name"] == "苏晚晴"
    sent = client.post(f"/filing/{draft.id}/submit/", {"_version": mine.version + 1})
    assert sent["Location"].endswith("/receipt/")


def test_the_wizard_warns_of_a_colleagues_client_and_tells_no_more(zhou: Actor, draft: Draft) -> None:
    firm = "91110000FILING001X"
    colleague = world.lawyer(1)
    Lawyer.objects.filter(lawyer_id__in=[zhou.person_id, colleague.person_id]).update(firm_uscc=firm)
    note_case(
        lawyer_id=colleague.person_id, court_id=world.court_id(), case_id=uuid.uuid4(),
        number="（2026）京0105民初77号", side="plaintiff", parties=[("程屿舟", "plaintiff", True)],
    )  # fmt: skip
    fields = {"_version": str(draft.version), "go": "step:parties"}
    parties = draft.content["parties"]
    fields |= {f"parties.{n}.{key}": str(party.get(key) or "") for n, party in enumerate(parties) for key in party}
    page = browser(zhou).post(step(draft, "parties"), fields, follow=True).content.decode()
    assert "可能有利益冲突：程屿舟" in page
    assert "民初77号" not in page
