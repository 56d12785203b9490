"""Registering, changing and closing an application is in the trail: who, what, when, before and after; no secret."""

import json
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from lutong.kernel import clock
from lutong.kernel.errors import NotAllowed
from lutong.verification.oidc import actions
from lutong.verification.oidc.actions import Registration
from lutong.verification.oidc.models import Application
from lutong.verification.registry.actions import enrol_officer
from lutong.verification.registry.actors import BureauActor, reporting
from lutong.verification.registry.bodies import MINISTRY
from lutong.verification.registry.faces import SESSION_KEY
from lutong.verification.registry.models import Officer, TrailEvent
from lutong.verification.registry.queries import actor_for

FORM = {
    "name": "某院窗口", "operator": "某人民法院", "purpose": "窗口办理时确认来人身份", "kind": "server",
    "redirect_uris": "https://court.example/back", "post_logout_uris": "", "logout_uri": "", "scopes": ["licence"],
}  # fmt: skip
ADDRESS = "/bureau/applications/"


@pytest.fixture
def officer(db: None) -> BureauActor:
    """司法部 registers applications."""
    made = enrol_officer(staff_no="SF-00-009", name="沈既白", bureau=MINISTRY, password="long enough for this")
    held = actor_for(Officer.objects.get(pk=made))
    assert isinstance(held, BureauActor)
    return held


@pytest.fixture
def desk(officer: BureauActor) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = officer.person_id
    session.save()
    return client


def typed(*words: str) -> str:
    said = StringIO()
    call_command("application", *words, stdout=said)
    return said.getvalue()


def trail() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """What the ministry's trail says, oldest first."""
    found = TrailEvent.objects.filter(action__startswith="oidc.", desk=MINISTRY).order_by("id")
    return [(one.actor_name, one.label, one.changes) for one in found]


def test_the_desk_s_acts_are_in_the_trail_with_before_and_after(desk: Client) -> None:
    said = desk.post(f"{ADDRESS}new/", FORM).text
    made = Application.objects.get()
    one, secret = f"{ADDRESS}{made.pk}/", re.findall(r"vfsecret\">([^<]+)<", said)[0]
    changed = FORM | {"redirect_uris": "https://court.example/back2", "scopes": ["licence", "live"], "active": "1"}
    assert desk.post(one, changed).status_code == 302
    assert desk.post(one, changed).status_code == 302  # nothing is different
    renewed = re.findall(r"vfsecret\">([^<]+)<", desk.post(f"{one}secret/").text)[0]
    assert desk.post(one, changed | {"active": ""}).status_code == 302
    assert desk.post(one, changed).status_code == 302
    told = trail()
    assert [(who, label) for who, label, _ in told] == [
        ("沈既白", "登记应用"), ("沈既白", "变更应用登记"), ("沈既白", "换发应用密钥"), ("沈既白", "停用应用"),
        ("沈既白", "重新启用应用"),
    ]  # fmt: skip
    assert ("登录返回地址", "", "https://court.example/back") in told[0][2]
    assert told[1][2] == [
        ("登录返回地址", "https://court.example/back", "https://court.example/back2"),
        ("可以申请的信息", "openid，licence", "openid，licence，live"),
    ]
    assert told[3][2] == [("启用", "是", "否")] and told[4][2] == [("启用", "否", "是")]
    page = desk.get("/bureau/trail/").text
    assert "停用应用" in page and made.client_id in page and "https://court.example/back2" in page
    made.refresh_from_db()
    kept = json.dumps(list(TrailEvent.objects.values("facts", "subject")), ensure_ascii=False)
    for never in (secret, renewed, made.secret_digest):
        assert never not in kept and never not in page


def test_what_is_typed_is_in_the_trail_under_the_account_of_the_machine(db: None) -> None:
    typed("register", "--name", "某院窗口", "--operator", "某人民法院", "--purpose", "窗口确认身份",
          "--redirect", "https://court.example/back", "--client-id", "court")  # fmt: skip
    typed("secret", "court")
    typed("close", "court")
    typed("close", "court")
    assert [label for _, label, _ in trail()] == ["登记应用", "换发应用密钥", "停用应用"]
    assert all(re.fullmatch(r"核验平台命令行 \S+", who) for who, _, _ in trail())


def test_what_is_refused_leaves_no_entry_and_no_application(officer: BureauActor, desk: Client) -> None:
    assert desk.post(f"{ADDRESS}new/", FORM | {"name": ""}).status_code == 422
    with pytest.raises(NotAllowed):
        actions.register_application(actor=reporting("11"), registration=registration(), now=clock.now())
    assert trail() == [] and not Application.objects.exists()


def test_an_act_whose_entry_cannot_be_written_does_not_happen(
    officer: BureauActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = actions.register_application(actor=officer, registration=registration(), now=clock.now())
    monkeypatch.setattr(actions, "record", broken)
    for act in acts(officer, made):
        with pytest.raises(OSError, match="full"):
            act()
    assert Application.objects.count() == 1
    before, held = made.secret_digest, Application.objects.get()
    assert held.secret_digest == before and held.active and held.name == "某院窗口"


def silent(officer: BureauActor, made: Application) -> Iterator[str]:
    """The acts that leave no entry."""
    for act in acts(officer, made):
        before = TrailEvent.objects.count()
        act()
        if TrailEvent.objects.count() != before + 1:
            yield str(act)


def test_acts_that_leave_no_entry_are_found(officer: BureauActor, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = actions.register_application(actor=officer, registration=registration(), now=clock.now())
    assert list(silent(officer, made)) == []
    actions.change_application(
        actor=officer, application_id=made.pk, registration=registration(), active=True, now=clock.now()
    )
    monkeypatch.setattr(actions, "record", lambda **facts: None)
    assert len(list(silent(officer, made))) == 4


def registration(name: str = "某院窗口") -> Registration:
    return Registration(
        name=name, operator="某人民法院", purpose="窗口办理时确认来人身份", public=False,
        redirect_uris=["https://court.example/back"], post_logout_uris=[], logout_uri="", scopes=["licence"],
    )  # fmt: skip


def acts(officer: BureauActor, made: Application) -> list[Callable[[], Any]]:
    now, pk = clock.now(), made.pk
    return [
        lambda: actions.register_application(actor=officer, registration=registration(), now=now),
        lambda: actions.renew_secret(actor=officer, application_id=pk, now=now),
        lambda: actions.change_application(
            actor=officer, application_id=pk, registration=registration("另一个名称"), active=True, now=now
        ),
        lambda: actions.close_application(actor=officer, application_id=pk, now=now),
    ]


def broken(**facts: object) -> None:
    raise OSError("full")
