"""Every page of this service in every state that somebody can meet, for browsers that look at them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.test import Client

from lutong.kernel import clock
from lutong.verification.livecheck import actions
from lutong.verification.livecheck.models import Check
from lutong.verification.oidc.models import Application
from lutong.verification.registry.models import Licence, Person
from lutong.verification.tests.people import (
    CHAOYANG,
    HOLDERS,
    LAWYER,
    OFFICERS,
    TRAINEE,
    World,
    actor_of,
    begun_by,
    browser_of,
    film_of,
    officer,
)

REASON = "面部与名册照片一致，是活人，朗读的就是这句话"


@dataclass(frozen=True)
class Page:
    """A page as somebody meets it: where, who, and what he does there first."""

    name: str
    client: Client
    path: str
    act: Callable[[Any], None] | None = None  # given the page of the browser


def pages(world: World) -> Iterator[Page]:
    """All of them; making the states writes to the database."""
    for path in ("/", "/about/privacy/", "/about/source/", "/sign-in/", "/signed-out/", "/verify/", "/demo/",
                 "/control", "/bureau/sign-in/", "/nothing/", "/oidc/authorize"):  # fmt: skip
        yield Page(path.strip("/").replace("/", "-") or "home", world.clients["visitor"], path)
    yield Page("sign-in-unknown", Client(), "/sign-in/", _send("证号"))
    yield Page("sign-in-code", Client(), "/sign-in/", _send(LAWYER))
    yield Page("sign-in-code-wrong", Client(), "/sign-in/", _then(_send(TRAINEE), _send("000000")))
    yield Page("sign-in-pause", Client(), "/sign-in/", _send(LAWYER))  # the second code within a minute: 429
    yield Page("desk-sign-in-wrong", Client(), "/bureau/sign-in/", _send("SF-11-001"))
    cache.set("officer:paused", 99, 300)
    yield Page("desk-sign-in-pause", Client(), "/bureau/sign-in/", _send("paused"))
    yield from _of_holders(world)
    yield from _of_checks()
    yield from _of_applications(world)
    yield from _of_bureaus(world)
    yield from _of_desks(world)


def _of_holders(world: World) -> Iterator[Page]:
    for who in HOLDERS:
        for path in ("/me/", "/card/"):
            yield Page(f"{who}-{path.strip('/')}", world.clients[who], path)
    yield Page("passkey-add", world.clients["lawyer"], "/me/passkeys/add/")
    yield Page("passkey", world.clients["lawyer"], f"/me/passkeys/{world.things['key_id']}/")
    yield Page("applications", world.clients["lawyer"], "/me/applications/")
    yield Page("applications-none", world.clients["other"], "/me/applications/")
    yield Page("live-none", world.clients["trainee"], "/live/")
    yield Page("live-at-window", world.clients["suspended"], "/live/?window=京0105")
    yield Page("live-open", world.clients["lawyer"], "/live/")
    yield Page("live-foreign", world.clients["other"], f"/live/{world.at_court.pk}/")


def _of_checks() -> Iterator[Page]:
    now = clock.now()
    numbers = iter(
        Licence.objects.filter(bureau="11", status="active")
        .exclude(number__in=HOLDERS.values()).order_by("number").values_list("number", flat=True)
    )  # fmt: skip

    def page(name: str, number: str, check: Check, act: Callable[[Any], None] | None = None) -> Page:
        return Page(f"live-{name}", browser_of(number), f"/live/{check.pk}/", act)

    number = next(numbers)
    yield page("requested", number, begun_by(number))
    yield page("requested-refused", number, begun_by(number), _refused_consent)
    number, officers = next(numbers), officer(OFFICERS["bureau"])
    check = begun_by(number)
    actions.consent(actor=actor_of(number), check_id=check.pk, method="manual", court="朝阳", agreed=True, now=now)
    yield page("consented", number, check)
    number = next(numbers)
    check = begun_by(number)
    actions.consent(actor=actor_of(number), check_id=check.pk, method="manual", agreed=True, now=now)
    actions.begin_recording(actor=actor_of(number), check_id=check.pk, now=now)
    yield page("recording", number, check)
    number = next(numbers)
    yield page("submitted", number, film_of(number, court=None))
    number = next(numbers)
    check = film_of(number, court=None)
    actions.take(actor=officers, check_id=check.pk, now=now)
    yield page("reviewed", number, check)
    for passed in (True, False):
        number = next(numbers)
        check = film_of(number, court=None)
        actions.take(actor=officers, check_id=check.pk, now=now)
        actions.decide(actor=officers, check_id=check.pk, passed=passed, reason=REASON, now=now)
        yield page("passed" if passed else "failed", number, check)
        yield Page(f"live-after-{passed}", browser_of(number), "/live/")
    number = next(numbers)
    check = film_of(number, court=None)
    actions.withdraw(actor=actor_of(number), check_id=check.pk, now=now)
    yield page("withdrawn", number, check)
    number = next(numbers)
    check = begun_by(number)
    Check.objects.filter(pk=check.pk).update(requested_at=now - dt.timedelta(hours=1))
    actions.sweep(now=now)
    yield page("expired", number, check)


def _of_applications(world: World) -> Iterator[Page]:
    application = Application.objects.get(client_id="demo-firm-software")
    asked = (
        f"/oidc/authorize?response_type=code&client_id={application.client_id}&redirect_uri=http://127.0.0.1/callback"
        "&scope=openid+licence+firm&state=s&nonce=n&code_challenge_method=S256&code_challenge=" + "a" * 43
    )
    yield Page("authorize-sign-in", Client(), asked)
    yield Page("authorize-live", world.clients["other"], asked)
    yield Page("authorize-barred", world.clients["suspended"], asked)
    by_key = asked + "&acr_values=urn:lutong:acr:passkey"
    yield Page("authorize-sign-in-passkey", Client(), by_key)
    Person.objects.filter(pk=actor_of(LAWYER).person_id).update(assured_at=clock.now())
    actions.vouch(actor=officer(OFFICERS["bureau"]), number=TRAINEE, reason=REASON, now=clock.now())
    yield Page("authorize-consent", world.clients["trainee"], asked)
    yield Page("authorize-passkey", world.clients["lawyer"], by_key)
    yield Page("authorize-passkey-none", world.clients["trainee"], by_key)
    yield Page("logout", world.clients["other"], "/oidc/logout")
    yield Page("registered", world.clients["ministry"], "/bureau/applications/")
    yield Page("register", world.clients["ministry"], "/bureau/applications/new/")
    yield Page("register-refused", world.clients["ministry"], "/bureau/applications/new/", _send(""))
    platform = Application.objects.get(client_id="lutong")
    yield Page("register-one", world.clients["ministry"], f"/bureau/applications/{platform.pk}/")


def _of_bureaus(world: World) -> Iterator[Page]:
    desk, uscc = world.clients["bureau"], world.things["uscc"]
    for path in ("", "?q=没有这个人", "list/trainees/", "list/grassroots/", f"people/{LAWYER}/",
                 f"people/{HOLDERS['suspended']}/", f"people/{LAWYER}/enter/", "grant/lawyers/", "grant/trainees/",
                 "grant/grassroots/", "firms/", "firms/?q=没有", "firms/new/", f"firms/{uscc}/", "feeds/",
                 "trail/"):  # fmt: skip
        yield Page("bureau-" + path.strip("/").replace("/", "-"), desk, f"/bureau/{path}")
    yield Page("bureau-enter-refused", desk, f"/bureau/people/{LAWYER}/enter/", _send(None))
    yield Page("bureau-enter-seen", desk, f"/bureau/people/{LAWYER}/enter/", _look_at_effect)
    yield Page("bureau-grant-refused", desk, "/bureau/grant/lawyers/", _send("1"))
    yield Page("bureau-firm-refused", desk, "/bureau/firms/new/", _send("1"))
    yield Page("ministry-trail", world.clients["ministry"], "/bureau/trail/", _open_changes)
    yield Page("ministry-feeds", world.clients["ministry"], "/bureau/feeds/")
    yield Page("ministry-refused", world.clients["ministry"], f"/bureau/people/{LAWYER}/enter/")


def _of_desks(world: World) -> Iterator[Page]:
    waiting = Check.objects.filter(state="submitted", court="").earliest("submitted_at")
    yield Page("desk-live", world.clients["bureau"], "/bureau/live/")
    yield Page("desk-live-waits", world.clients["bureau"], f"/bureau/live/{waiting.pk}/")
    yield Page("desk-live-mine", world.clients["bureau"], f"/bureau/live/{world.at_bureau.pk}/")
    yield Page("desk-live-refused", world.clients["bureau"], f"/bureau/live/{world.at_bureau.pk}/", _send(None))
    decided = Check.objects.filter(state="passed").exclude(film_until=None).first()
    assert decided is not None
    yield Page("desk-live-decided", world.clients["bureau"], f"/bureau/live/{decided.pk}/")
    yield Page("desk-counter-refused", world.clients["bureau"], "/bureau/live/", _send("99999999"))
    yield Page("court-live", world.clients["court"], "/bureau/live/")
    yield Page("court-live-mine", world.clients["court"], f"/bureau/live/{world.at_court.pk}/")
    yield Page("court-live-none", world.clients["othercourt"], "/bureau/live/")
    yield Page("court-roll", world.clients["court"], "/bureau/")


def _send(word: str | None) -> Callable[[Any], None]:
    """Put a word into the first field of the page's form and send it as it is."""

    def act(page: Any) -> None:
        form = page.locator("main form[method=post]").first
        if word is not None:
            form.locator("input:not([type=hidden])").first.fill(word)
        with page.expect_navigation():
            form.evaluate("form => { form.noValidate = true; form.requestSubmit() }")

    return act


def _open_changes(page: Any) -> None:
    page.locator(".vfchg summary").first.click()


def _then(*acts: Callable[[Any], None]) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        for one in acts:
            one(page)

    return act


def _refused_consent(page: Any) -> None:
    page.check('input[name="desk"][value="court"]')
    page.check('input[name="agreed"]')
    page.fill("#court", CHAOYANG[-4:])  # 人民法院: there are several
    _send(None)(page)


def _look_at_effect(page: Any) -> None:
    page.select_option("#kind", "punish")
    page.select_option("#article", index=1)
    page.fill('[name="effective_on"]', clock.beijing_date(clock.now()).isoformat())
    page.fill("#document_no", "京司罚〔2026〕12号")
    page.fill("#reason", "违反规定会见当事人，予以警告")
    with page.expect_navigation():
        page.click("button[value=look]")
