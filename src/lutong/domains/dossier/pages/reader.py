"""阅卷: the viewer, its pages as pictures, and the files themselves. Bytes come from the file process by ticket."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lutong.domains.cases.queries import get_case
from lutong.domains.courts.queries import document_label
from lutong.domains.dossier import actions, queries
from lutong.domains.identity.queries import get_lawyer
from lutong.kernel import clock
from lutong.kernel.actor import Actor
from lutong.kernel.errors import Conflict, Invalid, NotFound
from lutong.kernel.faces import actor_in, signed_in, whole_number

COPIES: dict[str, Literal["original", "view"]] = {"original": "original", "view": "view"}
SIZES = ("thumb", "page")
REDIRECT_LIFE = 240  # seconds that a browser may keep an address whose ticket lives 300
DRAWN_BY_SERVER = 60  # pages that stand in the HTML; the island adds the others
MOST_PRINTED = 200  # pages at once: more than that is a download


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page as the template draws it: its number, its size in CSS pixels, and whether its picture is there."""

    number: int
    width: int
    height: int
    ready: bool


@require_GET
@signed_in
def show(request: HttpRequest, court_id: int, document_id: UUID) -> HttpResponse:
    """The full viewer: the papers of the case beside the pages of one."""
    actor = actor_in(request)
    document = _look(actor, court_id, document_id)
    papers = queries.neighbours(actor=actor, document=document)
    home = _home(actor, document)
    return _fresh(
        render(request, "dossier/document.html", _reading(actor, document) | home | {"papers": papers})
    )  # fmt: skip


@require_GET
@signed_in
def pages(request: HttpRequest, court_id: int, document_id: UUID) -> HttpResponse:
    """The viewer alone, for the court's review and the case's 电子卷宗."""
    actor = actor_in(request)
    document = _look(actor, court_id, document_id)
    return _fresh(render(request, "dossier/_viewer.html", _reading(actor, document) | {"embedded": True}))


@require_GET
@signed_in
def page(request: HttpRequest, court_id: int, document_id: UUID, number: int, size: str) -> HttpResponse:
    """One picture: off to the file process with a fresh ticket."""
    if size not in SIZES:
        raise NotFound("没有这份材料，或您无权查看")
    ticket = actions.open_page(
        actor=actor_in(request), court_id=court_id, document_id=document_id, number=number, size=size, now=clock.now()
    )
    response = _to_files(ticket)
    response["Cache-Control"] = f"private, max-age={REDIRECT_LIFE}"
    return response


@require_GET
@signed_in
def file(request: HttpRequest, court_id: int, document_id: UUID, copy: str) -> HttpResponse:
    """Download of the original or of the view copy."""
    if copy not in COPIES:
        raise NotFound("没有这份材料，或您无权查看")
    ticket = actions.open_file(
        actor=actor_in(request), court_id=court_id, document_id=document_id, copy=COPIES[copy], how="download",
        now=clock.now(),
    )  # fmt: skip
    return _fresh(_to_files(ticket))


@require_GET
@signed_in
def pdf(request: HttpRequest, court_id: int, document_id: UUID) -> HttpResponse:
    """文本阅读: the view copy in pdf.js, to search and select."""
    actor = actor_in(request)
    document = queries.get_document(actor=actor, court_id=court_id, document_id=document_id)
    if document.view_state != "ready":
        return redirect("document", court_id, document_id)
    ticket = actions.open_file(
        actor=actor, court_id=court_id, document_id=document_id, copy="view", how="read", now=clock.now()
    )
    more = {
        "document": document,
        "source": _address(ticket),
        "mark": _mark(actor),
        "label": document_label(document.kind),
    }
    return _fresh(render(request, "dossier/pdf.html", more | _home(actor, document)))


@require_GET
@signed_in
def state(request: HttpRequest, court_id: int, document_id: UUID) -> JsonResponse:
    """Which pages can be shown by now; the viewer asks while it waits."""
    actor = actor_in(request)
    document = queries.get_document(actor=actor, court_id=court_id, document_id=document_id)
    made, blank = queries.pages_made(actor=actor, court_id=court_id, document_id=document_id)
    body = {"state": document.view_state, "ready": _spans(made), "blank": _spans(blank)}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


