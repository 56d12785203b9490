"""Fields that are encrypted at rest: JSON and text under AES-256-GCM, bound to their table and column."""

import os
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_VERSION = b"\x01"


def seal(plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt; `bound_to` must be the same when opening, so a value cannot be moved to another column."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(settings.LUTONG_FIELD_KEY).encrypt(nonce, plain, bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt, or raise cryptography.exceptions.InvalidTag."""
    return AESGCM(settings.LUTONG_FIELD_KEY).decrypt(sealed[1:13], sealed[13:], bound_to.encode())


class SealedJSONField(models.BinaryField):  # type: ignore[type-arg]  # generic only in the stubs
    """A JSON value of which the database holds ciphertext only; it cannot be searched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    @property
    def _bound_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None:
            value = seal(orjson.dumps(value), bound_to=self._bound_to)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else orjson.loads(unseal(bytes(value), bound_to=self._bound_to))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        raise NotImplementedError("sealed values are not exported")
