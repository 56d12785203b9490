"""What the provider refuses, and how fresh a sign-in must be. Each case goes over HTTP to the running platform."""

import base64
import datetime as dt
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from lutong.kernel import clock
from lutong.verification.entrance.models import Visit
from lutong.verification.livecheck.models import Check
from lutong.verification.oidc import actions, tasks
from lutong.verification.oidc.models import AccessToken, Application, AuthorizationCode, Consent, LogoutNotice
from lutong.verification.oidc.secrets import digest
from lutong.verification.oidc.tests.conftest import BACK, NUMBER, OTHER, SECRET, Browser, Landing, register
from lutong.verification.registry.models import Change, Licence, Person

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
LIVE = "urn:lutong:acr:live"


def asking(client_id: str = "court", **more: str) -> str:
    asked = {
        "client_id": client_id, "response_type": "code", "redirect_uri": BACK, "scope": "openid licence",
        "state": "st", "nonce": more.pop("nonce", f"n{clock.now().timestamp()}"), **more,
    }  # fmt: skip
    return f"/oidc/authorize?{urlencode({k: v for k, v in asked.items() if v})}"


def exchange(platform: str, code: str, client_id: str = "court", secret: str = SECRET, **more: str) -> httpx.Response:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": client_id, **more}
    if secret:
        sent["client_secret"] = secret
    return httpx.post(f"{platform}/oidc/token", data=sent, trust_env=False)


def claims(platform: str, answer: httpx.Response) -> dict[str, Any]:
    keys = KeySet.import_key_set(httpx.get(f"{platform}/oidc/keys", trust_env=False).json())
    return dict(jwt.decode(answer.json()["id_token"], keys, algorithms=["RS256"]).claims)


@pytest.fixture
def court(platform: str) -> Application:
    return register("court")


@pytest.fixture
def consented(court: Application, browser: Browser) -> Landing:
    """Signed in and consented; the code of that."""
    return browser.allowed(asking())


@pytest.mark.parametrize(
    "back", ["https://evil.example/callback", BACK + "/", BACK + "?x=1", BACK.replace("9", "19"), "", "javascript:1"]
)
def test_a_return_address_that_is_not_registered_letter_by_letter_gets_nothing(
    court: Application, browser: Browser, back: str
) -> None:
    landed = browser.go(asking(redirect_uri=back))
    assert landed.page is not None and landed.page.status_code == 400 and "返回地址" in landed.page.text


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "licence"}, "invalid_scope"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "https://x.example"}, "request_uri_not_supported"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"nonce": "n" * 301}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_what_cannot_be_done_is_told_the_application_in_the_words_of_the_protocol(
    court: Application, browser: Browser, more: dict[str, str], error: str
) -> None:
    told = browser.go(asking(**more)).told
    assert told["error"] == error and told["state"] == "st" and told["iss"] == browser.platform


def test_a_public_application_without_pkce_is_refused_at_once(platform: str, browser: Browser) -> None:
    register("court", public=True)
    assert browser.go(asking()).told["error"] == "invalid_request"


def test_a_code_is_worth_one_token_and_a_second_use_takes_the_first_back(platform: str, consented: Landing) -> None:
    first = exchange(platform, consented.told["code"])
    assert first.status_code == 200
    reading = {"Authorization": f"Bearer {first.json()['access_token']}"}
    assert httpx.get(f"{platform}/oidc/userinfo", headers=reading, trust_env=False).json()["licence_no"] == NUMBER
    assert exchange(platform, consented.told["code"]).json()["error"] == "invalid_grant"
    assert httpx.get(f"{platform}/oidc/userinfo", headers=reading, trust_env=False).status_code == 401


def test_of_eight_exchanges_at_once_one_gets_the_token(platform: str, consented: Landing) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: exchange(platform, consented.told["code"]).status_code, range(8)))
    assert sorted(answers) == [200] + [400] * 7


def test_a_code_of_one_application_is_worth_nothing_to_another(platform: str, consented: Landing) -> None:
    register("hall")
    assert exchange(platform, consented.told["code"], client_id="hall").json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "more", [{"code": "forged"}, {"redirect_uri": "https://evil.example"}, {"code_verifier": VERIFIER}]
)
def test_a_forged_code_another_address_and_an_unasked_proof_are_refused(
    platform: str, consented: Landing, more: dict[str, str]
) -> None:
    sent = {"code": consented.told["code"], **more}
    code = sent.pop("code")
    assert exchange(platform, code, **sent).json()["error"] in {"invalid_grant", "invalid_request"}


