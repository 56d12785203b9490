"""What is encrypted at rest in the database: JSON and text under AES-256-GCM, bound to their table and column.

    value = 2 ‖ key id (4) ‖ nonce (12) ‖ AES-256-GCM(plain) ‖ tag (16)

The newest key of LUTONG_FIELD_KEYS seals, every key in it opens; `kernel.resealing` moves what is kept to the newest.
Values that begin with 1 have no key id: they were written before keys could be changed.
"""

import base64
import binascii
import hashlib
import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_PLAIN_KEYS, _NAMED_KEYS = b"\x01", b"\x02"
_TEXT = "sealed:"


class Unreadable(Exception):
    """None of this installation's keys opens the value, or it was changed; nothing of it may be shown."""


def seal(plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt; `bound_to` must be the same when opening, so a value cannot be moved to another column."""
    nonce = os.urandom(12)
    return header() + nonce + AESGCM(settings.LUTONG_FIELD_KEYS[0]).encrypt(nonce, plain, bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt, or raise Unreadable."""
    if sealed[:1] == _NAMED_KEYS:
        keys, start = [key for key in settings.LUTONG_FIELD_KEYS if _id_of(key) == sealed[1:5]], 5
    else:
        keys, start = list(settings.LUTONG_FIELD_KEYS), 1
    for key in keys:
        try:
            return AESGCM(key).decrypt(sealed[start : start + 12], sealed[start + 12 :], bound_to.encode())
        except (InvalidTag, ValueError):
            continue
    raise Unreadable(f"no key of this installation opens a value of {bound_to}")


def header() -> bytes:
    """How a value begins that was sealed with the newest key."""
    return _NAMED_KEYS + _id_of(settings.LUTONG_FIELD_KEYS[0])


def seal_text(text: str, *, bound_to: str) -> str:
    """The same for a place that holds text."""
    return _TEXT + base64.b64encode(seal(text.encode(), bound_to=bound_to)).decode()


def unseal_text(sealed: str, *, bound_to: str) -> str:
    """The text, or raise Unreadable; what was never sealed does not count as such."""
    if not is_sealed(sealed):
        raise Unreadable(f"a value of {bound_to} is not sealed")
    try:
        return unseal(base64.b64decode(sealed.removeprefix(_TEXT), validate=True), bound_to=bound_to).decode()
    except binascii.Error:
        raise Unreadable(f"a value of {bound_to} is damaged") from None


def is_sealed(text: str) -> bool:
    """Whether a text is ciphertext of `seal_text`."""
    return text.startswith(_TEXT)


def is_newest(sealed: str) -> bool:
    """Whether a text was sealed with the newest key."""
    return is_sealed(sealed) and base64.b64decode(sealed.removeprefix(_TEXT))[:5] == header()


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"lutong field key " + key).digest()[:4]


class SealedJSONField(models.BinaryField):  # type: ignore[type-arg]  # generic only in the stubs
    """A JSON value of which the database holds ciphertext only; it cannot be searched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    @property
    def bound_to(self) -> str:
        """What its values are bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None:
            value = seal(orjson.dumps(value), bound_to=self.bound_to)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else orjson.loads(unseal(bytes(value), bound_to=self.bound_to))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        raise NotImplementedError("sealed values are not exported")
