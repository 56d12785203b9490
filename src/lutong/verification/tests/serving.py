"""A browser to meet the service with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lutong.site.doctor import CHROMIUM, first_program
from tests.support.journeys import FLAGS

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


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
