import contextlib
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from tusclient import client as tus

from lutong.gateways.objectstore import KeyRing, LocalStore, Vault
from lutong.kernel.actor import Actor, Role
from lutong.kernel.tickets import UploadTicket, issue_upload
from lutong.site.embedded.postgres import Cluster
from tests.support.databases import cloned_database, template_database

ORIGIN = "http://127.0.0.1:8540"
KEYS = KeyRing.generate("t")
LAWYER = Actor(person_id=7001, role=Role.LAWYER, name="测试律师")
OTHER = Actor(person_id=7002, role=Role.LAWYER, name="另一律师")


@dataclass
class FileProcess:
    """The real file process in a process of its own, on the real database."""

    home: Path
    database: str
    port: int
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def uploads(self) -> str:
        return f"{self.url}/uploads"

    @property
    def vault(self) -> Vault:
        return Vault(LocalStore(self.home / "store"), KeyRing.parse(KEYS))

    def start(self) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "lutong.site.settings",
            "LUTONG_DATABASE": self.database,
            "LUTONG_STORE_URL": (self.home / "store").as_uri(),
            "LUTONG_UPLOADS": str(self.home / "uploads"),
            "LUTONG_FILE_KEYS": KEYS,
            "LUTONG_FILES_URL": self.url,
            "LUTONG_WEB_URL": ORIGIN,
            **self.more,
        }
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "lutong.site.files:application", "--host", "127.0.0.1",
                 "--port", str(self.port), "--no-access-log"],
                env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        for _ in range(300):
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/healthz").status_code == 200:
                    return
            assert self.process.poll() is None, self.log()
            time.sleep(0.1)
        pytest.fail(self.log())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(20)

    def log(self) -> str:
        return (self.home / "log").read_text()[-4000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def files(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileProcess]:
    with cloned_database(cluster, template_database(cluster)) as database:
        running = FileProcess(tmp_path_factory.mktemp("files"), database.name, free_port())
        running.start()
        yield running
        running.stop()
        assert "Traceback" not in running.log(), running.log()


def ticket(actor: Actor = LAWYER, purpose: str = "filing:1", **more: object) -> str:
    return issue_upload(UploadTicket(actor, purpose, **more), now=dt.datetime.now(dt.UTC))  # type: ignore[arg-type]


def headers(actor: Actor = LAWYER, **more: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Tus-Resumable": "1.0.0", "Upload-Ticket": ticket(actor)} | named


def tus_client(files: FileProcess, actor: Actor = LAWYER) -> tus.TusClient:
    return tus.TusClient(files.uploads, headers={"Upload-Ticket": ticket(actor)})
