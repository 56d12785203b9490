"""Reports of the bureaus: each once, in order, from its own bureau, or not at all."""

import base64
import datetime as dt
import json
import random
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from joserfc import jws
from joserfc.jwk import OKPKey

from lutong.gateways.registry.keys import ISSUER
from lutong.gateways.registry.port import LicenceStatus
from lutong.verification.registry import wire
from lutong.verification.registry.bureaukeys import private_key_of
from lutong.verification.registry.management.commands.load_demo_registry import fictional_id
from lutong.verification.registry.models import Bureau, Change, Licence, LicenceEvent, Person, Report, TrailEvent
from lutong.verification.registry.tests.conftest import DU_RUO, GU_HENG, ZHOU_LAN

pytestmark = pytest.mark.usefixtures("roll")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()


def punish(number: str = ZHOU_LAN, **more: Any) -> dict[str, Any]:
    return {
        "kind": "punish", "number": number, "effective_on": TODAY.isoformat(), "reason": "违反规定收取费用，给予警告",
        "article": "48", "document_no": "京司罚〔2026〕9号",
    } | more  # fmt: skip


def suspend(number: str = ZHOU_LAN) -> dict[str, Any]:
    return punish(number) | {
        "kind": "suspend", "article": "47", "until_on": (TODAY + dt.timedelta(days=30)).isoformat(),
    }  # fmt: skip


def body(seq: int, event: dict[str, Any], bureau: str = "11", **more: Any) -> dict[str, Any]:
    return {"aud": ISSUER, "bureau": bureau, "seq": seq, "iat": int(time.time()), "event": event} | more


def signed(seq: int, event: dict[str, Any], bureau: str = "11", *, key: OKPKey | None = None, **more: Any) -> str:
    return wire.sign_report(
        body(seq, event, bureau, **more), private_key=key or private_key_of(settings.LUTONG.home, bureau)
    )


def send(text: str | bytes) -> tuple[int, dict[str, Any]]:
    answer = Client().post("/feed/v1/events", text, content_type="application/jose")
    return answer.status_code, answer.json()


def status_of(number: str = ZHOU_LAN) -> LicenceStatus:
    return LicenceStatus(Licence.objects.get(number=number).status)


def test_a_report_takes_effect_is_told_outward_and_recorded() -> None:
    before = Change.objects.count()
    status, told = send(signed(1, suspend()))
    assert (status, told["state"], told["last_seq"]) == (200, "taken", 1)
    assert status_of() is LicenceStatus.SUSPENDED
    event = LicenceEvent.objects.latest("id")
    assert (event.source, event.bureau_seq, event.article) == ("feed", 1, "律师法第四十七条")
    assert Change.objects.count() == before + 1
    assert TrailEvent.objects.filter(action="registry.enter.suspend", desk="11", subject=ZHOU_LAN).exists()
    assert Report.objects.get(bureau="11", seq=1).content == {}, "the history holds it; nothing else is kept"


def test_the_same_report_twice_has_effect_once() -> None:
    text = signed(1, suspend())
    assert send(text)[1]["state"] == "taken"
    events = LicenceEvent.objects.count()
    assert send(text) == (200, {"state": "duplicate", "seq": 1, "last_seq": 1, "missing": []})
    assert LicenceEvent.objects.count() == events


def test_the_same_number_with_another_content_is_refused() -> None:
    send(signed(1, punish()))
    status, told = send(signed(1, suspend()))
    assert status == 409 and "不同的内容" in told["title"]
    assert status_of() is LicenceStatus.ACTIVE
    send(signed(3, punish(GU_HENG)))
    assert send(signed(3, suspend(GU_HENG)))[0] == 409, "also while it waits"


