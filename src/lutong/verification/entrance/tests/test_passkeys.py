"""通行密钥: what is kept of one, which answers open the door and which do not, and what the person hears of it."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core import signing

from lutong.kernel import clock
from lutong.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lutong.verification.entrance import actions
from lutong.verification.entrance.models import Notice, Passkey, PasskeyTry, Visit
from lutong.verification.entrance.rules import (
    FRESH,
    MOST_KEYS,
    Acr,
    Before,
    Way,
    acr_of,
    amr_of,
    before_key,
    counter_went_back,
)
from lutong.verification.entrance.tests.conftest import Lawyer, make_lawyer
from lutong.verification.entrance.tests.devices import Device
from lutong.verification.registry.models import Person

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def entered(device: Device, **changed: Any) -> Visit:
    """Sign in with the device, honestly but for what is `changed` in its answer."""
    asking = actions.ask_for_key()
    return actions.enter_by_key(
        state=asking.state, answer=device.use(asking.options, **changed), address="10.0.0.1", agent="", now=clock.now()
    )


def told(lawyer: Lawyer) -> list[str]:
    return [one.message["text"] for one in Notice.objects.filter(person_id=lawyer.person.pk).order_by("made_at")]


# ---- Signing in


def test_a_passkey_opens_a_visit_without_number_or_code(lawyer: Lawyer) -> None:
    device = Device()
    key = lawyer.key(device)
    visit = entered(device)
    assert (visit.person_id, visit.number, visit.way) == (lawyer.person.pk, lawyer.number, "passkey")
    key.refresh_from_db()
    assert key.used_at is not None and key.sign_count == device.count == 2
    assert key.discoverable and key.user_verification


@pytest.mark.parametrize(
    "changed",
    [
        {"challenge": b"another question, 32 bytes long.."},
        {"origin": "http://localhost:9100"},  # the neighbour on this machine: same host name, another program
        {"origin": "https://evil.example"},
        {"origin": "https://localhost:9103"},
        {"cross_origin": True},
        {"handle": b"somebody else"},
        {"handle": b""},
    ],
)
def test_an_answer_to_another_question_or_from_another_site_opens_nothing(
    lawyer: Lawyer, changed: dict[str, Any]
) -> None:
    device = Device()
    key = lawyer.key(device)
    with pytest.raises(Invalid, match="没有通过"):
        entered(device, **changed)
    assert not Visit.objects.filter(passkey=key).exists()
    assert PasskeyTry.objects.get().passed is False


def test_the_same_answer_counts_once(lawyer: Lawyer) -> None:
    device = Device(counts=False)  # a synced key: no counter would notice
    lawyer.key(device)
    asking = actions.ask_for_key()
    sent = {"state": asking.state, "answer": device.use(asking.options), "address": None, "agent": ""}
    assert actions.enter_by_key(**sent, now=clock.now())
    with pytest.raises(Invalid, match="没有通过"):
        actions.enter_by_key(**sent, now=clock.now())
    assert Visit.objects.filter(way="passkey").count() == 1


def test_unknown_foreign_removed_and_unverified_keys_sound_the_same(lawyer: Lawyer) -> None:
    other = make_lawyer("11101201810000002")
    mine, foreign, removed, unverified = Device(), Device(), Device(), Device()
    lawyer.key(mine)
    other.key(foreign)
    gone = lawyer.key(removed)
    actions.remove_key(visit=lawyer.visit(), key_id=gone.pk, now=clock.now())
    lawyer.key(unverified)
    unverified.verifies = False
    impostor = Device(credential_id=mine.credential_id, handle=mine.handle)  # the right id, another key
    stranger = Device(handle=mine.handle)
    foreign.handle = mine.handle  # another's key in the name of this person
    words = set()
    for device in (impostor, stranger, foreign, removed, unverified):
        with pytest.raises(Invalid) as refused:
            entered(device)
        words.add(refused.value.message)
    assert words == {"通行密钥没有通过，请再试一次，或者改用短信验证码"}
    assert not Visit.objects.filter(way="passkey").exists()
    assert entered(mine)


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{}", '{"response": {}}', '{"id": 1, "rawId": "AA", "response": {"clientDataJSON": "AA"}}',
     "[" * 5000,
     '{"response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": ""}, "rawId": "\ud800"}',
     '{"rawId": "AAAA", "id": "AAAA", "type": "x", "response": {"clientDataJSON": "bnVsbA", "authenticatorData": 3}}',
     "x" * 30_000],
)  # fmt: skip
def test_nonsense_is_refused_in_words_and_counted(lawyer: Lawyer, answer: str) -> None:
    asking = actions.ask_for_key()
    with pytest.raises(Invalid, match="没有通过"):
        actions.enter_by_key(state=asking.state, answer=answer, address="10.0.0.1", agent="", now=clock.now())
    assert PasskeyTry.objects.filter(passed=False, address="10.0.0.1").count() == 1


def test_without_a_question_no_answer_holds(lawyer: Lawyer) -> None:
    device = Device()
    lawyer.key(device)
    answer = device.use(actions.ask_for_key().options)
    with pytest.raises(Invalid):
        actions.enter_by_key(state=None, answer=answer, address=None, agent="", now=clock.now())


def test_a_device_that_counts_behind_its_twin_stops_the_key_and_the_person_is_told(lawyer: Lawyer) -> None:
    device = Device()
    key = lawyer.key(device)
    twin = device.twin()
    stolen = entered(device)
    with pytest.raises(NotAllowed, match="疑似被复制"):
        entered(twin)
    key.refresh_from_db()
    stolen.refresh_from_db()
    assert key.stopped_at is not None and stolen.ended_why == "key"
    assert any("疑似被复制" in text for text in told(lawyer))
    with pytest.raises(Invalid):
        entered(device)
    assert "疑似被复制" in lawyer.browser().get("/me/").text


def test_a_key_that_counts_nothing_is_no_clone(lawyer: Lawyer) -> None:
    device = Device(counts=False)
    lawyer.key(device)
    assert entered(device) and entered(device)


@pytest.mark.parametrize(("kept", "said", "back"), [(0, 0, False), (0, 1, False), (5, 6, False), (5, 5, True),
                                                    (5, 4, True), (5, 0, True)])  # fmt: skip
def test_the_counter_rule(kept: int, said: int, back: bool) -> None:
    assert counter_went_back(kept=kept, told=said) is back


@pytest.mark.parametrize("status", ["suspended", "revoked", "cancelled"])
def test_whoever_may_not_practise_is_refused_with_the_reason_and_the_way_out(lawyer: Lawyer, status: str) -> None:
    device = Device()
    lawyer.key(device)
    lawyer.stand(status)
    with pytest.raises(actions.Barred) as refused:
        entered(device)
    assert refused.value.licence is not None and refused.value.licence.number == lawyer.number
    assert not Visit.objects.filter(way="passkey").exists()
    lawyer.stand("active")
    assert entered(device), "the key itself is as good as before"


def test_a_wrong_key_of_a_suspended_person_learns_nothing_of_the_suspension(lawyer: Lawyer) -> None:
    device = Device()
    lawyer.key(device)
    lawyer.stand("suspended")
    impostor = Device(credential_id=device.credential_id, handle=device.handle)
    with pytest.raises(Invalid, match="没有通过"):
        entered(impostor)


def test_levels_and_methods_of_a_visit() -> None:
    assert [acr_of(way=way, live=live) for way in Way for live in (False, True)] == [
        Acr.CODE, Acr.LIVE, Acr.PASSKEY, Acr.LIVE,
    ]  # fmt: skip
    assert amr_of(way=Way.CODE, live=False) == ["sms"] and amr_of(way=Way.CODE, live=True) == ["sms", "face"]
    assert amr_of(way=Way.PASSKEY, live=False) == ["pop", "user", "mfa"]
    assert amr_of(way=Way.PASSKEY, live=True) == ["pop", "user", "mfa", "face"]


# ---- Adding, renaming, removing


def needed(**more: Any) -> Before | None:
    asked: dict[str, Any] = {
        "keys": 0, "authenticated_at": NOW - MINUTE, "assured_at": NOW - dt.timedelta(days=10), "live_days": 180,
        "now": NOW, **more,
    }  # fmt: skip
    return before_key(**asked)


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({}, None),
        ({"authenticated_at": NOW - FRESH}, None),
        ({"authenticated_at": NOW - FRESH - dt.timedelta(seconds=1)}, Before.SIGN_IN),
        ({"assured_at": None}, Before.LIVE),
        ({"assured_at": NOW - dt.timedelta(days=181)}, Before.LIVE),
        ({"assured_at": None, "keys": 1}, None),  # the first key vouches for the second
        ({"keys": MOST_KEYS}, Before.REMOVE),
    ],
)
def test_what_must_come_before_a_key(more: dict[str, Any], missing: Before | None) -> None:
    assert needed(**more) is missing


def test_a_stale_sign_in_and_a_suspended_person_add_nothing(lawyer: Lawyer) -> None:
    with pytest.raises(actions.Step) as step:
        actions.ask_to_make_key(visit=lawyer.visit(now=clock.now() - 6 * MINUTE), now=clock.now())
    assert step.value.before is Before.SIGN_IN
    visit = lawyer.visit()
    asking = actions.ask_to_make_key(visit=visit, now=clock.now())
    answer = Device().make(asking.options)
    with pytest.raises(actions.Step):
        actions.add_key(visit=visit, state=asking.state, answer=answer, name="电脑", now=clock.now() + 6 * MINUTE)
    lawyer.stand("suspended")
    with pytest.raises(actions.Barred):
        actions.add_key(visit=visit, state=asking.state, answer=answer, name="电脑", now=clock.now())
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    ("changed", "verifies"),
    [
        ({"challenge": b"another question, 32 bytes long.."}, True),
        ({"origin": "http://localhost:9100"}, True),
        ({"cross_origin": True}, True),
        ({"rk": False}, True),
        ({}, False),
    ],
)
def test_a_key_made_for_another_question_or_site_or_without_its_user_is_not_kept(
    lawyer: Lawyer, changed: dict[str, Any], verifies: bool
) -> None:
    visit = lawyer.visit()
    asking = actions.ask_to_make_key(visit=visit, now=clock.now())
    answer = Device(verifies=verifies).make(asking.options, **changed)
    with pytest.raises(Invalid):
        actions.add_key(visit=visit, state=asking.state, answer=answer, name="电脑", now=clock.now())
    assert not Passkey.objects.exists() and not told(lawyer)


def test_one_device_is_added_once_and_by_one_person(lawyer: Lawyer) -> None:
    device, other = Device(), make_lawyer("11101201810000002")
    lawyer.key(device)
    for person in (lawyer, other):
        with pytest.raises(Conflict):
            person.key(device)
    asking = actions.ask_to_make_key(visit=lawyer.visit(), now=clock.now())
    assert len(asking.options["creation_options"]["publicKey"]["excludeCredentials"]) == 1


def test_the_person_is_told_of_a_key_that_comes_and_goes(lawyer: Lawyer) -> None:
    key = lawyer.key(Device(), "律所电脑")
    assert "添加了通行密钥“律所电脑”" in told(lawyer)[0]
    other, here = lawyer.visit(way="passkey", passkey=key), lawyer.visit()
    actions.remove_key(visit=here, key_id=key.pk, now=clock.now())
    assert "移除了通行密钥“律所电脑”" in told(lawyer)[1]
    other.refresh_from_db()
    here.refresh_from_db()
    assert other.ended_why == "key" and here.ended_at is None
    assert Notice.objects.filter(next_at__isnull=False).count() == 2


def test_nobody_touches_the_key_of_another(lawyer: Lawyer) -> None:
    key, thief = lawyer.key(Device()), make_lawyer("11101201810000002")
    visit = thief.visit()
    with pytest.raises(NotFound):
        actions.rename_key(visit=visit, key_id=key.pk, name="我的")
    with pytest.raises(NotFound):
        actions.remove_key(visit=visit, key_id=key.pk, now=clock.now())
    browser = thief.browser(visit)
    assert browser.get(f"/me/passkeys/{key.pk}/").status_code == 404
    assert browser.post(f"/me/passkeys/{key.pk}/remove/").status_code == 404
    assert browser.get(f"/me/passkeys/{uuid.uuid4()}/").status_code == 404


# ---- Pages


def test_pages_lead_to_what_is_missing(lawyer: Lawyer) -> None:
    stale = lawyer.browser(lawyer.visit(authenticated_at=clock.now() - 6 * MINUTE))
    answer = stale.get("/me/passkeys/add/")
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=%2Fme%2Fpasskeys%2Fadd%2F")
    key = lawyer.key(Device())
    assert stale.post(f"/me/passkeys/{key.pk}/remove/")["Location"].startswith("/sign-in/?next=")
    assert Passkey.objects.get(pk=key.pk).removed_at is None
    assert "须在 5 分钟内登录过" in stale.get("/sign-in/").text
    Passkey.objects.all().update(removed_at=clock.now())
    Person.objects.filter(pk=lawyer.person.pk).update(assured_at=None)
    page = lawyer.browser().get("/me/passkeys/add/")
    assert page.status_code == 403 and "手机卡可能被盗" in page.text and 'action="/live/start/"' in page.text


def test_a_key_is_added_renamed_and_removed_on_pages(lawyer: Lawyer) -> None:
    browser, device = lawyer.browser(), Device()
    page = browser.get("/me/passkeys/add/")
    assert page.context["name"] == "Chrome · Windows"
    answer = device.make(page.context["options"])
    refused = browser.post("/me/passkeys/add/", {"name": " ", "credential": answer})
    assert refused.status_code == 422 and "认得出是哪台设备" in refused.text
    answer = device.make(refused.context["options"])
    assert browser.post("/me/passkeys/add/", {"name": "手机 1", "credential": answer}).status_code == 302
    again = browser.post("/me/passkeys/add/", {"name": "手机 1", "credential": answer})
    assert again.status_code == 422, "the question was used up"
    key = Passkey.objects.get()
    assert "手机 1" in browser.get("/me/").text
    assert browser.post(f"/me/passkeys/{key.pk}/", {"name": "x" * 31}).status_code == 422
    browser.post(f"/me/passkeys/{key.pk}/", {"name": "旧手机"})
    assert "旧手机" in browser.get(f"/me/passkeys/{key.pk}/").text
    assert browser.post(f"/me/passkeys/{key.pk}/remove/").status_code == 302
    assert "旧手机" not in browser.get("/me/").text.replace("“旧手机”", "")


def test_the_question_belongs_to_one_browser_and_to_five_minutes(
    lawyer: Lawyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    device = Device()
    lawyer.key(device)
    browser = Client()
    answer = device.use(browser.get("/sign-in/passkey/").json())
    assert Client().post("/sign-in/passkey/", {"credential": answer}).status_code == 422
    question = browser.get("/sign-in/passkey/").json()
    begun = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: begun + 301)
    assert browser.post("/sign-in/passkey/", {"credential": device.use(question)}).status_code == 422
    monkeypatch.undo()
    question = browser.get("/sign-in/passkey/").json()
    opened = browser.post("/sign-in/passkey/", {"credential": device.use(question), "next": "/card/"})
    assert opened.status_code == 302 and opened["Location"] == "/card/"
    assert "用通行密钥登录" in browser.get("/me/").text


def test_the_page_of_a_suspended_person_says_why_and_leads_to_his_record(lawyer: Lawyer) -> None:
    from django.test import Client

    device, browser = Device(), Client()
    lawyer.key(device)
    lawyer.stand("suspended")
    question = browser.get("/sign-in/passkey/").json()
    page = browser.post("/sign-in/passkey/", {"credential": device.use(question)})
    assert page.status_code == 403
    for words in ("停止执业", "因违规被停止执业", "怎样恢复", "诉讼服务大厅窗口", "用验证码查看我的登记"):
        assert words in page.text, words
    assert browser.get("/me/").status_code == 302


def test_the_question_tells_nothing_of_anybody(lawyer: Lawyer, client: Any) -> None:
    lawyer.key(Device())
    asked = client.get("/sign-in/passkey/")
    assert set(json.loads(asked.content)["request_options"]["publicKey"]) <= {
        "challenge", "rpId", "userVerification", "allowCredentials",
    }  # fmt: skip
    assert not asked.json()["request_options"]["publicKey"].get("allowCredentials")
    assert "no-store" in asked["Cache-Control"]
