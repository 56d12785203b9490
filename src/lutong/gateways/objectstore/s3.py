"""Any S3 as object store, by the official SDK. Write-once by `If-None-Match: *`."""

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lutong.gateways.objectstore.port import (
    BLOCK,
    AlreadyStored,
    Missing,
    Readable,
    StoreError,
    Unavailable,
    checked,
    same_bytes,
)

_TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict"}
_GONE = {"NoSuchKey", "404", "NotFound"}


class S3Store:
    """One bucket, one prefix. `endpoint` and the keys may be left to the SDK's own environment variables."""

    def __init__(
        self,
        *,
        bucket: str,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        # Checksums only where the protocol demands them: many S3 servers reject the newer trailing ones.
        config = Config(
            retries={"max_attempts": 4, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=60,
        )
        self._s3: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=config,
        )

    def put(self, key: str, stream: Readable, size: int) -> None:
        # The SDK signs and retries, so it must be able to rewind; what is spilled to disk is sealed already.
        with tempfile.SpooledTemporaryFile(max_size=8 * BLOCK) as body:
            while block := stream.read(BLOCK):
                body.write(block)
            if body.tell() != size:
                raise StoreError("the stream is not as long as announced")
            self._put(key, body)

    def adopt(self, key: str, path: Path) -> None:
        with path.open("rb") as body:
            self._put(key, body)

    def _put(self, key: str, body: IO[bytes]) -> None:
        body.seek(0)
        with _clear_errors(key):
            try:
                self._s3.put_object(**self._at(key), Body=body, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) not in _TAKEN:
                    raise
                body.seek(0)
                with contextlib.closing(self.open(key)) as stored:
                    if not same_bytes(body, stored):
                        raise AlreadyStored(key) from error

    def open(self, key: str, start: int = 0, length: int | None = None) -> Readable:
        if length == 0:
            return _Nothing()
        end = "" if length is None else str(start + length - 1)
        with _clear_errors(key):
            body: Readable = self._s3.get_object(**self._at(key), Range=f"bytes={start}-{end}")["Body"]
        return body

    def size(self, key: str) -> int:
        with _clear_errors(key):
            return int(self._s3.head_object(**self._at(key))["ContentLength"])

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except Missing:
            return False
        return True

    def delete(self, key: str) -> None:
        with _clear_errors(key):
            self._s3.delete_object(**self._at(key))

    def keys(self, stored_before: dt.datetime) -> Iterator[str]:
        with _clear_errors(self._prefix):
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix):
                for item in page.get("Contents", ()):
                    if item["LastModified"] < stored_before:
                        yield item["Key"].removeprefix(self._prefix)

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + checked(key)}


class _Nothing:
    """HTTP has no range of zero bytes."""

    def read(self, _size: int = -1, /) -> bytes:
        return b""

    def close(self) -> None:
        return None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def _clear_errors(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _code(error) in _GONE:
            raise Missing(key) from error
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        raise (Unavailable if status >= 500 or status == 429 else StoreError)(str(error)) from error
    except BotoCoreError as error:
        raise Unavailable(str(error)) from error
