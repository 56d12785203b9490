"""The host's side: keeps one warm zygote, which forks a child per call."""

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from lutong.gateways.sandbox import frames

GRACE = 3.0  # seconds the host waits beyond the child's own alarm


class Crashed(Exception):
    """The child died, ran out of memory or time, or answered nonsense. Says nothing about why."""


@dataclass(frozen=True, slots=True)
class Answer:
    value: Any
    blobs: list[bytes]


class Sandbox:
    """Calls functions of our own in fresh processes; safe for many threads. `modules` are imported beforehand."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def call(
        self,
        function: str,
        arguments: dict[str, Any],
        *,
        files: tuple[int, ...] = (),
        seconds: int = 10,
        memory_mb: int = 512,
        answer_mb: int = 64,
    ) -> Answer:
        """Run `package.module:function(arguments, descriptors)` or raise `Crashed`."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            job = {"function": function, "arguments": arguments, "seconds": seconds, "memory_mb": memory_mb}
            self._send(json.dumps(job).encode(), [theirs.fileno(), *files])
            theirs.close()
            ours.settimeout(seconds + GRACE)
            try:
                head, blobs = frames.receive(ours, answer_mb * 1024 * 1024)
            except (ValueError, OSError) as error:
                raise Crashed(function) from error
        if "value" not in head:
            raise Crashed(str(head.get("error", ""))[:200])
        return Answer(head["value"], blobs)

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _send(self, job: bytes, descriptors: list[int]) -> None:
        with self._lock:
            for attempt in (1, 2):
                line = self._started()
                try:
                    socket.send_fds(line, [job], descriptors)
                except OSError as error:
                    self._stop()
                    if attempt == 2:
                        raise Crashed("sandbox") from error
                else:
                    return

    def _started(self) -> socket.socket:
        """The line to a living zygote. It gets no environment of ours, so no secrets either."""
        if self._line is not None and self._zygote is not None and self._zygote.poll() is None:
            return self._line
        self._stop()
        # One datagram is one job; the kernel keeps messages apart.
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        with theirs:
            self._zygote = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-m", "lutong.gateways.sandbox.zygote", str(theirs.fileno()), *self._modules],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )
        self._line = ours
        return ours

    def _stop(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._zygote is not None:
            self._zygote.terminate()
            self._zygote.wait()
        self._line = self._zygote = None