def test_a_gap_is_named_what_follows_waits_and_goes_on_once_it_is_filled() -> None:
    send(signed(1, punish()))
    status, told = send(signed(4, suspend(GU_HENG)))
    assert (status, told["state"], told["missing"]) == (202, "held", [[2, 3]])
    assert send(signed(3, punish(GU_HENG)))[1]["missing"] == [[2, 2]]
    assert status_of(GU_HENG) is LicenceStatus.ACTIVE
    assert ask_state()["missing"] == [[2, 2]] and ask_state()["held"] == [3, 4]
    status, told = send(signed(2, punish(GU_HENG)))
    assert (status, told["last_seq"], told["missing"]) == (200, 4, [])
    assert status_of(GU_HENG) is LicenceStatus.SUSPENDED


def test_reports_in_any_order_lead_to_the_same_roll() -> None:
    events = [suspend() if seq == 3 else punish(document_no=f"京司罚〔2026〕{seq}号") for seq in range(1, 9)]
    texts = [signed(seq, event) for seq, event in enumerate(events, 1)]
    random.Random(3).shuffle(texts)
    for text in texts:
        assert send(text)[0] in (200, 202)
    assert Bureau.objects.get(pk="11").last_seq == 8
    order = LicenceEvent.objects.filter(licence__number=ZHOU_LAN, source="feed").order_by("id")
    assert list(order.values_list("bureau_seq", flat=True)) == list(range(1, 9))


def test_a_bureau_cannot_decide_about_another_province() -> None:
    status, told = send(signed(1, suspend(DU_RUO)))
    assert (status, told["state"], told["last_seq"]) == (422, "refused", 0)
    assert status_of(DU_RUO) is LicenceStatus.ACTIVE
    state = ask_state()
    assert state["refused"][0]["seq"] == 1 and "不属于本机关" in state["refused"][0]["why"]
    assert send(signed(1, suspend()))[1]["state"] == "taken", "the number is free for the corrected report"


def test_a_report_signed_by_one_bureau_in_the_name_of_another_is_refused() -> None:
    shanghai = private_key_of(settings.LUTONG.home, "31")
    assert send(signed(1, suspend(), key=shanghai))[0] == 403
    content = json.dumps(body(1, suspend(), "31"))
    mixed = jws.serialize_compact(
        {"alg": "Ed25519", "kid": "11", "typ": wire.REPORT_TYPE}, content, private_key_of(settings.LUTONG.home, "11"),
        algorithms=["Ed25519"],
    )  # fmt: skip
    assert send(mixed)[0] == 403


def test_what_the_law_contradicts_is_refused_with_the_sentence() -> None:
    too_long = suspend() | {"until_on": (TODAY + dt.timedelta(days=200)).isoformat()}
    status, told = send(signed(1, too_long))
    assert status == 422 and "3 个月以下" in told["title"]


def test_a_newcomer_and_his_firm_come_by_report() -> None:
    firm = {
        "kind": "firm",
        "uscc": "31110105MD4591511E",
        "name": "北京衡川律师事务所",
        "firm_kind": "law_firm",
        "city": "北京市",
    }
    grant = {
        "kind": "grant", "number": "11105202610123456", "licence_kind": "full_time", "name": "苏叶", "sex": "女",
        "id_number": fictional_id(900, "女"), "mobile": "13800050001", "firm_uscc": firm["uscc"],
        "effective_on": TODAY.isoformat(), "document_no": "京司许〔2026〕900号", "reason": "符合法定条件，准予执业",
    }  # fmt: skip
    assert send(signed(1, firm))[1]["state"] == "taken"
    assert send(signed(2, grant))[1]["state"] == "taken"
    licence = Licence.objects.get(number="11105202610123456")
    assert (licence.person.name, licence.status) == ("苏叶", "active")
    stored = Person.objects.filter(pk=licence.person_id).values_list("id_blind", flat=True)[0]
    assert fictional_id(900, "女") not in stored
    second = grant | {"number": "11105202610123457"}
    status, told = send(signed(3, second))
    assert status == 422 and "第十条" in told["title"], "one licence in force a person"


def ask_state(bureau: str = "11", **more: Any) -> dict[str, Any]:
    asked = {"aud": ISSUER, "bureau": bureau, "iat": int(time.time())} | more
    key = private_key_of(settings.LUTONG.home, bureau)
    text = wire.sign_report(asked, private_key=key, kind=wire.ASKING_TYPE)
    answer = Client().get("/feed/v1/state", headers={"Authorization": f"Bearer {text}"})
    return dict(answer.json()) | {"status_code": answer.status_code}


