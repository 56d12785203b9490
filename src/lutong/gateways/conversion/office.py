"""DOCX to PDF by LibreOffice, headless: a process of its own, a profile of its own, no macros, no links, no network."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lutong.gateways.sandbox import SealedFile

SECONDS = 120  # for one start, however many files
MEMORY = 3 << 30
SMALL_ENOUGH = 100_000_000  # bytes of a document that is converted at all
MEMORY_DISK = Path("/dev/shm")  # noqa: S108  # plaintext for LibreOffice lies in memory where the system allows

# Nothing is fetched, run or updated on opening.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def is_installed() -> bool:
    return _program() is not None


def to_pdf(sources: Sequence[SealedFile]) -> list[bytes | None]:
    """Convert together, because starting costs more than converting; None where it did not work or is not installed."""
    program = _program()
    if program is None:
        return [None] * len(sources)
    place = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="lutong-office-", dir=place) as name:
        home = Path(name)
        for part in ("in", "out", "profile/user"):
            (home / part).mkdir(parents=True)
        (home / "profile/user/registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        inputs = [path for i, source in enumerate(sources) if (path := _unsealed(source, home / "in" / f"{i}.docx"))]
        if inputs:
            _run([*_confined(), program, *_options(home), *map(str, inputs)], home)
        return [_read(home / "out" / f"{i}.pdf") for i in range(len(sources))]


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _unsealed(source: SealedFile, path: Path) -> Path | None:
    if source.size > SMALL_ENOUGH:
        return None
    with source.open() as reader, path.open("xb") as out:
        shutil.copyfileobj(reader, out)
    return path


def _options(home: Path) -> list[str]:
    return [
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard",
        "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(home / "out"),
    ]  # fmt: skip


def _confined() -> list[str]:
    """Words before the command that take network and memory from it, as far as this machine has them."""
    words: list[str] = []
    if shutil.which("unshare"):
        flags = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
        if subprocess.run([*flags, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
            words += [*flags, "--"]
    if shutil.which("prlimit"):
        words += ["prlimit", f"--as={MEMORY}", f"--cpu={SECONDS}", "--core=0", "--"]
    return words


def _run(command: list[str], home: Path) -> None:
    process = subprocess.Popen(  # noqa: S603  # a fixed program; file names are ours
        command, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"HOME": str(home), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        # LibreOffice starts a child that outlives its starter.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and path.stat().st_size else None
