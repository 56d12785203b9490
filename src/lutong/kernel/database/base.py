"""The backend: pooled connections are checked without asking the server, and statements may stay prepared."""

import select
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg_pool import ConnectionPool


def check_open(connection: psycopg.Connection[Any]) -> None:
    """Raise when a pooled connection is dead; asked for every request, so it costs no round trip.

    Nothing comes on an idle line but its end, so only a line that has something to read is asked.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, which offers neither this check nor a prepared cursor beside the usual one."""

    # What the stubs do not know of Django's own class.
    _connection_pools: dict[str, ConnectionPool[Any]]
    _configure_connection: Callable[[Any], bool]
    _prepare_cursor: Callable[[Any], CursorWrapper]

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options:
            return None
        if self.alias not in self._connection_pools:
            fresh = ConnectionPool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,
                configure=self._configure_connection,  # type: ignore[arg-type]  # Django's answer is not looked at
                check=check_open,
                **options,
            )
            self._connection_pools.setdefault(self.alias, fresh)
        return self._connection_pools[self.alias]

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor that sends values apart from the text, so that psycopg prepares what comes again and again."""
        self.ensure_connection()
        cursor: Any = base.ServerBindingCursor
        with self.wrap_database_errors:
            return self._prepare_cursor(cursor(self.connection))
