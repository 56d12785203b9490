"""One PostgreSQL for all test processes: started by the first, stopped by the last, its data kept between runs."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lutong.site.embedded.postgres import Cluster
from lutong.site.embedded.roles import provision_all

# The test cluster may lose everything at a power cut; the product's never may.
FAST_AND_LOOSE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 120\n"


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


@contextmanager
def shared_cluster() -> Iterator[Cluster]:
    """Share the cluster with other processes that are inside this block."""
    home = Path(os.environ["LUTONG_HOME"])
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    cluster = Cluster(home, _say)
    with (home / "users.lock").open("a") as users:
        with alone(home):
            fcntl.flock(users, fcntl.LOCK_SH)
            if cluster.postmaster() is None:
                cluster.create()
                (cluster.places.data / "local.conf").write_text(FAST_AND_LOOSE)
                (cluster.places.data / "local.conf").chmod(0o644)
                cluster.start(tied=False)
                provision_all(cluster)
        try:
            yield cluster
        finally:
            with alone(home):
                if _last_one(users):
                    cluster.stop()


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the lock under which the cluster and its template are made and unmade."""
    with (home / "cluster.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _last_one(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
