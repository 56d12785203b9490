"""Keeps the product's processes alive: start, probe, restart with backoff, stop all, leave no orphan."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from lutong.site.config import Config
from lutong.site.console import warn
from lutong.site.embedded.postgres import Cluster
from lutong.site.lifeline import tie_to_parent
from lutong.site.processes import Child

RESTARTS_A_MINUTE = 5
READY_WITHIN = 90.0  # seconds for the first answer
STOP_WITHIN = 12.0  # seconds between SIGTERM and SIGKILL
LOG_BYTES = 10 * 2**20
OLD_LOGS = 3


class StartFailed(Exception):
    """A process does not come up; the message names its log."""


@dataclass(slots=True)
class Running:
    """A child with its present process and its recent deaths."""

    child: Child
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS_A_MINUTE))
    start_at: float = 0.0


class Supervisor:
    """Runs the children of one `home` until told to stop."""

    def __init__(self, config: Config, children: list[Child], cluster: Cluster | None) -> None:
        self.config = config
        self.cluster = cluster
        self.running = [Running(child, config.home / "logs" / f"{child.name}.log") for child in children]
        self.stopping = False

    def start(self, *, outside: bool) -> None:
        """Start the outside parties, or 律通 itself, in order, and wait until each answers."""
        (self.config.home / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
        chosen = [one for one in self.running if one.child.outside == outside]
        for one in chosen:
            self._launch(one)
            self._note()
        for one in chosen:
            self._wait_until_ready(one)

    def watch(self) -> None:
        """Restart what dies, until `stopping` is set by a signal."""
        ticks = 0
        while not self.stopping:
            time.sleep(0.2)
            ticks += 1
            if self.cluster is not None and ticks % 5 == 0 and self.cluster.postmaster() is None:
                warn("数据库进程退出，正在重新启动 PostgreSQL died: restarting")
                self.cluster.start(tied=True)
            for one in self.running:
                self._revive(one)
            if ticks % 50 == 0:
                for one in self.running:
                    rotate(one.log)

    def stop(self) -> None:
        """Stop the children in reverse order; whoever does not go within the time is killed."""
        for one in reversed(self.running):
            if one.process is not None and one.process.poll() is None:
                one.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for one in reversed(self.running):
            if one.process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(max(deadline - time.monotonic(), 0.1))
            _kill_group(one.process.pid)
            one.process.wait()
        (self.config.home / "run.json").unlink(missing_ok=True)

    def _launch(self, one: Running) -> None:
        with one.log.open("ab") as log:
            one.process = subprocess.Popen(  # noqa: S603  commands are our own table
                one.child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(self.config),
                start_new_session=True,
                preexec_fn=tie_to_parent,
            )

    def _wait_until_ready(self, one: Running) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self.stopping:
            if one.process is None or one.process.poll() is not None:
                raise StartFailed(f"{one.child.title} 启动失败 did not start. 日志 log: {one.log}\n{_tail(one.log)}")
            if one.child.port is None or answers(self.config.host, one.child.port):
                return
            if time.monotonic() > deadline:
                raise StartFailed(
                    f"{one.child.title} 迟迟没有应答 does not answer. 日志 log: {one.log}\n{_tail(one.log)}"
                )
            time.sleep(0.1)

    def _revive(self, one: Running) -> None:
        now = time.monotonic()
        if one.process is not None and one.process.poll() is not None:
            _kill_group(one.process.pid)  # workers that a dead parent left behind still hold the port
            one.start_at = now + _pause(one.deaths, now)
            one.deaths.append(now)
            warn(
                f"{one.child.title} 退出（{one.process.returncode}），{one.start_at - now:.1f} 秒后重启。"
                f"日志 log: {one.log}"
            )
            one.process = None
        if one.process is None and now >= one.start_at:
            self._launch(one)
            self._note()

    def _note(self) -> None:
        """Write which processes are ours, so that the next run can tell them from strangers."""
        noted = {one.child.name: _identity(one.process.pid) for one in self.running if one.process is not None}
        fresh = self.config.home / "run.json.new"
        fresh.write_text(json.dumps(noted), encoding="utf-8")
        fresh.replace(self.config.home / "run.json")


def kill_leftovers(home: Path) -> int:
    """End the processes that a killed supervisor of this home left behind; answers how many."""
    note = home / "run.json"
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return 0
    left = [pid for pid, born in noted.values() if _identity(pid) == [pid, born]]
    for pid in left:
        _kill_group(pid)
    note.unlink(missing_ok=True)
    return len(left)


def answers(host: str, port: int) -> bool:
    """True if something on this port answers /healthz, whatever it says short of 5xx."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def rotate(log: Path) -> None:
    """Copy a log that has grown too long aside and empty it: its writer keeps appending to the same file."""
    if not log.exists() or log.stat().st_size < LOG_BYTES:
        return
    for age in range(OLD_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{age}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{age + 1}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)


def _pause(deaths: deque[float], now: float) -> float:
    """Seconds until the next start: doubling, and never more than five starts a minute."""
    recent = [death for death in deaths if now - death < 60]
    if len(recent) >= RESTARTS_A_MINUTE:
        return 60 - (now - recent[0])
    return float(0.2 * 2 ** len(recent))


def _environment(config: Config) -> dict[str, str]:
    return {
        **os.environ,
        "LUTONG_HOME": str(config.home),
        "LUTONG_PORT": str(config.web_port),
        "LUTONG_HOST": config.host,
        "PYTHONUNBUFFERED": "1",
    }


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _identity(pid: int) -> list[float]:
    """A process id with its birth time: ids are used again, births are not."""
    try:
        return [pid, psutil.Process(pid).create_time()]
    except psutil.Error:
        return [pid, 0.0]


def _tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
