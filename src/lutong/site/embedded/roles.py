"""Roles, databases and extensions of the embedded cluster: the one step that needs its superuser."""

from psycopg import sql

from lutong.site.embedded.connection import PRODUCT, STORES, Store
from lutong.site.embedded.postgres import Cluster

EXTENSIONS = ("btree_gist", "pg_trgm")


def provision_all(cluster: Cluster) -> None:
    """Make what both products need."""
    for store in STORES:
        provision(cluster, store=store)


def provision(cluster: Cluster, database: str | None = None, *, store: Store = PRODUCT) -> None:
    """Make both roles of `store` and its database (or another one of theirs), as often as one likes.

    The owner migrates and may create databases (for tests); the application role owns nothing and cannot
    bypass row-level security.
    """
    database = database or store.database
    with cluster.connect() as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in (
            (store.owner, "LOGIN CREATEDB NOBYPASSRLS"),
            (store.app, "LOGIN NOCREATEDB NOBYPASSRLS NOINHERIT"),
        ):
            statement = "ALTER ROLE {} " if role in known else "CREATE ROLE {} "
            connection.execute(
                sql.SQL(statement + rights + " PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(cluster.secrets.get(f"postgres.{role}"))
                )
            )
        connection.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = '60s'").format(sql.Identifier(store.app)))
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(store.owner))
            )
        for statement in ("REVOKE ALL ON DATABASE {} FROM PUBLIC", f"GRANT CONNECT ON DATABASE {{}} TO {store.app}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
    with cluster.connect(database) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
