"""The little language between host and child: a JSON head and raw blobs. Never pickle: the child may be hostile."""

import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct(">Q")


def send(channel: socket.socket, head: dict[str, Any], blobs: list[bytes]) -> None:
    text = json.dumps(head | {"blobs": [len(blob) for blob in blobs]}).encode()
    channel.sendall(_LENGTH.pack(len(text)) + text)
    for blob in blobs:
        channel.sendall(blob)


def receive(channel: socket.socket, most: int) -> tuple[dict[str, Any], list[bytes]]:
    """One message of at most `most` bytes; raise `ValueError` if it is cut, too long or not of our form."""
    head_length = _LENGTH.unpack(_exactly(channel, _LENGTH.size, most))[0]
    head = json.loads(_exactly(channel, head_length, most))
    if not isinstance(head, dict) or not isinstance(head.get("blobs"), list):
        raise ValueError("not an answer")
    lengths = head.pop("blobs")
    if not all(isinstance(n, int) and n >= 0 for n in lengths) or sum(lengths) > most:
        raise ValueError("answer too long")
    return head, [_exactly(channel, n, most) for n in lengths]


def _exactly(channel: socket.socket, size: int, most: int) -> bytes:
    if size > most:
        raise ValueError("answer too long")
    data = bytearray()
    while len(data) < size:
        part = channel.recv(min(size - len(data), 1 << 20))
        if not part:
            raise ValueError("answer cut off")
        data += part
    return bytes(data)
