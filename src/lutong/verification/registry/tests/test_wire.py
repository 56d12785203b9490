"""律通's own client against this service, over real HTTP."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command

from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus, NoSuchLicence, RegistryDown
from lutong.gateways.registry.real import RegistryClient
from lutong.kernel import clock
from lutong.verification import bureau
from lutong.verification.registry import actions, faults
from lutong.verification.registry.actors import reporting, service
from lutong.verification.registry.models import Licence
from lutong.verification.registry.tests.conftest import DU_RUO, ZHOU_LAN
from tests.support.databases import Database
from tests.support.serving import served


@pytest.fixture
def client(committed_db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[RegistryClient]:
    call_command("load_demo_registry", verbosity=0)
    with served() as address:
        monkeypatch.setenv("LUTONG_VERIFICATION_URL", address)
        yield RegistryClient(load_registry_config(settings.LUTONG.home, address))


def test_the_client_of_lutong_reads_the_whole_wire(client: RegistryClient) -> None:
    zhou = client.look_up(licence_no=ZHOU_LAN)
    assert (zhou.name, zhou.firm_name, zhou.status, zhou.province) == (
        "周岚", "北京衡川律师事务所", LicenceStatus.ACTIVE, "北京市",
    )  # fmt: skip
    assert zhou.photo_url.endswith(".png") and zhou.body_name == ""
    trainee = client.look_up_person(number="11052609210031")
    assert (trainee.kind, trainee.supervisor_no) == (LicenceKind.TRAINEE, ZHOU_LAN) and trainee.period_to
    worker = client.look_up_person(number="11050201300121")
    assert worker.region == "北京市朝阳区" and len(worker.scope) == 5
    assert client.look_up(licence_no="13301201861552812").body_name == "云汐新区管理委员会"
    assert client.look_up(licence_no="13115201470737434").body_name == "衡岳重工集团股份有限公司"
    assert {one.name for one in client.firm_people(uscc=zhou.firm_uscc)} >= {"周岚", "苗青禾", "宋子衿", "贺一诺"}
    assert client.firm_people(uscc="31110105MD00000000") == []
    assert client.look_up_many(licence_nos=[ZHOU_LAN, DU_RUO, "11105201211999999"]).keys() == {ZHOU_LAN, DU_RUO}
    for unknown in ("11105201211999999", "11052609210031", "11050201300121"):
        with pytest.raises(NoSuchLicence):
            client.look_up(licence_no=unknown)


def test_decisions_show_at_once_and_stand_in_the_feed(client: RegistryClient) -> None:
    last = max(change.seq for change in client.changes(after=0))
    now, today = clock.now(), clock.beijing_date(clock.now())
    for kind, more in (
        (EventKind.SUSPEND, {"article": "47", "until_on": today + dt.timedelta(days=30)}),
        (EventKind.RESUME, {}),
        (EventKind.TRANSFER, {"firm_uscc": "31110108MD25522959"}),
    ):
        decision = actions.Decision(
            number=ZHOU_LAN,
            kind=kind,
            effective_on=today,
            reason="演练用的决定",
            document_no="京司演〔2026〕1号",
            **more,
        )  # type: ignore[arg-type]
        actions.record_decision(actor=reporting("11"), decision=decision, now=now)
        assert client.look_up(licence_no=ZHOU_LAN).may_practise == (kind is not EventKind.SUSPEND)
    feed = client.changes(after=last)
    assert [(change.kind, change.status) for change in feed] == [
        (EventKind.SUSPEND, LicenceStatus.SUSPENDED),
        (EventKind.RESUME, LicenceStatus.ACTIVE),
        (EventKind.TRANSFER, LicenceStatus.ACTIVE),
    ]
    assert (feed[2].old_firm_name, feed[2].new_firm_name) == ("北京衡川律师事务所", "北京明恪律师事务所")
    assert client.look_up(licence_no=ZHOU_LAN).firm_uscc == feed[2].new_firm_uscc


def test_what_ends_by_itself_is_told_too(client: RegistryClient) -> None:
    last = max(change.seq for change in client.changes(after=0))
    trainee = Licence.objects.get(number="11052609210031")
    over = clock.beijing(trainee.period_to + dt.timedelta(days=1), 1)  # type: ignore[operator]
    assert actions.settle_due(actor=service(), now=over) >= 1
    ends = {change.licence_no: change for change in client.changes(after=last)}
    assert ends["11052609210031"].kind is EventKind.CANCEL and "实习期满" in ends["11052609210031"].reason
    assert actions.settle_due(actor=service(), now=over) == 0


@pytest.mark.parametrize("mode", [mode for mode in faults.MODES if mode not in ("normal", "slow")])
def test_a_misbehaving_wire_is_seen_through(client: RegistryClient, mode: str) -> None:
    assert client.look_up(licence_no=ZHOU_LAN).may_practise
    faults.misbehave(actor=service(), mode=mode, slow_seconds=1)
    with pytest.raises(RegistryDown):
        client.look_up(licence_no=ZHOU_LAN)


def test_the_bureau_of_the_command_line_reports_well_and_badly(client: RegistryClient) -> None:
    assert bureau.main(["send", "suspend", ZHOU_LAN]) == 0
    assert client.look_up(licence_no=ZHOU_LAN).status is LicenceStatus.SUSPENDED
    assert bureau.main(["send", "resume", ZHOU_LAN, "--badly", "duplicate"]) == 0
    assert client.look_up(licence_no=ZHOU_LAN).may_practise
    for badly in ("forged", "tampered"):
        assert bureau.main(["send", "suspend", ZHOU_LAN, "--badly", badly]) == 1
    assert bureau.main(["--bureau", "31", "send", "suspend", ZHOU_LAN]) == 1, "another province"
    assert bureau.main(["send", "suspend", ZHOU_LAN, "--badly", "gap"]) == 0
    assert client.look_up(licence_no=ZHOU_LAN).may_practise, "it waits for the missing one"
    assert bureau.main(["send", "punish", ZHOU_LAN, "--article", "48"]) == 0
    assert client.look_up(licence_no=ZHOU_LAN).status is LicenceStatus.SUSPENDED
    assert bureau.main(["send", "resume", ZHOU_LAN, "--badly", "reorder"]) == 0
    assert bureau.main(["state"]) == 0
