"""The supervisor with small children of its own: no Django, no database."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from lutong.site import config as configuration
from lutong.site.config import Config
from lutong.site.processes import Child
from lutong.site.startup import HouseError, check_ports, only_one
from lutong.site.supervisor import LOG_BYTES, Supervisor, _pause, kill_leftovers, rotate
from tests.support.journeys import free_ports

# A server with a child of its own, as granian has workers.
SERVER = """
import http.server, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
RUN = """
import sys
from pathlib import Path
from lutong.site.tests.test_supervisor import make
supervisor = make(Path(sys.argv[1]), int(sys.argv[2]))
supervisor.start(outside=False)
supervisor.watch()
"""


def make(home: Path, port: int) -> Supervisor:
    config = replace(configuration.load(), home=home, web_port=port)
    child = Child("toy", "玩具 toy", (sys.executable, "-c", SERVER, str(port)), port)
    return Supervisor(config, [child], None)


def eventually(true: Callable[[], bool], within: float = 15.0) -> bool:
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def lives(process: psutil.Process) -> bool:
    """A dead process that nobody has asked after yet holds nothing any more."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return replace(configuration.load(), home=tmp_path, web_port=free_ports())


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = make(tmp_path, free_ports())
    supervisor.start(outside=False)
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    yield supervisor
    supervisor.stopping = True
    thread.join()
    supervisor.stop()


def test_a_killed_child_is_started_again_and_its_own_children_are_ended(watched: Supervisor) -> None:
    first = watched.running[0].process
    assert first is not None
    left = descendants(first.pid)
    assert left
    first.send_signal(signal.SIGKILL)
    assert eventually(lambda: watched.running[0].process not in (first, None))
    assert eventually(lambda: not [process for process in left if lives(process)], within=2)


def test_stopping_leaves_no_orphan(tmp_path: Path) -> None:
    supervisor = make(tmp_path, free_ports())
    supervisor.start(outside=False)
    assert supervisor.running[0].process is not None
    everyone = [psutil.Process(supervisor.running[0].process.pid), *descendants(supervisor.running[0].process.pid)]
    supervisor.stop()
    assert len(everyone) == 2
    assert eventually(lambda: not [process for process in everyone if lives(process)], within=2)


def test_a_killed_supervisor_takes_its_children_along_and_the_next_one_clears_the_rest(tmp_path: Path) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path), str(free_ports())])
    assert eventually((tmp_path / "run.json").exists)
    child = psutil.Process(json.loads((tmp_path / "run.json").read_text())["toy"][0])
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: not lives(child))
    kill_leftovers(tmp_path)
    assert not (tmp_path / "run.json").exists()


def test_leftovers_are_told_from_strangers_by_their_time_of_birth(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    (tmp_path / "run.json").write_text(json.dumps({"web": [stranger.pid, 1.0]}))
    assert kill_leftovers(tmp_path) == 0
    assert stranger.poll() is None
    (tmp_path / "run.json").write_text(json.dumps({"web": [stranger.pid, psutil.Process(stranger.pid).create_time()]}))
    assert kill_leftovers(tmp_path) == 1
    assert stranger.wait(5) == -signal.SIGKILL


def test_pauses_double_and_a_child_starts_at_most_five_times_a_minute() -> None:
    deaths: deque[float] = deque(maxlen=5)
    pauses = []
    for now in (100.0, 101.0, 102.0, 103.0, 104.0, 105.0):
        pauses.append(round(_pause(deaths, now), 1))
        deaths.append(now)
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 55.0]


def test_a_second_run_is_told_where_the_first_one_is(config: Config) -> None:
    with (
        only_one(config),
        pytest.raises(HouseError, match=f"已经在运行：http://localhost:{config.web_port}（进程 pid {os.getpid()}）"),
        only_one(config),
    ):
        pytest.fail("two of them in one home")


def test_the_lock_of_a_dead_run_does_not_hold_up_the_next(config: Config) -> None:
    (config.home / "run.lock").write_text('{"pid": 1, "address": "http://gone"}')
    with only_one(config):
        assert json.loads((config.home / "run.lock").read_text())["pid"] == os.getpid()


def test_a_taken_port_is_named_with_its_holder_and_the_way_out(config: Config) -> None:
    child = Child("web", "网页 web", ("true",), config.web_port)
    check_ports(config, [child])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", config.web_port))
        taken.listen()
        with pytest.raises(HouseError) as refusal:
            check_ports(config, [child])
    assert f"端口 {config.web_port}（网页 web）已被占用：进程 pid {os.getpid()}" in str(refusal.value)
    assert f"LUTONG_PORT={config.web_port + 100}" in str(refusal.value)


def test_a_long_log_is_set_aside_and_three_old_ones_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for round_number in range(5):
        log.write_bytes(bytes([65 + round_number]) * LOG_BYTES)
        rotate(log)
        assert log.stat().st_size == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["web.log", "web.log.1", "web.log.2", "web.log.3"]
    assert (tmp_path / "web.log.1").read_bytes()[:1] == b"E"
