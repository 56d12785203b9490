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
from lutong.site.embedded.connection import PRODUCT, VERIFICATION, Store, conninfo
from lutong.site.embedded.postgres import Cluster
from lutong.site.embedded.roles import provision
from lutong.site.setup import VERIFICATION_SOURCES, fingerprint
from tests.support.cluster import alone

_numbers = itertools.count(1)
PREFIXES = {PRODUCT: "template_", VERIFICATION: "roll_template_"}
BUILDERS = {
    PRODUCT: ("lutong.site.cli", "build-database"),
    VERIFICATION: ("lutong.verification.cli", "build-verification"),
}


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one's own."""

    name: str
    store: Store = PRODUCT

    def conninfo(self, role: str = "") -> dict[str, Any]:
        """psycopg keywords, as the application role or as the owner."""
        return {**conninfo(config.load(), role or self.store.app), "dbname": self.name}


@contextmanager
def cloned_database(cluster: Cluster, template: str) -> Iterator[Database]:
    """Clone the template, and drop the clone at the end whoever is still connected."""
    store = VERIFICATION if template.startswith(PREFIXES[VERIFICATION]) else PRODUCT
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with cluster.connect() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(store.owner), sql.Identifier(template)
            )
        )
    try:
        yield Database(name, store)
    finally:
        _drop(cluster, name)


def template_database(cluster: Cluster, store: Store = PRODUCT) -> str:
    """Answer the template for the present code and data; the first process builds it, the others wait."""
    made_from = fingerprint() if store is PRODUCT else fingerprint(VERIFICATION_SOURCES)
    name = f"{PREFIXES[store]}{made_from[:16]}"
    with alone(cluster.home):
        _sweep(cluster, PREFIXES[store], keep=name)
        if name not in _databases(cluster):
            _build(cluster, name, store)
    return name


def _build(cluster: Cluster, name: str, store: Store) -> None:
    unfinished = f"{name}_new"
    _drop(cluster, unfinished)
    provision(cluster, unfinished, store=store)
    environment = {**os.environ, "LUTONG_HOME": str(cluster.home), store.chosen_by: unfinished}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    built = subprocess.run(
        [sys.executable, "-m", *BUILDERS[store]],
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


def _sweep(cluster: Cluster, prefix: str, keep: str) -> None:
    """Drop what earlier runs left: databases of dead processes and templates of older code."""
    for name in _databases(cluster):
        dead = name.startswith("test_") and not psutil.pid_exists(int(name.split("_")[1]))
        if dead or (name.startswith(prefix) and name != keep):
            _drop(cluster, name)


def _databases(cluster: Cluster) -> list[str]:
    with cluster.connect() as connection:
        rows = connection.execute(
            r"SELECT datname FROM pg_database WHERE datname ~ '^(test_\d|template_|roll_template_)'"
        ).fetchall()
    return [row[0] for row in rows]


def _drop(cluster: Cluster, name: str) -> None:
    with cluster.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
