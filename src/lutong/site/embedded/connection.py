"""Django's DATABASES["default"]: embedded or foreign server, application or owner role."""

import os
from dataclasses import dataclass
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from lutong.site.config import Config
from lutong.site.embedded.places import PORT, places
from lutong.site.embedded.secrets import load_or_create

SUPERUSER = "lutong_super"


@dataclass(frozen=True, slots=True)
class Store:
    """One product's database with its two roles: who owns the tables, and who works in them."""

    database: str
    owner: str
    app: str
    chosen_by: str  # variable that names another database of the embedded cluster, for tests


PRODUCT = Store("lutong", "lutong_owner", "lutong_app", "LUTONG_DATABASE")
VERIFICATION = Store(
    "lutong_verification",
    "lutong_verification_owner",
    "lutong_verification_app",
    "LUTONG_VERIFICATION_DATABASE",
)
STORES = (PRODUCT, VERIFICATION)
DATABASE, OWNER, APP = PRODUCT.database, PRODUCT.owner, PRODUCT.app


def database_settings(config: Config, store: Store = PRODUCT) -> dict[str, Any]:
    """Answer the connection of the application role, or with LUTONG_DB_AS=owner that of the owner.

    The application role owns nothing, so grants and row-level security bind it; it uses a pool of at most
    8 connections a process. The owner migrates, one connection and no pool.
    """
    as_owner = os.environ.get("LUTONG_DB_AS", "app") == "owner"
    url = _url(config, store, as_owner=as_owner)
    server = _foreign(url, store) if url else _embedded(config, store, store.owner if as_owner else store.app)
    options = dict(server.pop("OPTIONS", {}))
    options.setdefault("application_name", store.database)
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
    store = VERIFICATION if role in (VERIFICATION.owner, VERIFICATION.app) else PRODUCT
    url = _url(config, store, as_owner=role == store.owner)
    if url:
        return dict(conninfo_to_dict(url))
    server = _embedded(config, store, role)
    return {
        "host": server["HOST"],
        "port": server["PORT"],
        "user": server["USER"],
        "password": server["PASSWORD"],
        "dbname": server["NAME"],
    }


def _url(config: Config, store: Store, *, as_owner: bool) -> str | None:
    if store == VERIFICATION:
        return config.verification_owner_database_url if as_owner else config.verification_database_url
    return config.owner_database_url if as_owner else config.database_url


def _embedded(config: Config, store: Store, role: str) -> dict[str, Any]:
    return {
        "HOST": str(places(config.home).sockets),
        "PORT": str(PORT),
        "USER": role,
        "PASSWORD": load_or_create(config.home).get(f"postgres.{role}"),
        "NAME": os.environ.get(store.chosen_by, store.database),
    }


def _foreign(url: str, store: Store) -> dict[str, Any]:
    """Translate a libpq URL (or key=value string) with libpq's own parser."""
    given = conninfo_to_dict(url)
    return {
        "NAME": given.pop("dbname", store.database),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": str(given.pop("port", "") or ""),
        "OPTIONS": given,
    }