def test_only_the_bureau_itself_may_ask_for_its_state_and_only_freshly() -> None:
    assert ask_state()["status_code"] == 200
    assert ask_state(iat=int(time.time()) - 3600)["status_code"] == 403
    assert ask_state(aud="urn:other")["status_code"] == 403
    for text in ("", "Bearer x", f"Bearer {signed(1, punish())}"):
        assert Client().get("/feed/v1/state", headers={"Authorization": text}).status_code == 403


# ---- 5,000 messages that somebody has touched

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def mutated(text: str, chance: random.Random) -> str:
    """The message with one thing changed; never the message itself."""
    header, payload, signature = text.split(".")
    way = chance.randrange(9)
    spot = chance.randrange(len(text))
    if way == 0:
        fresh = text[:spot] + chance.choice(ALPHABET + ".=+/ \n") + text[spot + 1 :]
    elif way == 1:
        fresh = text[:spot] + text[spot + 1 :]
    elif way == 2:
        fresh = text[:spot] + chance.choice(ALPHABET + "=!~\n") + text[spot:]
    elif way == 3:
        fresh = text[: spot + 1]
    elif way == 4:  # the last character of a signature has bits that decode to nothing
        fresh = text[:-1] + chance.choice(ALPHABET)
    elif way == 5:
        told = json.loads(_raw(payload))
        told["event"]["number"] = chance.choice([GU_HENG, "11108201811833504"])
        fresh = f"{header}.{_b64(json.dumps(told).encode())}.{signature}"
    elif way == 6:
        other = {"alg": chance.choice(["none", "HS256", "EdDSA", "Ed25519"]), "kid": chance.choice(["31", "44", "11"])}
        fresh = f"{_b64(json.dumps(other).encode())}.{payload}.{chance.choice([signature, ''])}"
    elif way == 7:
        fresh = f"{header}.{payload}.{_b64(chance.randbytes(64))}"
    else:
        told = json.loads(_raw(payload)) | {"seq": chance.choice([2, 3, -1, 2**70, "1", None, 1.5, True])}
        fresh = f"{header}.{_b64(json.dumps(told).encode())}.{signature}"
    return fresh if fresh != text else mutated(text, chance)


def _raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def state_of_the_roll() -> tuple[int, int, int, int]:
    return LicenceEvent.objects.count(), Change.objects.count(), Report.objects.count(), TrailEvent.objects.count()


def test_of_five_thousand_touched_messages_none_is_accepted_and_the_true_ones_are() -> None:
    chance = random.Random(20261122)
    true = [signed(seq, punish(document_no=f"京司罚〔2026〕{seq}号")) for seq in range(1, 11)]
    before = state_of_the_roll()
    client, accepted, crashed = Client(raise_request_exception=False), 0, 0
    for number in range(5000):
        text = mutated(true[number % 10], chance)
        answer = client.post("/feed/v1/events", text.encode(), content_type="application/jose")
        accepted += answer.status_code < 300
        crashed += answer.status_code >= 500
    assert (accepted, crashed) == (0, 0)
    assert state_of_the_roll() == before
    assert [send(text)[1]["state"] for text in true] == ["taken"] * 10, "the control: what nobody touched passes"


def test_the_mutation_test_finds_a_service_that_does_not_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_verified", lambda text, *_: _raw(text.split(".")[1]))
    chance = random.Random(7)
    texts = [mutated(signed(1, punish()), chance) for _ in range(60)]
    assert any(Client(raise_request_exception=False).post("/feed/v1/events", text.encode(),
               content_type="application/jose").status_code < 300 for text in texts)  # fmt: skip


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"a.b.c", b"." * 70_000, b"{}", b"null", "一".encode(), b"\0"])
def test_junk_is_refused_and_never_crashes(text: bytes) -> None:
    assert send(text)[0] in (403, 422)
