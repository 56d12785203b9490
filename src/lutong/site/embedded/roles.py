"""Roles, databases and extensions of the embedded cluster: the one step that needs its superuser."""

from psycopg import sql

from lutong.site.embedded.connection import APP, DATABASE, OWNER
from lutong.site.embedded.postgres import Cluster

EXTENSIONS = ("btree_gist", "pg_trgm")


def provision(cluster: Cluster, database: str = DATABASE) -> None:
    """Make both roles and the database, as often as one likes.

    The owner migrates and may create databases (for tests); the application role owns nothing and cannot
    bypass row-level security.
    """
    with cluster.connect() as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER, "LOGIN CREATEDB NOBYPASSRLS"), (APP, "LOGIN NOCREATEDB NOBYPASSRLS NOINHERIT")):
            statement = "ALTER ROLE {} " if role in known else "CREATE ROLE {} "
            connection.execute(
                sql.SQL(statement + rights + " PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(cluster.secrets.get(f"postgres.{role}"))
                )
            )
        connection.execute(sql.SQL("ALTER ROLE {} SET statement_timeout = '60s'").format(sql.Identifier(APP)))
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
            )
        for statement in ("REVOKE ALL ON DATABASE {} FROM PUBLIC", f"GRANT CONNECT ON DATABASE {{}} TO {APP}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))
    with cluster.connect(database) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
