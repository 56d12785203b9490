"""登录过期时填到一半的表单: kept in the visitor's session until he has signed in, then put before him to send again.

Never sent by itself: another person may have signed in meanwhile, and the view that takes the form asks who he is.
Forms of the account itself are not kept, for they hold passwords and codes. Files cannot be kept.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

KEPT = "interrupted"
KEPT_FOR = 1800  # seconds; as long as a live check may take
MOST_KEPT = 50_000  # characters; whoever has not signed in shall not fill the store of sessions
SIGN_IN, GO_ON = "account_login", "account-go-on"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A form that was sent without a session: its address, the page it stood on, its fields, whether files are lost."""

    path: str
    page: str
    fields: tuple[tuple[str, str], ...]
    lost_files: bool


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to sign in; afterwards he comes back to the page, or to the form that he sent."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": _sign_in(page_before(request))})
    if request.method == "GET":
        return redirect(_sign_in(request.get_full_path()))
    return redirect(_sign_in(reverse(GO_ON) if keep(request) else page_before(request)))


def keep(request: HttpRequest) -> bool:
    """Keep the form of this request in the session; False when it cannot or must not be kept."""
    form = request.POST.copy()
    form.pop("csrfmiddlewaretoken", None)
    typed = form.urlencode()
    is_secret = request.path.startswith(reverse("account")) or any("password" in name for name in form)
    if is_secret or not typed or len(typed) > MOST_KEPT:
        return False
    request.session[KEPT] = {
        "path": request.get_full_path(), "page": page_before(request), "form": typed, "at": time.time(),
        "lost_files": bool(request.FILES),
    }  # fmt: skip
    return True


def kept(request: HttpRequest) -> Interrupted | None:
    """The form that waits in this session, None when there is none or it has waited too long."""
    state = request.session.get(KEPT)
    if state is None or time.time() - state["at"] > KEPT_FOR:
        return None
    fields = tuple((name, value) for name, values in QueryDict(state["form"]).lists() for value in values)
    return Interrupted(state["path"], state["page"], fields, state["lost_files"])


def page_before(request: HttpRequest) -> str:
    """The page on which a form stood; the first page when the browser does not say."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not before or not url_has_allowed_host_and_scheme(
        before, {request.get_host()}, require_https=request.is_secure()
    ):
        return "/"
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser vouches that one of our own pages sent this form; no other site can forge that."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _sign_in(then: str) -> str:
    return f"{reverse(SIGN_IN)}?{urlencode({'next': then})}"