def test_an_old_code_is_refused(platform: str, consented: Landing) -> None:
    AuthorizationCode.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert exchange(platform, consented.told["code"]).json()["error"] == "invalid_grant"


def test_a_nonce_counts_once(court: Application, browser: Browser) -> None:
    browser.allowed(asking(nonce="same"))
    assert browser.go(asking(nonce="same")).told["error"] == "invalid_request"


def test_consent_is_asked_once_and_refusing_is_told(court: Application, browser: Browser) -> None:
    page = browser.sign_in(browser.go(asking()))
    assert page.page is not None and "同意并继续" in page.page.text and "不会交出" in page.page.text
    assert browser.decide(page, "deny").told["error"] == "access_denied"
    assert browser.go(asking(prompt="none")).told["error"] == "consent_required"
    assert "code" in browser.allowed(asking()).told
    assert "code" in browser.go(asking(prompt="none")).told
    wider = browser.go(asking(scope="openid licence firm"))
    assert wider.page is not None and "北京试所" in wider.page.text
    again = browser.go(asking(prompt="consent"))
    assert again.page is not None and "同意并继续" in again.page.text


def test_a_sign_in_that_is_too_old_is_asked_again(court: Application, browser: Browser, platform: str) -> None:
    browser.allowed(asking())
    before = clock.now() - dt.timedelta(minutes=10)
    Visit.objects.update(authenticated_at=before, started_at=before)
    assert "code" in browser.go(asking(max_age="900")).told
    assert browser.go(asking(max_age="300", prompt="none")).told["error"] == "login_required"
    landed = browser.go(asking(max_age="300"))
    assert landed.page is not None and "获取验证码" in landed.page.text
    answer = exchange(platform, browser.sign_in(landed).told["code"])
    assert clock.now().timestamp() - claims(platform, answer)["auth_time"] < 60


def test_prompt_login_asks_though_one_is_signed_in(court: Application, browser: Browser) -> None:
    browser.allowed(asking())
    landed = browser.go(asking(prompt="login"))
    assert landed.page is not None and "获取验证码" in landed.page.text
    assert "code" in browser.sign_in(landed).told


def test_the_live_level_is_given_only_for_a_check_in_this_visit(
    court: Application, browser: Browser, platform: str
) -> None:
    browser.allowed(asking())
    assert browser.go(asking(acr_values=LIVE, prompt="none")).told["error"] == "interaction_required"
    landed = browser.go(asking(acr_values=LIVE))
    assert landed.page is not None and "需要实人核验" in landed.page.text
    other = Browser(platform)
    other.sign_in(other.go("/sign-in/"))
    passed(NUMBER)
    beside = browser.go(asking(acr_values=LIVE))
    assert beside.page is not None and "需要实人核验" in beside.page.text
    Check.objects.update(visit_id=Visit.objects.earliest("started_at").pk)
    answer = exchange(platform, browser.go(asking(acr_values=LIVE, max_age="300")).told["code"])
    told = claims(platform, answer)
    assert told["acr"] == LIVE and told["amr"] == ["sms", "face"]


def test_whoever_was_never_seen_must_be_before_the_first_connection(
    court: Application, browser: Browser, platform: str
) -> None:
    Person.objects.update(assured_at=None)
    landed = browser.sign_in(browser.go(asking()))
    assert landed.page is not None and "首次使用" in landed.page.text
    assert browser.decide(landed, "deny").told["error"] == "access_denied"


def test_a_suspended_lawyer_is_told_why_and_the_application_only_that_it_was_refused(
    court: Application, browser: Browser
) -> None:
    Licence.objects.filter(number=NUMBER).update(status="suspended", status_reason="因违规停止执业三个月")
    landed = browser.sign_in(browser.go(asking()))
    assert landed.page is not None and landed.page.status_code == 403
    assert "因违规停止执业三个月" in landed.page.text and "怎样恢复" in landed.page.text
    assert browser.decide(landed, "deny").told["error"] == "access_denied"
    own = browser.go("/me/")
    assert own.page is not None and own.page.status_code == 200 and "停止执业" in own.page.text


