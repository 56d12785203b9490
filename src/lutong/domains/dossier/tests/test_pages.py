"""The faces of the dossier: what a browser gets, and what it does not get."""

import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from lutong.domains.dossier.models import Document
from lutong.domains.dossier.tests.conftest import GU, STRANGER, ZHOU, World, now, pdf, put, upload
from lutong.domains.dossier.tests.test_tasks import work
from lutong.domains.identity.tests.browser import browser
from lutong.kernel.acting import as_actor
from lutong.kernel.tickets import read_read


def addresses(document: Document) -> list[str]:
    base = f"/dossier/{document.court_id}/{document.id}/"
    return [base, *(base + rest for rest in ("pages/", "pages/1/page", "file/original", "file/view", "pdf/", "state"))]


@pytest.fixture
def paper(world: World) -> Document:
    document = put(world, GU, pdf(2), filename="聊天记录.pdf")
    work(world)
    return document


def test_a_page_is_a_redirect_to_the_file_process_with_a_ticket_of_five_minutes(paper: Document) -> None:
    answer = browser(ZHOU).get(f"/dossier/{paper.court_id}/{paper.id}/pages/2/page")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, max-age=240")
    ticket = read_read(urlsplit(answer["Location"]).path.removeprefix("/f/"))
    assert (ticket.person_id, ticket.media_type, ticket.disposition) == (ZHOU.person_id, "image/webp", "inline")
    assert len(ticket.sha256) == 64


def test_the_original_is_always_an_attachment(paper: Document) -> None:
    answer = browser(ZHOU).get(f"/dossier/{paper.court_id}/{paper.id}/file/original")
    ticket = read_read(urlsplit(answer["Location"]).path.removeprefix("/f/"))
    assert (ticket.disposition, ticket.name, ticket.sha256) == ("attachment", "聊天记录.pdf", paper.sha256)


def test_every_door_is_shut_to_a_stranger_as_if_there_were_no_such_document(paper: Document) -> None:
    client = browser(STRANGER)
    known = {(a := client.get(url)).status_code: a.content for url in addresses(paper)}
    assert set(known) == {404}
    paper.id = uuid.uuid4()
    bodies = {client.get(url).content for url in addresses(paper)} | set(known.values())
    assert len({_without_tokens(body) for body in bodies}) == 1


def _without_tokens(body: bytes) -> bytes:
    return re.sub(rb'(X-CSRFToken": "|lutong-events" content=")[^"]*|csrfmiddlewaretoken" value="[^"]*', b"", body)


@pytest.mark.parametrize(
    "rest", ["pages/0/page", "pages/99999999999999999999/page", "pages/1/huge", "file/secret", "pages/3/page"]
)
def test_pages_and_copies_that_do_not_exist_are_not_found(paper: Document, rest: str) -> None:
    assert browser(ZHOU).get(f"/dossier/{paper.court_id}/{paper.id}/{rest}").status_code == 404


def test_a_court_number_beyond_all_courts_is_not_found(paper: Document) -> None:
    assert browser(ZHOU).get(f"/dossier/{10**30}/{paper.id}/").status_code == 404


def test_the_viewer_shows_its_watermark_and_is_kept_in_no_cache(paper: Document) -> None:
    answer = browser(ZHOU).get(f"/dossier/{paper.court_id}/{paper.id}/pages/")
    page = answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert f'data-mark="{ZHOU}' in page
    assert page.count('class="vw__page"') == 2
    assert " style=" not in page


def test_state_tells_which_pages_are_there(paper: Document) -> None:
    answer = browser(ZHOU).get(f"/dossier/{paper.court_id}/{paper.id}/state")
    assert json.loads(answer.content) == {"state": "ready", "ready": [[1, 2]], "blank": []}


@pytest.mark.parametrize(
    ("first", "last", "status"), [("1", "2", 204), ("2", "1", 422), ("1", "3", 422), ("x", "2", 422)]
)
def test_printing_needs_pages_that_exist(paper: Document, first: str, last: str, status: int) -> None:
    address = f"/dossier/{paper.court_id}/{paper.id}/print"
    assert browser(ZHOU).post(address, {"first": first, "last": last}).status_code == status


