"""The service on a port of its own, and a browser to meet it with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.test import Client

from lutong.site.doctor import CHROMIUM, first_program
from tests.support.journeys import FLAGS

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _closing(application: Any) -> Any:
    """Each request of this server has a thread, and with it a connection, of its own."""

    def inner(environ: Any, start: Any) -> Iterator[bytes]:
        try:
            yield from application(environ, start)
        finally:
            connections.close_all()

    return inner


@contextmanager
def served() -> Iterator[str]:
    """Serve the database of the test; yields the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(_closing(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Any]:
    """A real browser with a camera that is none."""
    program = first_program(CHROMIUM)
    if program is None:
        pytest.skip("no chromium on this machine: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *CAMERA])
        yield running
        running.close()


def cookie(client: Client, address: str) -> dict[str, str]:
    """The session of a test client, for a browser."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}
