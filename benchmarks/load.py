"""Load on one server: wrk when the machine has it, else an asyncio client in a process of its own."""

import asyncio
import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Shot:
    """What one burst found; `errors` are answers other than 200 and broken connections."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def rps(self) -> float:
        return self.requests / self.seconds


def shoot(*, port: int, path: str, tokens: Path, seconds: float) -> Shot:
    """GET `path` as fast as it goes, each request with a token picked at random from the file."""
    wrk = shutil.which("wrk")
    command = (
        [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(SCRIPT), f"http://127.0.0.1:{port}{path}",
         "--", str(tokens)]
        if wrk
        else [sys.executable, "-m", "benchmarks.load", str(port), path, str(tokens), str(seconds)]
    )  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Shot(**json.loads(done.stdout.strip().splitlines()[-1]))


async def _client(port: int, requests: list[bytes], until: float, waits: list[float], errors: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begun := time.perf_counter()) < until:
        writer.write(random.choice(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        waits.append((time.perf_counter() - begun) * 1000)
        if b" 200 " not in head[:15]:
            errors.append(1)
    writer.close()


async def _burst(port: int, path: str, tokens: Path, seconds: float) -> Shot:
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {word}\r\n\r\n".encode()
        for word in tokens.read_text().split()
    ]
    waits: list[float] = []
    errors: list[int] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_client(port, requests, begun + seconds, waits, errors) for _ in range(CONNECTIONS)))
    took = time.perf_counter() - begun
    waits.sort()
    return Shot(len(waits), took, waits[len(waits) // 2], waits[len(waits) * 99 // 100], len(errors))


if __name__ == "__main__":
    shot = asyncio.run(_burst(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), float(sys.argv[4])))
    print(json.dumps({name: getattr(shot, name) for name in Shot.__slots__}))
