"""The web process: pages, and JSON for programs through a door of their own."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lutong.site.settings")


class ProgramHandler(WSGIHandler):
    """A call that carries a token has no session, no CSRF, no page: it passes by what is made for browsers."""

    def load_middleware(self, is_async: bool = False) -> None:
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = [name for name in whole if name in settings.LUTONG_PROGRAM_MIDDLEWARE]
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole


browsers = get_wsgi_application()
programs = ProgramHandler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """One WSGI application for both; the API refuses a bad token and never turns to a cookie beside it."""
    with_token = environ.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "
    by_program = with_token and environ.get("PATH_INFO", "").startswith("/api/v1/")
    return (programs if by_program else browsers)(environ, start_response)
