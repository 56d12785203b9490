"""A licence that is not in force any more: what the registry's feed says reaches everything of the lawyer at once."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from lutong.domains.audit.queries import list_own_events
from lutong.domains.dossier import actions as dossier
from lutong.domains.dossier.models import Upload
from lutong.domains.identity import actions
from lutong.domains.identity.models import ApiToken, FeedPosition, Lawyer
from lutong.domains.identity.tests.browser import browser
from lutong.domains.identity.tests.conftest import ZHOU_LAN, Bureau
from lutong.domains.notices.models import Notice
from lutong.gateways.registry.port import RegistryDown
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, NotAllowed

REASON = "受到停止执业三个月的行政处罚"


@pytest.fixture
def everything(lawyer: Actor) -> dict[str, Any]:
    """周岚 at work: an open page, a program, an upload under way."""
    now = clock.now()
    _, word = actions.create_token(actor=lawyer, name="律所系统", scopes=["cases:read"], days=30, now=now)
    upload = dossier.begin_upload(
        actor=lawyer,
        purpose="filing:1",
        slot="",
        filename="证据.pdf",
        size=100,
        object_key="k1",
        sealed_key=b"x",
        now=now,
    )
    actions.follow_registry(now=now)
    return {"page": browser(lawyer), "word": word, "upload": upload.id}


def suspend(bureau: Bureau) -> None:
    bureau.decide(ZHOU_LAN, "suspended", REASON)
    assert actions.follow_registry(now=clock.now()) >= 1


def test_a_suspension_ends_sessions_tokens_and_uploads(
    lawyer: Actor, bureau: Bureau, everything: dict[str, Any], client: Client
) -> None:
    page: Client = everything["page"]
    assert page.get("/account/").status_code == 200, "before, all is well"
    suspend(bureau)

    refused = page.get("/account/")
    text = refused.content.decode()
    assert refused.status_code == 403
    assert REASON in text
    assert "申请恢复执业" in text, "the remedy"
    assert "窗口" in text, "the substitute path for what is bound to a period"
    assert page.get("/account/").status_code == 302, "the session is over"

    program = client.get("/api/v1/cases", headers={"Authorization": f"Bearer {everything['word']}"})
    assert (program.status_code, program.json()["reason"]) == (403, REASON)
    assert ApiToken.objects.get(lawyer_id=lawyer.person_id).revoked_at is not None

    upload = Upload.objects.get(lawyer_id=lawyer.person_id, id=everything["upload"])
    assert (upload.state, upload.refusal["code"]) == ("refused", "licence_not_in_force")
    with pytest.raises(Conflict):
        dossier.finish_upload(
            actor=lawyer, upload_id=upload.id, sha256="0" * 64, sm3="0" * 64, media_type="application/pdf", pages=1,
            warnings=[], now=clock.now(),
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        dossier.begin_upload(
            actor=lawyer, purpose="filing:1", slot="", filename="又一份.pdf", size=9, object_key="k2", sealed_key=b"x",
            now=clock.now(),
        )  # fmt: skip


def test_what_happened_stands_in_the_trail_and_in_the_notices(
    lawyer: Actor, bureau: Bureau, everything: dict[str, Any]
) -> None:
    suspend(bureau)
    bureau.decide(ZHOU_LAN, "active", "停止执业期满，恢复执业")
    actions.follow_registry(now=clock.now() + dt.timedelta(seconds=1))
    acts = [event.action for event in list_own_events(actor=lawyer)]
    assert acts.count("identity.standing_changed") == 2
    titles = list(Notice.objects.filter(lawyer_id=lawyer.person_id).order_by("at").values_list("title", flat=True))
    assert titles == ["执业状态变为“停止执业”，已停止使用平台", "已恢复执业，可以继续办理"]
    assert everything["page"].get("/account/").status_code == 200, "and he works again"


def test_a_page_that_asks_in_the_background_leaves_the_reason_to_the_page(
    bureau: Bureau, everything: dict[str, Any]
) -> None:
    page: Client = everything["page"]
    suspend(bureau)
    assert page.get("/counts/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 403
    assert REASON in page.get("/account/", headers={"Sec-Fetch-Mode": "navigate"}).content.decode()


def test_the_feed_is_taken_in_once_and_in_order_and_silence_loses_nothing(
    lawyer: Actor, bureau: Bureau, everything: dict[str, Any]
) -> None:
    suspend(bureau)
    known = FeedPosition.objects.get(name="registry")
    assert actions.follow_registry(now=clock.now()) == 0
    bureau.decide(ZHOU_LAN, "active", "恢复执业")
    for mode in ("down", "wrong_signature", "unsigned", "stale", "replayed"):
        bureau.misbehave(mode)
        with pytest.raises(RegistryDown):
            actions.follow_registry(now=clock.now())
        assert Lawyer.objects.get(lawyer_id=lawyer.person_id).status == "suspended", mode
    assert FeedPosition.objects.get(name="registry").seq == known.seq
    assert FeedPosition.objects.get(name="registry").trouble
    bureau.misbehave("normal")
    assert actions.follow_registry(now=clock.now()) >= 1
    assert Lawyer.objects.get(lawyer_id=lawyer.person_id).status == "active"


def test_the_last_known_word_counts_while_the_registry_is_silent(lawyer: Actor, bureau: Bureau) -> None:
    from lutong.domains.identity.models import Account

    suspend(bureau)
    bureau.misbehave("down")
    with pytest.raises(NotAllowed, match="停止执业"):
        actions.sign_in(account=Account.objects.get(pk=lawyer.person_id), now=clock.now())
