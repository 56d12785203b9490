"""One client of 律师身份核验平台 in each process: it holds the pinned key and the connections."""

import atexit
import os
import threading
from pathlib import Path

from lutong.gateways.registry.keys import load_registry_config
from lutong.gateways.registry.real import RegistryClient

_lock = threading.Lock()
_held: tuple[Path, str, RegistryClient] | None = None


def client_of(*, home: Path, base_url: str) -> RegistryClient:
    """The client of this process; another home or address closes the one before."""
    global _held
    with _lock:
        if _held is None or _held[:2] != (home, base_url):
            made = RegistryClient(load_registry_config(home, base_url))
            _close()
            _held = (home, base_url, made)
        return _held[2]


def _close() -> None:
    global _held
    if _held is not None:
        _held[2].close()
    _held = None


def _forget() -> None:
    """A child process makes its own: the parent goes on with its connections and its lock."""
    global _held, _lock
    _held, _lock = None, threading.Lock()


atexit.register(_close)
os.register_at_fork(after_in_child=_forget)
