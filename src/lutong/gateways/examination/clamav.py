"""Malware scan by clamd, spoken to in its own INSTREAM protocol (four lines long; the Python clients are unkept)."""

import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import Protocol

BLOCK = 256 * 1024


class Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes | None: ...


class ScannerDown(Exception):
    """No verdict: clamd does not answer."""


class TooLarge(Exception):
    """No verdict: the file is larger than clamd's StreamMaxLength."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """`address` is `/run/clamav/clamd.ctl` or `host:port`."""

    address: str
    timeout: float = 60.0  # seconds for one answer

    def scan(self, stream: Stream) -> str | None:
        """The name of what was found, or None for clean. Raise `ScannerDown` or `TooLarge`."""
        try:
            with self._connected() as line:
                # clamd closes its side as soon as the stream is too long; its last word is still to be read.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    line.sendall(b"zINSTREAM\0")
                    while block := stream.read(BLOCK):
                        line.sendall(struct.pack(">I", len(block)) + block)
                    line.sendall(struct.pack(">I", 0))
                return _verdict(_answer(line))
        except OSError as error:
            raise ScannerDown(str(error)) from error

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(self.timeout)
            line.connect(self.address)
            return line
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self.timeout)


def _answer(line: socket.socket) -> str:
    data = b""
    while len(data) < 4096 and not data.endswith(b"\0") and (part := line.recv(4096)):
        data += part
    return data.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> str | None:
    if answer.endswith("FOUND"):
        return answer.removeprefix("stream:").removesuffix("FOUND").strip() or "未命名"
    if answer.endswith("OK"):
        return None
    if "size limit exceeded" in answer:
        raise TooLarge(answer)
    raise ScannerDown(answer or "no answer")
