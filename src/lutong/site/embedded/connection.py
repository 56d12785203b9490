"""Django's DATABASES["default"]: embedded or foreign server, application or owner role."""

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from lutong.site.config import Config
from lutong.site.embedded.places import PORT, places
from lutong.site.embedded.secrets import load_or_create

DATABASE = "lutong"
OWNER = "lutong_owner"
APP = "lutong_app"
SUPERUSER = "lutong_super"


def database_settings(config: Config) -> dict[str, Any]:
    """Answer the connection of the application role, or with LUTONG_DB_AS=owner that of the owner.

    The application role owns nothing, so grants and row-level security bind it; it uses a pool of at most
    8 connections a process. The owner migrates, one connection and no pool.
    """
    as_owner = os.environ.get("LUTONG_DB_AS", "app") == "owner"
    url = config.owner_database_url if as_owner else config.database_url
    server = _foreign(url) if url else _embedded(config, OWNER if as_owner else APP)
    options = dict(server.pop("OPTIONS", {}))
    options.setdefault("application_name", "lutong")
    if not as_owner:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
        options.setdefault("prepare_threshold", 5)  # of hot reads only; a PgBouncer in between must be 1.21 or newer
    return {
        "ENGINE": "lutong.kernel.database",
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
        **server,
    }


def conninfo(config: Config, role: str = APP) -> dict[str, Any]:
    """psycopg keywords for the same server, for LISTEN and for tools that need no Django."""
    url = config.owner_database_url if role == OWNER else config.database_url
    if url:
        return dict(conninfo_to_dict(url))
    server = _embedded(config, role)
    return {
        "host": server["HOST"],
        "port": server["PORT"],
        "user": server["USER"],
        "password": server["PASSWORD"],
        "dbname": server["NAME"],
    }


def _embedded(config: Config, role: str) -> dict[str, Any]:
    return {
        "HOST": str(places(config.home).sockets),
        "PORT": str(PORT),
        "USER": role,
        "PASSWORD": load_or_create(config.home).get(f"postgres.{role}"),
        "NAME": os.environ.get("LUTONG_DATABASE", DATABASE),
    }


def _foreign(url: str) -> dict[str, Any]:
    """Translate a libpq URL (or key=value string) with libpq's own parser."""
    given = conninfo_to_dict(url)
    return {
        "NAME": given.pop("dbname", DATABASE),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": str(given.pop("port", "") or ""),
        "OPTIONS": given,
    }