def test_the_volume_desk_is_not_there_for_lawyers_nor_for_another_court(world: World, paper: Document) -> None:
    for actor, status in ((ZHOU, 404), (world.other_court, 404), (world.recorder, 200)):
        assert browser(actor).get(f"/desk/dossier/{world.case_id}/").status_code == status


def posted(world: World, client: Client, **fields: Any) -> Any:
    return client.post(f"/desk/dossier/{world.case_id}/arrange/", fields)


def test_a_recorder_moves_a_paper_up_and_a_form_of_nonsense_is_refused(world: World, paper: Document) -> None:
    second = put(world, GU, pdf(1), filename="第二份.pdf", place=2)
    client = browser(world.recorder)
    fields = {"paper": [str(paper.id), str(second.id)], f"volume-{paper.id}": "main", f"volume-{second.id}": "main",
              f"place-{paper.id}": "1", f"place-{second.id}": "2"}  # fmt: skip
    assert posted(world, client, **fields, up=str(second.id)).status_code == 302
    with as_actor(world.recorder):
        order = Document.objects.filter(court_id=world.court_id, case_id=world.case_id).order_by("place")
        assert [d.id for d in order] == [second.id, paper.id]
    assert posted(world, client, paper=["nonsense"]).status_code == 422
    assert posted(world, client, paper=[str(paper.id)]).status_code == 409
    assert posted(world, client, **(fields | {f"volume-{paper.id}": "attic"})).status_code == 422
    hidden = posted(world, client, **(fields | {f"volume-{paper.id}": "sub"}))
    assert (hidden.status_code, "代理人有权查阅" in hidden.content.decode()) == (409, True)


def test_court_papers_need_a_kind_and_a_file_of_this_desk(world: World) -> None:
    client = browser(world.recorder)
    address = f"/desk/dossier/{world.case_id}/papers/"
    assert client.post(address, {"kind": "judgment"}).status_code == 422
    one = upload(world.recorder, pdf(1), "application/pdf", "判决书.pdf")
    assert client.post(address, {"kind": "judgment", "upload": str(one.id)}).status_code == 422
    with as_actor(world.recorder):
        type(one).objects.filter(lawyer_id=one.lawyer_id, id=one.id).update(purpose=f"volume:{world.case_id.hex}")
    assert client.post(address, {"kind": "", "upload": str(one.id)}).status_code == 422
    assert client.post(address, {"kind": "judgment", "upload": str(one.id)}).status_code == 302


def test_a_bundle_is_ordered_made_and_taken(world: World, paper: Document) -> None:
    client = browser(ZHOU)
    address = f"/dossier/{world.court_id}/case/{world.case_id}/bundle/"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert "已排队" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    work(world)
    page = client.get(address).content.decode()
    take = next(part.split('"')[0] for part in page.split('href="') if part.split('"')[0].endswith("/file"))
    assert client.get(take).status_code == 302
    assert browser(GU).get(take).status_code == 404


def test_a_stranger_orders_no_bundle(world: World, paper: Document) -> None:
    client = browser(STRANGER)
    address = f"/dossier/{world.court_id}/case/{world.case_id}/bundle/"
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert client.get(f"/dossier/{world.court_id}/case/{world.case_id}/volume/").status_code == 404


def test_over_the_api_counsel_lists_reads_and_gets_an_address(world: World, paper: Document) -> None:
    client = browser(ZHOU)
    volume = client.get(f"/api/v1/cases/{world.court_id}/{world.case_id}/documents").json()
    assert [(p["title"], p["kind_label"]) for p in volume["papers"]] == [("聊天记录.pdf", "证据材料")]
    assert volume["complete"] is True
    one = client.get(f"/api/v1/documents/{world.court_id}/{paper.id}").json()
    assert one["sha256"] == paper.sha256
    answer = client.post(f"/api/v1/documents/{world.court_id}/{paper.id}/address")
    assert answer.status_code == 200
    assert read_read(urlsplit(answer.json()["url"]).path.removeprefix("/f/")).sha256 == paper.sha256
    assert now().isoformat() < answer.json()["expires_at"]
    stranger = browser(STRANGER)
    assert stranger.get(f"/api/v1/documents/{world.court_id}/{paper.id}").status_code == 404
    assert stranger.post(f"/api/v1/documents/{world.court_id}/{paper.id}/address").status_code == 404