def test_revoking_and_suspending_and_leaving_tell_every_application(
    court: Application, browser: Browser, platform: str
) -> None:
    Application.objects.update(logout_uri=f"{platform}/nowhere")
    browser.allowed(asking())
    visit = Visit.objects.get()
    browser.go("/sign-out/", {"x": "1"})
    now = clock.now()
    assert tasks.notice_endings(now=now) == 1
    notice = LogoutNotice.objects.get()
    keys = KeySet.import_key_set(httpx.get(f"{platform}/oidc/keys", trust_env=False).json())
    token = jwt.decode(tasks.logout_token(notice, now), keys, algorithms=["RS256"])
    assert token.header["typ"] == "logout+jwt" and token.claims["sid"] == str(visit.pk)
    assert "nonce" not in token.claims and token.claims["events"] == {tasks.rules.LOGOUT_EVENT: {}}
    assert tasks.deliver_notices(now=now) == 0
    notice.refresh_from_db()
    assert notice.problem == "HTTP 404" and notice.next_at > now
    actions.revoke_consent(person_id=visit.person_id, application_id=court.pk, now=now)
    assert Consent.objects.get().revoked_at == now
    everywhere = LogoutNotice.objects.get(why="revoked")
    assert "sid" not in jwt.decode(tasks.logout_token(everywhere, now), keys, algorithms=["RS256"]).claims


def test_a_suspension_of_the_roll_ends_visits_tokens_and_connections(
    court: Application, browser: Browser, platform: str
) -> None:
    Application.objects.update(logout_uri=f"{platform}/nowhere")
    answer = exchange(platform, browser.allowed(asking()).told["code"])
    licence = Licence.objects.get(number=NUMBER)
    Change.objects.create(
        licence=licence, kind="suspend", status="suspended", reason="停止执业", since=dt.date(2026, 1, 1),
        new_firm=licence.firm, recorded_at=clock.now(),
    )  # fmt: skip
    assert tasks.follow_roll(now=clock.now()) == 1 and tasks.follow_roll(now=clock.now()) == 0
    assert Visit.objects.get().ended_why == "status"
    assert AccessToken.objects.get(digest=digest(answer.json()["access_token"])).revoked_at is not None
    assert [n.why for n in LogoutNotice.objects.all()] == ["status"]
    landed = browser.go("/me/")
    assert landed.page is not None and "获取验证码" in landed.page.text


def test_an_application_may_send_the_browser_to_leave_and_back(platform: str, browser: Browser) -> None:
    register("court", post_logout_uris=["http://127.0.0.1:9/bye"])
    answer = exchange(platform, browser.allowed(asking()).told["code"])
    hint = {"id_token_hint": answer.json()["id_token"], "post_logout_redirect_uri": "http://127.0.0.1:9/bye"}
    landed = browser.go(f"/oidc/logout?{urlencode({**hint, 'state': 'x'})}")
    assert landed.url.startswith("http://127.0.0.1:9/bye?state=x")
    assert Visit.objects.get().ended_why == "out"


def test_leaving_without_a_hint_is_asked_first_and_never_leads_outside(court: Application, browser: Browser) -> None:
    browser.allowed(asking())
    landed = browser.go("/oidc/logout?client_id=court&post_logout_redirect_uri=https%3A%2F%2Fevil.example")
    assert landed.page is not None and "要退出" in landed.page.text and Visit.objects.get().ended_at is None
    out = browser.decide(landed, "out")
    assert out.page is not None and "已退出登录" in out.page.text and Visit.objects.get().ended_why == "out"


def test_a_forged_hint_is_refused(court: Application, browser: Browser) -> None:
    browser.allowed(asking())
    landed = browser.go("/oidc/logout?id_token_hint=aaaa.bbbb.cccc")
    assert landed.page is not None and landed.page.status_code == 400 and Visit.objects.get().ended_at is None


def test_another_person_in_the_same_browser_gets_his_own_claims(
    court: Application, browser: Browser, platform: str
) -> None:
    one = claims(platform, exchange(platform, browser.allowed(asking()).told["code"]))
    landed = browser.sign_in(browser.go(asking(prompt="login")), OTHER)
    other = claims(platform, exchange(platform, browser.decide(landed, "allow").told["code"]))
    assert other["sub"] != one["sub"] and other["licence_no"] == OTHER


def passed(number: str) -> None:
    """The live check that was begun in the person's newest visit was passed now."""
    person, now = Person.objects.get(licences__number=number), clock.now()
    Check.objects.create(
        person_id=person.pk, number=number, bureau="11", purpose="step_up", state="passed", requested_at=now,
        visit_id=Visit.objects.latest("started_at").pk, ended_at=now, valid_until=now + dt.timedelta(days=1),
    )  # fmt: skip