@require_POST
@signed_in
def want(request: HttpRequest, court_id: int, document_id: UUID) -> HttpResponse:
    """A reader waits at a page that is not drawn yet."""
    number = whole_number(request.POST.get("page"))
    actions.want_pages(
        actor=actor_in(request), court_id=court_id, document_id=document_id, number=number, now=clock.now()
    )
    return HttpResponse(status=204)


@require_POST
@signed_in
def printing(request: HttpRequest, court_id: int, document_id: UUID) -> HttpResponse:
    """Write down that pages are printed, before the browser prints them."""
    first, last = whole_number(request.POST.get("first")), whole_number(request.POST.get("last"))
    document = queries.get_document(actor=actor_in(request), court_id=court_id, document_id=document_id)
    if not 1 <= first <= last <= (document.pages or 0):
        raise Invalid(f"页码不对，请填 1 至 {document.pages or 0} 之间的页码", fields={"first": "请检查起止页码"})
    if last - first >= MOST_PRINTED:
        raise Conflict(f"一次最多打印 {MOST_PRINTED} 页；更多页请下载后打印")
    actions.note_look(
        actor=actor_in(request), court_id=court_id, document_id=document_id, how="print", first=first, last=last,
        now=clock.now(),
    )  # fmt: skip
    return HttpResponse(status=204)


def _look(actor: Actor, court_id: int, document_id: UUID) -> Any:
    return actions.note_look(actor=actor, court_id=court_id, document_id=document_id, how="view", now=clock.now())


def _reading(actor: Actor, document: Any) -> dict[str, Any]:
    made, _ = queries.pages_made(actor=actor, court_id=document.court_id, document_id=document.id)
    return {
        "document": document,
        "label": document_label(document.kind),
        "leaves": list(islice(_leaves(document, made), DRAWN_BY_SERVER)),
        "shapes": json.dumps(document.shapes),
        "ready": json.dumps(_spans(made)),
        "mark": _mark(actor),
        "most_printed": MOST_PRINTED,
    }


def _leaves(document: Any, made: set[int]) -> Iterator[Leaf]:
    number = 0
    if document.view_state != "ready" or (document.pages or 0) > queries.MOST_PAGES:
        return
    for count, width, height in document.shapes:
        for _ in range(count):
            number += 1
            yield Leaf(number, width, height, number in made)


def _mark(actor: Actor) -> str:
    """The words laid over every page, so that a photograph of the screen says whose screen it was."""
    lawyer = get_lawyer(lawyer_id=actor.person_id) if actor.is_lawyer else None
    who = f"{actor.name} 执业证尾号 {lawyer.licence_no[-4:]}" if lawyer else str(actor)
    return f"{who} {clock.now().astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"


def _home(actor: Actor, document: Any) -> dict[str, Any]:
    """Where the document lies, for the crumbs and the navigation."""
    if document.case_id is None:
        name = "desk-filings" if actor.is_staff else "filing"
        return {"here": name, "case": None, "list_url": reverse(name), "case_url": ""}
    name = "desk-cases" if actor.is_staff else "cases"
    # Who submitted a paper may read it after he left the case, which itself is closed to him then.
    try:
        case = get_case(actor=actor, court_id=document.court_id, case_id=document.case_id)
    except NotFound:
        return {"here": name, "case": None, "list_url": reverse(name), "case_url": ""}
    if actor.is_staff:
        url = reverse("desk-case", args=[case.id])
    else:
        url = reverse("case-tab", args=[case.court_id, case.id, "dossier"])
    return {"here": name, "case": case, "list_url": reverse(name), "case_url": url}


def _spans(numbers: set[int]) -> list[list[int]]:
    """[[1, 60], [81, 100]]: two thousand pages in a line."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans


def _to_files(ticket: str) -> HttpResponse:
    return HttpResponseRedirect(_address(ticket))


def _address(ticket: str) -> str:
    return f"{settings.LUTONG_FILES_URL}/f/{ticket}"


def _fresh(response: HttpResponse) -> HttpResponse:
    """Dossier pages are kept in no cache: the next user of the machine finds nothing by pressing back."""
    response["Cache-Control"] = "private, no-store"
    return response
