"""律师身份核验平台 over real HTTP: good answers are read, every other kind is no answer and never means active."""

import base64
import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from lutong.gateways.crypto import answers
from lutong.gateways.registry import real
from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus, NoSuchLicence, RegistryDown
from lutong.gateways.registry.real import RegistryClient
from lutong.gateways.registry.tests.peer import ROLL, build
from lutong.gateways.tests.serving import serving
from lutong.kernel.identifiers import check_licence_no, check_uscc

BY_NAME = {lawyer["name"]: lawyer for lawyer in ROLL["lawyers"]}
ZHOU_LAN = BY_NAME["周岚"]["licence_no"]


@dataclass
class Bureau:
    """The stand-in, its client, and a line between them that can be tampered with."""

    address: str
    home: Path
    registry: RegistryClient

    def misbehave(self, mode: str, **more: Any) -> None:
        assert httpx.post(f"{self.address}/control", json={"mode": mode, **more}).status_code == 200

    def decide(self, licence_no: str, status: str, reason: str) -> httpx.Response:
        return httpx.post(f"{self.address}/lawyers/{licence_no}", json={"status": status, "reason": reason})


class Line:
    """A man in the middle: passes the registry's answers on through `change`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.change = lambda status, mark, body: (status, mark, body)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        target = scope["raw_path"].decode() + "?" + scope["query_string"].decode()
        async with httpx.AsyncClient() as http:
            answer = await http.get(self.address + target)
        status, mark, body = self.change(
            answer.status_code, answer.headers.get(real.SIGNATURE_HEADER, ""), answer.content
        )
        headers = [(b"content-type", b"application/json"), (real.SIGNATURE_HEADER.lower().encode(), mark.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    home = tmp_path_factory.mktemp("home")
    with serving(build(home)) as address:
        yield Bureau(address, home, RegistryClient(load_registry_config(home, address)))


@pytest.fixture
def bureau(standing: Bureau) -> Iterator[Bureau]:
    standing.misbehave("normal")
    yield standing
    standing.misbehave("normal")


@pytest.fixture(scope="module")
def line(standing: Bureau) -> Iterator[tuple[Line, RegistryClient]]:
    wire = Line(standing.address)
    with serving(wire) as address:
        yield wire, RegistryClient(load_registry_config(standing.home, address))


def test_a_practising_lawyer_is_found_with_firm_and_evidence(bureau: Bureau) -> None:
    licence = bureau.registry.look_up(licence_no=ZHOU_LAN)
    again = bureau.registry.look_up(licence_no=ZHOU_LAN)
    assert (licence.name, licence.sex, licence.firm_name) == ("周岚", "女", "北京衡川律师事务所")
    assert licence.may_practise and licence.status_label == "正常执业" and licence.remedy == ""
    assert abs(dt.datetime.now(dt.UTC) - licence.checked_at) < dt.timedelta(seconds=10)
    assert licence.assertion_id != again.assertion_id


@pytest.mark.parametrize(
    ("name", "status"),
    [("钱牧之", LicenceStatus.SUSPENDED), ("雷震岳", LicenceStatus.REVOKED), ("温知许", LicenceStatus.CANCELLED)],
)
def test_a_lawyer_who_may_not_practise_is_told_why_and_what_to_do(
    bureau: Bureau, name: str, status: LicenceStatus
) -> None:
    licence = bureau.registry.look_up(licence_no=BY_NAME[name]["licence_no"])
    assert licence.status is status and not licence.may_practise
    assert licence.status_reason and licence.remedy and licence.status_since < dt.date(2026, 11, 1)


@pytest.mark.parametrize("number", ["11105201211999999", "1", "", "../../control", "1110520121160303'", "\0", "周岚"])
def test_an_unknown_or_impossible_number_is_no_such_licence(bureau: Bureau, number: str) -> None:
    with pytest.raises(NoSuchLicence):
        bureau.registry.look_up(licence_no=number)


def test_many_licences_are_looked_up_in_one_question(bureau: Bureau) -> None:
    numbers = [lawyer["licence_no"] for lawyer in ROLL["lawyers"]]
    found = bureau.registry.look_up_many(licence_nos=[*numbers, "11105201211999999", numbers[0], "nonsense!"])
    assert found.keys() == set(numbers)
    assert bureau.registry.look_up_many(licence_nos=[]) == {}


def test_a_decision_of_the_bureau_shows_at_once_and_stands_in_the_feed(bureau: Bureau) -> None:
    number = BY_NAME["聂怀远"]["licence_no"]
    last = max(change.seq for change in bureau.registry.changes(after=0))
    assert bureau.decide(number, "suspended", "停止执业一个月（演练）").status_code == 200
    suspended = bureau.registry.look_up(licence_no=number)
    assert bureau.decide(number, "active", "处罚期满，恢复执业").status_code == 200
    restored = bureau.registry.look_up(licence_no=number)
    feed = bureau.registry.changes(after=last)
    assert suspended.status is LicenceStatus.SUSPENDED and suspended.status_reason == "停止执业一个月（演练）"
    assert restored.may_practise and restored.status_reason == ""
    assert [(change.licence_no, change.status) for change in feed] == [
        (number, LicenceStatus.SUSPENDED),
        (number, LicenceStatus.ACTIVE),
    ]
    assert bureau.registry.changes(after=feed[-1].seq) == []


@pytest.mark.parametrize(
    "mode", ["down", "wrong_signature", "unsigned", "stale", "replayed", "other_licence", "contradictory"]
)
@pytest.mark.parametrize("name", ["周岚", "雷震岳"])
def test_a_misbehaving_registry_gives_no_answer(bureau: Bureau, mode: str, name: str) -> None:
    bureau.misbehave(mode)
    with pytest.raises(RegistryDown) as down:
        bureau.registry.look_up(licence_no=BY_NAME[name]["licence_no"])
    assert down.value.reason


@pytest.mark.parametrize("mode", ["wrong_signature", "unsigned", "stale", "replayed"])
def test_a_bad_denial_or_feed_is_no_answer_either(bureau: Bureau, mode: str) -> None:
    bureau.misbehave(mode)
    with pytest.raises(RegistryDown):
        bureau.registry.look_up(licence_no="11105201211999999")
    with pytest.raises(RegistryDown):
        bureau.registry.look_up_many(licence_nos=[ZHOU_LAN])
    with pytest.raises(RegistryDown):
        bureau.registry.changes(after=0)


def test_a_slow_registry_is_down_after_two_tries(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    assert real._SECONDS == 3.0
    monkeypatch.setattr(real, "_SECONDS", 0.2)
    bureau.misbehave("slow", slow_seconds=1)
    with pytest.raises(RegistryDown, match="Timeout"):
        RegistryClient(load_registry_config(bureau.home, bureau.address)).look_up(licence_no=ZHOU_LAN)


def test_a_closed_port_is_down(bureau: Bureau) -> None:
    with pytest.raises(RegistryDown):
        RegistryClient(load_registry_config(bureau.home, "http://127.0.0.1:9")).look_up(licence_no=ZHOU_LAN)


def _tampered(body: bytes) -> bytes:
    changed = body.replace(b'"revoked"', b'"active" ')
    assert changed != body
    return changed


def test_a_tampered_body_is_no_answer(bureau: Bureau, line: tuple[Line, RegistryClient]) -> None:
    wire, registry = line
    number = BY_NAME["雷震岳"]["licence_no"]
    wire.change = lambda status, mark, body: (status, mark, body)
    assert registry.look_up(licence_no=number).status is LicenceStatus.REVOKED
    wire.change = lambda status, mark, body: (status, mark, _tampered(body))
    with pytest.raises(RegistryDown, match="signature"):
        registry.look_up(licence_no=number)


def test_every_single_flipped_byte_is_found(bureau: Bureau, line: tuple[Line, RegistryClient]) -> None:
    wire, registry = line
    for spot in range(0, 400, 13):
        wire.change = lambda status, mark, body, spot=spot: (
            status,
            mark,
            body[:spot] + bytes([body[spot] ^ 1]) + body[spot + 1 :],
        )
        with pytest.raises(RegistryDown):
            registry.look_up(licence_no=ZHOU_LAN)


def test_an_answer_recorded_for_another_lawyer_or_an_earlier_question_is_no_answer(
    bureau: Bureau, line: tuple[Line, RegistryClient]
) -> None:
    wire, registry = line
    kept: list[tuple[int, str, bytes]] = []

    def keep(status: int, mark: str, body: bytes) -> tuple[int, str, bytes]:
        kept.append((status, mark, body))
        return kept[-1]

    wire.change = keep
    registry.look_up(licence_no=ZHOU_LAN)
    wire.change = lambda *_: kept[0]
    for number in (BY_NAME["雷震岳"]["licence_no"], ZHOU_LAN, "11105201211999999"):
        with pytest.raises(RegistryDown, match="another question"):
            registry.look_up(licence_no=number)


def test_a_changed_status_code_is_no_denial(bureau: Bureau, line: tuple[Line, RegistryClient]) -> None:
    wire, registry = line
    wire.change = lambda status, mark, body: (404, mark, body)
    with pytest.raises(RegistryDown):
        registry.look_up(licence_no=ZHOU_LAN)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA"])
def test_another_algorithm_under_the_same_key_is_refused(
    bureau: Bureau, line: tuple[Line, RegistryClient], algorithm: str
) -> None:
    wire, registry = line
    header = jws.to_bytes(json.dumps({"alg": algorithm}))

    text = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
    wire.change = lambda status, mark, body: (status, text + mark[mark.index(".") :], body)
    with pytest.raises(RegistryDown, match="signature"):
        registry.look_up(licence_no=ZHOU_LAN)


def test_the_planted_client_that_skips_the_signature_is_noticed(
    bureau: Bureau, line: tuple[Line, RegistryClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire, registry = line
    monkeypatch.setattr(answers.jws, "deserialize_compact", lambda *_, **__: None)
    number = BY_NAME["钱牧之"]["licence_no"]
    wire.change = lambda status, mark, body: (status, mark, body.replace("钱牧之".encode(), "钱穆之".encode()))
    assert registry.look_up(licence_no=number).name == "钱穆之"


def test_the_key_is_pinned_and_never_taken_from_the_wire(bureau: Bureau) -> None:
    config = load_registry_config(bureau.home, bureau.address)
    stranger = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"})
    other = dataclasses.replace(config, public_key=json.dumps(stranger.as_dict(private=False)), pins=())
    with pytest.raises(RegistryDown, match="signature"):
        RegistryClient(other).look_up(licence_no=ZHOU_LAN)


def test_another_issuer_is_refused(bureau: Bureau) -> None:
    config = dataclasses.replace(load_registry_config(bureau.home, bureau.address), issuer="urn:someone:else")
    with pytest.raises(RegistryDown, match="issuer"):
        RegistryClient(config).look_up(licence_no=ZHOU_LAN)


def test_the_seeded_numbers_keep_the_rules_of_their_kind() -> None:
    kinds = {"full_time": "1", "part_time": "2", "public": "6", "corporate": "7", "legal_aid": "8"}
    today = dt.date(2026, 11, 21)
    for lawyer in ROLL["lawyers"]:
        assert check_licence_no(lawyer["licence_no"], today=today) is None
        assert lawyer["licence_no"][9:11] == kinds[lawyer["kind"]] + {"男": "0", "女": "1"}[lawyer["sex"]]
    assert len({lawyer["licence_no"] for lawyer in ROLL["lawyers"]}) == len(ROLL["lawyers"]) >= 40
    assert [check_uscc(firm["uscc"]) for firm in ROLL["firms"]] == [None] * len(ROLL["firms"])
    assert sum(firm["uscc"].startswith("31") for firm in ROLL["firms"]) == 12
    assert len(ROLL["trainees"]) >= 6 and len(ROLL["grassroots"]) >= 3


def test_trainees_and_grassroots_workers_are_found_as_people_and_are_no_lawyers(bureau: Bureau) -> None:
    trainee, worker = ROLL["trainees"][0], ROLL["grassroots"][0]
    found = bureau.registry.look_up_person(number=trainee["number"])
    assert (found.name, found.kind, found.supervisor_no) == (trainee["name"], LicenceKind.TRAINEE, ZHOU_LAN)
    grown = bureau.registry.look_up_person(number=worker["number"])
    assert grown.region == "北京市朝阳区" and "代理参加民事、行政诉讼" in grown.scope
    assert bureau.registry.look_up_person(number=ZHOU_LAN).kind.is_lawyer
    for number in (trainee["number"], worker["number"]):
        with pytest.raises(NoSuchLicence):
            bureau.registry.look_up(licence_no=number)


def test_everybody_of_a_firm_is_listed_over_several_pages_and_an_unknown_firm_has_nobody(bureau: Bureau) -> None:
    people = bureau.registry.firm_people(uscc=ROLL["firms"][0]["uscc"])
    names = {one["name"] for one in (*ROLL["lawyers"], *ROLL["trainees"]) if one["firm"] == "f01"}
    assert len(people) == len(names) == 8 and {person.name for person in people} == names
    assert bureau.registry.firm_people(uscc="31110105MD00000000") == []
    assert bureau.registry.firm_people(uscc="../../x") == []


def test_a_change_of_firm_stands_in_the_feed_with_both_firms(bureau: Bureau) -> None:
    number, target = BY_NAME["汪采薇"]["licence_no"], ROLL["firms"][1]
    last = max(change.seq for change in bureau.registry.changes(after=0))
    sent = {"status": "active", "reason": "变更执业机构", "firm_uscc": target["uscc"]}
    assert httpx.post(f"{bureau.address}/lawyers/{number}", json=sent).status_code == 200
    (change,) = bureau.registry.changes(after=last)
    assert change.kind is EventKind.TRANSFER and change.is_transfer and change.status is LicenceStatus.ACTIVE
    assert (change.old_firm_name, change.new_firm_uscc) == ("湖北渡江律师事务所", target["uscc"])
