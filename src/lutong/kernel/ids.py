"""Identifiers: UUIDv7 for rows (never a secret), long random text for links and tokens."""

import os
import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A random id that sorts by creation time (RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | (noise >> 64 & 0xFFF) << 64 | 2 << 62 | noise & (1 << 62) - 1)


def secret_token() -> str:
    """At least 192 random bits, URL-safe."""
    return secrets.token_urlsafe(24)
