"""The backend of the house: dead connections cost no request, and hot reads stay prepared."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection

from lutong.kernel.database import fetch_one
from lutong.kernel.database.base import check_open
from tests.support.databases import Database


@pytest.fixture
def line(committed_db: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**committed_db.conninfo(), autocommit=True) as opened:
        yield opened


def test_an_idle_connection_passes_without_a_question(line: psycopg.Connection[Any]) -> None:
    before = _statements(line)
    check_open(line)
    assert _statements(line) == before


def test_a_connection_that_the_server_has_closed_is_noticed(
    line: psycopg.Connection[Any], committed_db: Database
) -> None:
    with psycopg.connect(**committed_db.conninfo(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [line.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        check_open(line)


@pytest.mark.django_db
def test_a_hot_read_is_planned_once_and_then_only_run() -> None:
    for number in range(12):
        assert fetch_one("SELECT %(n)s::int + 1 AS hot", {"n": number}) == (number + 1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%AS hot'")
        assert cursor.fetchone() == (1,)
    assert fetch_one("SELECT 1 WHERE %(n)s::int > 5", {"n": 1}) is None


@pytest.mark.django_db
def test_a_wrong_statement_raises_djangos_own_error() -> None:
    with pytest.raises(ProgrammingError):
        fetch_one("SELECT no_such_column", {})


def _statements(line: psycopg.Connection[Any]) -> Any:
    with psycopg.connect(line.info.dsn, password=line.info.password, autocommit=True) as watcher:
        return watcher.execute("SELECT query_start, query FROM pg_stat_activity WHERE pid = %s",
                               [line.info.backend_pid]).fetchone()  # fmt: skip
