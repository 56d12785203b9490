"""Files that survive a power cut: private to this user, flushed, and their directory flushed too."""

import os
from io import BufferedWriter, FileIO
from pathlib import Path


def create(path: Path) -> BufferedWriter:
    """A new file with mode 0600, open for writing; an existing one is an error."""
    return BufferedWriter(FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb"))


def sync(out: BufferedWriter) -> None:
    out.flush()
    os.fsync(out.fileno())


def sync_directory(directory: Path) -> None:
    """Make a new name durable: fsync of the file alone does not."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
