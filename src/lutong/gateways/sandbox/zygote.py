"""The zygote: imports the parsers once, leaves the network, then forks one limited child per job."""

import ctypes
import importlib
import json
import os
import resource
import signal
import socket
import sys
import traceback
from typing import Any

from lutong.gateways.sandbox import frames

JOB = 1 << 20  # bytes of one job
_NEW_NET, _NEW_USER = 0x40000000, 0x10000000
_NO_NEW_PRIVILEGES = 38


def main(line: socket.socket, modules: list[str]) -> None:
    """Serve until the host hangs up."""
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Without the right to namespaces the other limits still hold.
    if libc.unshare(_NEW_NET) != 0:
        libc.unshare(_NEW_USER | _NEW_NET)
    for module in modules:
        importlib.import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        job, descriptors, _, _ = socket.recv_fds(line, JOB, 16)
        if not job:
            return
        if os.fork() == 0:
            line.close()
            _run(job, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _run(job: bytes, descriptors: list[int]) -> None:
    """In the child: set the limits, work, answer, and leave without running anybody's exit handlers."""
    channel = socket.socket(fileno=descriptors[0])
    try:
        task = json.loads(job)
        _limit(task["seconds"], task["memory_mb"] * 1024 * 1024)
        module, _, name = task["function"].partition(":")
        value, blobs = getattr(importlib.import_module(module), name)(task["arguments"], descriptors[1:])
        frames.send(channel, {"value": value}, blobs)
    except BaseException as error:  # noqa: BLE001  # the child reports whatever happened and ends
        _answer_error(channel, error)
        os._exit(1)
    os._exit(0)


def _limit(seconds: int, memory: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # kills even inside a C library
    signal.alarm(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _answer_error(channel: socket.socket, error: BaseException) -> None:
    place = traceback.extract_tb(error.__traceback__)[-1]
    head: dict[str, Any] = {"error": f"{type(error).__name__} in {place.name}"}
    try:
        frames.send(channel, head, [])
    except OSError:
        return


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
