"""演示账号: the page that tells who can sign in to the demo world, with the current dynamic codes."""

import time
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lutong.site.demo_files import FILES, write_all
from lutong.site.demo_people import PASSWORD, PEOPLE, DemoAccount

STEP_SECONDS = 30


def accounts() -> list[DemoAccount]:
    """The people of the demo world in the order of the story; empty outside the demo world."""
    return list(PEOPLE) if settings.LUTONG_DEMO else []


def current_code(sign_name: str, *, at: float) -> str:
    """The six digits that the person's authenticator shows at this moment."""
    found = Authenticator.objects.filter(user__sign_name=sign_name, type=Authenticator.Type.TOTP).first()
    if found is None:
        return ""
    return str(format_hotp_value(hotp_value(decrypt(found.data["secret"]), int(at) // STEP_SECONDS)))


def page(request: HttpRequest) -> HttpResponse:
    """Only in the demo world. The sign-in itself is the real one."""
    if not settings.LUTONG_DEMO:
        raise Http404
    at = time.time()
    rows = [(a, current_code(a.sign_name, at=at)) for a in accounts()]
    seconds = STEP_SECONDS - int(at) % STEP_SECONDS
    sms = settings.LUTONG.sms_url
    context = {"rows": rows, "password": PASSWORD, "seconds": seconds, "files": list(FILES), "sms_url": sms}
    return render(request, "demo.html", context)


def file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the story's files, to try uploads with."""
    if not settings.LUTONG_DEMO or name not in FILES:
        raise Http404
    write_all(settings.LUTONG.home / "demo-files")
    data = (settings.LUTONG.home / "demo-files" / name).read_bytes()
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
