"""律师身份核验平台（替身）: a registry of fictional lawyers that signs every answer.

Run it with `uvicorn lutong.gateways.registry.stand_in:application`. It reads LUTONG_HOME: its key is in
secrets/registry, its own data in registry.
"""

import os
from pathlib import Path

from lutong.gateways.registry.stand_in.app import build

__all__ = ["application", "build"]

application = build(Path(os.environ.get("LUTONG_HOME", ".lutong")).resolve())
