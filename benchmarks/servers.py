"""A contender over HTTP: one worker process, and what processor time it has used."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psutil


@dataclass
class Server:
    """`target` under granian with one worker, as `interface` wsgi (4 threads) or asgi."""

    target: str
    interface: str
    port: int
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        threads = ["--blocking-threads", "4"] if self.interface == "wsgi" else []
        command = [
            sys.executable, "-m", "granian", self.target, "--interface", self.interface, "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "1", "--http", "1", "--no-ws", *threads,
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | self.environment, start_new_session=True
            )
        self._wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self.process is not None
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        self.process.terminate()
        _, alive = psutil.wait_procs(family, timeout=10)
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()

    def cpu(self) -> float:
        """Seconds of processor time of the server and its worker so far."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
        return sum(spent.user + spent.system for spent in times)

    def get(self, path: str, token: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                self.get("/healthz", "none")
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.target} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")
