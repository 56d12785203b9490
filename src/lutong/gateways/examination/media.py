"""Sound and film: the outer structure, walked from box to box without decoding."""

import struct
from typing import BinaryIO

from lutong.gateways.examination.findings import Finding, Found

MOST_BOXES = 10_000
_RATES = {3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
          2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)}  # fmt: skip
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def inspect_mp4(file: BinaryIO) -> Found:
    """Boxes follow one another to the very end, and one of them is `moov`."""
    end, position, seen = _size(file), 0, set()
    for _ in range(MOST_BOXES):
        if position == end:
            break
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:
            raise Finding("broken")
        length, kind = struct.unpack(">I4s", head[:8])
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:])[0]
        elif length == 0:
            length = end - position
        if length < 8 or position + length > end:
            raise Finding("broken")
        seen.add(kind)
        position += length
    if position != end or b"moov" not in seen:
        raise Finding("broken")
    return Found()


def inspect_wav(file: BinaryIO) -> Found:
    """Chunks `fmt ` and `data`; recorders may leave the length of the last one open."""
    end, position, seen = _size(file), 12, set()
    for _ in range(MOST_BOXES):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            break
        kind, length = struct.unpack("<4sI", head)
        seen.add(kind)
        position += 8 + length + length % 2
        if position > end + 1 and kind != b"data":
            raise Finding("broken")
    if not {b"fmt ", b"data"} <= seen:
        raise Finding("broken")
    return Found()


def inspect_mp3(file: BinaryIO) -> Found:
    """After an ID3 tag, three frames in a row whose headers point at one another."""
    file.seek(0)
    head = file.read(10)
    position = 0
    if head[:3] == b"ID3" and len(head) == 10:
        position = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    file.seek(position)
    window = file.read(16_384)
    for start in range(max(0, len(window) - 4)):
        if window[start] == 0xFF and _frames(window, start) >= 3:
            return Found()
    raise Finding("broken")


def _frames(window: bytes, position: int) -> int:
    count = 0
    while count < 3:
        length = _frame_length(window[position : position + 4])
        if length is None:
            break
        count += 1
        position += length
        if position >= len(window):
            return 3 if count else 0
    return count


def _frame_length(head: bytes) -> int | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, sample = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer != 1 or rate in (0, 15) or sample == 3:
        return None
    per_frame = 144 if version == 3 else 72
    bits = _RATES[3 if version == 3 else 2][rate]
    return int(per_frame * bits * 1000 / _SAMPLES[version][sample]) + (head[2] >> 1 & 1)


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)
