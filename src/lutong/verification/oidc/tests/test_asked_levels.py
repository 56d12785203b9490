"""An application that asks for a level gets it or nothing: what is led to, what is answered, and who is sent back."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from lutong.kernel import clock
from lutong.verification.entrance.models import Passkey
from lutong.verification.entrance.rules import Acr, Way, acr_of, level_to_state
from lutong.verification.entrance.tests.devices import Device
from lutong.verification.oidc.models import AuthorizationCode
from lutong.verification.oidc.pages import authorize
from lutong.verification.oidc.tests.conftest import NUMBER, Browser, Landing, by_passkey, register
from lutong.verification.oidc.tests.test_levels import told
from lutong.verification.oidc.tests.test_protocol import LIVE, asking, passed

CODE, PASSKEY = "urn:lutong:acr:code", "urn:lutong:acr:passkey"
Rule = Callable[..., Acr | None]
EVERY_ASK = [(), (Acr.CODE,), (Acr.PASSKEY,), (Acr.LIVE,), (Acr.PASSKEY, Acr.LIVE), (Acr.LIVE, Acr.PASSKEY)]


# ---- The rule


def shown(way: Way, live: bool) -> set[Acr]:
    """What a visit has proven, written out."""
    return {
        (Way.CODE, False): {Acr.CODE}, (Way.CODE, True): {Acr.CODE, Acr.LIVE},
        (Way.PASSKEY, False): {Acr.CODE, Acr.PASSKEY}, (Way.PASSKEY, True): {Acr.CODE, Acr.PASSKEY, Acr.LIVE},
    }[way, live]  # fmt: skip


def lies(rule: Rule) -> Iterator[str]:
    """Every case in which a rule states more than was proven, another level than asked, or refuses for nothing."""
    for asked in EVERY_ASK:
        for way in Way:
            for live in (False, True):
                stated, proven = rule(asked=asked, way=way, live=live), shown(way, live)
                enough = not asked or bool(set(asked) & proven)
                if (stated in proven and (not asked or stated in asked)) if enough else stated is None:
                    continue
                yield f"{[str(one) for one in asked]} by {way}{' live' if live else ''}: {stated}"


def test_the_level_that_is_stated_was_asked_and_proven() -> None:
    assert list(lies(level_to_state)) == []
    assert level_to_state(asked=(), way=Way.PASSKEY, live=True) is Acr.LIVE
    assert level_to_state(asked=(Acr.LIVE, Acr.PASSKEY), way=Way.PASSKEY, live=True) is Acr.LIVE
    assert level_to_state(asked=(Acr.PASSKEY, Acr.LIVE), way=Way.PASSKEY, live=True) is Acr.PASSKEY


def echoed(*, asked: Sequence[Acr], way: Way, live: bool) -> Acr | None:
    """Naive: states what was asked."""
    return asked[0] if asked else acr_of(way=way, live=live)


def ordered(*, asked: Sequence[Acr], way: Way, live: bool) -> Acr | None:
    """Naive: a ladder, on which a live check after a code stands above the passkey."""
    ladder, held = list(Acr), acr_of(way=way, live=live)
    return held if not asked or any(ladder.index(held) >= ladder.index(one) for one in asked) else None


def unminded(*, asked: Sequence[Acr], way: Way, live: bool) -> Acr | None:
    """Naive, and as it was: a passkey may be asked for, but nobody minds."""
    return acr_of(way=way, live=live) if Acr.LIVE not in asked or live else None


@pytest.mark.parametrize("naive", [echoed, ordered, unminded])
def test_a_naive_rule_is_found(naive: Rule) -> None:
    assert list(lies(naive))


# ---- At the provider


def stopped(landing: Landing, words: str) -> Landing:
    """The browser stands at a page of the platform that says so, and the application has nothing."""
    assert landing.page is not None, landing.url
    assert landing.page.status_code == 200 and words in landing.page.text, landing.page.text
    assert not AuthorizationCode.objects.exists()
    return landing


def gets_past_with_a_code(browser: Browser) -> bool:
    """True if somebody with nothing but his telephone number gets a code for the application."""
    landing = browser.sign_in(browser.go(asking(acr_values=PASSKEY)))
    if landing.page is not None and "同意并继续" in landing.page.text:
        landing = browser.decide(landing, "allow")
    return landing.page is None and "code" in landing.told


def test_a_code_by_message_does_not_pass_for_a_passkey(platform: str, browser: Browser, device: Device) -> None:
    assert not gets_past_with_a_code(browser)
    assert not AuthorizationCode.objects.exists()


def test_a_provider_that_does_not_mind_is_found(
    platform: str, browser: Browser, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authorize, "level_to_state", unminded)
    assert gets_past_with_a_code(browser)


def test_the_sign_in_says_that_a_passkey_is_wanted_and_takes_it(
    platform: str, browser: Browser, device: Device
) -> None:
    landing = browser.go(asking(acr_values=PASSKEY))
    assert landing.page is not None and "要求用通行密钥登录" in landing.page.text
    stated = told(platform, browser.decide(by_passkey(browser, device, landing), "allow"))
    assert stated["acr"] == PASSKEY and stated["amr"] == ["pop", "user", "mfa"]


def test_whoever_came_by_code_is_led_to_his_passkey_and_on(platform: str, browser: Browser, device: Device) -> None:
    landing = stopped(browser.sign_in(browser.go(asking(acr_values=PASSKEY))), "您添加过：手机")
    stated = told(platform, browser.decide(by_passkey(browser, device, landing), "allow"))
    assert stated["acr"] == PASSKEY


def test_whoever_has_no_passkey_adds_one_and_comes_back(platform: str, browser: Browser) -> None:
    register("court")
    landing = stopped(browser.sign_in(browser.go(asking(acr_values=PASSKEY))), "您还没有能用的通行密钥")
    assert landing.page is not None
    way = landing.page.text.split('href="/me/passkeys/add/?next=')[1].split('"')[0]
    adding, fresh = browser.go(f"/me/passkeys/add/?next={way}"), Device(origin=platform)
    assert adding.page is not None and adding.page.status_code == 200
    options = adding.page.text.split('<script type="application/json">')[1].split("</script>")[0]
    sent = {"credential": fresh.make(json.loads(options)), "name": "手机", "next": browser._next(adding)}
    back = stopped(browser.go("/me/passkeys/add/", sent), "您添加过：手机")
    assert told(platform, browser.decide(by_passkey(browser, fresh, back), "allow"))["acr"] == PASSKEY


def test_a_key_that_was_stopped_is_not_offered(platform: str, browser: Browser, device: Device) -> None:
    Passkey.objects.update(stopped_at=clock.now())
    stopped(browser.sign_in(browser.go(asking(acr_values=PASSKEY))), "您还没有能用的通行密钥")


def test_a_live_check_after_a_code_is_no_passkey_unless_the_application_takes_either(
    platform: str, browser: Browser, device: Device
) -> None:
    browser.sign_in(browser.go("/sign-in/"))
    passed(NUMBER)
    stopped(browser.go(asking(acr_values=PASSKEY)), "需要通行密钥")
    either = browser.decide(browser.go(asking(acr_values=f"{PASSKEY} {LIVE}")), "allow")
    assert told(platform, either)["acr"] == LIVE


def test_an_application_that_takes_either_offers_both(platform: str, browser: Browser, device: Device) -> None:
    landing = browser.sign_in(browser.go(asking(acr_values=f"{PASSKEY} {LIVE}")))
    stopped(landing, "改做实人核验")
    only = browser.go(asking(acr_values=PASSKEY))
    assert only.page is not None and "改做实人核验" not in only.page.text


def test_silence_is_answered_that_the_person_is_needed(platform: str, browser: Browser, device: Device) -> None:
    assert browser.go(asking(acr_values=PASSKEY, prompt="none")).told["error"] == "login_required"
    browser.allowed(asking())
    assert browser.go(asking(acr_values=PASSKEY, prompt="none")).told["error"] == "interaction_required"
    assert "code" in browser.go(asking(acr_values=CODE, prompt="none")).told


def test_going_back_without_one_tells_the_application_that_the_level_was_not_met(
    platform: str, browser: Browser, device: Device
) -> None:
    landing = stopped(browser.sign_in(browser.go(asking(acr_values=PASSKEY))), "需要通行密钥")
    back = browser.decide(landing, "deny").told
    assert back["error"] == "unmet_authentication_requirements" and back["state"] == "st" and back["iss"] == platform


def test_a_level_that_nobody_knows_is_a_wish(platform: str, browser: Browser, device: Device) -> None:
    stated = told(platform, browser.allowed(asking(acr_values="urn:elsewhere:gold 0")))
    assert stated["acr"] == CODE
