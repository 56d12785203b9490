"""Databases for tests: a template migrated once, cloned for each process and for each test that commits."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
from psycopg import sql

from lutong.site import config
from lutong.site.embedded.connection import APP, OWNER, conninfo
from lutong.site.embedded.postgres import Cluster
from lutong.site.embedded.roles import provision
from lutong.site.setup import fingerprint
from tests.support.cluster import alone

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one's own."""

    name: str

    def conninfo(self, role: str = APP) -> dict[str, Any]:
        """psycopg keywords, as the application role or as `lutong_owner`."""
        return {**conninfo(config.load(), role), "dbname": self.name}


@contextmanager
def cloned_database(cluster: Cluster, template: str) -> Iterator[Database]:
    """Clone the template, and drop the clone at the end whoever is still connected."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with cluster.connect() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
    try:
        yield Database(name)
    finally:
        _drop(cluster, name)


def template_database(cluster: Cluster) -> str:
    """Answer the template for the present code and data; the first process builds it, the others wait."""
    name = f"template_{fingerprint()[:16]}"
    with alone(cluster.home):
        _sweep(cluster, keep=name)
        if name not in _databases(cluster):
            _build(cluster, name)
    return name


def _build(cluster: Cluster, name: str) -> None:
    unfinished = f"{name}_new"
    _drop(cluster, unfinished)
    provision(cluster, unfinished)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lutong.site.settings",
        "LUTONG_HOME": str(cluster.home),
        "LUTONG_DATABASE": unfinished,
    }
    built = subprocess.run(
        [sys.executable, "-m", "lutong.site.cli", "build-database"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode:
        raise RuntimeError(f"the template database could not be built:\n{built.stdout}\n{built.stderr}")
    with cluster.connect() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
        )


def _sweep(cluster: Cluster, keep: str) -> None:
    """Drop what earlier runs left: databases of dead processes and templates of older code."""
    for name in _databases(cluster):
        dead = name.startswith("test_") and not psutil.pid_exists(int(name.split("_")[1]))
        if dead or (name.startswith("template_") and name != keep):
            _drop(cluster, name)


def _databases(cluster: Cluster) -> list[str]:
    with cluster.connect() as connection:
        rows = connection.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^(test_\d|template_)'").fetchall()
    return [row[0] for row in rows]


def _drop(cluster: Cluster, name: str) -> None:
    with cluster.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
