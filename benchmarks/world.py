"""A home of the benchmarks' own: a real PostgreSQL with the product's settings, prepared as the product does it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from lutong.site.config import REPOSITORY, Config, load
from lutong.site.embedded.connection import APP, OWNER, conninfo
from lutong.site.embedded.postgres import Cluster
from lutong.site.setup import prepare

PORT = 8640


@dataclass(frozen=True, slots=True)
class World:
    """The running database; `full` asks for the sizes that the aims speak of, `long` for more rounds."""

    config: Config
    full: bool
    rounds: int

    def connect(self, role: str = OWNER, **options: Any) -> psycopg.Connection[Any]:
        """A plain connection: the owner is bound by no row-level security, which favours the limit, not us."""
        return psycopg.connect(**conninfo(self.config, role), **options)

    def app_conninfo(self) -> dict[str, Any]:
        return conninfo(self.config, APP)


def environment() -> None:
    """Point this process and its children at the benchmarks' home, before Django reads its settings."""
    os.environ.setdefault("LUTONG_HOME", str(REPOSITORY / ".lutong-bench"))
    os.environ.setdefault("LUTONG_PORT", str(PORT))
    os.environ["LUTONG_DEMO"] = "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "lutong.site.settings"
    os.environ.pop("LUTONG_DB_AS", None)


@contextmanager
def open_world(*, full: bool, rounds: int) -> Iterator[World]:
    """Start the database and bring it up to the present code; it stops with us."""
    config = load()
    cluster = Cluster(config.home, lambda sentence: print(sentence, file=sys.stderr))
    cluster.start(tied=True)
    try:
        prepare(config, cluster)
        yield World(config, full, rounds)
    finally:
        cluster.stop()
