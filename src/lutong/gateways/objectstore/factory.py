"""Builds the vault of an installation from its settings; the site calls `install` once per process."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from lutong.gateways.objectstore.keys import KeyRing
from lutong.gateways.objectstore.local import LocalStore
from lutong.gateways.objectstore.port import ObjectStore
from lutong.gateways.objectstore.vault import Vault

_installed: Vault | None = None


def store(url: str) -> ObjectStore:
    """The store of a setting.

    `file:///var/lib/lutong/store`, or `s3://bucket/prefix?endpoint=https://host&region=cn-north-1`; S3 keys come from
    the SDK's environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or its role, never from the address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.startswith("/"):
        return LocalStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        from lutong.gateways.objectstore.s3 import S3Store  # the SDK takes a third of a second to import

        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return S3Store(
            bucket=parts.netloc, prefix=parts.path, endpoint=options.get("endpoint"), region=options.get("region")
        )
    raise ValueError("LUTONG_STORE_URL must read file:///directory or s3://bucket/prefix?endpoint=…")


def install(*, store_url: str, file_keys: str) -> Vault:
    """Make this process's vault; `file_keys` as `KeyRing.parse` reads it."""
    global _installed
    _installed = Vault(store(store_url), KeyRing.parse(file_keys))
    return _installed


def vault() -> Vault:
    """The vault of this process."""
    if _installed is None:
        raise RuntimeError("objectstore.install has not been called in this process")
    return _installed
