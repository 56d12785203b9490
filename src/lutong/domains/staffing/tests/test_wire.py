"""/scim/v2/ as a personnel system uses it, and the file of people, read before anybody is entered."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook

from lutong.domains.identity.models import Post
from lutong.domains.staffing import actions, queries
from lutong.domains.staffing.models import Member, Proposal
from lutong.domains.staffing.pages.reading import table_of
from lutong.domains.staffing.tasks import enter_import
from lutong.domains.staffing.tests.test_powers import admin, court
from lutong.kernel import clock
from lutong.kernel.acting import as_actor
from lutong.kernel.actor import Actor, Role
from lutong.kernel.errors import NotAllowed

USERS = "/scim/v2/Users"
DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def secadmin(db: None) -> Actor:
    return admin(Role.SECADMIN, 2)


class Wire:
    """A personnel system with its token."""

    def __init__(self, word: str) -> None:
        self.client, self.word = Client(), word

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.client.generic(
            method, path, json.dumps(body) if body is not None else "", content_type="application/scim+json",
            headers={"Authorization": f"Bearer {self.word}", **headers},
        )  # fmt: skip
        assert answer.status_code < 500
        return answer


@pytest.fixture
def wire(secadmin: Actor) -> Wire:
    _, word = actions.issue_token(actor=secadmin, name="人事系统", days=90, now=clock.now())
    return Wire(word)


def user(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", DEPARTMENT], "userName": f"HR-{number:03d}",
        "displayName": "温叙", "externalId": f"hr-{number}", "active": True,
        "phoneNumbers": [{"value": f"1390003{number:04d}", "type": "mobile"}], DEPARTMENT: {"department": "立案庭"},
        "roles": [{"value": "clerk"}], **more,
    }  # fmt: skip


def roles_of(answer: Any) -> list[str]:
    return [role["value"] for role in answer.json().get("roles") or []]


def test_a_person_is_created_read_changed_and_deactivated(wire: Wire) -> None:
    made = wire.ask("POST", USERS, user())
    assert made.status_code == 201, made.content
    assert roles_of(made) == ["clerk"]
    place = made["Location"]
    assert wire.ask("POST", USERS, user()).status_code == 409
    found = wire.ask("GET", f'{USERS}?filter=userName eq "HR-001"').json()
    assert (found["totalResults"], found["Resources"][0]["displayName"]) == (1, "温叙")
    assert wire.ask("GET", f"{USERS}?filter=name co 1").status_code == 400
    stale = wire.ask("PUT", place, user(displayName="温续"), **{"If-Match": 'W/"99"'})
    assert stale.status_code == 412
    changed = wire.ask(
        "PUT", place, user(displayName="温续", roles=[{"value": "mediator"}]), **{"If-Match": made["ETag"]}
    )
    assert changed.status_code == 200 and roles_of(changed) == ["mediator"]
    off = wire.ask("PATCH", place, {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    })  # fmt: skip
    assert (
        off.status_code == 200
        and off.json()["active"] is False
        and not Post.objects.filter(active=True, role="mediator")
    )
    assert wire.ask("DELETE", place).status_code == 204
    assert wire.ask("GET", place).status_code == 200, "nothing is erased"


def test_an_administrators_post_waits_for_somebody_who_did_not_issue_the_token(wire: Wire, secadmin: Actor) -> None:
    made = wire.ask("POST", USERS, user(roles=[{"value": "auditor"}]))
    assert made.status_code == 201 and roles_of(made) == []
    with as_actor(secadmin):
        proposal = Proposal.objects.get(court_id=court(), state="proposed")
    with pytest.raises(NotAllowed):
        actions.decide(actor=secadmin, proposal_id=proposal.id, step="approve", reason="", now=clock.now())
    second = admin(Role.SECADMIN, 3)
    actions.decide(actor=second, proposal_id=proposal.id, step="approve", reason="", now=clock.now())
    assert Post.objects.filter(role="auditor", active=True, account_id=proposal.person_id).exists()


def test_posts_are_groups(wire: Wire) -> None:
    wire.ask("POST", USERS, user())
    groups = wire.ask("GET", "/scim/v2/Groups").json()["Resources"]
    assert {group["id"] for group in groups} == set(queries.LABELS)
    (member,) = wire.ask("GET", "/scim/v2/Groups/clerk").json()["members"]
    assert member["display"] == "温叙"
    assert wire.ask("GET", "/scim/v2/Groups/emperor").status_code == 404


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"schemas": 7}', '{"userName": 5}', '{"userName": "\\u0000"}'])
def test_nonsense_is_refused_in_the_shape_of_scim(wire: Wire, body: str) -> None:
    answer = wire.client.generic(
        "POST", USERS, body, content_type="application/scim+json", headers={"Authorization": f"Bearer {wire.word}"}
    )
    assert answer.status_code == 400
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_without_a_living_token_nothing_is_answered(wire: Wire, secadmin: Actor) -> None:
    assert Wire("ltp-1-nothing").ask("GET", USERS).status_code == 401
    (token,) = queries.list_tokens(actor=secadmin)
    actions.revoke_token(actor=secadmin, token_id=token.id, now=clock.now())
    assert wire.ask("GET", USERS).status_code == 401


def sheet(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (("工号", "姓名", "手机号", "部门", "职务"), *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_file_is_looked_at_before_anybody_is_entered(db: None) -> None:
    sysadmin = admin(Role.SYSADMIN, 1)
    data = sheet(("A-1", "甲", 13900040001, "立案庭", "立案庭"), ("A-1", "乙", 13900040002, "", ""),
                 ("A-3", "丙", "123", "", "国王"))  # fmt: skip
    people = queries.read_rows(table_of(name="名单.xlsx", data=data))
    batch = actions.keep_import(actor=sysadmin, filename="名单.xlsx", people=people, now=clock.now())
    assert [row["state"] for row in batch.rows] == ["ready", "fault", "fault"]
    assert (
        "前面已有" in batch.rows[1]["fault"] and "手机号" in batch.rows[2]["fault"] and "国王" in batch.rows[2]["fault"]
    )
    with as_actor(sysadmin):
        assert not Member.objects.filter(court_id=court()).exists()
    actions.start_import(actor=sysadmin, batch_id=batch.id, now=clock.now())
    enter_import(court_id=court(), payload={"id": str(batch.id)}, now=clock.now())
    done = queries.get_import(actor=sysadmin, batch_id=batch.id)
    assert done.finished_at is not None and done.done == 1
    with as_actor(sysadmin):
        assert [m.staff_no for m in Member.objects.filter(court_id=court())] == ["A-1"]


@pytest.mark.parametrize("data", [b"PK\x03\x04junk", b"\xff\xfe\x00", b"", "姓名\n甲".encode()])
def test_a_file_that_is_none_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match="请"):
        queries.read_rows(table_of(name="x.csv", data=data))


def test_cells_that_spreadsheets_would_run_are_harmless() -> None:
    assert [queries.harmless(cell) for cell in ("=1+1", "＝cmd", "甲")] == ["'=1+1", "'＝cmd", "甲"]
