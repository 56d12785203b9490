"""Fixtures that every test may ask for; see tests/support."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.backends.signals import connection_created

from lutong.site.embedded.postgres import Cluster
from tests.support.cluster import shared_cluster
from tests.support.databases import Database, cloned_database, template_database
from tests.support.query_guard import guard

pytest_plugins = ["tests.support.journeys"]
SECOND = Path(__file__).parent / "src" / "lutong" / "verification"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """The second product's tests run under its own settings: pytest --ds=tests.verification_settings."""
    in_second = collection_path.is_relative_to(SECOND)
    return True if in_second and os.environ.get("DJANGO_SETTINGS_MODULE") != "tests.verification_settings" else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL that all test processes share."""
    with shared_cluster() as shared:
        yield shared


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The migrated database that tests clone."""
    return template_database(cluster)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Database names are ours: a clone a process, not a suffix."""


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, template: str, django_db_blocker: Any) -> Iterator[None]:
    """Point Django at a fresh clone of the migrated template, as the application role, under the query guard."""
    connection_created.connect(_watch)
    with cloned_database(cluster, template) as database, django_db_blocker.unblock():
        _point_at(database.name)
        with django_db_blocker.block():
            yield
        connections.close_all()


@pytest.fixture
def committed_db(cluster: Cluster, template: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """A database of this test's own, for real commits, races and several threads; dropped at the end."""
    everyones = connections["default"].settings_dict["NAME"]
    with cloned_database(cluster, template) as database, django_db_blocker.unblock():
        _point_at(database.name)
        try:
            yield database
        finally:
            _point_at(everyones)


@pytest.fixture
def transactional_db() -> None:
    """Refused: the application role may not TRUNCATE, so pytest-django's cleaning cannot work here."""
    pytest.fail("use the fixture committed_db: a database of the test's own, where commits are real")


def _watch(connection: Any, **_: Any) -> None:
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)


def _point_at(name: str) -> None:
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
