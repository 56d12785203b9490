"""One verification, one account: linked once, never to a second person, recovered and ended through the platform."""

import datetime as dt
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from lutong.domains.identity import actions, queries
from lutong.domains.identity.models import Account, Lawyer, PlatformLink
from lutong.gateways.registry.oidc import LoggedOut, Verified
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotAllowed

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
NUMBER = "14401202210282107"
WORD = "a-long-word-of-one-s-own"
pytestmark = pytest.mark.django_db


def verified(subject: str = "s1", number: str = NUMBER, **more: Any) -> Verified:
    facts = {"name": "黎嘉树", "kind": "full_time", "status": "active", "live": False, "sid": "v1", **more}
    return Verified(issuer="http://platform", subject=subject, licence_no=number, auth_time=0, **facts)


@pytest.fixture(autouse=True)
def nobody_answers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No platform at this address: what it said last counts. The registry answers those tests that ask for one."""
    monkeypatch.setenv("LUTONG_VERIFICATION_URL", "http://127.0.0.1:9")
    if "bureau" not in request.fixturenames:
        monkeypatch.setenv("LUTONG_REGISTRY_URL", "http://127.0.0.1:9")


@pytest.fixture
def holder(lawyer: Actor) -> Account:
    """周岚's account: password and second factor are set, never verified at the platform."""
    return Account.objects.get(pk=lawyer.person_id)


def test_a_verified_newcomer_gets_one_account_and_the_same_again() -> None:
    first = actions.link(verified=verified(), now=NOW)
    again = actions.link(verified=verified(), now=NOW)
    assert first.is_new and not again.is_new and first.account == again.account and not first.is_ready
    assert Lawyer.objects.get(lawyer_id=first.account.pk).licence_no == NUMBER
    assert not first.account.has_usable_password()


def test_a_licence_is_not_linked_to_a_second_person() -> None:
    actions.link(verified=verified("s1"), now=NOW)
    with pytest.raises(Conflict, match="已经与另一次核验连接"):
        actions.link(verified=verified("s2"), now=NOW)
    assert PlatformLink.objects.count() == 1


def test_a_person_with_a_new_number_keeps_the_account() -> None:
    first = actions.link(verified=verified(), now=NOW).account
    moved = actions.link(verified=verified(number="14403202210282107"), now=NOW).account
    assert moved.pk == first.pk and Account.objects.get(pk=first.pk).sign_name == "14403202210282107"


def test_a_licence_out_of_force_gets_in_nowhere() -> None:
    with pytest.raises(NotAllowed):
        actions.link(verified=verified(status="suspended"), now=NOW)


def test_a_trainee_is_linked_but_does_not_act_as_a_lawyer() -> None:
    account = actions.link(verified=verified(kind="trainee", number="1440120269901"), now=NOW).account
    actor = queries.actor_of_account(account=account)
    assert actor is not None and not actor.is_lawyer


def test_a_weak_word_and_a_slip_are_refused_and_a_good_one_counts_once() -> None:
    account = actions.link(verified=verified(), now=NOW).account
    given = {"account": account, "recovering": False, "now": NOW}
    with pytest.raises(Invalid) as weak:
        actions.choose_password(password="12345", repeated="12345", **given)
    assert "password1" in weak.value.fields
    with pytest.raises(Invalid) as slip:
        actions.choose_password(password=WORD, repeated=WORD + "x", **given)
    assert "password2" in slip.value.fields
    actions.choose_password(password=WORD, repeated=WORD, **given)
    account.refresh_from_db()
    assert account.check_password(WORD)


def test_recovery_needs_the_live_check_drops_the_factors_and_ends_every_session(holder: Account) -> None:
    person = verified(number=holder.sign_name)
    with pytest.raises(NotAllowed, match="实人核验"):
        actions.find_for_recovery(verified=person, now=NOW)
    seen = verified(number=holder.sign_name, live=True)
    account = actions.find_for_recovery(verified=seen, now=NOW)
    assert account.pk == holder.pk and queries.is_ready(account=account)
    session(holder)
    actions.choose_password(account=account, password=WORD, repeated=WORD, recovering=True, now=NOW)
    account.refresh_from_db()
    assert account.check_password(WORD) and not queries.is_ready(account=account)
    assert not UserSession.objects.filter(user=holder).exists() and account.stamp == holder.stamp + 1


def test_an_account_that_is_ready_is_not_overwritten_by_a_newcomers_way(holder: Account) -> None:
    with pytest.raises(Conflict):
        actions.choose_password(account=holder, password=WORD, repeated=WORD, recovering=False, now=NOW)


def test_another_person_at_the_live_check_is_refused_and_the_same_is_kept(holder: Account) -> None:
    with pytest.raises(NotAllowed, match="另一个人"):
        actions.confirm_live(
            account=holder, verified=verified("other", live=True), session_key="k", what="更换手机号", now=NOW
        )
    own = verified("mine", number=holder.sign_name, live=True)
    actions.confirm_live(account=holder, verified=own, session_key="k", what="更换手机号", now=NOW)
    link = queries.platform_link_of(account_id=holder.pk)
    assert link is not None and link.live_at == NOW
    with pytest.raises(NotAllowed):
        stranger = verified("other", number=holder.sign_name, live=True)
        actions.confirm_live(account=holder, verified=stranger, session_key="k", what="更换手机号", now=NOW)


def test_the_platform_ends_one_visits_session_or_all(holder: Account) -> None:
    own = verified("mine", number=holder.sign_name, live=True)
    one, other = session(holder), session(holder)
    actions.confirm_live(account=holder, verified=own, session_key=one, what="更换手机号", now=NOW)
    told = {"issuer": "http://platform", "subject": "mine"}
    assert actions.end_by_platform(logged_out=LoggedOut(sid="v1", **told), now=NOW) == 1
    assert not SessionStore().exists(one) and SessionStore().exists(other)
    assert actions.end_by_platform(logged_out=LoggedOut(sid="v1", **told), now=NOW) == 0
    assert actions.end_by_platform(logged_out=LoggedOut(sid=None, issuer="http://evil", subject="mine"), now=NOW) == 0
    assert actions.end_by_platform(logged_out=LoggedOut(sid=None, **told), now=NOW) == 1
    assert not SessionStore().exists(other)


def test_the_platform_being_away_has_a_page(client: Client) -> None:
    page = client.get("/account/verification/go/link/")
    assert page.status_code == 503 and "暂时没有应答" in page.text and page["Retry-After"]


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied"])
def test_an_answer_that_nobody_waits_for_is_an_expired_one(client: Client, query: str) -> None:
    page = client.get(f"/account/verification/callback/{query}")
    assert page.status_code == 200 and "已经失效" in page.text


def test_nobody_sets_a_password_without_a_verification(client: Client) -> None:
    page = client.post("/account/verification/password/", {"password1": WORD, "password2": WORD})
    assert "已经失效" in page.text and not Account.objects.filter(sign_name=NUMBER).exists()


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 9000, "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_logout_token_ends_nothing(client: Client, holder: Account, token: str) -> None:
    key = session(holder)
    answer = client.post("/account/verification/logout", {"logout_token": token})
    assert answer.status_code in {400, 503} and SessionStore().exists(key)


def session(account: Account) -> str:
    """A living session of this person."""
    store = SessionStore()
    store["_auth_user_id"] = str(account.pk)
    store.create()
    key = str(store.session_key)
    UserSession.objects.create(user=account, session_key=key, ip="127.0.0.1", user_agent="x", data={})
    return key
