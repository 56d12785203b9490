"""One product at a time in one home, on ports of its own: the lock and the ports, with sentences for both."""

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from lutong.site.config import Config
from lutong.site.processes import Child


class HouseError(Exception):
    """The product cannot start here now; the message says why and what to do."""


@contextmanager
def only_one(config: Config) -> Iterator[None]:
    """Hold the lock of this home. The kernel frees it when the holder dies, so it cannot go stale."""
    config.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    path = config.home / "run.lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HouseError(_already_running(path)) from None
        lock.truncate(0)
        json.dump({"pid": os.getpid(), "address": config.web_url}, lock)
        lock.flush()
        yield
        lock.truncate(0)


def check_ports(config: Config, children: list[Child]) -> None:
    """Refuse to start when a port is taken, naming the port and who holds it."""
    taken = [child for child in children if child.port is not None and _is_taken(config.host, child.port)]
    if not taken:
        return
    lines = [
        f"端口 {child.port}（{child.title}）已被占用：{_holder(child.port or 0)}。Port {child.port} is taken."
        for child in taken
    ]
    other = config.web_port + 100
    lines.append(f"请关闭该程序，或换一组端口 Stop that program, or use other ports: LUTONG_PORT={other} make run")
    raise HouseError("\n".join(lines))


def _already_running(lock: Path) -> str:
    try:
        holder = json.loads(lock.read_text(encoding="utf-8"))
        where = f"{holder['address']}（进程 pid {holder['pid']}）"
    except (ValueError, KeyError, OSError):
        where = str(lock.parent)
    return (
        f"律通已经在运行：{where}。要再运行一份，请另设 LUTONG_HOME 和 LUTONG_PORT。\n"
        f"lutong is running already: {where}. For a second one set LUTONG_HOME and LUTONG_PORT."
    )


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise HouseError(f"地址 {host}:{port} 不能监听 cannot listen: {error.strerror}") from None
    return False


def _holder(port: int) -> str:
    """Who listens there, as far as this user may know."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
                if connection.pid is None:
                    break
                return f"进程 pid {connection.pid}（{psutil.Process(connection.pid).name()}）"
    except psutil.Error:
        pass
    return "进程不明 by an unknown process"
