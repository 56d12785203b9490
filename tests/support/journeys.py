"""The whole product as a user meets it, and a browser to meet it with."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from lutong.site.doctor import CHROMIUM, first_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 20_000  # milliseconds until a page must show what is expected, on a crowded machine, too
READY_WITHIN = 300.0  # seconds, demo world included, on two crowded cores
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@dataclass(frozen=True, slots=True)
class Product:
    """A running product of its own: its addresses, its home and its supervisor."""

    home: Path
    port: int
    supervisor: subprocess.Popen[bytes]
    output: Path

    @property
    def web_url(self) -> str:
        return self._url(0, "localhost")  # as browsers meet it: no passkey belongs to an IP address

    @property
    def files_url(self) -> str:
        return self._url(1, "localhost")

    @property
    def events_url(self) -> str:
        return self._url(2, "localhost")

    @property
    def registry_url(self) -> str:
        return self._url(3, "localhost")

    @property
    def pay_url(self) -> str:
        return self._url(4)

    @property
    def sms_url(self) -> str:
        return self._url(6)

    def processes(self) -> list[psutil.Process]:
        """Every process of this product that lives."""
        return psutil.Process(self.supervisor.pid).children(recursive=True)

    def _url(self, offset: int, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port + offset}"


def start_product(home: Path, port: int, **environment: str) -> Product:
    """Start `lutong run` and wait until the page answers; its words go into `home`/output.txt."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    output = home / "output.txt"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUTONG_", "PYTEST_", "DJANGO_"))}
    with output.open("wb") as file:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "lutong.site.cli", "run"],
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**kept, "LUTONG_HOME": str(home), "LUTONG_PORT": str(port), **environment},
        )
    product = Product(home, port, supervisor, output)
    _wait_until_open(product)
    return product


def stop_product(product: Product) -> None:
    """Stop as Ctrl-C does."""
    with suppress(ProcessLookupError):
        product.supervisor.send_signal(signal.SIGINT)
    try:
        product.supervisor.wait(60)
    except subprocess.TimeoutExpired:
        product.supervisor.kill()
        product.supervisor.wait()


def free_ports(count: int = 7) -> int:
    """The first of `count` neighbouring ports that nobody listens on, in a band that each test worker has for itself.

    A product takes a minute to listen on all of its ports, so another worker would find them free as well.
    """
    band = 21000 + 2000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = band + os.getpid() % 1000  # another run beside this one begins elsewhere
    for base in range(first, band + 2000 - count, count):
        with ExitStack() as stack:
            try:
                for port in range(base, base + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return base
    raise RuntimeError("no free ports")


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product with its demo world, in a home of its own; LUTONG_TEST_PRODUCT_HOME keeps one between runs."""
    kept = os.environ.get("LUTONG_TEST_PRODUCT_HOME")
    home = Path(kept or tempfile.mkdtemp(prefix="lutong-product-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    product = start_product(home, free_ports())
    yield product
    stop_product(product)
    cut = deadlocks(home)
    if not kept:
        shutil.rmtree(home, ignore_errors=True)
    assert not cut, f"locks were taken in different orders: {cut}"  # to a person such a request is a passing 503


def deadlocks(home: Path) -> list[str]:
    """The lines in which PostgreSQL cut a knot of locks."""
    lines = (home / "pg.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if "deadlock detected" in line]


@pytest.fixture(scope="module")  # its event loop must not outlive the module: others run loops of their own
def browser() -> Iterator["Browser"]:
    """Headless Chromium of this machine; without one the test is skipped, but in CI it fails."""
    program = first_program(CHROMIUM)
    if program is None:
        missing = "no chromium on this machine: apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def filming(browser: "Browser") -> Iterator["Browser"]:
    """A browser beside `browser` whose camera shows a drawn film."""
    running = browser.browser_type.launch(executable_path=first_program(CHROMIUM), args=[*FLAGS, *CAMERA])
    yield running
    running.close()


def _wait_until_open(product: Product) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if product.supervisor.poll() is not None:
            break
        if "律通已启动" in product.output.read_text(encoding="utf-8", errors="replace") and _answers(product.port):
            return
        time.sleep(0.1)
    stop_product(product)
    raise RuntimeError(f"the product did not start:\n{product.output.read_text(encoding='utf-8', errors='replace')}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
