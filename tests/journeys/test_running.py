"""The running product: it starts in seconds, mends itself, stops cleanly and leaves nobody behind."""

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.journeys import Product, free_ports, start_product, stop_product

pytestmark = pytest.mark.journey


def eventually(true: Callable[[], bool], within: float = 30.0) -> bool:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def status(url: str) -> int:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code
    except httpx.TransportError:
        return 0


def child(product: Product, name: str) -> int:
    return int(json.loads((product.home / "run.json").read_text())[name][0])


def postmaster(product: Product) -> psutil.Process:
    return psutil.Process(int((product.home / "pg" / "postmaster.pid").read_text().split()[0]))


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="lutong-product-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def bare(home: Path) -> Iterator[Product]:
    """The product without its demo world: quick to start."""
    product = start_product(home, free_ports(), LUTONG_DEMO="0")
    yield product
    stop_product(product)


def test_web_and_worker_and_database_come_back_after_kill_9(bare: Product) -> None:
    for name, url in (("web", bare.web_url), ("events", bare.events_url)):
        killed = child(bare, name)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: child(bare, name) != killed)  # noqa: B023  awaited in this round
        assert eventually(lambda: status(url) == 200)  # noqa: B023
    worker = child(bare, "worker")
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: child(bare, "worker") != worker)
    server = postmaster(bare)
    server.kill()
    assert eventually(lambda: not lives(server) and status(bare.events_url) == 200)
    assert httpx.get(f"{bare.web_url}/account/login/", timeout=20).status_code == 200


def test_it_stops_cleanly_and_starts_again_in_seconds(home: Path) -> None:
    first = start_product(home, free_ports(), LUTONG_DEMO="0")
    everyone = first.processes()
    assert len(everyone) >= 5
    stop_product(first)
    assert first.supervisor.returncode == 0
    assert not [process for process in everyone if lives(process)]
    began = time.monotonic()
    second = start_product(home, free_ports(), LUTONG_DEMO="0")
    took = time.monotonic() - began
    stop_product(second)
    assert took < 60, f"{took:.1f} s on this machine"


def test_a_supervisor_killed_by_force_leaves_nobody_behind(bare: Product) -> None:
    everyone = bare.processes()
    bare.supervisor.send_signal(signal.SIGKILL)
    bare.supervisor.wait()
    assert eventually(lambda: not [process for process in everyone if lives(process)])
